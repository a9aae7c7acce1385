//! Can Clerk be asked, is it the right instance, and does it have the same time?

use reqwest::{Client, Response, header::DATE};
use serde::{Deserialize, de::IgnoredAny};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::Finding;
use crate::{
    clerk::{
        backend::{Backend, RetryPolicy},
        signature::TOLERANCE_SECONDS,
    },
    cli::root_of,
    clock::Clock,
    config::{Secret, Settings},
};

const SECRET_KEY: &str = "secret key";
const TOKEN_KEYS: &str = "session tokens";
const CLOCK: &str = "clock";

/// So many seconds off is no accident of the measurement.
const NOTABLE_SECONDS: i64 = 5;

pub(super) async fn look(settings: &Settings, client: &Client) -> Vec<Finding> {
    let secret_key = match &settings.clerk.secret_key {
        Some(key) => of_key(settings, key).await,
        None => Finding::open(SECRET_KEY, "there is none, so Clerk is asked for nothing"),
    };
    let mut findings = vec![secret_key];
    let (tokens, told) = session_tokens(settings, client).await;
    findings.push(tokens);
    // Whoever of Clerk's can be reached tells the time.
    let told = match (told, &settings.clerk.secret_key) {
        (None, Some(_)) => {
            let answer = client.get(&settings.clerk.api_url).send().await;
            answer.ok().as_ref().and_then(seconds_of)
        }
        (told, _) => told,
    };
    findings.push(match told {
        Some(theirs) => clock(theirs - Clock::system().now().div_euclid(1_000)),
        None => {
            Finding::open(CLOCK, "nobody tells the time: no key is there, or Clerk is not reached")
        }
    });
    findings
}

/// The time that an answer is of, in Unix seconds.
fn seconds_of(answer: &Response) -> Option<i64> {
    let date = answer.headers().get(DATE)?.to_str().ok()?;
    // An HTTP date is one of RFC 2822 but for the name of its zone.
    let date = date.strip_suffix("GMT").map(|date| format!("{date}+0000"))?;
    Some(OffsetDateTime::parse(&date, &Rfc2822).ok()?.unix_timestamp())
}

/// What it means that Clerk's clock is so many seconds ahead.
fn clock(ahead: i64) -> Finding {
    let says = match ahead.signum() * i64::from(ahead.abs() > 1) {
        0 => "is Clerk's".to_owned(),
        1 => format!("is {ahead} s behind Clerk's"),
        _ => format!("is {} s ahead of Clerk's", -ahead),
    };
    let mend = format!("set it by NTP: beyond {TOLERANCE_SECONDS} s every delivery is refused");
    match ahead.abs() {
        0..NOTABLE_SECONDS => Finding::good(CLOCK, says),
        NOTABLE_SECONDS..TOLERANCE_SECONDS => Finding::warning(CLOCK, says, mend),
        _ => Finding::bad(CLOCK, says, mend),
    }
}

async fn of_key(settings: &Settings, key: &Secret) -> Finding {
    let backend = match Backend::new(&settings.clerk.api_url, key.expose()) {
        Ok(backend) => backend,
        Err(error) => {
            return Finding::bad(
                SECRET_KEY,
                error.to_string(),
                "copy it anew from Clerk's dashboard",
            );
        }
    };
    match (backend.instance(RetryPolicy::None).await, &settings.clerk.instance_id) {
        (Ok(instance), Some(pinned)) if instance.id != *pinned => Finding::bad(
            SECRET_KEY,
            format!("of the instance {}, and clerk.instance_id names {pinned}", instance.id),
            "take both from one instance of Clerk's dashboard",
        ),
        (Ok(instance), Some(_)) => {
            Finding::good(SECRET_KEY, format!("of {}, {}", instance.id, instance.environment_type))
        }
        (Ok(instance), None) => Finding::warning(
            SECRET_KEY,
            format!(
                "of {}, {}, and clerk.instance_id is empty",
                instance.id, instance.environment_type
            ),
            format!(
                "set clerk.instance_id to {}, so that no other instance's events are taken",
                instance.id
            ),
        ),
        (Err(error), _) => Finding::bad(
            SECRET_KEY,
            error.to_string(),
            "look at CLERK_SECRET_KEY, and at the way to clerk.api_url",
        ),
    }
}

/// Whether the keys of session tokens are to be had, and the time that whoever has them tells.
async fn session_tokens(settings: &Settings, client: &Client) -> (Finding, Option<i64>) {
    #[derive(Deserialize)]
    struct Keys {
        keys: Vec<IgnoredAny>,
    }
    let Some(sessions) = &settings.clerk.session_tokens else {
        return (Finding::open(TOKEN_KEYS, "are not taken: clerk.publishable_key is empty"), None);
    };
    if sessions.jwt_key.is_some() {
        return (Finding::good(TOKEN_KEYS, "are checked with the key of the settings"), None);
    }
    let url = format!("{}/.well-known/jwks.json", sessions.issuer);
    let mend = "look at CLERK_PUBLISHABLE_KEY and the way there, or give the key in CLERK_JWT_KEY";
    let bad = |why: String| Finding::bad(TOKEN_KEYS, format!("{url} {why}"), mend);
    let answer = match client.get(&url).send().await {
        Ok(answer) => answer,
        Err(error) => return (bad(format!("does not answer: {}", root_of(&error))), None),
    };
    let (told, status) = (seconds_of(&answer), answer.status());
    if !status.is_success() {
        return (bad(format!("answers {status}")), told);
    }
    let body = answer.bytes().await.unwrap_or_default();
    let finding = match serde_json::from_slice(&body) {
        Ok(Keys { keys }) if !keys.is_empty() => {
            let says = format!("are checked with {} keys of {}", keys.len(), sessions.issuer);
            Finding::good(TOKEN_KEYS, says)
        }
        _ => bad("does not answer with keys".to_owned()),
    };
    (finding, told)
}

#[cfg(test)]
mod tests {
    use super::{Finding, clock};
    use crate::cli::doctor::Grade;

    #[test]
    fn a_clock_may_be_off_by_seconds_and_not_by_minutes() {
        for (ahead, grade, says) in [
            (0, Grade::Good, "is Clerk's"),
            (-1, Grade::Good, "is Clerk's"),
            (4, Grade::Good, "is 4 s behind Clerk's"),
            (5, Grade::Warning, "is 5 s behind Clerk's"),
            (-299, Grade::Warning, "is 299 s ahead of Clerk's"),
            (300, Grade::Bad, "is 300 s behind Clerk's"),
        ] {
            let Finding { grade: is, says: said, .. } = clock(ahead);
            assert_eq!((is, &*said), (grade, says), "{ahead}");
        }
    }
}
