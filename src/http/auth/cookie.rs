//! The key that a browser keeps for the dashboard.
//!
//! The cookie holds the key itself. So it is good at every replica and no longer than the key, and nothing
//! has to be kept of who is signed in. No script can read it, and it goes when the browser is closed.
//!
//! A browser adds it to whatever is asked of this host, by whichever page. It counts only beside a header
//! that the dashboard's scripts set: a page of another origin would have to ask first whether it may, and is
//! never told so ([`crate::http::cors`]). Where the browser says which page asks, that must be one of ours.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite},
    http::header::{HeaderName, ORIGIN},
};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

use super::{bearer, missing};
use crate::http::problem::Problem;

/// What it is called.
const NAME: &str = "meetvo_dashboard";

/// The header of the dashboard's scripts.
const SCRIPT: HeaderName = HeaderName::from_static("x-meetvo-dashboard");

/// Where a browser says who asks: Fetch Metadata, which comes by https and from the same machine.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The key in the cookie, where the cookie counts.
pub(super) fn key(request: &HttpRequest) -> Option<String> {
    let cookie = asked_by_us(request).then(|| request.cookie(NAME)).flatten()?;
    let key = BASE64_URL_SAFE_NO_PAD.decode(cookie.value()).ok()?;
    String::from_utf8(key).ok()
}

fn asked_by_us(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let mut sites = headers.get_all(SITE);
    headers.contains_key(SCRIPT) && sites.all(|site| site.as_bytes() == b"same-origin")
}

/// The cookie for the key that a request came with.
pub(in crate::http) fn create(request: &HttpRequest) -> Result<Cookie<'static>, Problem> {
    let key = bearer(request)?.ok_or_else(missing)?;
    Ok(cookie(BASE64_URL_SAFE_NO_PAD.encode(key), !came_in_clear(request)))
}

/// What takes it back.
pub(in crate::http) fn removal(request: &HttpRequest) -> Cookie<'static> {
    let mut cookie = cookie(String::new(), !came_in_clear(request));
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

/// Whether the page came by plain HTTP, over which a browser returns no `Secure` cookie. The browser says so
/// itself, whatever a proxy in between does or leaves out.
fn came_in_clear(request: &HttpRequest) -> bool {
    request.headers().get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"http:"))
}
