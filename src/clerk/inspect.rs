//! Decodes JSON and inspects it in the same pass.
//!
//! Serde skips unknown fields, and accepts numbers, escapes and nesting in them that a later reader
//! rejects. Here every value is read in full. If decoding succeeds, the stored text can be read
//! back later, and the result tells whether it contains secrets.

use std::fmt;

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor},
    forward_to_deserialize_any,
};

use crate::domain::secrets;

/// A decoded value, and the result of the inspection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inspected<T> {
    pub(super) value: T,
    /// `true` if one of Clerk's own keys names a secret.
    pub(super) has_secrets: bool,
}

/// Decodes and inspects a JSON text.
///
/// # Errors
/// Returns an error if the text is not JSON, cannot be read back, or has another shape than `T`.
pub(super) fn decode<'de, T: Deserialize<'de>>(
    json: &'de str,
) -> Result<Inspected<T>, serde_json::Error> {
    let mut has_secrets = false;
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let value = T::deserialize(Inspector::new(&mut deserializer, &mut has_secrets))?;
    deserializer.end()?;
    Ok(Inspected { value, has_secrets })
}

/// Wraps each part of the decoding of a value: deserializer, visitor, seed, access to a sequence.
pub(super) struct Inspector<'i, T> {
    inner: T,
    inspection: Inspection<'i>,
}

struct Inspection<'i> {
    has_secrets: &'i mut bool,
    /// `true` for Clerk's keys. The keys inside metadata and `actor` are the customer's.
    is_clerks: bool,
}

impl<'i, T> Inspector<'i, T> {
    pub(super) fn new(inner: T, has_secrets: &'i mut bool) -> Self {
        Self { inner, inspection: Inspection { has_secrets, is_clerks: true } }
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Inspector<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Self { inner, inspection } = self;
        inner.deserialize_any(Inspector { inner: visitor, inspection })
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Self { inner, inspection } = self;
        inner.deserialize_option(Inspector { inner: visitor, inspection })
    }

    /// Accepts objects only. Serde also reads a struct from an array, field by field, and takes
    /// `["user_1"]` for an object with that ID.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let Self { inner, inspection } = self;
        inner.deserialize_map(Inspector { inner: visitor, inspection })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Inspector<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        self.inner.visit_bool(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.inner.visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.inner.visit_u64(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        self.inner.visit_f64(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<V::Value, E> {
        self.inner.visit_str(value)
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<V::Value, E> {
        self.inner.visit_borrowed_str(value)
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Inspector { inner, inspection: self.inspection })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Inspector { inner, inspection: self.inspection })
    }

    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Entries { inner, inspection: self.inspection, key: Key::Plain })
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Inspector<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(Inspector { inner, inspection: self.inspection })
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Inspector<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        inner: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let Inspection { has_secrets, is_clerks } = &mut self.inspection;
        let inspection = Inspection { has_secrets, is_clerks: *is_clerks };
        self.inner.next_element_seed(Inspector { inner, inspection })
    }
}

/// Wraps access to the entries of an object.
struct Entries<'i, A> {
    inner: A,
    inspection: Inspection<'i>,
    /// The last key that was read.
    key: Key,
}

/// The meaning of a key for its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Plain,
    Secret,
    CustomerJson,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<'_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        if !self.inspection.is_clerks {
            return self.inner.next_key_seed(seed);
        }
        let key = self.inner.next_key_seed(KeyInspector { inner: seed, key: &mut self.key })?;
        *self.inspection.has_secrets |= key.is_some() && self.key == Key::Secret;
        Ok(key)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, inner: S) -> Result<S::Value, A::Error> {
        let is_clerks = self.inspection.is_clerks && self.key != Key::CustomerJson;
        let inspection = Inspection { has_secrets: self.inspection.has_secrets, is_clerks };
        self.inner.next_value_seed(Inspector { inner, inspection })
    }
}

/// Wraps each part of the decoding of a key.
struct KeyInspector<'k, T> {
    inner: T,
    key: &'k mut Key,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for KeyInspector<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.inner.deserialize(KeyInspector { inner, key: self.key })
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for KeyInspector<'_, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, inner: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_str(KeyInspector { inner, key: self.key })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for KeyInspector<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<V::Value, E> {
        *self.key = meaning(key);
        self.inner.visit_str(key)
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<V::Value, E> {
        *self.key = meaning(key);
        self.inner.visit_borrowed_str(key)
    }
}

fn meaning(key: &str) -> Key {
    if secrets::is_customer_json(key) {
        Key::CustomerJson
    } else if secrets::is_secret(key) {
        Key::Secret
    } else {
        Key::Plain
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IgnoredAny;

    use super::decode;

    fn has_secrets(json: &str) -> bool {
        decode::<IgnoredAny>(json).unwrap().has_secrets
    }

    #[test]
    fn secrets_are_found_under_escaped_keys() {
        for body in [
            r#"{"data":{"phone_numbers":[{"backup_codes":["a"]}]}}"#,
            r#"{"data":{"passkeys":[{"verification":{"n\u006fnce":"a"}}]}}"#,
        ] {
            assert!(has_secrets(body), "{body}");
        }
    }

    #[test]
    fn customer_keys_are_not_clerks() {
        let body = r#"{"data":{"public_metadata":{"nonce":1},"actor":{"message":1},"nonces":2}}"#;
        assert!(!has_secrets(body));
        let after = r#"{"data":{"public_metadata":{"nonce":1},"nonce":2}}"#;
        assert!(has_secrets(after));
    }

    #[test]
    fn json_unreadable_later_is_rejected() {
        let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(decode::<IgnoredAny>(&nested(100)).is_ok());
        let lone_surrogate = r#"{"unknown":"\ud800"}"#;
        for body in ["", "{", "{}{}", "\"\0\"", "[1e999]", lone_surrogate, &nested(100_000)] {
            assert!(decode::<IgnoredAny>(body).is_err(), "{}", &body[..body.len().min(40)]);
        }
    }

    #[test]
    fn arrays_are_not_objects() {
        #[derive(Debug, serde::Deserialize)]
        struct Object {
            #[expect(dead_code, reason = "only the shape matters")]
            id: String,
        }
        assert!(decode::<Object>(r#"{"id":"user_1"}"#).is_ok());
        assert!(decode::<Object>(r#"["user_1"]"#).is_err());
        assert!(decode::<Vec<Object>>(r#"[["user_1"]]"#).is_err());
    }
}
