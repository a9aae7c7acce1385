//! Posts a signed test delivery on the path of Clerk's deliveries, and derives problems of the path
//! from the response.

use http::{HeaderMap, StatusCode, Uri, header};
use reqwest::{Client, Response};
use serde::Deserialize;
use serde_json::json;

use super::{
    Finding,
    answerer::{Answerer, Foreign},
    unreachable::explain,
};
use crate::{
    clerk::signature::{self, ID, SIGNATURE, TIMESTAMP},
    cli::{health, replay::DEFAULT_PATH},
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

/// Maximum number of bytes of a body that are read.
const MAX_BODY: usize = 64 << 10;

/// Media type of the service's problem documents.
const PROBLEM: &str = "application/problem+json";

/// Response to the probe.
#[derive(Debug, Default)]
struct ProbeResponse {
    status: StatusCode,
    headers: HeaderMap,
    /// Beginning of the body.
    text: String,
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
        Err((cause, remediation)) => {
            let message = format!("{url} is unreachable: {cause}");
            return Some(Finding::error(DELIVERY_PATH, message, remediation));
        }
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

/// Posts a body. If no response arrives, returns the cause and what to do about it.
async fn post(
    client: &Client,
    url: &str,
    secret: &str,
    body: String,
) -> Result<ProbeResponse, (String, &'static str)> {
    let seconds = Clock::system().now().div_euclid(1_000);
    let invalid = |error: String| (error, "copy the signing secret from Clerk's dashboard");
    let signer = signature::signer(secret).map_err(|it| invalid(it.to_string()))?;
    let signature = signer.sign(MESSAGE, seconds, body.as_bytes());
    let signature = signature.map_err(|it| invalid(it.to_string()))?;
    let request = client.post(url).header(ID, MESSAGE).header(TIMESTAMP, seconds);
    let request =
        request.header(SIGNATURE, signature).header(header::CONTENT_TYPE, "application/json");
    let response = request.body(body).send().await.map_err(|error| explain(&error))?;
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = beginning(response).await;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let is_problem = content_type.is_some_and(|it| it.starts_with(PROBLEM));
    let mut body: ProbeBody = serde_json::from_slice(&bytes).unwrap_or_default();
    // Other programs have codes too.
    body.code = body.code.filter(|_| is_problem);
    Ok(ProbeResponse { status, headers, text: String::from_utf8_lossy(&bytes).into_owned(), body })
}

/// Reads the beginning of a body, which can be endless.
async fn beginning(mut response: Response) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < MAX_BODY
        && let Ok(Some(chunk)) = response.chunk().await
    {
        bytes.extend_from_slice(&chunk);
    }
    bytes.truncate(MAX_BODY);
    bytes
}

/// Derives the state of the delivery path from a response.
fn evaluate(url: &str, response: &ProbeResponse) -> Finding {
    let ProbeResponse { status, body, .. } = response;
    let (problem, remediation) = match (status.as_u16(), body.code.as_deref()) {
        (200, _) if body.decision.is_some() => {
            let message = format!("a signed test delivery arrives unchanged at {url}");
            return Finding::ok(DELIVERY_PATH, message);
        }
        (_, Some(code)) => evaluate_problem(*status, code, body),
        (_, None) => evaluate_foreign(response),
    };
    Finding::error(DELIVERY_PATH, format!("{url} {problem}"), remediation)
}

/// Evaluates a problem document of the service.
fn evaluate_problem(status: StatusCode, code: &str, body: &ProbeBody) -> (String, &'static str) {
    // Escaped, because any program can answer, with control sequences of terminals.
    let detail = body.detail.as_deref().unwrap_or_default().escape_debug();
    match (status.as_u16(), code) {
        (_, "signature_mismatch") => (
            "rejects the signature: its signing secret differs from the configured one".to_owned(),
            "set the endpoint's secret in both configurations; after a rotation, restart the service",
        ),
        (_, "timestamp_out_of_tolerance") => (
            "has a clock that differs from this machine's".to_owned(),
            "synchronize both clocks (NTP)",
        ),
        (_, "header_missing" | "header_repeated" | "header_malformed") => (
            format!("does not receive the headers as sent: {detail}"),
            "configure the proxy to forward svix-id, svix-timestamp and svix-signature unchanged",
        ),
        (503, _) => (format!("is unavailable: {detail}"), "check the service's log and /readyz"),
        (404, _) => (
            "does not exist: the service answers, but has no such path".to_owned(),
            "use the path /webhooks/clerk",
        ),
        _ => {
            let code = code.escape_debug();
            (format!("answers {status} ({code}): {detail}"), "check the service's log")
        }
    }
}

/// Evaluates an answer that is not the service's.
fn evaluate_foreign(response: &ProbeResponse) -> (String, &'static str) {
    let ProbeResponse { status, headers, text, .. } = response;
    let foreign = Foreign { status: *status, headers, body: text };
    if let Some(Answerer { name, remediation }) = foreign.answerer() {
        return (format!("answers {status}, and not from this service: {name}"), remediation);
    }
    match status.as_u16() {
        200..=299 => (
            format!("answers {status}, but is not this service: {}", foreign.server()),
            "correct the path or the proxy: another program answers, and events are lost",
        ),
        300..=399 => {
            let to = headers.get(header::LOCATION).map(|it| String::from_utf8_lossy(it.as_bytes()));
            let to = to.as_deref().unwrap_or("another URL").escape_debug().to_string();
            (
                format!("redirects to {to}, and Svix does not follow redirects"),
                "use the final URL in Clerk's dashboard",
            )
        }
        401 | 407 => (
            format!("answers {status}: a proxy in front of the service requires a login"),
            "allow POST /webhooks/clerk without a login; its signature authenticates it",
        ),
        403 => (
            format!("answers {status}: a login, a firewall or a filter rejects the request"),
            "allow POST /webhooks/clerk without a login; its signature authenticates it",
        ),
        404 => (
            format!("answers {status}, and not from this service: {}", foreign.server()),
            "correct the host of the URL, or let the proxy forward /webhooks/clerk to the service",
        ),
        502..=504 => (
            format!("answers {status}: the proxy does not reach the service"),
            "check that the service is running, and correct the upstream address of the proxy",
        ),
        _ => (
            format!(
                "answers {status}, without a problem document of this service: {}",
                foreign.server()
            ),
            "check the path of the URL, and the limits and filters of the proxy and firewall",
        ),
    }
}
