//! Errors of Clerk's Backend API, with a remediation and without personal data.

use std::{fmt, time::Duration};

use serde::Deserialize;

/// The error code for an object that does not exist.
const NOT_FOUND: &str = "resource_not_found";

/// The error codes for features of Clerk that the instance does not use.
const DISABLED_FEATURES: [&str; 2] =
    ["organization_not_enabled_in_instance", "organization_domains_not_enabled"];

/// Words of the error codes of Clerk Billing, of which none is documented.
const BILLING_CODES: [&str; 2] = ["billing", "commerce"];

/// Reasons for which a request has no result, after all retries.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// The secret key contains characters that are not allowed in a header.
    #[error("CLERK_SECRET_KEY contains characters that no secret key has")]
    InvalidKey,
    /// The URL of the API is invalid.
    #[error("the URL of Clerk's Backend API is invalid")]
    InvalidUrl,
    /// The HTTP client cannot be created.
    #[error("cannot create a client for Clerk's Backend API: {0}")]
    Client(String),
    /// Clerk rejected the request.
    #[error("Clerk rejected the request: {0}")]
    Rejected(ApiError),
    /// The rate limit of the instance is exceeded.
    #[error("the rate limit of Clerk's Backend API is exceeded (429)")]
    RateLimited,
    /// Clerk answered with a status of 500 or above.
    #[error("Clerk's Backend API answered with status {0}")]
    ServerError(u16),
    /// No response was received.
    #[error("Clerk's Backend API is unreachable: {0}")]
    Unreachable(String),
    /// The response has another shape than Clerk documents.
    #[error("unexpected response from Clerk's Backend API: {0}")]
    UnexpectedResponse(String),
}

/// An error response of Clerk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status, 4xx.
    pub status: u16,
    /// Clerk's error code, such as `clerk_key_invalid`. Empty if the response is not Clerk's.
    pub code: String,
    /// The ID by which Clerk's support finds the request.
    pub trace_id: Option<String>,
}

/// The body of Clerk's error responses. The messages are not decoded, because they can contain
/// parameters of the request.
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

impl ApiError {
    pub(super) fn read(status: u16, body: &[u8]) -> Self {
        let read: Errors = serde_json::from_slice(body).unwrap_or_default();
        let code = read.errors.into_iter().next().map(|error| error.code).unwrap_or_default();
        // The texts are logged. If they are not words, the response is not Clerk's.
        let word = |text: &String| {
            text.len() <= 64 && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_')
        };
        let code = Some(code).filter(word).unwrap_or_default();
        Self { status, code, trace_id: read.clerk_trace_id.filter(word) }
    }

    /// Returns whether Clerk says that the object does not exist. A 404 without Clerk's error code
    /// may be a proxy's.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status == 404 && self.code == NOT_FOUND
    }

    /// Returns whether Clerk says that the instance does not use organizations, their domains, or
    /// billing. It then has no such objects.
    #[must_use]
    pub fn is_disabled_feature(&self) -> bool {
        let is_known = DISABLED_FEATURES.contains(&&*self.code);
        let is_billing = BILLING_CODES.iter().any(|word| self.code.contains(word));
        self.status == 403 && (is_known || is_billing)
    }

    /// Returns whether the error is about a parameter of the request, so that another request of
    /// the same kind may succeed.
    #[must_use]
    pub fn is_about_parameters(&self) -> bool {
        matches!(self.status, 400 | 404 | 422)
    }

    /// Returns what the operator can do about the error, if that is known.
    fn remediation(&self) -> &'static str {
        match (&*self.code, self.status) {
            (_, 401) => "check that CLERK_SECRET_KEY is an active key of this instance",
            (_, 403) => "CLERK_SECRET_KEY lacks the permission",
            ("", _) => "check that clerk.api_url is the URL of Clerk's Backend API",
            _ => "",
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = if self.code.is_empty() { "without a code" } else { &self.code };
        write!(f, "{} {code}", self.status)?;
        if let Some(trace_id) = &self.trace_id {
            write!(f, " (clerk_trace_id {trace_id})")?;
        }
        match self.remediation() {
            "" => Ok(()),
            remediation => write!(f, "; {remediation}"),
        }
    }
}

impl BackendError {
    pub(super) fn client(error: reqwest::Error) -> Self {
        Self::Client(describe(error))
    }

    /// Converts a decoding error. Its message is left out, because it can contain values.
    pub(super) fn unexpected(error: &serde_json::Error) -> Self {
        let position = format!("line {} column {}", error.line(), error.column());
        let message = format!("{:?} error at {position}", error.classify());
        Self::UnexpectedResponse(message.to_lowercase())
    }
}

/// Reasons for which one attempt failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum AttemptError {
    /// The rate limit is exceeded. The value of `Retry-After` is given, if there is one.
    #[error("rate limit exceeded")]
    RateLimited(Option<Duration>),
    #[error("status {0}")]
    ServerError(u16),
    #[error("{0}")]
    Transport(String),
    #[error("the response is too long")]
    TooLong,
    #[error("{0}")]
    Rejected(ApiError),
}

impl AttemptError {
    pub(super) fn transport(error: reqwest::Error) -> Self {
        Self::Transport(describe(error))
    }

    /// Returns whether other requests must wait too.
    pub(super) fn affects_all_requests(&self) -> bool {
        matches!(self, Self::RateLimited(_))
    }
}

impl From<AttemptError> for BackendError {
    fn from(error: AttemptError) -> Self {
        match error {
            AttemptError::RateLimited(_) => Self::RateLimited,
            AttemptError::ServerError(status) => Self::ServerError(status),
            AttemptError::Transport(message) => Self::Unreachable(message),
            AttemptError::TooLong => Self::UnexpectedResponse("it is too long".to_owned()),
            AttemptError::Rejected(error) => Self::Rejected(error),
        }
    }
}

/// Describes an error with its causes. The URL is left out, because it can contain a user's ID.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::ApiError;

    fn read(status: u16, body: &str) -> ApiError {
        ApiError::read(status, body.as_bytes())
    }

    #[test]
    fn api_error_names_code_and_remediation() {
        let body = r#"{"errors":[{"message":"The provided Clerk Secret Key is invalid. sk_test_abc",
            "long_message":"…","code":"clerk_key_invalid"}],"clerk_trace_id":"0123abcd"}"#;
        assert_eq!(
            read(401, body).to_string(),
            "401 clerk_key_invalid (clerk_trace_id 0123abcd); check that CLERK_SECRET_KEY is an \
             active key of this instance"
        );
    }

    #[test]
    fn only_clerk_reports_missing_objects() {
        let not_found = r#"{"errors":[{"message":"not found","code":"resource_not_found"}]}"#;
        assert!(read(404, not_found).is_not_found());
        for (status, body) in [
            (404, "<html>nginx</html>"),
            (404, r#"{"errors":[]}"#),
            (404, "{}"),
            (410, not_found),
            (404, r#"{"errors":[{"code":"oauth_token_provider_not_enabled"}]}"#),
        ] {
            assert!(!read(status, body).is_not_found(), "{status} {body}");
        }
    }

    #[test]
    fn only_clerk_reports_disabled_features() {
        let body = |code: &str| format!(r#"{{"errors":[{{"code":"{code}"}}]}}"#);
        assert!(read(403, &body("organization_not_enabled_in_instance")).is_disabled_feature());
        assert!(read(403, &body("organization_domains_not_enabled")).is_disabled_feature());
        assert!(!read(403, &body("authorization_invalid")).is_disabled_feature());
        assert!(!read(404, &body("organization_not_enabled_in_instance")).is_disabled_feature());
        assert!(!read(403, "<html>Forbidden</html>").is_disabled_feature());
    }

    #[test]
    fn foreign_texts_are_left_out() {
        let body = r#"{"errors":[{"code":"ada@example.com"}],"clerk_trace_id":"a\nb"}"#;
        assert_eq!(
            read(422, body).to_string(),
            "422 without a code; check that clerk.api_url is the URL of Clerk's Backend API"
        );
    }
}
