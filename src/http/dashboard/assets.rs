//! Static files of the dashboard, embedded in the program.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::http::{caching, problem::Problem};

/// Expands to pairs of a file's name and its text.
macro_rules! assets {
    ($($name:literal,)+) => { [$(($name, include_str!(concat!("assets/", $name)))),+] };
}

/// All files. The first one is served for the path without a file name.
static ASSETS: [(&str, &str); 48] = assets![
    "index.html",
    "announce.js",
    "api.js",
    "app.js",
    "attention.js",
    "base.css",
    "billing.js",
    "change-feed.js",
    "chart.js",
    "colors.css",
    "components.css",
    "components.js",
    "deliveries.js",
    "dismiss.js",
    "dom.js",
    "drift.js",
    "endpoint.js",
    "endpoints.js",
    "event-columns.js",
    "event.js",
    "events.js",
    "history.js",
    "icon.svg",
    "json.js",
    "labels.js",
    "list-card.js",
    "narrow.css",
    "not-found.js",
    "object-list.js",
    "organization.js",
    "organizations.js",
    "overview.css",
    "overview.js",
    "polling.js",
    "reason-groups.js",
    "refused.js",
    "reprocess.js",
    "roles.js",
    "route.js",
    "secrets.js",
    "setup.js",
    "sign-in.js",
    "status.js",
    "table.js",
    "time.js",
    "user.js",
    "users.js",
    "views.css",
];

/// Serves a file by its name.
pub(super) async fn asset(
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let name = Some(name.as_str()).filter(|name| !name.is_empty()).unwrap_or(ASSETS[0].0);
    let found = ASSETS.iter().find(|(known, _)| *known == name);
    let (name, text) = found.ok_or_else(Problem::no_such_path)?;
    Ok(caching::public(&request, text, content_type(name)))
}

/// Returns the text and the content type of a file, for other pages of the program.
pub(in crate::http) fn file(name: &str) -> Option<(&'static str, &'static str)> {
    ASSETS.iter().find(|(known, _)| *known == name).map(|(name, text)| (*text, content_type(name)))
}

/// Returns the content type for the extension of a file's name.
fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    }
}
