//! A delivery that is signed here and posted where Clerk's go: what answers says what stands in the way.

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

const WAY: &str = "way in";

/// The same each time: from the second on it is a repetition, and nothing is kept.
const MESSAGE: &str = "meetvo_doctor";

/// What something that reads and writes JSON would write in another way.
const PECULIAR: &str = "{ \"type\" : \"meetvo.probe\",\n  \"data\": { \"id\": \"probe\", \
                        \"text\": \"\\u00e9 é 1.0\", \"number\": 1.0e2 } }\n";

/// What it would not.
const PLAIN: &str = r#"{"data":{"id":"probe"},"type":"meetvo.probe"}"#;

/// What came back.
#[derive(Debug, Default)]
struct Answer {
    status: StatusCode,
    location: Option<String>,
    /// As the service says it; others say nothing of the kind.
    said: Said,
}

#[derive(Debug, Default, Deserialize)]
struct Said {
    decision: Option<String>,
    code: Option<String>,
    detail: Option<String>,
}

pub(super) async fn look(
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
            Err(faults) => return Some(Finding::open(WAY, format!("not tried: {faults}"))),
        },
    };
    // As Clerk's name theirs: where one instance is taken, another's are kept aside.
    let of_instance = |body: &str| match &settings.clerk.instance_id {
        Some(id) => body.replacen('{', &format!("{{\"instance_id\": {}, ", json!(id)), 1),
        None => body.to_owned(),
    };
    let post = async |body| post(client, &url, secret, of_instance(body)).await;
    let peculiar = match post(PECULIAR).await {
        Ok(answer) => answer,
        Err(why) => return Some(unreached(&url, &why)),
    };
    // Where the one is refused and the other taken, the secret is the right one.
    let rewritten = peculiar.said.code.as_deref() == Some("signature_mismatch")
        && post(PLAIN).await.is_ok_and(|it| it.said.decision.is_some());
    Some(match rewritten {
        true => Finding::bad(
            WAY,
            format!("something on the way to {url} changes bodies, and so breaks their signatures"),
            "have it pass them on byte by byte: no JSON parser, no compression, no rewriting",
        ),
        false => judge(&url, &peculiar),
    })
}

async fn post(client: &Client, url: &str, secret: &str, body: String) -> Result<Answer, String> {
    let seconds = Clock::system().now().div_euclid(1_000);
    let signer = signature::signer(secret).map_err(|it| it.to_string())?;
    let signature = signer.sign(MESSAGE, seconds, body.as_bytes()).map_err(|it| it.to_string())?;
    let request = client.post(url).header(ID, MESSAGE).header(TIMESTAMP, seconds);
    let request =
        request.header(SIGNATURE, signature).header(header::CONTENT_TYPE, "application/json");
    let answer = request.body(body).send().await.map_err(|error| root_cause(&error))?;
    let location = answer.headers().get(header::LOCATION);
    let location = location.and_then(|it| it.to_str().ok()).map(str::to_owned);
    let status = answer.status();
    let body = answer.bytes().await.unwrap_or_default();
    Ok(Answer { status, location, said: serde_json::from_slice(&body).unwrap_or_default() })
}

fn unreached(url: &str, why: &str) -> Finding {
    let mend = "start the service, or name with --to the URL that Clerk's dashboard has";
    Finding::bad(WAY, format!("{url} is not reached: {why}"), mend)
}

/// What an answer says about the way.
fn judge(url: &str, Answer { status, location, said }: &Answer) -> Finding {
    let bad = |says: String, mend: &str| Finding::bad(WAY, format!("{url} {says}"), mend);
    // Whoever answers there may be anybody, and a terminal obeys.
    let detail = said.detail.as_deref().unwrap_or_default().escape_debug();
    match (status.as_u16(), said.code.as_deref()) {
        (200, _) if said.decision.is_some() => Finding::good(
            WAY,
            format!("a delivery that was signed here arrives at {url} as it was sent"),
        ),
        (200..=299, _) => bad(
            format!("answers {status}, and is not this service"),
            "look where the path leads: deliveries would be answered and lost",
        ),
        (300..=399, _) => {
            let to: Cow<'_, str> = location.as_deref().unwrap_or("elsewhere").into();
            bad(
                format!("leads on to {to}, and Svix follows nowhere"),
                "give Clerk the URL at the end of it",
            )
        }
        (_, Some("signature_mismatch")) => bad(
            "knows none of our signatures: its signing secret is another".to_owned(),
            "give both the secret of one endpoint; after a rotation restart what runs",
        ),
        (_, Some("timestamp_out_of_tolerance")) => {
            bad("has another time than this machine".to_owned(), "set both clocks by NTP")
        }
        (_, Some("header_missing" | "header_repeated" | "header_malformed")) => bad(
            format!("does not get what was sent: {detail}"),
            "let the headers svix-id, svix-timestamp and svix-signature through as they are",
        ),
        (503, Some(_)) => {
            bad(format!("cannot do its work: {detail}"), "look at its log, and at /readyz")
        }
        (404, _) => bad(
            "is no path of anything there".to_owned(),
            "the service takes webhooks at /webhooks/clerk",
        ),
        (401 | 403 | 407, None) => bad(
            format!("answers {status}: something in front wants a login"),
            "let POST /webhooks/clerk through without one: the signature is its login",
        ),
        (502 | 504, None) => bad(
            format!("answers {status}: what stands in front does not reach the service"),
            "look whether it runs, and where the proxy looks for it",
        ),
        (_, Some(code)) => {
            let code = code.escape_debug();
            bad(format!("answers {status} ({code}): {detail}"), "look at the service's log")
        }
        (_, None) => bad(
            format!("answers {status}, and not in the words of this service"),
            "look at what stands in front of it: limits, filters, another program",
        ),
    }
}
