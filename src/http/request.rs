//! Middleware of every request: its ID, its span and line in the log, its timeout, and problem
//! documents.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use tokio::time::{self, Instant};
use tracing::{Level, Span, field};
use tracing_actix_web::RootSpanBuilder;

use super::{
    State,
    auth::{self, rate_limits},
    connection::{self, ActiveRequest, GuardedBody},
    problem::Problem,
    refused_deliveries,
    wait::Wait,
};
use crate::telemetry;

/// Header with the ID of a request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Maximum length of a request ID that a proxy sets.
const MAX_REQUEST_ID: usize = 64;

/// Opens a span for each request, and logs one line when the request is finished.
///
/// All lines that are logged while a request is handled are in its span, also those of other
/// layers. The span and the line contain the method and the pattern of the route. They contain
/// neither the path nor the query, the client's address or its headers, which can be personal data.
/// Only the ID of a trace is from a header.
pub(super) struct RequestSpan;

/// Request data that exists before the request is handled.
#[derive(Clone)]
struct RequestStart {
    id: HeaderValue,
    at: Instant,
}

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let start = RequestStart { id: request_id(request), at: Instant::now() };
        // The highest level, so that the span is enabled whenever any line is.
        let (method, route) = (request.method().as_str(), request.match_pattern());
        let route = route.as_deref().unwrap_or(UNKNOWN_ROUTE);
        let span = tracing::error_span!(
            "request",
            request_id = start.id.to_str().unwrap_or_default(),
            method,
            route,
            trace_id = field::Empty,
            otel.name = field::Empty,
            otel.kind = field::Empty,
        );
        telemetry::begin_request(&span, method, route, |name| {
            request.headers().get(name)?.to_str().ok()
        });
        request.extensions_mut().insert(start);
        span
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        if let Ok(response) = outcome {
            telemetry::end_request(&span, response.status().as_u16());
            log_finished(response);
        }
    }
}

/// Route in the log of a request that no route matches.
const UNKNOWN_ROUTE: &str = "unknown";

/// Logs a finished request. The line has the fields of the span itself, so that it can be searched
/// without the span.
///
/// Anyone can cause a rejection without credentials, so only some of these lines are logged.
fn log_finished<B>(response: &ServiceResponse<B>) {
    let problem = problem(response);
    let state = response.request().app_data::<web::Data<State>>();
    if let Some(state) = state {
        state.log_sampler.log_suppressed(Instant::now());
    }
    // Successful responses are the most frequent, and their lines are rarely enabled.
    if problem.is_none() && !tracing::enabled!(Level::DEBUG) {
        return;
    }
    let request = response.request();
    let Some(RequestStart { id, at }) = request.extensions().get().cloned() else { return };
    let request_id = id.to_str().unwrap_or_default();
    let duration_us = u64::try_from(at.elapsed().as_micros()).unwrap_or(u64::MAX);
    let route = request.match_pattern();
    let route = route.as_deref().unwrap_or(UNKNOWN_ROUTE);
    let method = request.method().as_str();
    let status = response.status().as_u16();
    let code = problem.map(Problem::code);
    let cause = problem.and_then(Problem::cause);
    if response.status().is_server_error() {
        tracing::error!(
            method,
            route,
            status,
            code,
            cause,
            request_id,
            duration_us,
            "request failed"
        );
    } else if let Some(problem) = problem {
        let is_logged = auth::is_authenticated(request)
            || state.is_none_or(|it| it.log_sampler.admit(problem.code(), Instant::now()));
        if is_logged {
            tracing::info!(
                method,
                route,
                status,
                code,
                request_id,
                duration_us,
                "request rejected"
            );
        }
    } else {
        tracing::debug!(method, route, status, request_id, duration_us, "request completed");
    }
}

fn problem<B>(response: &ServiceResponse<B>) -> Option<&Problem> {
    response.response().error().and_then(|error| error.as_error())
}

/// Handles a request and completes its response: a problem gets its document, and the headers get
/// the rate limit and the request ID.
pub(super) async fn respond(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let start = request.extensions().get::<RequestStart>().cloned();
    let id = start.map_or_else(new_request_id, |start| start.id);
    let active = ActiveRequest::begin(&request);
    let unread = connection::guard_body(&mut request);
    let mut response = as_problem(next.call(request).await?.map_into_boxed_body());
    if let Some(problem) = problem(&response) {
        count_failed_authentication(response.request(), problem);
        refused_deliveries::record(response.request(), problem);
        let document = problem.document(id.to_str().ok());
        // Replaces the body only, so that headers which other middleware has set stay.
        response = response.map_body(|_, _| BoxBody::new(document));
    }
    let request = response.request().clone();
    rate_limits::insert_headers(&request, response.headers_mut());
    response.headers_mut().insert(REQUEST_ID, id);
    Ok(response.map_body(|_, body| GuardedBody::wrap(body, active, unread)))
}

fn count_failed_authentication(request: &HttpRequest, problem: &Problem) {
    let state = request.app_data::<web::Data<State>>();
    if let Some(state) = state.filter(|_| problem.is_failed_authentication()) {
        state.metrics.count_failed_authentication(problem);
    }
}

/// Converts an error response of a library into a problem. The CORS policy and the API
/// documentation pages create such responses.
fn as_problem(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let Some(problem) = Problem::from_library_response(response.response()) else {
        return response;
    };
    let mut converted = ServiceResponse::from_err(problem, response.request().clone());
    for (name, value) in response.headers() {
        if !converted.headers().contains_key(name) {
            converted.headers_mut().insert(name.clone(), value.clone());
        }
    }
    converted
}

/// Responds with 503 if a request takes longer than the configured timeout and the wait that its
/// query asks for.
pub(super) async fn with_timeout(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let limit = request
        .app_data()
        .map_or(Duration::MAX, |state: &web::Data<State>| state.limits.read_timeout);
    // The endpoint itself ends the wait; this limit only has to be longer.
    let limit = limit.saturating_add(Wait::from_query(request.query_string()));
    let original = request.request().clone();
    match time::timeout(limit, next.call(request)).await {
        Ok(response) => Ok(response?.map_into_boxed_body()),
        Err(_) => Ok(ServiceResponse::from_err(Problem::database_timeout(), original)),
    }
}

/// Returns the ID that a proxy has set, or else a new ID.
fn request_id(request: &ServiceRequest) -> HeaderValue {
    let is_valid = |id: &&HeaderValue| {
        (1..=MAX_REQUEST_ID).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    match request.headers().get(REQUEST_ID).filter(is_valid) {
        Some(id) => id.clone(),
        None => new_request_id(),
    }
}

/// Returns a unique ID: a random number of the process and a counter. Unlike a random ID per
/// request, it needs no system call.
fn new_request_id() -> HeaderValue {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let id = format!("req_{:016x}{number:08x}", process_number());
    HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("req_unknown"))
}

fn process_number() -> u64 {
    static NUMBER: OnceLock<u64> = OnceLock::new();
    *NUMBER.get_or_init(|| getrandom::u64().unwrap_or_default())
}
