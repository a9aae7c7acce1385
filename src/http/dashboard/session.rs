//! `POST /dashboard/session` and `DELETE /dashboard/session`: signing in with a key, and out.

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL};

use crate::http::{
    auth::{Admin, Key, cookie},
    caching,
    problem::Problem,
};

/// Keeps the key of `Authorization` in a cookie, if it may look at events: it is refused for what any
/// request with it would be, and counted among them.
pub(super) async fn sign_in(_: Key<Admin>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let cookie = cookie::keeping(&request)?;
    let answer = HttpResponse::NoContent()
        .insert_header((CACHE_CONTROL, caching::NEVER_STORED))
        .cookie(cookie)
        .finish();
    Ok(answer)
}

/// Takes the cookie back, whatever is in it.
pub(super) async fn sign_out(request: HttpRequest) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((CACHE_CONTROL, caching::NEVER_STORED))
        .cookie(cookie::forgetting(&request))
        .finish()
}
