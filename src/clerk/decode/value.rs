//! Normalizes single values, so that both databases can store them.

use serde_json::{Number, Value};

use super::Fault;
use crate::{clerk::MIN_MILLISECONDS, domain::Millis};

/// Maximum length of an ID in characters.
const MAX_ID: usize = 255;

/// Maximum length of a value in an indexed column in characters. PostgreSQL limits index entries.
const MAX_INDEXED: usize = 512;

/// Last millisecond of the year 9999, the last year that RFC 3339 can represent.
const LAST_INSTANT: Millis = 253_402_300_799_999;

/// Removes NUL characters, which PostgreSQL cannot store. An empty text becomes `None`.
pub(super) fn text(text: Option<String>) -> Option<String> {
    let mut text = text?;
    text.retain(|character| character != '\0');
    (!text.is_empty()).then_some(text)
}

/// Normalizes a text for an indexed column.
pub(super) fn indexed(value: Option<String>, field: &'static str) -> Result<Option<String>, Fault> {
    limited(text(value), field, MAX_INDEXED)
}

/// Normalizes an ID that may be missing.
pub(super) fn optional_id(
    value: Option<String>,
    field: &'static str,
) -> Result<Option<String>, Fault> {
    limited(text(value), field, MAX_ID)
}

/// Normalizes a required ID.
pub(super) fn id(value: Option<String>, field: &'static str) -> Result<String, Fault> {
    optional_id(value, field)?.ok_or(Fault::Missing(field))
}

fn limited(
    text: Option<String>,
    field: &'static str,
    limit: usize,
) -> Result<Option<String>, Fault> {
    match text {
        Some(text) if text.chars().count() > limit => Err(Fault::TooLong { field, limit }),
        text => Ok(text),
    }
}

/// Converts a time in seconds or milliseconds to milliseconds. Zero and negative times become
/// `None`.
pub(super) fn instant(time: Option<i64>, field: &'static str) -> Result<Option<Millis>, Fault> {
    match time {
        None | Some(..=0) => Ok(None),
        Some(seconds @ 1..MIN_MILLISECONDS) => Ok(Some(seconds * 1000)),
        Some(millis) if millis <= LAST_INSTANT => Ok(Some(millis)),
        Some(_) => Err(Fault::OutOfRange(field)),
    }
}

/// Normalizes the customer's JSON, so that both databases return the same value: removes NUL
/// characters from strings and keys, and represents whole numbers as integers.
pub(super) fn json(value: Option<Value>) -> Option<Value> {
    value.map(portable)
}

fn portable(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => Value::Number(whole_number(number)),
        Value::String(mut text) => {
            text.retain(|character| character != '\0');
            Value::String(text)
        }
        Value::Array(items) => items.into_iter().map(portable).collect(),
        Value::Object(map) => {
            map.into_iter().map(|(key, value)| (key.replace('\0', ""), portable(value))).collect()
        }
        plain => plain,
    }
}

/// Converts a whole number of up to 64 bits to an integer. PostgreSQL returns `1e17` as an integer,
/// and has no negative zero.
fn whole_number(number: Number) -> Number {
    let digits = number.as_f64().filter(|float| float.fract() == 0.0).map(|it| format!("{it:.0}"));
    let integer = digits.and_then(|digits| {
        let signed = digits.parse::<i64>().map(Number::from);
        signed.or_else(|_| digits.parse::<u64>().map(Number::from)).ok()
    });
    integer.unwrap_or(number)
}
