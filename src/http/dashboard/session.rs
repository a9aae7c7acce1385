//! Sign-in and sign-out: `POST /dashboard/session` and `DELETE /dashboard/session`.

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL};

use crate::http::{
    auth::{Admin, Key, cookie},
    caching,
    problem::Problem,
};

/// Stores the API key of the `Authorization` header in a cookie.
///
/// The key needs the scope `admin`. The request counts for the rate limit of the key.
///
/// # Errors
///
/// Returns an error if the header is missing, or if the key is not accepted.
pub(super) async fn sign_in(_: Key<Admin>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let cookie = cookie::create(&request)?;
    let answer = HttpResponse::NoContent()
        .insert_header((CACHE_CONTROL, caching::NO_STORE))
        .cookie(cookie)
        .finish();
    Ok(answer)
}

/// Deletes the cookie, also if its key is not valid.
pub(super) async fn sign_out(request: HttpRequest) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((CACHE_CONTROL, caching::NO_STORE))
        .cookie(cookie::removal(&request))
        .finish()
}
