//! Cross-origin requests of browsers (CORS).

use actix_cors::Cors;
use actix_web::http::{Method, header};

use super::{
    auth::rate_limits::{RATE_LIMIT, RATE_LIMIT_POLICY},
    changes::LAST_EVENT_ID,
    request::REQUEST_ID,
};

/// Seconds for which a browser caches a preflight response. Chromium caches it for at most two
/// hours.
const MAX_AGE: usize = 7200;

/// Returns a policy that lets pages of these origins read, also with cookies. Responses to other
/// origins have no CORS headers, so their browsers hide the response from the page.
pub(super) fn policy(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD])
        .allowed_headers([header::AUTHORIZATION, header::IF_NONE_MATCH, LAST_EVENT_ID, REQUEST_ID])
        .expose_headers([
            header::ETAG,
            header::RETRY_AFTER,
            RATE_LIMIT,
            RATE_LIMIT_POLICY,
            REQUEST_ID,
        ])
        .supports_credentials()
        .block_on_origin_mismatch(false)
        .max_age(MAX_AGE);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
