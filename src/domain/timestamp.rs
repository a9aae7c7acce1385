//! Times in the format of RFC 3339.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::Millis;

/// Parses a time such as `2026-08-12T09:30:00Z`, or returns none if it has another format.
#[must_use]
pub fn parse(text: &str) -> Option<Millis> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    Millis::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()
}
