//! Posts a signed test delivery on the path of Clerk's deliveries, and derives problems of the path
//! from the response.

use std::borrow::Cow;

use http::{StatusCode, Uri, header};
use reqwest::Client;
use serde::Deserialize;
use serde_json::json;

use super::Finding;
use crate::{
    clerk::signature::{self, ID, SIGNATURE, TIMESTAMP},
    cli::{health, replay::DEFAULT_PATH, root_cause},
    clock::Clock,
    config::Settings,
};

const DELIVERY_PATH: &str = "delivery path";

/// Constant message ID, so that repeated probes are duplicates and only the first one is stored.
const MESSAGE: &str = "meetvo_doctor";

/// Body that changes if a proxy parses it and writes it as JSON again.
const PECULIAR: &str = "{ \"type\" : \"meetvo.probe\",\n  \"data\": { \"id\": \"probe\", \
                        \"text\": \"\\u00e9 é 1.0\", \"number\": 1.0e2 } }\n";

/// Body that stays the same if a proxy parses it and writes it as JSON again.
const PLAIN: &str = r#"{"data":{"id":"probe"},"type":"meetvo.probe"}"#;

/// Response to the probe.
#[derive(Debug, Default)]
struct ProbeResponse {
    status: StatusCode,
    location: Option<String>,
    /// Body of the service, which is empty if another program answers.
    body: ProbeBody,
}

/// Fields of the service's response: a decision, or the code and detail of a problem.
#[derive(Debug, Default, Deserialize)]
struct ProbeBody {
    decision: Option<String>,
    code: Option<String>,
    detail: Option<String>,
}

pub(super) async fn check(
    settings: &Settings,
    client: &Client,
    to: Option<&Uri>,
) -> Option<Finding> {
    let secret = settings.clerk.webhook_signing_secrets.first()?.secret.expose();
    let url = match to {
        Some(to) if to.path() == "/" && to.query().is_none() => {
            format!("{}{DEFAULT_PATH}", to.to_string().trim_end_matches('/'))
        }
        Some(to) => to.to_string(),
        None => match health::address(&settings.server) {
            Ok(address) => format!("http://{address}{DEFAULT_PATH}"),
            Err(faults) => {
                return Some(Finding::skipped(DELIVERY_PATH, format!("not tested: {faults}")));
            }
        },
    };
    // Clerk's events name their instance. With a pinned instance, others are quarantined.
    let with_instance = |body: &str| match &settings.clerk.instance_id {
        Some(id) => body.replacen('{', &format!("{{\"instance_id\": {}, ", json!(id)), 1),
        None => body.to_owned(),
    };
    let post = async |body| post(client, &url, secret, with_instance(body)).await;
    let peculiar = match post(PECULIAR).await {
        Ok(response) => response,
        Err(cause) => return Some(unreachable(&url, &cause)),
    };
    // If only the plain body is accepted, the secret is correct and a proxy rewrites bodies.
    let rewritten = peculiar.body.code.as_deref() == Some("signature_mismatch")
        && post(PLAIN).await.is_ok_and(|it| it.body.decision.is_some());
    Some(match rewritten {
        true => Finding::error(
            DELIVERY_PATH,
            format!("a proxy in front of {url} changes bodies, so their signatures do not match"),
            "configure the proxy to forward bodies unchanged, without parsing or compressing them",
        ),
        false => evaluate(&url, &peculiar),
    })
}

async fn post(
    client: &Client,
    url: &str,
    secret: &str,
    body: String,
) -> Result<ProbeResponse, String> {
    let seconds = Clock::system().now().div_euclid(1_000);
    let signer = signature::signer(secret).map_err(|it| it.to_string())?;
    let signature = signer.sign(MESSAGE, seconds, body.as_bytes()).map_err(|it| it.to_string())?;
    let request = client.post(url).header(ID, MESSAGE).header(TIMESTAMP, seconds);
    let request =
        request.header(SIGNATURE, signature).header(header::CONTENT_TYPE, "application/json");
    let response = request.body(body).send().await.map_err(|error| root_cause(&error))?;
    let location = response.headers().get(header::LOCATION);
    let location = location.and_then(|it| it.to_str().ok()).map(str::to_owned);
    let status = response.status();
    let body = response.bytes().await.unwrap_or_default();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Ok(ProbeResponse { status, location, body })
}

fn unreachable(url: &str, cause: &str) -> Finding {
    let remediation = "start the service, or pass the URL from Clerk's dashboard with --to";
    Finding::error(DELIVERY_PATH, format!("{url} is unreachable: {cause}"), remediation)
}

/// Derives the state of the delivery path from a response.
fn evaluate(url: &str, ProbeResponse { status, location, body }: &ProbeResponse) -> Finding {
    let error = |problem: String, remediation: &str| {
        Finding::error(DELIVERY_PATH, format!("{url} {problem}"), remediation)
    };
    // Escaped, because any program can answer, with control sequences of terminals.
    let detail = body.detail.as_deref().unwrap_or_default().escape_debug();
    match (status.as_u16(), body.code.as_deref()) {
        (200, _) if body.decision.is_some() => {
            Finding::ok(DELIVERY_PATH, format!("a signed test delivery arrives unchanged at {url}"))
        }
        (200..=299, _) => error(
            format!("answers {status}, but is not this service"),
            "correct the path or the proxy: another program answers, and events are lost",
        ),
        (300..=399, _) => {
            let to: Cow<'_, str> = location.as_deref().unwrap_or("another URL").into();
            error(
                format!("redirects to {to}, and Svix does not follow redirects"),
                "use the final URL in Clerk's dashboard",
            )
        }
        (_, Some("signature_mismatch")) => error(
            "rejects the signature: its signing secret differs from the configured one".to_owned(),
            "set the endpoint's secret in both configurations; after a rotation, restart the service",
        ),
        (_, Some("timestamp_out_of_tolerance")) => error(
            "has a clock that differs from this machine's".to_owned(),
            "synchronize both clocks (NTP)",
        ),
        (_, Some("header_missing" | "header_repeated" | "header_malformed")) => error(
            format!("does not receive the headers as sent: {detail}"),
            "configure the proxy to forward svix-id, svix-timestamp and svix-signature unchanged",
        ),
        (503, Some(_)) => {
            error(format!("is unavailable: {detail}"), "check the service's log and /readyz")
        }
        (404, _) => error("does not exist".to_owned(), "use the path /webhooks/clerk"),
        (401 | 403 | 407, None) => error(
            format!("answers {status}: a proxy in front of the service requires a login"),
            "allow POST /webhooks/clerk without a login; its signature authenticates it",
        ),
        (502 | 504, None) => error(
            format!("answers {status}: the proxy does not reach the service"),
            "check that the service is running, and correct the upstream address of the proxy",
        ),
        (_, Some(code)) => {
            let code = code.escape_debug();
            error(format!("answers {status} ({code}): {detail}"), "check the service's log")
        }
        (_, None) => error(
            format!("answers {status}, without a problem document of this service"),
            "check the path of the URL, and the limits and filters of the proxy and firewall",
        ),
    }
}
