//! Web dashboard below `/dashboard/`, which shows events, decisions and users to operators.
//!
//! The pages are static files embedded in the program. Their scripts read all data from the API,
//! with the API key that the operator signed in with.
//!
//! | module | content |
//! |---|---|
//! | [`assets`] | the static files |
//! | [`session`] | sign-in and sign-out |

mod assets;
mod session;

use actix_web::{
    HttpResponse,
    dev::HttpServiceFactory,
    http::{
        Method,
        header::{
            CONTENT_SECURITY_POLICY, HeaderName, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::DefaultHeaders,
    web,
};

use super::{get, resource};

/// Content security policy. Pages load all files from their own origin, except profile pictures.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' https: data:; connect-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// Header that isolates the pages from windows of other origins.
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Header that prevents other origins from embedding the files.
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Returns the routes of the files and the session, with the security headers.
pub(super) fn pages() -> impl HttpServiceFactory + use<> {
    let headers = DefaultHeaders::new()
        .add((CONTENT_SECURITY_POLICY, POLICY))
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // With `no-referrer`, browsers also hide the origin from the sign-in.
        .add((REFERRER_POLICY, "same-origin"))
        .add((OPENER, "same-origin"))
        .add((RESOURCE, "same-origin"));
    let session =
        resource("/session", &[Method::POST, Method::DELETE], web::post().to(session::sign_in));
    web::scope("/dashboard")
        .wrap(headers)
        .service(get("", web::route().to(redirect_to_index)))
        .service(session.route(web::delete().to(session::sign_out)))
        .service(get("/{asset:.*}", web::route().to(assets::asset)))
}

/// Redirects `/dashboard` to `dashboard/`. This URL and those in the files are relative, so that a
/// proxy can serve the dashboard below any path.
async fn redirect_to_index() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "dashboard/")).finish()
}
