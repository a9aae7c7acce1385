//! Web dashboard below `/dashboard/`, which shows events, decisions and users to operators.
//!
//! The pages are static files embedded in the program. Their scripts read all data from the API,
//! with the rights of the API key that the operator signed in with.
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
    http::{Method, header::LOCATION},
    web,
};

use super::{get, page_headers, resource};

/// Returns the routes of the files and the session, with the security headers.
pub(super) fn pages() -> impl HttpServiceFactory + use<> {
    let session =
        resource("/session", &[Method::POST, Method::DELETE], web::post().to(session::sign_in));
    web::scope("/dashboard")
        .wrap(page_headers::security())
        .service(get("", web::route().to(redirect_to_index)))
        .service(session.route(web::delete().to(session::sign_out)))
        .service(get("/{asset:.*}", web::route().to(assets::asset)))
}

/// Redirects `/dashboard` to `dashboard/`. This URL and those in the files are relative, so that a
/// proxy can serve the dashboard below any path.
async fn redirect_to_index() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "dashboard/")).finish()
}
