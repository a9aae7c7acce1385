//! Keys that name secrets, and the removal of their values from JSON.
//!
//! The event log keeps no secrets. A payload that was decoded loses the values of keys that are
//! known to hold one. A payload that was not decoded loses the values of all keys that may.

use serde_json::Value;

/// The text that replaces a secret.
const REDACTED: &str = "[redacted]";

/// Returns whether a key holds JSON of the customer, which is stored unchanged: metadata, and the
/// `actor` of an impersonation token.
#[must_use]
pub fn is_customer_json(key: &str) -> bool {
    matches!(key, "public_metadata" | "private_metadata" | "unsafe_metadata" | "actor")
}

/// Returns whether a key of Clerk's holds a secret in a user or session. The `message` of a
/// wallet's verification is the text to sign, which contains the nonce.
#[must_use]
pub fn is_secret(key: &str) -> bool {
    matches!(key, "backup_codes" | "nonce" | "message" | "external_verification_redirect_url")
        || is_credential(key)
}

/// Returns whether a key names a credential. Clerk sends none so far, and adds keys without notice.
/// Only the last word counts, because every key of every delivery is checked.
fn is_credential(key: &str) -> bool {
    let last = key.rsplit_once('_').map_or(key, |(_, last)| last);
    matches!(last, "password" | "digest" | "secret" | "token" | "tokens" | "jwt" | "otp")
}

/// Returns whether a key may hold a secret in a payload that was not decoded.
fn is_possible_secret(key: &str) -> bool {
    is_secret(key)
        || matches!(key, "body" | "body_plain" | "subject" | "code" | "url")
        || key.ends_with("_code")
        || ["otp", "password", "secret", "ticket", "token", "magic_link"]
            .iter()
            .any(|name| key.contains(name))
}

/// Removes the secrets of a user or session, except inside the customer's JSON. Returns whether
/// there was a key that names a secret.
pub fn redact(value: &mut Value) -> bool {
    cut(value, is_secret, true)
}

/// Removes the values of all keys that may hold a secret, inside the customer's JSON too. Returns
/// whether there was such a key.
pub fn redact_possible(value: &mut Value) -> bool {
    cut(value, is_possible_secret, false)
}

/// Returns whether [`redact_possible`] removed nothing from a payload but what [`redact`] removes.
#[must_use]
pub fn is_complete(payload: &Value) -> bool {
    fn complete(value: &Value, is_clerks: bool) -> bool {
        match value {
            Value::Object(map) => map.iter().all(|(key, value)| {
                is_clerks && is_secret(key) || complete(value, is_clerks && !is_customer_json(key))
            }),
            Value::Array(items) => items.iter().all(|item| complete(item, is_clerks)),
            Value::String(text) => text != REDACTED,
            _ => true,
        }
    }
    complete(payload, true)
}

fn cut(value: &mut Value, is_secret: fn(&str) -> bool, spare_customer_json: bool) -> bool {
    let mut found = false;
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if is_secret(key) {
                    found = true;
                    if !is_harmless(key, value) {
                        *value = REDACTED.into();
                    }
                } else if !(spare_customer_json && is_customer_json(key)) {
                    found |= cut(value, is_secret, spare_customer_json);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                found |= cut(item, is_secret, spare_customer_json);
            }
        }
        _ => {}
    }
    found
}

/// Returns whether a value reveals nothing under any key. Every user has `password_enabled`,
/// `totp_enabled` and `password_last_updated_at`, and cannot be read back without them.
fn is_harmless(key: &str, value: &Value) -> bool {
    value.is_null() || value.is_boolean() || (value.is_number() && key.ends_with("_at"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{is_complete, redact, redact_possible};

    #[test]
    fn known_secrets_are_cut_and_metadata_stays() {
        let mut body = json!({ "data": {
            "phone_numbers": [{ "backup_codes": ["bkup-1"], "phone_number": "+15550100" }],
            "web3_wallets": [{ "verification": { "nonce": "n-1", "message": "sign n-1" } }],
            "email_addresses": [{ "verification": { "nonce": null } }],
            "public_metadata": { "nonce": "mine", "token": "mine" },
            "last_active_token": { "jwt": "e-1" }, "password_digest": "h-1", "access_token": "t-1",
            "password_enabled": true, "totp_enabled": true, "token": null,
            "actor": { "message": "mine" },
        }});
        let kept = json!({ "data": {
            "phone_numbers": [{ "backup_codes": "[redacted]", "phone_number": "+15550100" }],
            "web3_wallets": [
                { "verification": { "nonce": "[redacted]", "message": "[redacted]" } },
            ],
            "email_addresses": [{ "verification": { "nonce": null } }],
            "public_metadata": { "nonce": "mine", "token": "mine" },
            "last_active_token": "[redacted]", "password_digest": "[redacted]",
            "access_token": "[redacted]",
            "password_enabled": true, "totp_enabled": true, "token": null,
            "actor": { "message": "mine" },
        }});
        assert!(redact(&mut body));
        assert_eq!(body, kept);
        assert!(is_complete(&body));
        assert!(!redact(&mut json!({ "data": { "id": "user_1", "actor": { "token": "t" } } })));
    }

    #[test]
    fn possible_secrets_are_cut_everywhere() {
        let mut body = json!({ "data": [
            { "otp_code": "1", "session_token": "2", "url": "3", "id": "user_x" },
            { "public_metadata": { "password": "4" }, "private_metadata": { "otp": "5" } },
            { "totp": 2, "password_enabled": false, "password_last_updated_at": 7, "tokens": [3] },
        ]});
        assert!(redact_possible(&mut body));
        let kept = body.to_string();
        assert!(!kept.contains(|c: char| matches!(c, '1'..='5')), "{kept}");
        assert_eq!(body["data"][2]["password_enabled"], false);
        assert_eq!(body["data"][2]["password_last_updated_at"], 7);
        assert_eq!(body["data"][0]["id"], "user_x");
        assert!(!is_complete(&body));
        assert!(!redact_possible(&mut Value::Null));
    }
}
