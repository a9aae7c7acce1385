//! `/dashboard/`: what comes in and what becomes of it, for people.
//!
//! The pages are files that the program brings along, the same for everybody. What they show they read from
//! the API, with the key that their user signed in with.
//!
//! | module | holds |
//! |---|---|
//! | [`assets`] | the files |
//! | [`session`] | signing in and out |

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

/// What the pages may do: run and show what comes from here, and pictures of users from wherever those are.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' https: data:; connect-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// No page of another origin shares a window with ours.
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Nor may it show what is ours.
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The pages, and the way in and out.
pub(super) fn pages() -> impl HttpServiceFactory + use<> {
    let headers = DefaultHeaders::new()
        .add((CONTENT_SECURITY_POLICY, POLICY))
        .add((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // With none at all, browsers would not say either by which origin somebody signs in.
        .add((REFERRER_POLICY, "same-origin"))
        .add((OPENER, "same-origin"))
        .add((RESOURCE, "same-origin"));
    let session =
        resource("/session", &[Method::POST, Method::DELETE], web::post().to(session::sign_in));
    web::scope("/dashboard")
        .wrap(headers)
        .service(get("", web::route().to(below)))
        .service(session.route(web::delete().to(session::sign_out)))
        .service(get("/{asset:.*}", web::route().to(assets::asset)))
}

/// The files stand below: addresses in them are relative, so that a proxy may put them anywhere.
async fn below() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "dashboard/")).finish()
}
