//! Keyset pagination: pages, cursors, and their parameters.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize, de::Error};
use utoipa::{IntoParams, ToSchema};

use super::caching;
use crate::store::{PageRequest, bounded_scan::ScanPage};

/// Maximum number of items on a page.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(value_type = u16, minimum = 1, maximum = 500, default = 50)]
pub(super) struct Limit(u16);

impl Limit {
    const MAX: u16 = 500;
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u16::deserialize(deserializer) {
            Ok(limit @ 1..=Self::MAX) => Ok(Self(limit)),
            _ => Err(D::Error::custom(format!("expected 1 to {}", Self::MAX))),
        }
    }
}

impl Limit {
    /// Returns the maximum number of items of a page.
    pub(super) fn items(self) -> u16 {
        self.0
    }

    /// Returns a request for one item more than the page contains. The additional item shows
    /// whether there is a next page.
    pub(super) fn page_request<K>(self, after: Option<K>) -> PageRequest<K> {
        PageRequest { after, limit: self.0 + 1 }
    }
}

/// Page of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct List<T> {
    /// Items of the page.
    data: Vec<T>,
    /// Value of `cursor` for the next page; null on the last page.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Cursor that is a position in the event log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, pattern = "^[0-9]{1,18}$", example = "1024")]
pub(super) struct EventCursor(pub(super) i64);

impl EventCursor {
    /// Parses a cursor. Returns `None` if this service cannot have issued it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = (1..=18).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
        text.parse().ok().filter(|_| digits).map(Self)
    }
}

impl<'de> Deserialize<'de> for EventCursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = || D::Error::custom("expected a cursor of this service");
        Self::parse(&String::deserialize(deserializer)?).ok_or_else(expected)
    }
}

/// Responds with a page of a list. If there is a next page, the scan has one row more than the
/// page, or it ended early: a page can have fewer items than the limit and still have a next page,
/// which continues where the scan ended.
pub(super) fn bounded_page_response<R, T: Serialize, K: ToString>(
    limit: Limit,
    ScanPage { items: mut rows, through }: ScanPage<R, K>,
    cursor: impl FnOnce(&R) -> String,
    convert: impl FnMut(R) -> T,
) -> HttpResponse {
    let size = usize::from(limit.0);
    let more = rows.len() > size;
    rows.truncate(size);
    let through = through.map(|key| key.to_string());
    let next_cursor = rows.last().filter(|_| more).map(cursor).or(through);
    let data = rows.into_iter().map(convert).collect();
    caching::private(&List { data, next_cursor })
}

/// Query parameters of a list without filters.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PageParams {
    /// Maximum number of items on the page.
    #[serde(default)]
    #[param(inline)]
    pub(super) limit: Limit,
    /// Value of `next_cursor` of the previous page.
    #[param(min_length = 1, pattern = r"\S")]
    pub(super) cursor: Option<String>,
}
