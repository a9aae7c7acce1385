//! Problem documents (RFC 9457) of all errors. No other module contains the status code of an
//! error.
//!
//! `code` is stable and meant for programs, `detail` is meant for people. Internal causes, such as
//! a failed statement, are in the log under the request ID, and not in the response.

use std::{fmt, time::Duration};

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    cookie::Cookie,
    http::{Method, StatusCode, header},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem_codes;
use crate::{
    clerk::signature::SignatureError,
    ingest::queue::Rejection,
    store::{StoreError, driver::OutageCause},
};

/// Seconds that a client should wait before it retries a request.
const RETRY_AFTER_SECONDS: u32 = 5;

/// Error of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    headers: Vec<(header::HeaderName, String)>,
    /// Cause, which is logged and not part of the response.
    cause: Option<String>,
}

/// Problem document (RFC 9457), the body of every error response.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "title": "Bad Request",
        "status": 400,
        "code": "parameter_invalid",
        "detail": "limit: expected 1 to 500",
        "request_id": "req_8b14798bcfb724a10000008d"
    })))]
#[schema(as = Problem)]
pub(super) struct ProblemDocument<'a> {
    /// Name of the HTTP status.
    title: &'static str,
    /// HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Stable code of the problem, for programs.
    #[schema(
        examples("not_found"),
        extensions(
            ("x-extensible-enum" = json!(problem_codes::names())),
            ("x-enum-descriptions" = json!(problem_codes::descriptions())),
        ),
    )]
    code: &'static str,
    /// Explanation of the problem, for people. The wording can change.
    detail: &'a str,
    /// ID of the request in the log of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String)]
    request_id: Option<&'a str>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), headers: Vec::new(), cause: None }
    }

    fn with_header(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Creates a 400: the request is invalid.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// Creates a 401: the request has no valid credentials.
    pub fn unauthorized(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
            .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"meetvo\"")
    }

    /// Creates a 403: the API key is valid, but lacks the required scope.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "scope_missing", detail)
    }

    /// Creates a 429: the caller exceeds its rate limit.
    pub fn too_many_requests(per_minute: u32, wait: Duration) -> Self {
        let detail =
            format!("the caller exceeds its rate limit of {per_minute} requests per minute");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail)
            .with_header(header::RETRY_AFTER, seconds(wait).to_string())
    }

    /// Creates a 429: the client's address has too many failed authentications. The code is that of
    /// the last failure.
    pub(super) fn too_many_failures(code: &'static str, wait: Duration) -> Self {
        let detail = format!(
            "too many requests from this address had no valid credentials; the last failure is \
             {code}"
        );
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_failures", detail)
            .with_header(header::RETRY_AFTER, seconds(wait).to_string())
    }

    /// Creates a 429: the maximum number of requests about one object is held open.
    pub(super) fn too_many_at_once(max: usize) -> Self {
        let detail = format!("{max} requests about the same object are open, which is the maximum");
        Self::too_many_open(detail)
    }

    /// Creates a 429: the API key holds its share of the requests that can be open.
    pub(super) fn key_share_used(max: usize) -> Self {
        let detail = format!(
            "{max} requests with this API key are open, which is its share; the setting \
             api.key_share_percent changes it"
        );
        Self::too_many_open(detail)
    }

    fn too_many_open(detail: String) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_at_once", detail)
            .with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS.to_string())
    }

    /// Creates a 404: the resource does not exist, or the caller cannot read it.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// Converts an error response of a library. Returns `None` if the response is no error, or is
    /// already a problem.
    pub(super) fn from_library_response<B>(response: &HttpResponse<B>) -> Option<Self> {
        let error = response.error();
        if error.is_some_and(|error| error.as_error::<Self>().is_some()) {
            return None;
        }
        match response.status() {
            StatusCode::NOT_FOUND => Some(Self::no_such_path()),
            StatusCode::BAD_REQUEST => {
                let detail = error.map(ToString::to_string).unwrap_or_default();
                Some(Self::bad_request("request_refused", detail))
            }
            _ => None,
        }
    }

    /// Creates a 404: no route matches the path.
    pub(super) fn no_such_path() -> Self {
        Self::not_found("no resource has this path")
    }

    /// Creates a 409: the state of the resource does not allow the request.
    pub(super) fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// Creates a 405, with the methods that the resource supports.
    pub fn method_not_allowed(methods: &[Method]) -> Self {
        let allowed = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        let detail = format!("this resource supports only the methods {allowed}");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
            .with_header(header::ALLOW, allowed)
    }

    /// Creates a 408: the body did not arrive within the timeout.
    pub fn body_timeout() -> Self {
        let detail = "the body did not arrive within the timeout";
        Self::new(StatusCode::REQUEST_TIMEOUT, "body_timeout", detail)
            .with_header(header::CONNECTION, "close")
    }

    /// Creates a 413: the body exceeds the maximum size.
    pub fn payload_too_large(limit: usize) -> Self {
        let detail = format!("the body is larger than the maximum of {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", detail)
            .with_header(header::CONNECTION, "close")
    }

    /// Creates a 415: the body is compressed.
    pub fn unsupported_encoding() -> Self {
        let detail = "the body is compressed, but the signature covers the uncompressed body";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding", detail)
            .with_header(header::CONNECTION, "close")
    }

    /// Creates a 503: the service or a system that it depends on is temporarily unavailable.
    pub fn unavailable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
            .with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS.to_string())
    }

    /// Creates a 503: the bodies in memory have reached their maximum size.
    pub(super) fn pending_bytes_full() -> Self {
        Self::from(Rejection::BytesFull).with_header(header::CONNECTION, "close")
    }

    /// Creates a 503: the database did not answer within the timeout.
    pub(super) fn database_timeout() -> Self {
        Self::unavailable("database_unavailable", "the database did not answer within the timeout")
    }

    /// Creates a 503: the database rejects the writes of deliveries.
    pub(super) fn database_not_writable(cause: OutageCause) -> Self {
        let detail = format!("the database accepts no writes, because it {cause}");
        Self::unavailable("database_unavailable", detail)
    }

    /// Creates a 503: the maximum number of requests is held open.
    pub(super) fn too_many_waiting() -> Self {
        let detail = "the maximum number of requests is already waiting";
        Self::unavailable("too_many_waiting", detail)
    }

    /// Creates a 503: the process is shutting down.
    pub(super) fn stopping() -> Self {
        Self::unavailable("stopping", "the service is shutting down")
    }

    /// Creates a 410: changes after a cursor are no longer stored.
    pub(super) fn cursor_expired() -> Self {
        let detail = "changes after this cursor are no longer stored; read all users again, and \
                      continue from the newest cursor";
        Self::new(StatusCode::GONE, "cursor_expired", detail)
    }

    /// Creates a 500: an error inside the service.
    pub(super) fn internal(cause: impl fmt::Display) -> Self {
        let detail = "an internal error occurred; the log has its cause under this request ID";
        Self::server_error("internal_error", detail).with_cause(cause)
    }

    /// Creates a 500 with a code of its own.
    pub(super) fn server_error(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, detail)
    }

    /// Creates a 501: the function is not enabled.
    pub(super) fn not_implemented(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, code, detail)
    }

    /// Creates a 502: a system that the service depends on rejects the request, or its response is
    /// invalid.
    pub(super) fn bad_gateway(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, code, detail)
    }

    /// Sets the cause for the log.
    pub(super) fn with_cause(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// Adds a cookie to the response.
    pub(super) fn with_cookie(self, cookie: &Cookie<'_>) -> Self {
        self.with_header(header::SET_COOKIE, cookie.to_string())
    }

    /// Returns whether the request had no valid credentials.
    pub(super) fn is_failed_authentication(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED || self.code == "too_many_failures"
    }

    /// Returns the stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Returns the cause for the log.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// Returns the problem document as JSON.
    pub(super) fn document(&self, request_id: Option<&str>) -> String {
        let document = ProblemDocument {
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.detail,
            request_id,
        };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

/// Returns a duration in seconds, rounded up.
fn seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut builder = HttpResponseBuilder::new(self.status);
        for (name, value) in &self.headers {
            builder.insert_header((name.clone(), value.as_str()));
        }
        builder.insert_header((header::CACHE_CONTROL, "no-store"));
        builder.content_type("application/problem+json").body(self.document(None))
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::from(&error)
    }
}

impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        match error {
            StoreError::Unavailable(_)
            | StoreError::Timeout(_)
            | StoreError::ReadOnly
            | StoreError::Conflict
            | StoreError::OwnersLocked(_)
            | StoreError::Unusable(_)
            | StoreError::FileNotFound
            | StoreError::SchemaOutdated
            | StoreError::SchemaNewer(_)
            | StoreError::Migration(_) => {
                let cause = error.outage().unwrap_or(OutageCause::NoAnswer);
                Self::unavailable("database_unavailable", format!("the database {cause}"))
                    .with_cause(error)
            }
            StoreError::UndecodableValue(value) => {
                let detail = format!("{value}; `meetvo rebuild` repairs synced tables");
                Self::server_error("row_unreadable", detail)
            }
            StoreError::Rejected(_)
            | StoreError::UnreadableRows(_)
            | StoreError::RebuildRunning => Self::internal(error),
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match &rejection {
            // An event that the database rejects is stored as failed. If this is impossible too,
            // the event is lost unless Svix retries the delivery.
            Rejection::Store(error) => {
                let cause = error.outage().map(|cause| format!(", because the database {cause}"));
                let detail = format!("the event was not committed{}", cause.unwrap_or_default());
                Self::unavailable("database_unavailable", detail).with_cause(rejection)
            }
            Rejection::Full => Self::unavailable("queue_full", rejection.to_string()),
            Rejection::BytesFull => Self::unavailable("pending_bytes_full", rejection.to_string()),
            Rejection::Timeout(_) => Self::unavailable("commit_late", rejection.to_string()),
            Rejection::ShuttingDown => Self::unavailable("stopping", rejection.to_string()),
        }
    }
}

impl From<SignatureError> for Problem {
    fn from(error: SignatureError) -> Self {
        let code = match error {
            SignatureError::MissingHeader(_) => "header_missing",
            SignatureError::RepeatedHeader(_) => "header_repeated",
            SignatureError::MalformedHeader(_) => "header_malformed",
            SignatureError::MixedHeaders(..) => "header_families_mixed",
            SignatureError::Timestamp { .. } => "timestamp_out_of_tolerance",
            SignatureError::NotUtf8 => "body_not_utf8",
            SignatureError::Mismatch => "signature_mismatch",
        };
        Self::bad_request(code, error.to_string())
    }
}
