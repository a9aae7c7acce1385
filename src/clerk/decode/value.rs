//! Single values, made fit for both databases.

use serde_json::{Number, Value};

use super::Fault;
use crate::{clerk::SECONDS_BELOW, domain::Millis};

/// The longest id that is taken.
const MAX_ID: usize = 255;

/// The longest value of a column with an index: what PostgreSQL can hold in one.
const MAX_INDEXED: usize = 512;

/// The last millisecond of the year 9999, which RFC 3339 can still write.
const LAST_INSTANT: Millis = 253_402_300_799_999;

/// A text without NUL characters, which PostgreSQL cannot store. An empty one says nothing.
pub(super) fn text(text: Option<String>) -> Option<String> {
    let mut text = text?;
    text.retain(|character| character != '\0');
    (!text.is_empty()).then_some(text)
}

/// A text of a column that has an index.
pub(super) fn indexed(value: Option<String>, field: &'static str) -> Result<Option<String>, Fault> {
    limited(text(value), field, MAX_INDEXED)
}

/// An id that may be missing.
pub(super) fn optional_id(
    value: Option<String>,
    field: &'static str,
) -> Result<Option<String>, Fault> {
    limited(text(value), field, MAX_ID)
}

/// An id without which nothing can be done.
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

/// A time in milliseconds, whatever unit it came in. Zero and less say nothing.
pub(super) fn instant(time: Option<i64>, field: &'static str) -> Result<Option<Millis>, Fault> {
    match time {
        None | Some(..=0) => Ok(None),
        Some(seconds @ 1..SECONDS_BELOW) => Ok(Some(seconds * 1000)),
        Some(millis) if millis <= LAST_INSTANT => Ok(Some(millis)),
        Some(_) => Err(Fault::OutOfRange(field)),
    }
}

/// A customer's JSON as both databases give it back: without NUL characters in its strings and
/// keys, and with whole numbers as integers.
pub(super) fn json(value: Option<Value>) -> Option<Value> {
    value.map(portable)
}

fn portable(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => Value::Number(whole(number)),
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

/// PostgreSQL writes `1e17` out and knows no negative zero, and what it gives back is an integer:
/// so is a whole number of 64 bits from the beginning.
fn whole(number: Number) -> Number {
    let digits = number.as_f64().filter(|float| float.fract() == 0.0).map(|it| format!("{it:.0}"));
    let integer = digits.and_then(|digits| {
        let signed = digits.parse::<i64>().map(Number::from);
        signed.or_else(|_| digits.parse::<u64>().map(Number::from)).ok()
    });
    integer.unwrap_or(number)
}
