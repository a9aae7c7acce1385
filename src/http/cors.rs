//! Cross-origin requests of browsers (CORS).
//!
//! Pages of the configured origins can read. Before a request with special headers, a browser asks
//! for permission in a preflight request. The reason for refusing one is logged, because the
//! browser tells the page only that the request failed.

use std::{collections::HashSet, str};

use actix_cors::Cors;
use actix_web::{
    Error, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{
            self, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderName,
            HeaderValue, ORIGIN,
        },
    },
    middleware::Next,
    web,
};
use tokio::time::Instant;

use super::{
    State,
    auth::rate_limits::{RATE_LIMIT, RATE_LIMIT_POLICY},
    changes::LAST_EVENT_ID,
    log_sampler::escaped,
    problem::Problem,
    request::REQUEST_ID,
    wait::WAIT_RESULT,
};
use crate::domain::origin::OriginPattern;

/// Seconds for which a browser caches a preflight response. Chromium caches it for at most two
/// hours.
const MAX_AGE: usize = 7200;

/// Methods that pages can use.
const METHODS: [Method; 2] = [Method::GET, Method::HEAD];

/// Headers that HTTP clients and tracing libraries add to requests. The service does not evaluate
/// them, so pages can send them.
const HARMLESS_HEADERS: [&str; 25] = [
    "b3",
    "baggage",
    "cache-control",
    "content-type",
    "elastic-apm-traceparent",
    "if-modified-since",
    "newrelic",
    "pragma",
    "sentry-trace",
    "traceparent",
    "tracestate",
    "uber-trace-id",
    "x-amzn-trace-id",
    "x-b3-flags",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-b3-spanid",
    "x-b3-traceid",
    "x-cloud-trace-context",
    "x-datadog-origin",
    "x-datadog-parent-id",
    "x-datadog-sampling-priority",
    "x-datadog-tags",
    "x-datadog-trace-id",
    "x-requested-with",
];

/// Origins whose pages can read, and the request headers that they can send.
#[derive(Debug)]
pub struct CorsPolicy {
    origins: Vec<OriginPattern>,
    headers: HashSet<HeaderName>,
}

/// Reason for refusing a preflight request, as a kind for the log and a detail for the response.
type Refusal = (&'static str, &'static str);

impl CorsPolicy {
    /// Creates a policy for some origins. `headers` are allowed in addition to those that the API
    /// evaluates and to harmless ones.
    #[must_use]
    pub fn new(origins: &[OriginPattern], headers: &[String]) -> Self {
        let evaluated = [
            header::ACCEPT,
            header::ACCEPT_LANGUAGE,
            header::AUTHORIZATION,
            header::IF_NONE_MATCH,
            LAST_EVENT_ID,
            REQUEST_ID,
        ];
        let configured = headers.iter().filter_map(|name| HeaderName::try_from(&**name).ok());
        let harmless = HARMLESS_HEADERS.map(HeaderName::from_static);
        let headers = evaluated.into_iter().chain(harmless).chain(configured).collect();
        Self { origins: origins.to_vec(), headers }
    }

    fn allows_origin(&self, origin: &HeaderValue) -> bool {
        let origin = origin.to_str().unwrap_or_default();
        self.origins.iter().any(|pattern| pattern.matches(origin))
    }

    /// Returns the reason for refusing a preflight request, if there is one.
    fn refusal(&self, request: &HttpRequest) -> Option<Refusal> {
        let headers = request.headers();
        let method = headers.get(ACCESS_CONTROL_REQUEST_METHOD).map(HeaderValue::as_bytes);
        let is_header = |name: &str| {
            HeaderName::try_from(name.trim()).is_ok_and(|it| self.headers.contains(&it))
        };
        let asked = headers.get(ACCESS_CONTROL_REQUEST_HEADERS).map(HeaderValue::to_str);
        if !headers.get(ORIGIN).is_some_and(|origin| self.allows_origin(origin)) {
            Some(("origin", "the origin is not one of api.allowed_origins"))
        } else if !METHODS.iter().any(|it| Some(it.as_str().as_bytes()) == method) {
            Some(("method", "pages of other origins can only read: use GET or HEAD"))
        } else if asked.is_some_and(|it| !it.is_ok_and(|it| it.split(',').all(is_header))) {
            Some(("header", "a requested header is not allowed: add it to api.allowed_headers"))
        } else {
            None
        }
    }
}

/// Returns a policy that lets pages of these origins read, also with cookies. Responses to other
/// origins have no CORS headers, so their browsers hide the response from the page.
pub(super) fn headers(policy: &web::Data<State>) -> Cors {
    let state = policy.clone();
    Cors::default()
        .allowed_methods(METHODS)
        .allowed_headers(policy.cors.headers.iter().cloned())
        .allowed_origin_fn(move |origin, _| state.cors.allows_origin(origin))
        .expose_headers([
            header::ETAG,
            header::RETRY_AFTER,
            RATE_LIMIT,
            RATE_LIMIT_POLICY,
            REQUEST_ID,
            WAIT_RESULT,
        ])
        .supports_credentials()
        .block_on_origin_mismatch(false)
        .max_age(MAX_AGE)
}

/// Refuses and logs a preflight request that the policy does not allow.
pub(super) async fn check_preflight(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked = request.request();
    let state = asked.app_data::<web::Data<State>>().filter(|_| is_preflight(asked));
    let refusal = state.and_then(|state| Some((state, state.cors.refusal(asked)?)));
    let Some((state, (reason, detail))) = refusal else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    log_refusal(asked, state, reason);
    let problem = Problem::bad_request("request_refused", detail);
    Ok(ServiceResponse::from_err(problem, asked.clone()))
}

/// Logs a preflight request for a resource that pages of other origins cannot use.
pub(super) fn log_unsupported(request: &HttpRequest, state: &State) {
    if is_preflight(request) {
        log_refusal(request, state, "resource");
    }
}

fn is_preflight(request: &HttpRequest) -> bool {
    request.method() == Method::OPTIONS
        && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

fn log_refusal(request: &HttpRequest, state: &State, reason: &'static str) {
    if state.log_sampler.admit("preflight", Instant::now()) {
        let asked = |name| request.headers().get(name).map(|it| escaped(it.as_bytes()));
        let (origin, method) = (asked(ORIGIN), asked(ACCESS_CONTROL_REQUEST_METHOD));
        let headers = asked(ACCESS_CONTROL_REQUEST_HEADERS);
        tracing::info!(reason, origin, method, headers, "refused a CORS preflight");
    }
}
