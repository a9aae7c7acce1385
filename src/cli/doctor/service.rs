//! Checks that the running service is ready for deliveries.

use http::Uri;
use reqwest::Client;
use serde::Deserialize;

use super::Finding;
use crate::{
    cli::{health, terminal::escape},
    config::Settings,
};

const SERVICE: &str = "service";

/// Response of `/readyz`: a status, or a problem document.
#[derive(Debug, Default, Deserialize)]
struct Readiness {
    status: Option<serde_json::Value>,
    code: Option<String>,
    detail: Option<String>,
}

/// Checks `/readyz` of the service at the URL of the webhook endpoint, or on this machine. The
/// service can run as another user than this command, and then only its own answer shows whether
/// it can write.
pub(super) async fn check(settings: &Settings, client: &Client, to: Option<&Uri>) -> Finding {
    let base = match to {
        Some(to) => origin(to),
        None => health::address(&settings.server).ok().map(|address| format!("http://{address}")),
    };
    let Some(base) = base else {
        return Finding::skipped(SERVICE, "not tested, because its address is unknown");
    };
    let url = format!("{base}/readyz");
    let Ok(response) = client.get(&url).send().await else {
        return Finding::skipped(SERVICE, format!("not tested, because {url} does not answer"));
    };
    let is_ready = response.status().is_success();
    let body = response.bytes().await.unwrap_or_default();
    let readiness: Readiness = serde_json::from_slice(&body).unwrap_or_default();
    let says_ready = readiness.status.as_ref().is_some_and(|status| status == "ready");
    match readiness.code {
        _ if is_ready && says_ready => Finding::ok(SERVICE, "is ready for deliveries"),
        Some(code) if !is_ready => {
            // Escaped, because any program can answer.
            let detail = readiness.detail.unwrap_or_default();
            let detail = escape(&detail);
            let code = escape(&code);
            Finding::error(
                SERVICE,
                format!("rejects deliveries ({code}): {detail}"),
                "restore the database; `GET /v1/status` and the service's log name the cause",
            )
        }
        _ => Finding::skipped(SERVICE, format!("not tested, because {url} is not this service's")),
    }
}

/// Returns the scheme and the host of a URL.
fn origin(url: &Uri) -> Option<String> {
    Some(format!("{}://{}", url.scheme_str()?, url.authority()?))
}
