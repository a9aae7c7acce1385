//! Responses with cache headers, and conditional responses.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Request headers with credentials, on which the responses to them depend.
const VARY_BY_CREDENTIALS: &str = "Authorization, Cookie";

/// `Cache-Control` of files that are the same for all callers, and that each release can change.
const NO_CACHE: &str = "no-cache";

/// `Cache-Control` of responses that must not be stored.
pub(super) const NO_STORE: &str = "no-store";

/// Returns a response that depends on the caller. Shared caches must not store it.
pub(super) fn private(body: &impl Serialize) -> HttpResponse {
    private_builder(StatusCode::OK).json(body)
}

/// Returns a response that depends on the caller, with an `ETag`. If the caller already has this
/// body, returns 304.
pub(super) fn conditional(request: &HttpRequest, body: &impl Serialize) -> HttpResponse {
    let body = serde_json::to_vec(body).unwrap_or_default();
    with_etag(request, private_builder, body, "application/json")
}

/// Returns a file that is embedded in the program, with an `ETag`.
pub(super) fn public(
    request: &HttpRequest,
    body: &'static str,
    content_type: &str,
) -> HttpResponse {
    let builder = |status| {
        let mut builder = HttpResponseBuilder::new(status);
        builder.insert_header((header::CACHE_CONTROL, NO_CACHE));
        builder
    };
    with_etag(request, builder, body.into(), content_type)
}

fn with_etag(
    request: &HttpRequest,
    builder: impl Fn(StatusCode) -> HttpResponseBuilder,
    body: Vec<u8>,
    content_type: &str,
) -> HttpResponse {
    let etag = format!("\"{}\"", tag(&body));
    let status = if matches(request, &etag) { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut response = builder(status);
    response.insert_header((header::ETAG, etag));
    match status {
        StatusCode::NOT_MODIFIED => response.finish(),
        _ => response.content_type(content_type).body(body),
    }
}

/// Returns the entity tag of a body, without quotation marks.
pub(super) fn tag(body: &[u8]) -> String {
    hex::encode(&Sha256::digest(body)[..16])
}

fn private_builder(status: StatusCode) -> HttpResponseBuilder {
    let mut builder = HttpResponseBuilder::new(status);
    builder.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    builder.insert_header((header::VARY, VARY_BY_CREDENTIALS));
    builder
}

/// Returns whether `If-None-Match` contains the tag. The comparison is weak (RFC 9110, section
/// 13.1.2), because a proxy that compresses a response can mark its tag as weak.
fn matches(request: &HttpRequest, etag: &str) -> bool {
    let known = request.headers().get_all(header::IF_NONE_MATCH);
    known.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
    })
}
