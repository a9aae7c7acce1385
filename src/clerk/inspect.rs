//! One pass over a body, before anything of it is believed: is all of it JSON that can be read
//! back later (nesting, numbers and surrogates included), and does it hold what must be cut?

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::redact;

/// What the pass found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Inspection {
    /// Whether a key of a synced payload names a secret.
    pub(super) holds_secrets: bool,
}

/// Reads the whole of `body` without building anything.
pub(super) fn inspect(body: &str) -> Result<Inspection, serde_json::Error> {
    let mut inspection = Inspection::default();
    let mut deserializer = serde_json::Deserializer::from_str(body);
    Pass { inspection: &mut inspection, ours: true }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(inspection)
}

/// The visitor of one value.
struct Pass<'i> {
    inspection: &'i mut Inspection,
    /// Whether the keys are Clerk's; those inside metadata and `actor` are the customer's.
    ours: bool,
}

/// What a key means for the value behind it.
enum Key {
    Plain,
    Secret,
    CustomersOwn,
}

impl<'de> DeserializeSeed<'de> for Pass<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Pass<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Self { inspection, ours } = self;
        while items.next_element_seed(Pass { inspection, ours })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let Self { inspection, ours } = self;
        while let Some(key) = entries.next_key_seed(KeyPass)? {
            inspection.holds_secrets |= ours && matches!(key, Key::Secret);
            let ours = ours && !matches!(key, Key::CustomersOwn);
            entries.next_value_seed(Pass { inspection, ours })?;
        }
        Ok(())
    }
}

/// The visitor of one key.
struct KeyPass;

impl<'de> DeserializeSeed<'de> for KeyPass {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyPass {
    type Value = Key;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        Ok(if redact::is_customers_own(key) {
            Key::CustomersOwn
        } else if redact::is_secret_of_synced_type(key) {
            Key::Secret
        } else {
            Key::Plain
        })
    }
}

#[cfg(test)]
mod tests {
    use super::inspect;

    #[test]
    fn secrets_are_found_however_their_keys_are_written() {
        for body in [
            r#"{"data":{"phone_numbers":[{"backup_codes":["a"]}]}}"#,
            r#"{"data":{"passkeys":[{"verification":{"n\u006fnce":"a"}}]}}"#,
        ] {
            assert!(inspect(body).unwrap().holds_secrets, "{body}");
        }
    }

    #[test]
    fn the_customers_own_keys_are_not_clerks() {
        let body = r#"{"data":{"public_metadata":{"nonce":1},"actor":{"message":1},"nonces":2}}"#;
        assert!(!inspect(body).unwrap().holds_secrets);
    }

    #[test]
    fn what_could_not_be_read_back_is_refused() {
        let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(inspect(&nested(100)).is_ok());
        let lone_surrogate = r#"{"unknown":"\ud800"}"#;
        for body in ["", "{", "{}{}", "\"\0\"", "[1e999]", lone_surrogate, &nested(100_000)] {
            assert!(inspect(body).is_err(), "{}", &body[..body.len().min(40)]);
        }
    }
}
