//! Checks Clerk's Backend API, the instance of the secret key, the keys of session tokens, and the
//! clock.

use reqwest::{Client, Response, header::DATE};
use serde::{Deserialize, de::IgnoredAny};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::Finding;
use crate::{
    clerk::backend::{Backend, RetryPolicy},
    cli::root_cause,
    clock::Clock,
    config::{Secret, Settings},
};

const SECRET_KEY: &str = "secret key";
const TOKEN_KEYS: &str = "session tokens";
const CLOCK: &str = "clock";

/// Offset of the clock, in seconds, from which a warning is reported. It is larger than the error
/// of the measurement.
const WARNING_SECONDS: i64 = 5;

pub(super) async fn check(settings: &Settings, client: &Client) -> Vec<Finding> {
    let secret_key = match &settings.clerk.secret_key {
        Some(key) => check_secret_key(settings, key).await,
        None => Finding::skipped(SECRET_KEY, "none is configured, so Clerk's API is not used"),
    };
    let mut findings = vec![secret_key];
    let (tokens, clerk_seconds) = check_session_tokens(settings, client).await;
    findings.push(tokens);
    // If the Frontend API has not returned the time, the Backend API can.
    let clerk_seconds = match (clerk_seconds, &settings.clerk.secret_key) {
        (None, Some(_)) => {
            let response = client.get(&settings.clerk.api_url).send().await;
            response.ok().as_ref().and_then(response_seconds)
        }
        (seconds, _) => seconds,
    };
    let clock = clerk_seconds.map_or_else(
        || {
            Finding::skipped(
                CLOCK,
                "not compared with Clerk's: no key is configured, or Clerk is unreachable",
            )
        },
        |seconds| {
            let ahead = seconds - Clock::system().now().div_euclid(1_000);
            check_clock(ahead, settings.clerk.tolerance_seconds)
        },
    );
    findings.push(clock);
    findings
}

/// Returns the `Date` header of a response, in Unix seconds.
fn response_seconds(response: &Response) -> Option<i64> {
    let date = response.headers().get(DATE)?.to_str().ok()?;
    // An HTTP date differs from RFC 2822 only in the name of the time zone.
    let date = date.strip_suffix("GMT").map(|date| format!("{date}+0000"))?;
    Some(OffsetDateTime::parse(&date, &Rfc2822).ok()?.unix_timestamp())
}

/// Grades the number of seconds that Clerk's clock is ahead of this machine's.
fn check_clock(ahead: i64, tolerance: i64) -> Finding {
    let message = match ahead.signum() * i64::from(ahead.abs() > 1) {
        0 => "equals Clerk's".to_owned(),
        1 => format!("is {ahead} s behind Clerk's"),
        _ => format!("is {} s ahead of Clerk's", -ahead),
    };
    let remediation =
        format!("synchronize the clock (NTP): from {tolerance} s on, every delivery is rejected");
    match ahead.abs() {
        0..WARNING_SECONDS => Finding::ok(CLOCK, message),
        offset if offset < tolerance => Finding::warning(CLOCK, message, remediation),
        _ => Finding::error(CLOCK, message, remediation),
    }
}

async fn check_secret_key(settings: &Settings, key: &Secret) -> Finding {
    let backend = match Backend::new(&settings.clerk.api_url, key.expose()) {
        Ok(backend) => backend,
        Err(error) => {
            let remediation = "copy it again from Clerk's dashboard";
            return Finding::error(SECRET_KEY, error.to_string(), remediation);
        }
    };
    match (backend.instance(RetryPolicy::None).await, &settings.clerk.instance_id) {
        (Ok(instance), Some(pinned)) if instance.id != *pinned => Finding::error(
            SECRET_KEY,
            format!("belongs to {}, but clerk.instance_id is {pinned}", instance.id),
            "copy both from the same instance of Clerk's dashboard",
        ),
        (Ok(instance), Some(_)) => {
            let message = format!("belongs to {} ({})", instance.id, instance.environment_type);
            Finding::ok(SECRET_KEY, message)
        }
        (Ok(instance), None) => Finding::warning(
            SECRET_KEY,
            format!(
                "belongs to {} ({}), and clerk.instance_id is empty",
                instance.id, instance.environment_type
            ),
            format!(
                "set clerk.instance_id to {}, so that events of other instances are quarantined",
                instance.id
            ),
        ),
        (Err(error), _) => Finding::error(
            SECRET_KEY,
            error.to_string(),
            "check CLERK_SECRET_KEY, and the network path to clerk.api_url",
        ),
    }
}

/// Checks that the keys of session tokens are available. Also returns the time of the issuer, in
/// Unix seconds.
async fn check_session_tokens(settings: &Settings, client: &Client) -> (Finding, Option<i64>) {
    #[derive(Deserialize)]
    struct Keys {
        keys: Vec<IgnoredAny>,
    }
    let Some(sessions) = &settings.clerk.session_tokens else {
        let message = "are not accepted, because clerk.publishable_key is empty";
        return (Finding::skipped(TOKEN_KEYS, message), None);
    };
    if sessions.jwt_key.is_some() {
        return (Finding::ok(TOKEN_KEYS, "are verified with CLERK_JWT_KEY"), None);
    }
    let url = format!("{}/.well-known/jwks.json", sessions.issuer);
    let remediation =
        "check CLERK_PUBLISHABLE_KEY and the network path, or set the key in CLERK_JWT_KEY";
    let error =
        |problem: String| Finding::error(TOKEN_KEYS, format!("{url} {problem}"), remediation);
    let response = match client.get(&url).send().await {
        Ok(response) => response,
        Err(failure) => return (error(format!("does not answer: {}", root_cause(&failure))), None),
    };
    let (seconds, status) = (response_seconds(&response), response.status());
    if !status.is_success() {
        return (error(format!("answers {status}")), seconds);
    }
    let body = response.bytes().await.unwrap_or_default();
    let finding = match serde_json::from_slice(&body) {
        Ok(Keys { keys }) if !keys.is_empty() => {
            let message = format!("are verified with {} keys of {}", keys.len(), sessions.issuer);
            Finding::ok(TOKEN_KEYS, message)
        }
        _ => error("returns no keys".to_owned()),
    };
    (finding, seconds)
}

#[cfg(test)]
mod tests {
    use super::check_clock;
    use crate::cli::doctor::Grade;

    #[test]
    fn clock_offset_determines_grade() {
        for (ahead, grade, message) in [
            (0, Grade::Ok, "equals Clerk's"),
            (-1, Grade::Ok, "equals Clerk's"),
            (4, Grade::Ok, "is 4 s behind Clerk's"),
            (5, Grade::Warning, "is 5 s behind Clerk's"),
            (-299, Grade::Warning, "is 299 s ahead of Clerk's"),
            (300, Grade::Error, "is 300 s behind Clerk's"),
        ] {
            let finding = check_clock(ahead, 300);
            assert_eq!((finding.grade, &*finding.message), (grade, message), "{ahead}");
        }
    }
}
