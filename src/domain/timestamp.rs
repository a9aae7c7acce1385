//! Times in the format of RFC 3339.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::Millis;

/// Parses a time such as `2026-08-12T09:30:00Z`, or returns none if it has another format.
#[must_use]
pub fn parse(text: &str) -> Option<Millis> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    Millis::try_from(at.unix_timestamp_nanos() / 1_000_000).ok()
}

/// Formats a time in UTC, always with milliseconds: `2026-08-12T09:30:00.120Z`. Returns none if the
/// year has not four digits.
#[must_use]
pub fn format(at: Millis) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000_000).ok()?;
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond(),
    ))
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    /// Texts of the same length sort by time.
    #[test]
    fn formatted_times_have_three_decimals() {
        for (at, expected) in [
            (1_786_527_000_000, "2026-08-12T09:30:00.000Z"),
            (1_786_527_000_120, "2026-08-12T09:30:00.120Z"),
            (1_786_527_000_123, "2026-08-12T09:30:00.123Z"),
        ] {
            assert_eq!((format(at).as_deref(), parse(expected)), (Some(expected), Some(at)));
        }
        assert_eq!(format(i64::MAX), None);
    }
}
