//! Parsers for the settings of browsers: origins, and request headers of pages.

use super::values::items;
use crate::domain::origin::OriginPattern;

/// Parses a list of origins, such as `https://app.example.com,http://localhost:3000`.
pub(super) fn parse_origins(text: &str) -> Result<Vec<OriginPattern>, String> {
    let origin = |origin: &str| {
        OriginPattern::parse(origin).map_err(|error| format!("contains {origin}, which {error}"))
    };
    items(text).map(origin).collect()
}

/// Header that proves that a script of the dashboard sends a request. A page of another origin must
/// not be able to set it.
const DASHBOARD_HEADER: &str = "x-meetvo-dashboard";

/// Parses a list of names of request headers, such as `x-tenant,x-trace`.
pub(super) fn parse_header_names(text: &str) -> Result<Vec<String>, String> {
    let name = |name: &str| {
        let name = name.to_ascii_lowercase();
        let is_name = http::HeaderName::from_bytes(name.as_bytes()).is_ok();
        match &*name {
            "*" => Err("contains *, which browsers do not accept with credentials: list the \
                        names of the headers"
                .to_owned()),
            DASHBOARD_HEADER => Err(format!(
                "contains {DASHBOARD_HEADER}, which protects the dashboard from pages of other \
                 origins: remove it"
            )),
            _ if is_name => Ok(name),
            _ => Err(format!("contains {name}, which is not the name of a header")),
        }
    };
    items(text).map(name).collect()
}
