//! Reads JSON texts.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Number, Value, value::RawValue};

use super::{Entry, Json, UNUSABLE, Unusable};
use crate::domain::secrets::is_customer_json;

/// Maximum nesting of Clerk's own values. Clerk uses eight levels.
const MAX_DEPTH: usize = 32;

/// Maximum nesting of the customer's JSON. Many readers of JSON fail beyond 128 levels, and a
/// stored payload or a response nests the value a few levels deeper.
const MAX_CUSTOMER_DEPTH: usize = 100;

/// Parses a text. Values that cannot be kept become [`Json::Unusable`].
///
/// # Errors
/// Returns an error if the syntax of the text is not that of JSON.
pub fn parse(text: &str) -> Result<Json<'_>, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let json = Part { depth: 0 }.deserialize(&mut deserializer);
    match json.and_then(|json| deserializer.end().map(|()| json)) {
        Ok(json) => Ok(json),
        // One value is malformed, or all of the text is.
        Err(_) => Ok(by_parts(serde_json::from_str::<&RawValue>(text)?.get(), 0)),
    }
}

/// Parses each value by itself, which is slower, so that a malformed one does not affect others.
pub(super) fn by_parts(text: &str, depth: usize) -> Json<'_> {
    let malformed = Json::Unusable(Unusable::Malformed);
    match text.as_bytes().first() {
        Some(b'{' | b'[') if depth >= MAX_DEPTH => Json::Unusable(Unusable::TooDeep),
        Some(b'{') => {
            let Ok(RawEntries(entries)) = serde_json::from_str(text) else { return malformed };
            let mut parsed = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                let value = match is_customer_json(&key) {
                    true => customer(value.get()),
                    false => by_parts(value.get(), depth + 1),
                };
                parsed.push((key, value));
            }
            Json::object(parsed)
        }
        Some(b'[') => match serde_json::from_str::<Vec<&RawValue>>(text) {
            Ok(items) => {
                Json::Array(items.into_iter().map(|it| by_parts(it.get(), depth + 1)).collect())
            }
            Err(_) => malformed,
        },
        _ => {
            let mut deserializer = serde_json::Deserializer::from_str(text);
            Part { depth }.deserialize(&mut deserializer).unwrap_or(malformed)
        }
    }
}

/// Reads JSON of the customer.
fn customer(text: &str) -> Json<'_> {
    match serde_json::from_str(text) {
        Ok(Value::Null) => Json::Null,
        Ok(Value::String(text)) if text == UNUSABLE => Json::Unusable(Unusable::TooDeep),
        Ok(value) if nesting(&value) > MAX_CUSTOMER_DEPTH => Json::Unusable(Unusable::TooDeep),
        Ok(value) => Json::Customer { text, value },
        Err(_) => Json::Unusable(Unusable::Malformed),
    }
}

/// Returns the number of levels. The parser has limited them, so the recursion ends soon.
fn nesting(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(nesting).max().unwrap_or_default(),
        Value::Object(map) => 1 + map.values().map(nesting).max().unwrap_or_default(),
        _ => 0,
    }
}

#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// A value at a depth.
#[derive(Clone, Copy)]
struct Part {
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Part {
    type Value = Json<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json<'de>, D::Error> {
        if self.depth < MAX_DEPTH {
            return deserializer.deserialize_any(self);
        }
        // A raw value is read without recursion.
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        if raw.starts_with(['{', '[']) {
            return Ok(Json::Unusable(Unusable::TooDeep));
        }
        let mut scalar = serde_json::Deserializer::from_str(raw);
        scalar.deserialize_any(self).map_err(D::Error::custom)
    }
}

impl<'de> Visitor<'de> for Part {
    type Value = Json<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json<'de>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json<'de>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json<'de>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json<'de>, E> {
        Ok(Number::from_f64(value).map_or(Json::Unusable(Unusable::Malformed), Json::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json<'de>, E> {
        Ok(Json::Text(text.to_owned().into()))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Json<'de>, E> {
        Ok(Json::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Self { depth: self.depth + 1 })? {
            items.push(item);
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json<'de>, A::Error> {
        let mut entries: Vec<Entry<'de>> = Vec::new();
        while let Some(Key(key)) = access.next_key()? {
            let value = match is_customer_json(&key) {
                true => customer(access.next_value::<&RawValue>()?.get()),
                false => access.next_value_seed(Self { depth: self.depth + 1 })?,
            };
            entries.push((key, value));
        }
        Ok(Json::object(entries))
    }
}

/// The entries of an object, in the order of the text.
struct RawEntries<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for RawEntries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = RawEntries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some((Key(key), value)) = access.next_entry()? {
                    entries.push((key, value));
                }
                Ok(RawEntries(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}
