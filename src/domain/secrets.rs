//! Removal of secrets from JSON, before it is stored.
//!
//! | part of a payload | secrets |
//! |---|---|
//! | a known field of Clerk's | the fields that are known to hold a secret |
//! | an unknown field, at any depth | all fields whose name may be that of a secret |
//! | an unknown field of a payer, a payee or a payment method | the value |
//! | strings outside the customer's JSON | parameters of URLs whose name may be that of a secret |
//! | the customer's JSON | none |
//!
//! Of an event that cannot be decoded, the parts may be others than their places suggest. The
//! customer's JSON and the known fields then lose the values of such names too.

mod names;
mod url;

use serde_json::Value;

use self::names::{is_possible_secret, is_secret, is_unread, may_hold_secret};
use super::{
    clerk_object::ClerkObject,
    json::{self, Json},
};

/// The text that replaces a secret.
const REDACTED: &str = "[redacted]";

/// Returns whether a key holds JSON of the customer, which is stored unchanged: metadata, and the
/// `actor` of an impersonation token.
#[must_use]
pub fn is_customer_json(key: &str) -> bool {
    matches!(key, "public_metadata" | "private_metadata" | "unsafe_metadata" | "actor")
}

/// Removes the secrets of an event that is applied, whose customer's JSON is stored unchanged.
/// Returns whether there were any. `object` has the known fields of the message.
pub fn redact(message: &mut Json<'_>, object: &ClerkObject) -> bool {
    Cut { everywhere: false }.apply(message, object)
}

/// Removes all values that may be secrets, inside the customer's JSON too. Returns whether there
/// were any.
pub fn redact_possible(message: &mut Json<'_>, object: &ClerkObject) -> bool {
    Cut { everywhere: true }.apply(message, object)
}

/// Returns a stored payload without all values that may be secrets, or none if it is not JSON.
#[must_use]
pub fn without_possible(payload: &str, object: &ClerkObject) -> Option<String> {
    let mut message = json::parse(payload).ok()?;
    redact_possible(&mut message, object);
    Some(message.to_string())
}

/// Returns whether a payload has all values that its event needs: [`redact_possible`] removed
/// nothing from it but what [`redact`] removes.
#[must_use]
pub fn is_complete(payload: &str, object: &ClerkObject) -> bool {
    json::parse(payload).is_ok_and(|message| complete(&message, object))
}

fn complete(json: &Json<'_>, object: &ClerkObject) -> bool {
    match json {
        Json::Object(entries) => entries.iter().all(|(key, value)| match value.as_text() {
            Some(REDACTED) => {
                !object.has(key)
                    || is_secret(key)
                    || is_unread(key)
                    || object.redacted.contains(&&**key)
            }
            _ => complete(value, object.nested(key)),
        }),
        Json::Array(items) => items.iter().all(|item| complete(item, object)),
        Json::Text(text) => text != REDACTED,
        Json::Customer { value, .. } => !holds_redacted(value),
        _ => true,
    }
}

fn holds_redacted(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.values().any(holds_redacted),
        Value::Array(items) => items.iter().any(holds_redacted),
        Value::String(text) => text == REDACTED,
        _ => false,
    }
}

/// Removal of secrets from a message.
#[derive(Clone, Copy)]
struct Cut {
    /// Whether the customer's JSON and the other known fields may hold secrets too.
    everywhere: bool,
}

impl Cut {
    fn apply(self, json: &mut Json<'_>, object: &ClerkObject) -> bool {
        match json {
            Json::Object(entries) => {
                let (mut found, mut known) = (false, object.search());
                for (key, value) in entries {
                    let is_secret = match known.has(key) {
                        true => {
                            is_secret(key)
                                || object.redacted.contains(&&**key)
                                || self.everywhere && may_hold_secret(key)
                        }
                        false => {
                            object.redacts_unknown()
                                || !is_customer_json(key) && is_possible_secret(key)
                        }
                    };
                    let has_parts = matches!(value, Json::Object(_) | Json::Array(_));
                    let nested = if has_parts { object.nested(key) } else { object };
                    found |= match is_secret {
                        true => replace(key, value),
                        false => self.apply(value, nested),
                    };
                }
                found
            }
            Json::Array(items) => {
                items.iter_mut().fold(false, |found, item| self.apply(item, object) | found)
            }
            Json::Text(text) => {
                let cut = url::without_secrets(text);
                let found = cut.is_some();
                if let Some(cut) = cut {
                    *text = cut.into();
                }
                found
            }
            Json::Customer { value, .. } if self.everywhere => {
                let mut value = std::mem::take(value);
                let found = cut_customers(&mut value);
                // The text of the value is used unless the value changed.
                if found {
                    *json = Json::Owned(value);
                } else if let Json::Customer { value: original, .. } = json {
                    *original = value;
                }
                found
            }
            _ => false,
        }
    }
}

/// Replaces the value of a key that names a secret, unless it reveals nothing.
fn replace(key: &str, value: &mut Json<'_>) -> bool {
    let is_time = key.ends_with("_at") || key.ends_with("At");
    let is_harmless = match value {
        Json::Null | Json::Bool(_) | Json::Unusable(_) => true,
        Json::Number(_) => is_time,
        Json::Text(text) => text == REDACTED,
        _ => false,
    };
    if !is_harmless {
        *value = Json::Text(REDACTED.into());
    }
    !is_harmless
}

fn cut_customers(value: &mut Value) -> bool {
    match value {
        Value::Object(map) => map.iter_mut().fold(false, |found, (key, value)| {
            let is_harmless = value.is_null() || value.is_boolean() || value == REDACTED;
            let cut = match is_possible_secret(key) {
                true if is_harmless => false,
                true => {
                    *value = REDACTED.into();
                    true
                }
                false => cut_customers(value),
            };
            found | cut
        }),
        Value::Array(items) => {
            items.iter_mut().fold(false, |found, item| cut_customers(item) | found)
        }
        Value::String(text) => match url::without_secrets(text) {
            Some(cut) => {
                *text = cut;
                true
            }
            None => false,
        },
        _ => false,
    }
}
