//! Reads times in every form in which a sender may write them.
//!
//! | form | example |
//! |---|---|
//! | milliseconds, which Clerk documents | `1767225600000` |
//! | seconds, of the examples in Clerk's dashboard: numbers below 100 000 000 000 | `1767225600` |
//! | a number with a fraction or an exponent | `1767225600.123`, `1.7672256e12` |
//! | a number as text | `"1767225600000"` |
//! | ISO 8601, in UTC unless it has an offset | `"2026-01-01T00:00:00.123Z"`, `"2026-01-01"` |
//!
//! All are rounded down to milliseconds. Numbers before the year 1973 are rounded down to seconds:
//! as milliseconds, they could not be told from seconds.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::MIN_MILLISECONDS;
use crate::domain::{Millis, json::Json};

/// Last millisecond of the year 9999, the last year that RFC 3339 can represent.
const LAST: Millis = 253_402_300_799_999;

/// Number of nanoseconds in a millisecond.
const NANOSECONDS: i128 = 1_000_000;

/// Reads a time. Returns none if the value is no time, or is after the year 9999. Times of zero or
/// less, which count as missing, are 0.
pub(super) fn read(value: &Json<'_>) -> Option<Millis> {
    let millis = millis(value).filter(|millis| *millis <= i128::from(LAST))?;
    Millis::try_from(millis.max(0)).ok()
}

/// Returns whether a value is a time after the year 9999.
pub(super) fn is_late(value: &Json<'_>) -> bool {
    millis(value).is_some_and(|millis| millis > i128::from(LAST))
}

/// Returns whether a value has the form that Clerk documents.
pub(super) fn is_documented(value: &Json<'_>) -> bool {
    matches!(value, Json::Number(number) if number.is_i64())
}

/// Returns a time in milliseconds, which can be out of range.
fn millis(value: &Json<'_>) -> Option<i128> {
    match value {
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Some(from_number(whole.into(), "")),
            None => from_decimal(number.as_f64()?),
        },
        Json::Text(text) => {
            let text = text.trim();
            match text.parse::<i64>() {
                Ok(whole) => Some(from_number(whole.into(), "")),
                Err(_) if is_decimal(text) => from_decimal(text.parse().ok()?),
                Err(_) => from_iso(text),
            }
        }
        _ => None,
    }
}

/// Returns whether a text can be a number. `inf` and `nan` are floats in Rust, and no numbers here.
fn is_decimal(text: &str) -> bool {
    let is_part =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    text.bytes().all(is_part) && text.parse::<f64>().is_ok()
}

/// Converts a float by its decimal digits, because a product of floats can be a millisecond less.
fn from_decimal(number: f64) -> Option<i128> {
    if number <= 0.0 {
        return Some(0);
    }
    let text = format!("{number}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    match whole.parse() {
        Ok(whole) => Some(from_number(whole, fraction)),
        // The number has more digits than any time.
        Err(_) => number.is_finite().then_some(i128::MAX),
    }
}

/// Converts a number of seconds or milliseconds with the decimal digits of its fraction.
fn from_number(whole: i128, fraction: &str) -> i128 {
    if whole >= i128::from(MIN_MILLISECONDS) {
        return whole;
    }
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(3);
    let fraction = digits.fold(0, |millis, it| millis * 10 + i128::from(it - b'0'));
    let seconds = whole.saturating_mul(1000);
    match seconds + fraction {
        millis if millis >= i128::from(MIN_MILLISECONDS) => millis,
        _ => seconds,
    }
}

/// Converts a date and time, of which the time or the offset can be missing.
fn from_iso(text: &str) -> Option<i128> {
    let (date, time) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, time.trim_end()),
        None => (text, "00:00:00Z"),
    };
    let has_offset = time.ends_with(['Z', 'z']) || time.contains(['+', '-']);
    let offset = if has_offset { "" } else { "Z" };
    let parsed = OffsetDateTime::parse(&format!("{date}T{time}{offset}"), &Rfc3339).ok()?;
    Some(parsed.unix_timestamp_nanos().div_euclid(NANOSECONDS))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::read;
    use crate::domain::{Millis, json};

    fn millis(value: &Value) -> Option<Millis> {
        read(&json::parse(&value.to_string()).unwrap())
    }

    #[test]
    fn times_are_rounded_down_to_milliseconds() {
        const AT: Millis = 1_767_225_600_000;
        for (value, at) in [
            (json!(1_767_225_600_000_i64), AT),
            (json!(1_767_225_600), AT),
            (json!(1_767_225_600_000.999), AT),
            (json!(1_767_225_600.123), AT + 123),
            (json!(1_767_225_690.123), AT + 90_123),
            (json!(1_767_225_690.1), AT + 90_100),
            (json!(1_767_225_600.123_9), AT + 123),
            (json!("1767225600000"), AT),
            (json!("1767225600"), AT),
            (json!(" 1767225600.25 "), AT + 250),
            (json!("1.7672256e12"), AT),
            (json!("1.7672256E9"), AT),
            (json!("2026-01-01T00:00:00Z"), AT),
            (json!("2026-01-01T00:00:00.1239Z"), AT + 123),
            (json!("2026-01-01T01:00:00+01:00"), AT),
            (json!("2026-01-01t00:00:00z"), AT),
            (json!("2026-01-01 00:00:00"), AT),
            (json!("2026-01-01T00:00:00.123456"), AT + 123),
            (json!("2026-01-01"), AT),
            // The rule about seconds is for numbers.
            (json!("1971-01-01T00:00:00Z"), 31_536_000_000),
            (json!(99_999_999_999.5), 99_999_999_999_500),
            (json!("99999999999"), 99_999_999_999_000),
            (json!("100000000000"), 100_000_000_000),
            (json!(77.5), 77_000),
            (json!(253_402_300_799_999.9), 253_402_300_799_999),
        ] {
            assert_eq!(millis(&value), Some(at), "{value}");
        }
        let exponent = serde_json::from_str("1.7672256e12").unwrap();
        assert_eq!(millis(&exponent), Some(AT));
    }

    #[test]
    fn times_of_zero_or_less_are_missing() {
        for value in
            [json!(0), json!(-1), json!(-0.5), json!(0.5), json!("0"), json!("-7"), json!(i64::MIN)]
        {
            assert_eq!(millis(&value), Some(0), "{value}");
        }
        for value in [json!("1969-12-31T23:59:59Z"), json!(-1e30), json!("-1e30")] {
            assert_eq!(millis(&value), Some(0), "{value}");
        }
    }

    #[test]
    fn other_values_are_no_times() {
        for value in [
            json!("soon"),
            json!(""),
            json!("inf"),
            json!("nan"),
            json!("1-1"),
            json!("1e5e5"),
            json!("2026-13-01T00:00:00Z"),
            json!("2026-01-01T25:00:00Z"),
            json!(true),
            json!([1]),
            json!({}),
            json!(253_402_300_800_000_i64),
            json!(i64::MAX),
            json!(u64::MAX),
            json!(1e30),
            json!("1e30"),
            json!("99999999999999999999"),
        ] {
            assert_eq!(millis(&value), None, "{value}");
        }
    }
}
