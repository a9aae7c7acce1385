//! Cookie of the dashboard, which names a session of an operator.
//!
//! The cookie contains a random value, of which the database has the hash
//! ([`super::dashboard_sessions`]). Scripts cannot read it, and the browser deletes it when it
//! closes.
//!
//! A browser adds the cookie to every request to this host, whichever page sends it. The cookie is
//! therefore accepted only together with a header that the dashboard's scripts set. A page of
//! another origin can send this header only after a preflight request, which the CORS policy
//! ([`crate::http::cors`]) rejects. If the browser states the origin of the page, it must be this
//! service's own.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite},
    http::header::{COOKIE, HeaderName, ORIGIN},
};

/// Name of the cookie.
const NAME: &str = "meetvo_dashboard";

/// Header that the dashboard's scripts set.
const DASHBOARD_HEADER: HeaderName = HeaderName::from_static("x-meetvo-dashboard");

/// Fetch Metadata header in which a browser states the relation to the requesting page. Browsers
/// send it over HTTPS and to the local machine.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Returns the value of the cookie, if the cookie is accepted.
pub(super) fn value(request: &HttpRequest) -> Option<&str> {
    is_from_dashboard(request).then(|| find(request, NAME)).flatten()
}

/// Returns the value of a cookie. Other cookies of the request can be malformed: they belong to
/// other applications of the same host or domain.
pub(super) fn find<'r>(request: &'r HttpRequest, name: &str) -> Option<&'r str> {
    let headers = request.headers().get_all(COOKIE);
    let cookies = headers.flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    let mut pairs = cookies.filter_map(|cookie| str::from_utf8(cookie).ok()?.split_once('='));
    let (_, value) = pairs.find(|(found, _)| found.trim() == name)?;
    Some(value.trim().trim_matches('"'))
}

fn is_from_dashboard(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let mut sites = headers.get_all(FETCH_SITE);
    headers.contains_key(DASHBOARD_HEADER) && sites.all(|site| site.as_bytes() == b"same-origin")
}

/// Creates the cookie with a value.
pub(super) fn create(request: &HttpRequest, value: String) -> Cookie<'static> {
    cookie(value, !is_plain_http(request))
}

/// Creates a cookie that deletes the stored one.
pub(super) fn removal(request: &HttpRequest) -> Cookie<'static> {
    let mut cookie = cookie(String::new(), !is_plain_http(request));
    cookie.make_removal();
    cookie
}

fn cookie(value: String, secure: bool) -> Cookie<'static> {
    Cookie::build(NAME, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .finish()
}

/// Returns whether the page was loaded over plain HTTP, over which a browser returns no `Secure`
/// cookie. The header comes from the browser, so it does not depend on what a proxy sets.
fn is_plain_http(request: &HttpRequest) -> bool {
    request.headers().get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"http:"))
}
