//! What surrounds every request: its id, its line in the log, and problems as documents.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use tokio::time::{Instant, timeout};

use super::{
    State,
    auth::rates,
    connection::{self, Kept, UnderWay},
    problem::Problem,
    wait::Wait,
};

/// The header that names a request, in the log too.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken over from a proxy.
const MAX_REQUEST_ID: usize = 64;

/// Answers a request under its id.
pub(super) async fn answer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = request_id(&request);
    let under_way = UnderWay::begin(&request);
    let unread = connection::keep_chunks(&mut request);
    let mut response = in_our_words(next.call(request).await?.map_into_boxed_body());
    let problem = response.response().error().and_then(|it| it.as_error::<Problem>()).cloned();
    if let Some(problem) = &problem {
        // Headers that were set on the way stay.
        let document = problem.document(id.to_str().ok());
        response = response.map_body(|_, _| BoxBody::new(document));
    }
    log(&response, problem.as_ref(), &id, started);
    let asked = response.request().clone();
    rates::insert_headers(&asked, response.headers_mut());
    response.headers_mut().insert(REQUEST_ID, id);
    Ok(response.map_body(|_, body| Kept::with(body, under_way, unread)))
}

/// The policy for other origins, and the pages for reading the description, refuse in words of their
/// own.
fn in_our_words(refusal: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let Some(problem) = Problem::unsaid(refusal.response()) else { return refusal };
    let mut said = ServiceResponse::from_err(problem, refusal.request().clone());
    for (name, value) in refusal.headers() {
        if !said.headers().contains_key(name) {
            said.headers_mut().insert(name.clone(), value.clone());
        }
    }
    said
}

/// Answers a read in time, or with 503.
pub(super) async fn in_time(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let limit = request
        .app_data()
        .map_or(Duration::MAX, |state: &web::Data<State>| state.limits.read_timeout);
    // Whoever asks to wait, and finds nobody to wait for, has their answer sooner.
    let limit = limit.saturating_add(Wait::asked(request.query_string()));
    let asked = request.request().clone();
    match timeout(limit, next.call(request)).await {
        Ok(answered) => Ok(answered?.map_into_boxed_body()),
        Err(_) => Ok(ServiceResponse::from_err(Problem::late(), asked)),
    }
}

/// The path's pattern and the method, never the path or the query: they can hold an address.
fn log(response: &ServiceResponse, problem: Option<&Problem>, id: &HeaderValue, started: Instant) {
    // Most answers are of no interest, and there are many of them.
    if problem.is_none() && !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let request = response.request();
    let route = request.match_pattern();
    let route = route.as_deref().unwrap_or("unknown");
    let method = request.method().as_str();
    let status = response.status().as_u16();
    let request_id = id.to_str().unwrap_or_default();
    let duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    let code = problem.map(Problem::code);
    let cause = problem.and_then(Problem::cause);
    if response.status().is_server_error() {
        tracing::error!(method, route, status, code, cause, request_id, duration_us, "failed");
    } else if problem.is_some() {
        tracing::info!(method, route, status, code, request_id, duration_us, "refused");
    } else {
        tracing::debug!(method, route, status, request_id, duration_us, "answered");
    }
}

/// The id that a proxy in front gave the request, or a new one.
fn request_id(request: &ServiceRequest) -> HeaderValue {
    let usable = |id: &&HeaderValue| {
        id.len() <= MAX_REQUEST_ID && id.as_bytes().iter().all(u8::is_ascii_graphic)
    };
    match request.headers().get(REQUEST_ID).filter(usable).filter(|id| !id.is_empty()) {
        Some(id) => id.clone(),
        None => new_request_id(),
    }
}

/// A number in the process behind a number of the process: unique, and cheap.
fn new_request_id() -> HeaderValue {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let id = format!("req_{:016x}{number:08x}", process_number());
    HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("req_unknown"))
}

fn process_number() -> u64 {
    static NUMBER: std::sync::OnceLock<u64> = std::sync::OnceLock::new();
    *NUMBER.get_or_init(|| getrandom::u64().unwrap_or_default())
}
