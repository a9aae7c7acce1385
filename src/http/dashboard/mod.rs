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

pub(super) use self::assets::file;

use actix_web::{
    HttpResponse,
    dev::HttpServiceFactory,
    guard,
    http::{Method, header::LOCATION},
    web,
};

use super::{get, page_headers, problem::Problem, resource};

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

/// Returns the route that leads from `/` to the dashboard. All methods but GET and HEAD are answered
/// like those of an unknown path, because `/` is a common wrong path of webhooks.
pub(super) fn root() -> impl HttpServiceFactory + use<> {
    let read = guard::Any(guard::Get()).or(guard::Head());
    web::resource("/")
        .route(web::route().guard(read).to(redirect_to_dashboard))
        .default_service(web::to(|| async { Err::<String, _>(Problem::no_such_path()) }))
}

/// Redirects `/` to `dashboard/`. The redirect is temporary, so that browsers do not keep it if
/// another program gets the address.
async fn redirect_to_dashboard() -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, "dashboard/")).finish()
}
