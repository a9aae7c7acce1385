//! Answers to credentials, and conditional ones.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What answers to credentials depend on.
const VARY_BY_CREDENTIALS: &str = "Authorization, Cookie";

/// For what is the same for everybody, and another after the next release.
const NO_CACHE: &str = "no-cache";

/// For what is only ever good at once.
pub(super) const NO_STORE: &str = "no-store";

/// An answer that depends on who asks: no shared cache may keep it.
pub(super) fn private(body: &impl Serialize) -> HttpResponse {
    builder(StatusCode::OK).json(body)
}

/// The same with an `ETag`; 304 where the caller has it already.
pub(super) fn conditional(request: &HttpRequest, body: &impl Serialize) -> HttpResponse {
    let body = serde_json::to_vec(body).unwrap_or_default();
    tagged(request, builder, body, "application/json")
}

/// A file that the program brings along.
pub(super) fn public(request: &HttpRequest, body: &'static str, kind: &str) -> HttpResponse {
    let builder = |status| {
        let mut builder = HttpResponseBuilder::new(status);
        builder.insert_header((header::CACHE_CONTROL, NO_CACHE));
        builder
    };
    tagged(request, builder, body.into(), kind)
}

fn tagged(
    request: &HttpRequest,
    builder: impl Fn(StatusCode) -> HttpResponseBuilder,
    body: Vec<u8>,
    kind: &str,
) -> HttpResponse {
    let digest = Sha256::digest(&body);
    let etag = format!("\"{}\"", hex::encode(&digest[..16]));
    let status = if matches(request, &etag) { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let mut answer = builder(status);
    answer.insert_header((header::ETAG, etag));
    match status {
        StatusCode::NOT_MODIFIED => answer.finish(),
        _ => answer.content_type(kind).body(body),
    }
}

fn builder(status: StatusCode) -> HttpResponseBuilder {
    let mut builder = HttpResponseBuilder::new(status);
    builder.insert_header((header::CACHE_CONTROL, "private, no-cache"));
    builder.insert_header((header::VARY, VARY_BY_CREDENTIALS));
    builder
}

/// `If-None-Match` compares weakly (RFC 9110, 13.1.2): a proxy that compressed the answer may have
/// marked its tag as weak.
fn matches(request: &HttpRequest, etag: &str) -> bool {
    let known = request.headers().get_all(header::IF_NONE_MATCH);
    known.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
    })
}
