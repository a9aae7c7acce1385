//! Search by the beginning of a term: its pages and cursors.

use actix_web::HttpResponse;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde::Serialize;

use super::{
    pagination::{self, Limit},
    problem::Problem,
};
use crate::{
    domain::search::normalize,
    store::{PageRequest, StoreError, bounded_scan::ScanPage, search::SearchTerm},
};

/// Responds with a page of the objects that `find` returns for a normalized prefix.
pub(super) async fn page_response<R, T: Serialize>(
    query: &str,
    limit: Limit,
    cursor: Option<String>,
    find: impl AsyncFnOnce(
        &str,
        &PageRequest<SearchTerm>,
    ) -> Result<ScanPage<R, SearchTerm>, StoreError>,
    convert: impl FnMut(R) -> T,
) -> Result<HttpResponse, Problem> {
    let invalid = |detail| Problem::bad_request("parameter_invalid", detail);
    let prefix = normalize(query);
    let after = cursor.as_deref().map(|cursor| {
        parse(cursor)
            .ok_or_else(|| invalid("cursor: expected a cursor of this service for the same query"))
    });
    let page = PageRequest { after: after.transpose()?, limit: limit.items() };
    let ScanPage { items, through } = match prefix.is_empty() {
        // An empty prefix matches every object, which is not the purpose of a search.
        true => ScanPage { items: Vec::new(), through: None },
        false => find(&prefix, &page).await?,
    };
    let found = ScanPage { items, through: through.as_ref().map(cursor_of) };
    // The page has no item more than its limit, so that it continues where the search ended.
    Ok(pagination::bounded_page_response(limit, found, |_| String::new(), convert))
}

/// Encodes a position in a search as a cursor. The text is personal data, and base64 keeps it out
/// of sight.
fn cursor_of(term: &SearchTerm) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}\n{}", term.text, term.object_id))
}

fn parse(cursor: &str) -> Option<SearchTerm> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (text, object_id) = text.split_once('\n').filter(|_| !text.contains('\0'))?;
    Some(SearchTerm { text: text.to_owned(), object_id: object_id.to_owned() })
}
