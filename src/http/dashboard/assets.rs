//! The dashboard's files, as they stand in the program.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::http::{caching, problem::Problem};

/// Names and texts.
macro_rules! assets {
    ($($name:literal,)+) => { [$(($name, include_str!(concat!("assets/", $name)))),+] };
}

/// The page comes first, and is what is shown where no file is named.
static ASSETS: [(&str, &str); 36] = assets![
    "index.html",
    "api.js",
    "app.js",
    "attention.js",
    "chart.js",
    "colours.css",
    "columns.js",
    "deliveries.js",
    "dom.js",
    "door.js",
    "drift.js",
    "event.js",
    "events.js",
    "history.js",
    "icon.svg",
    "json.js",
    "live.js",
    "missing.js",
    "narrow.css",
    "overview.css",
    "overview.js",
    "page.css",
    "parts.css",
    "parts.js",
    "reprocess.js",
    "route.js",
    "say.js",
    "secrets.js",
    "state.js",
    "table.js",
    "time.js",
    "user.js",
    "users.js",
    "views.css",
    "watch.js",
    "words.js",
];

/// A file by its name.
pub(super) async fn asset(
    name: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let name = Some(name.as_str()).filter(|name| !name.is_empty()).unwrap_or(ASSETS[0].0);
    let found = ASSETS.iter().find(|(known, _)| *known == name);
    let (name, text) = found.ok_or_else(|| Problem::not_found("no such page"))?;
    Ok(caching::public(&request, text, kind(name)))
}

/// Of what kind a file is, by its name.
fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "text/html; charset=utf-8",
    }
}
