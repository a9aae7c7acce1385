//! Why there is no answer from Clerk, in words that name the mend and give nothing away.

use std::{fmt, time::Duration};

use serde::Deserialize;

/// The code of an answer that there is no such thing.
const NOT_FOUND: &str = "resource_not_found";

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// The key cannot be one.
    #[error("the secret key holds characters that no key has")]
    Key,
    /// The address cannot be one.
    #[error("the address of Clerk's Backend API cannot be read")]
    Url,
    /// No TLS is to be had.
    #[error("no client for Clerk's Backend API could be made: {0}")]
    Client(String),
    /// Clerk said no.
    #[error("Clerk refused: {0}")]
    Refused(Refusal),
    /// As often as it was asked.
    #[error("Clerk's Backend API takes no more requests for now (429)")]
    TooMany,
    /// As often as it was asked.
    #[error("Clerk's Backend API answers with {0}")]
    Failing(u16),
    /// As often as it was tried.
    #[error("Clerk's Backend API cannot be reached: {0}")]
    Unreachable(String),
    /// It is not what the specification says.
    #[error("an answer of Clerk's Backend API was not understood: {0}")]
    Shape(String),
}

/// What Clerk says when it says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// 4xx.
    pub status: u16,
    /// `clerk_key_invalid`, …; empty where the answer is not Clerk's.
    pub code: String,
    /// By which Clerk's support finds the request.
    pub trace_id: Option<String>,
}

/// The shape of Clerk's errors. Its messages can quote what was asked for, and are left out.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Errors {
    errors: Vec<Error>,
    clerk_trace_id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Error {
    code: String,
}

impl Refusal {
    pub(super) fn read(status: u16, body: &[u8]) -> Self {
        let read: Errors = serde_json::from_slice(body).unwrap_or_default();
        let code = read.errors.into_iter().next().map(|error| error.code).unwrap_or_default();
        // It goes into logs: what is no word is not Clerk's.
        let word = |text: &String| {
            text.len() <= 64 && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
        };
        let code = Some(code).filter(word).unwrap_or_default();
        Self { status, code, trace_id: read.clerk_trace_id.filter(word) }
    }

    /// Whether Clerk itself says that there is no such thing. A 404 alone may be that of a proxy.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status == 404 && self.code == NOT_FOUND
    }

    /// Whether another request of the same kind may fare better: what this one named is gone.
    #[must_use]
    pub fn is_about_the_request(&self) -> bool {
        matches!(self.status, 400 | 404 | 422)
    }

    /// What can be done about it, where it is known.
    fn mend(&self) -> &'static str {
        match (&*self.code, self.status) {
            (_, 401) => "is CLERK_SECRET_KEY the secret key of this instance, and not revoked?",
            (_, 403) => "the secret key may not ask for this",
            ("", _) => "is clerk.api_url Clerk's?",
            _ => "",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = if self.code.is_empty() { "without a code" } else { &self.code };
        write!(f, "{} {code}", self.status)?;
        if let Some(trace_id) = &self.trace_id {
            write!(f, " (clerk_trace_id {trace_id})")?;
        }
        match self.mend() {
            "" => Ok(()),
            mend => write!(f, "; {mend}"),
        }
    }
}

impl BackendError {
    pub(super) fn client(error: reqwest::Error) -> Self {
        Self::Client(describe(error))
    }

    /// The messages of the syntax name a place and a type; of what stands there, only numbers and
    /// unexpected texts, which are cut off.
    pub(super) fn shape(error: &serde_json::Error) -> Self {
        let place = format!("line {} column {}", error.line(), error.column());
        Self::Shape(format!("{:?} error at {place}", error.classify()).to_lowercase())
    }
}

/// Why one request had no good answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    #[error("too many requests")]
    TooMany(Option<Duration>),
    #[error("the answer is {0}")]
    Failing(u16),
    #[error("{0}")]
    Lost(String),
    #[error("the answer is too long")]
    TooLong,
    #[error("{0}")]
    Refused(Refusal),
}

impl Unanswered {
    pub(super) fn lost(error: reqwest::Error) -> Self {
        Self::Lost(describe(error))
    }

    /// Whether it holds for every request, not only for this one.
    pub(super) fn is_for_all(&self) -> bool {
        matches!(self, Self::TooMany(_))
    }
}

impl From<Unanswered> for BackendError {
    fn from(unanswered: Unanswered) -> Self {
        match unanswered {
            Unanswered::TooMany(_) => Self::TooMany,
            Unanswered::Failing(status) => Self::Failing(status),
            Unanswered::Lost(why) => Self::Unreachable(why),
            Unanswered::TooLong => Self::Shape("it is too long".to_owned()),
            Unanswered::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

/// With what lies beneath, and without the URL: it can hold somebody's id.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut beneath = std::error::Error::source(&error);
    while let Some(error) = beneath {
        text = format!("{text}: {error}");
        beneath = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    fn refusal(status: u16, body: &str) -> Refusal {
        Refusal::read(status, body.as_bytes())
    }

    #[test]
    fn a_refusal_says_what_clerk_said_and_what_can_be_done() {
        let body = r#"{"errors":[{"message":"The provided Clerk Secret Key is invalid. sk_test_abc",
            "long_message":"…","code":"clerk_key_invalid"}],"clerk_trace_id":"0123abcd"}"#;
        assert_eq!(
            refusal(401, body).to_string(),
            "401 clerk_key_invalid (clerk_trace_id 0123abcd); is CLERK_SECRET_KEY the secret key of this \
             instance, and not revoked?"
        );
    }

    #[test]
    fn only_clerk_itself_can_say_that_there_is_nobody() {
        let not_found = r#"{"errors":[{"message":"not found","code":"resource_not_found"}]}"#;
        assert!(refusal(404, not_found).is_not_found());
        for (status, body) in [
            (404, "<html>nginx</html>"),
            (404, r#"{"errors":[]}"#),
            (404, "{}"),
            (410, not_found),
            (404, r#"{"errors":[{"code":"oauth_token_provider_not_enabled"}]}"#),
        ] {
            assert!(!refusal(status, body).is_not_found(), "{status} {body}");
        }
    }

    #[test]
    fn what_is_not_clerks_is_not_repeated() {
        let body = r#"{"errors":[{"code":"ada@example.com"}],"clerk_trace_id":"a\nb"}"#;
        let text = refusal(422, body).to_string();
        assert_eq!(text, "422 without a code; is clerk.api_url Clerk's?");
    }
}
