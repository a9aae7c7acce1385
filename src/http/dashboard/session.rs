//! Sign-in and sign-out: `POST /dashboard/session` and `DELETE /dashboard/session`.

use actix_web::{HttpRequest, HttpResponse, http::header::CACHE_CONTROL, web};

use crate::http::{
    State,
    auth::{Admin, Key, dashboard_sessions},
    caching,
    problem::Problem,
};

/// Starts a session with the API key of the `Authorization` header, and stores it in a cookie.
///
/// The key needs the scope `admin`. The request counts for the rate limit of the key.
///
/// # Errors
///
/// Returns an error if the header is missing, or if the key is not accepted.
pub(super) async fn sign_in(
    key: Key<Admin>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let cookie = dashboard_sessions::start(&request, &state, &key).await?;
    let answer = HttpResponse::NoContent()
        .insert_header((CACHE_CONTROL, caching::NO_STORE))
        .cookie(cookie)
        .finish();
    Ok(answer)
}

/// Ends the session and deletes the cookie, also if the session is not valid.
pub(super) async fn sign_out(request: HttpRequest, state: web::Data<State>) -> HttpResponse {
    let cookie = dashboard_sessions::end(&request, &state).await;
    HttpResponse::NoContent()
        .insert_header((CACHE_CONTROL, caching::NO_STORE))
        .cookie(cookie)
        .finish()
}
