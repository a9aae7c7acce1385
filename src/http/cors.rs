//! Which pages may read with a browser (the Fetch standard's CORS protocol).

use actix_cors::Cors;
use actix_web::http::{Method, header};

use super::{
    auth::rates::{RATE_LIMIT, RATE_LIMIT_POLICY},
    changes::LAST_EVENT_ID,
    request::REQUEST_ID,
};

/// How long a browser may remember what it was told, in seconds. Chromium forgets after two hours.
const MAX_AGE: usize = 7200;

/// Lets pages of these origins read, with cookies as well. To others nothing is said, and their
/// browsers keep the answer from them.
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
