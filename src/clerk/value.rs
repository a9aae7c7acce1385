//! Normalizes single values, so that both databases can store them.

use serde_json::{Number, Value};

use super::Fault;

/// Maximum length of an ID in characters.
const MAX_ID: usize = 255;

/// Maximum length of a value in an indexed column in characters. PostgreSQL limits index entries.
const MAX_INDEXED: usize = 512;

/// Removes NUL characters, which PostgreSQL cannot store. An empty text becomes `None`.
pub(crate) fn text(text: &str) -> Option<String> {
    let text = match text.contains('\0') {
        true => text.replace('\0', ""),
        false => text.to_owned(),
    };
    (!text.is_empty()).then_some(text)
}

/// Normalizes a required ID.
pub(crate) fn required_id(id: &str, field: &'static str) -> Result<String, Fault> {
    let id = text(id).ok_or(Fault::Missing(field))?;
    if fits_id(&id) { Ok(id) } else { Err(Fault::TooLong { field, limit: MAX_ID }) }
}

/// Returns whether an ID is short enough.
pub(crate) fn fits_id(id: &str) -> bool {
    is_at_most(id, MAX_ID)
}

/// Returns whether a text is short enough for an indexed column.
pub(crate) fn fits_index(text: &str) -> bool {
    is_at_most(text, MAX_INDEXED)
}

fn is_at_most(text: &str, limit: usize) -> bool {
    text.len() <= limit || text.chars().count() <= limit
}

/// Reads a whole number from the text of a number. Fractions are rounded down.
pub(crate) fn whole_number(text: &str) -> Option<i64> {
    let text = text.trim();
    text.parse().ok().or_else(|| {
        let floor = text.parse::<f64>().ok().filter(|number| number.is_finite())?.floor();
        format!("{floor:.0}").parse().ok()
    })
}

/// Normalizes the customer's JSON, so that both databases return the same value: removes NUL
/// characters from strings and keys, and represents whole numbers as integers.
pub(crate) fn portable(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => Value::Number(portable_number(number)),
        Value::String(text) => Value::String(text.replace('\0', "")),
        Value::Array(items) => items.iter().map(portable).collect(),
        Value::Object(map) => {
            map.iter().map(|(key, value)| (key.replace('\0', ""), portable(value))).collect()
        }
        plain => plain.clone(),
    }
}

/// Converts a whole number of up to 64 bits to an integer. PostgreSQL returns `1e17` as an integer,
/// and has no negative zero.
fn portable_number(number: &Number) -> Number {
    let digits = number.as_f64().filter(|float| float.fract() == 0.0).map(|it| format!("{it:.0}"));
    let integer = digits.and_then(|digits| {
        let signed = digits.parse::<i64>().map(Number::from);
        signed.or_else(|_| digits.parse::<u64>().map(Number::from)).ok()
    });
    integer.unwrap_or_else(|| number.clone())
}
