//! What went wrong, as RFC 9457 problem documents: the one place with the status codes of errors.
//!
//! `code` is stable and meant for programs, `detail` for people. What is ours to know (which
//! statement failed, and why) goes to the log, under the request's id, and not into the answer.

use std::{fmt, time::Duration};

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    http::{Method, StatusCode, header},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{clerk::signature::SignatureError, ingest::queue::Rejection, store::StoreError};

/// How long a client should wait before it tries again, in seconds.
const RETRY_AFTER_SECONDS: u32 = 5;

/// A refusal or a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    detail: String,
    headers: Vec<(header::HeaderName, String)>,
    /// For the log only.
    internal: Option<String>,
}

/// The document, `application/problem+json`.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemDocument<'a> {
    /// What the status means.
    title: &'static str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// Stable, for programs.
    #[schema(example = "not_found")]
    code: &'static str,
    /// For people.
    detail: &'a str,
    /// Under which the log knows the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), headers: Vec::new(), internal: None }
    }

    fn with_header(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 401: no usable credentials.
    pub fn unauthorized(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
            .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"meetvo\"")
    }

    /// 403: good credentials, but not for this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "scope_missing", detail)
    }

    /// 429: more than a caller may ask for.
    pub fn too_many_requests(per_minute: u32, wait: Duration) -> Self {
        let detail = format!("more than {per_minute} requests in a minute");
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail)
            .with_header(header::RETRY_AFTER, seconds.to_string())
    }

    /// 429: about one user, as many wait as may.
    pub(super) fn too_many_at_once(most: usize) -> Self {
        let detail = format!("{most} requests about this user are waiting already");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_at_once", detail)
            .with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS.to_string())
    }

    /// 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    /// What a refusal comes to that others wrote, and not as a problem.
    pub(super) fn from_library_response<B>(refusal: &HttpResponse<B>) -> Option<Self> {
        let error = refusal.error();
        if error.is_some_and(|error| error.as_error::<Self>().is_some()) {
            return None;
        }
        match refusal.status() {
            StatusCode::NOT_FOUND => Some(Self::not_found("no such page")),
            StatusCode::BAD_REQUEST => {
                let detail = error.map(ToString::to_string).unwrap_or_default();
                Some(Self::bad_request("request_refused", detail))
            }
            _ => None,
        }
    }

    /// 409: what is asked for is not to be had, as things are.
    pub(super) fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 405, with the methods that are allowed.
    pub fn method_not_allowed(methods: &[Method]) -> Self {
        let allowed = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        let detail = format!("this resource takes {allowed}");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
            .with_header(header::ALLOW, allowed)
    }

    /// 408: the body did not come in time.
    pub fn body_timeout() -> Self {
        let detail = "the body did not arrive in time";
        Self::new(StatusCode::REQUEST_TIMEOUT, "body_timeout", detail)
            .with_header(header::CONNECTION, "close")
    }

    /// 413: the body is larger than what is read.
    pub fn payload_too_large(limit: usize) -> Self {
        let detail = format!("the body is larger than {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", detail)
            .with_header(header::CONNECTION, "close")
    }

    /// 415: compressed bodies are not taken.
    pub fn unsupported_encoding() -> Self {
        let detail = "compressed bodies are not taken: the signature is over the plain one";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding", detail)
            .with_header(header::CONNECTION, "close")
    }

    /// 503: our trouble; time heals it.
    pub fn unavailable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
            .with_header(header::RETRY_AFTER, RETRY_AFTER_SECONDS.to_string())
    }

    /// 503: the database does not answer in time.
    pub(super) fn database_timeout() -> Self {
        Self::unavailable("database_unavailable", "the database does not answer in time")
    }

    /// 503: as many wait as may.
    pub(super) fn too_many_waiting() -> Self {
        Self::unavailable("too_many_waiting", "too many are waiting already")
    }

    /// 503: the process is about to end.
    pub(super) fn stopping() -> Self {
        Self::unavailable("stopping", "the service is stopping")
    }

    /// 410: what is behind a cursor is not all kept.
    pub(super) fn cursor_expired() -> Self {
        let detail = "what came after this cursor is no longer kept: read everything anew, and \
                      go on from the newest";
        Self::new(StatusCode::GONE, "cursor_expired", detail)
    }

    /// 500: a fault of this program.
    pub(super) fn internal(cause: impl fmt::Display) -> Self {
        let detail = "something went wrong here; the log says more under this request's id";
        Self::server_error("internal_error", detail).with_cause(cause)
    }

    /// 500: something here is not as it should be.
    pub(super) fn server_error(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, detail)
    }

    /// 501: it is turned off.
    pub(super) fn not_implemented(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, code, detail)
    }

    /// 502: who was asked in turn does not answer as they should.
    pub(super) fn bad_gateway(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_GATEWAY, code, detail)
    }

    pub(super) fn with_cause(mut self, cause: impl fmt::Display) -> Self {
        self.internal = Some(cause.to_string());
        self
    }

    /// The stable name of what went wrong.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What the log is to say beside the code.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.internal.as_deref()
    }

    /// The document, with the id under which the log knows the request.
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
            | StoreError::FileNotFound
            | StoreError::SchemaOutdated
            | StoreError::Migration(_) => {
                Self::unavailable("database_unavailable", "the database does not answer")
                    .with_cause(error)
            }
            StoreError::Rejected(_)
            | StoreError::UndecodableValue(_)
            | StoreError::RebuildRunning => Self::internal(error),
        }
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match &rejection {
            // What the database refuses of an event is recorded; if even that is not taken, the
            // event is lost unless it is sent again.
            Rejection::Store(_) => {
                Self::unavailable("database_unavailable", "the event could not be committed")
                    .with_cause(rejection)
            }
            Rejection::Full => Self::unavailable("queue_full", rejection.to_string()),
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
            SignatureError::Timestamp => "timestamp_out_of_tolerance",
            SignatureError::NotUtf8 => "body_not_utf8",
            SignatureError::Mismatch => "signature_mismatch",
        };
        Self::bad_request(code, error.to_string())
    }
}
