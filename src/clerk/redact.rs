//! What is cut from a body before it is kept, all in one place.
//!
//! | the event | what stays |
//! |---|---|
//! | of a synced type | everything but backup codes, nonces, redirects with one-time state, and what names a password or a token |
//! | of any other type | ids, statuses and times: such a body can hold live one-time codes, invitation links, names, addresses |
//! | of a synced type, but not understood | everything but the values of keys that name a secret |
//! | of a synced type, and not to be tied to a user | ids, statuses and times: nobody could find it when its user is deleted |
//! | of a session, with a user in it who is not the session's | the same of that user, and everything else |
//! | not JSON | its length and SHA-256 |
//!
//! On the way out of the API, `private_metadata` is cut too, at any depth.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Stands where a value was cut.
const REDACTED: &str = "[redacted]";

/// The longest status or id of an unsynced type that is kept.
const MAX_WORD: usize = 255;

/// Whether this key holds a customer's own JSON, which is kept in a column as it is: metadata, and what
/// tokens for impersonation say of who acts.
pub(super) fn is_customers_own(key: &str) -> bool {
    matches!(key, "public_metadata" | "private_metadata" | "unsafe_metadata" | "actor")
}

/// Whether this key, outside of the customer's own JSON, holds a secret in a user or session payload. The
/// `message` of a wallet's verification is the text to sign, with the nonce in it.
pub(super) fn is_secret_of_synced_type(key: &str) -> bool {
    matches!(key, "backup_codes" | "nonce" | "message" | "external_verification_redirect_url")
        || is_credential(key)
}

/// Whether this key names what lets somebody in. Clerk sends none so far, and new keys come without
/// notice. The last word only: this is asked of every key of every delivery.
fn is_credential(key: &str) -> bool {
    let last = key.rsplit_once('_').map_or(key, |(_, last)| last);
    matches!(last, "password" | "digest" | "secret" | "token" | "tokens" | "jwt" | "otp")
}

/// Whether this key names a secret in a body that was not understood.
fn is_secret_anywhere(key: &str) -> bool {
    is_secret_of_synced_type(key)
        || matches!(key, "body" | "body_plain" | "subject" | "code" | "url")
        || key.ends_with("_code")
        || ["otp", "password", "secret", "ticket", "token", "magic_link"]
            .iter()
            .any(|name| key.contains(name))
}

/// A body of a synced type, without its secrets.
#[must_use]
pub(super) fn synced(body: &str) -> String {
    rewrite(body, |value| cut(value, is_secret_of_synced_type, true))
}

/// A body of a synced type that was not understood.
#[must_use]
pub fn failed(body: &str) -> String {
    rewrite(body, |value| cut(value, is_secret_anywhere, false))
}

/// Whether [`failed`] cut nothing from a body but what is never kept.
#[must_use]
pub(super) fn is_whole(body: &str) -> bool {
    // Of a customer's own JSON nothing may be missing, whatever it is called.
    fn whole(value: &Value, is_clerks: bool) -> bool {
        match value {
            Value::Object(map) => map.iter().all(|(key, value)| {
                is_clerks && is_secret_of_synced_type(key)
                    || whole(value, is_clerks && !is_customers_own(key))
            }),
            Value::Array(items) => items.iter().all(|item| whole(item, is_clerks)),
            Value::String(text) => text != REDACTED,
            _ => true,
        }
    }
    serde_json::from_str(body).is_ok_and(|value| whole(&value, true))
}

/// A body of a type that is not synced: only the allow-list stays.
#[must_use]
pub(super) fn unsynced(body: &str) -> String {
    rewrite(body, |value| *value = allowed(value))
}

/// A body of a session without what it says of somebody who is not the session's owner, if it does:
/// it is emptied with its owner, and nobody would look for another in it.
#[must_use]
pub(super) fn without_stranger(body: &str, owner: &str) -> Option<String> {
    let session: Embedding = serde_json::from_str(body).ok()?;
    let stranger = session.data?.user?.id?;
    (stranger.as_str()? != owner).then(|| {
        rewrite(body, |value| {
            if let Some(user) = value.pointer_mut("/data/user") {
                *user = allowed(user);
            }
        })
    })
}

/// The id of the user whom a session's event embeds.
#[derive(Deserialize)]
struct Embedding {
    data: Option<Embedded>,
}

#[derive(Deserialize)]
struct Embedded {
    user: Option<Stranger>,
}

#[derive(Deserialize)]
struct Stranger {
    id: Option<Value>,
}

/// The user whom a body of a type that is not synced is about, from what is kept of it: Clerk names
/// one as the owner, the member or the payer.
#[must_use]
pub(super) fn named_user(kept: &str) -> Option<String> {
    fn first(value: &Value) -> Option<&str> {
        match value {
            Value::String(text) => is_user_id(text).then_some(text),
            Value::Object(map) => map.values().find_map(first),
            _ => None,
        }
    }
    let kept: Value = serde_json::from_str(kept).ok()?;
    let data = kept.get("data")?;
    let own = ["user_id", "id"].iter().filter_map(|key| data.get(key)).find_map(first);
    own.or_else(|| first(data)).map(str::to_owned)
}

/// What is kept of a body that is not JSON.
#[must_use]
pub(super) fn unreadable(body: &str) -> String {
    let sha256 = hex::encode(Sha256::digest(body));
    json!({ "unreadable": { "bytes": body.len(), "sha256": sha256 } }).to_string()
}

/// Takes `private_metadata` out of a kept payload, at any depth, before it is shown.
pub fn hide_private_metadata(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("private_metadata");
            map.values_mut().for_each(hide_private_metadata);
        }
        Value::Array(items) => items.iter_mut().for_each(hide_private_metadata),
        _ => {}
    }
}

fn rewrite(body: &str, change: impl FnOnce(&mut Value)) -> String {
    match serde_json::from_str(body) {
        Ok(mut value) => {
            change(&mut value);
            value.to_string()
        }
        // Inspected before, so it does not come to this; and if it did, nothing would leak.
        Err(_) => unreadable(body),
    }
}

/// Whether a value gives nothing away whatever it is called: `password_enabled`, `totp_enabled` and
/// `password_last_updated_at` are in every user, who could not be read back without them.
fn is_harmless(key: &str, value: &Value) -> bool {
    value.is_null() || value.is_boolean() || (value.is_number() && key.ends_with("_at"))
}

fn cut(value: &mut Value, is_secret: fn(&str) -> bool, spare_customers_own: bool) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if is_secret(key) {
                    if !is_harmless(key, value) {
                        *value = REDACTED.into();
                    }
                } else if !(spare_customers_own && is_customers_own(key)) {
                    cut(value, is_secret, spare_customers_own);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                cut(item, is_secret, spare_customers_own);
            }
        }
        _ => {}
    }
}

/// The part of an unsynced body that may be kept: ids, statuses and times, in objects at any depth.
fn allowed(value: &Value) -> Value {
    let Value::Object(map) = value else {
        return Value::Null;
    };
    let kept = map.iter().filter_map(|(key, value)| {
        let kept = match value {
            Value::Object(_) if !is_customers_own(key) => Some(allowed(value)),
            Value::Number(_) if key == "timestamp" || key.ends_with("_at") => Some(value.clone()),
            Value::String(text) => {
                // As it is read: no text of ours holds a NUL character.
                let text = text.replace('\0', "");
                (is_word(&text) && is_named_or_state(key, &text)).then(|| text.into())
            }
            _ => None,
        };
        kept.filter(|kept| kept.as_object().is_none_or(|map| !map.is_empty()))
            .map(|kept| (key.clone(), kept))
    });
    Value::Object(kept.collect::<Map<_, _>>())
}

fn is_named_or_state(key: &str, text: &str) -> bool {
    match key {
        "type" | "object" | "status" => true,
        "id" => is_clerk_id(text),
        // Clerk's own ids only: these are other people's, and can be a name.
        "external_id" | "provider_user_id" => false,
        _ => key.ends_with("_id") && is_clerk_id(text),
    }
}

/// `user_2g7np7Hrk0SN6kj5EDMLDaKNL0S`: a prefix in small letters, then letters and digits.
pub(super) fn is_clerk_id(text: &str) -> bool {
    text.rsplit_once('_').is_some_and(|(prefix, rest)| {
        prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            && !prefix.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// `user_2g7np7Hrk0SN6kj5EDMLDaKNL0S`
#[must_use]
pub fn is_user_id(text: &str) -> bool {
    let own = text.strip_prefix("user_").is_some_and(|rest| !rest.is_empty());
    own && text.len() <= MAX_WORD && is_clerk_id(text)
}

/// A status, a type or an id: no blanks, no `@`, nothing that could be a sentence or an address.
pub(super) fn is_word(text: &str) -> bool {
    text.len() <= MAX_WORD
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{failed, hide_private_metadata, is_clerk_id, synced, unreadable, unsynced};

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn of_an_unsynced_type_only_ids_statuses_and_times_stay() {
        let body = json!({
            "type": "email.created", "object": "event", "timestamp": 1_716_883_200, "instance_id": "ins_1",
            "event_attributes": { "http_request": { "client_ip": "192.0.2.1" } },
            "data": {
                "id": "ema_1", "user_id": "user_1", "status": "queued", "created_at": 5,
                "slug": "verification_code", "to_email_address": "ada@example.com",
                "external_id": "ada@example.com", "ticket_id": "dvb 84613977",
                "body": "84613977 is your code", "data": { "otp_code": "84613977" },
                "public_metadata": { "id": "secret_1" }, "actor": { "id": "secret_1" }, "emails": [{ "id": "idn_1" }],
                "payer": { "user_id": "user_2", "email": "ada@example.com" },
            },
        });
        let kept = json!({
            "type": "email.created", "object": "event", "timestamp": 1_716_883_200, "instance_id": "ins_1",
            "data": {
                "id": "ema_1", "user_id": "user_1", "status": "queued", "created_at": 5,
                "payer": { "user_id": "user_2" },
            },
        });
        assert_eq!(parsed(&unsynced(&body.to_string())), kept);
    }

    #[test]
    fn an_id_of_clerks_is_a_kind_and_letters_and_digits() {
        for id in ["user_2g7np7Hrk0SN6kj5EDMLDaKNL0S", "csub_item_3DPQ0a", "ins_1"] {
            assert!(is_clerk_id(id), "{id}");
        }
        for text in ["", "1", "user", "_1", "Ada_1", "us-er_1", "user_1.2", "ada@x_1", "user_é"] {
            assert!(!is_clerk_id(text), "{text}");
        }
    }

    #[test]
    fn a_status_is_one_word_that_is_not_too_long() {
        let longest = "a".repeat(255);
        for status in ["active", "past-due", "v1.2_x", "", &longest] {
            let body = json!({ "status": status });
            assert_eq!(parsed(&unsynced(&body.to_string())), body, "{status}");
        }
        for text in ["for ada", "ada@example.com", "é", &format!("{longest}a")] {
            let body = json!({ "status": text });
            assert_eq!(parsed(&unsynced(&body.to_string())), json!({}), "{text}");
        }
    }

    #[test]
    fn what_stays_of_an_unsynced_type_stays_without_nul_characters() {
        let body =
            json!({ "type": "a\0.b", "data": { "id": "ema\0_1", "note\0": "x", "status": "\0" } });
        let kept = json!({ "type": "a.b", "data": { "id": "ema_1", "status": "" } });
        assert_eq!(parsed(&unsynced(&body.to_string())), kept);
    }

    #[test]
    fn an_unsynced_body_without_an_object_keeps_nothing_of_it() {
        assert_eq!(
            parsed(&unsynced(r#"{"type":"a.b","data":"84613977"}"#)),
            json!({"type": "a.b"})
        );
    }

    #[test]
    fn of_a_synced_type_codes_nonces_and_credentials_are_cut_and_metadata_is_left() {
        let body = json!({ "data": {
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
            "web3_wallets": [{ "verification": { "nonce": "[redacted]", "message": "[redacted]" } }],
            "email_addresses": [{ "verification": { "nonce": null } }],
            "public_metadata": { "nonce": "mine", "token": "mine" },
            "last_active_token": "[redacted]", "password_digest": "[redacted]",
            "access_token": "[redacted]",
            "password_enabled": true, "totp_enabled": true, "token": null,
            "actor": { "message": "mine" },
        }});
        assert_eq!(parsed(&synced(&body.to_string())), kept);
    }

    #[test]
    fn what_was_not_understood_loses_everything_that_is_named_like_a_secret() {
        let body = json!({ "data": [
            { "otp_code": "1", "session_token": "2", "url": "3", "id": "user_x" },
            { "public_metadata": { "password": "4" }, "private_metadata": { "otp": "5" } },
            { "totp": 2, "password_enabled": false, "password_last_updated_at": 7, "tokens": [3] },
        ]});
        let kept = failed(&body.to_string());
        assert!(!kept.contains(|c: char| matches!(c, '1'..='5')), "{kept}");
        assert_eq!(parsed(&kept)["data"][2]["password_enabled"], false);
        assert_eq!(parsed(&kept)["data"][2]["password_last_updated_at"], 7);
        assert_eq!(parsed(&kept)["data"][0]["id"], "user_x");
    }

    #[test]
    fn of_what_is_not_json_the_length_and_the_hash_stay() {
        let kept = parsed(&unreadable("{\"otp_code\":\"84613977\""));
        assert_eq!(kept["unreadable"]["bytes"], 22);
        assert_eq!(kept["unreadable"]["sha256"].as_str().map(str::len), Some(64));
    }

    #[test]
    fn private_metadata_is_hidden_at_any_depth() {
        let mut value = json!({"data": {"user": [{"private_metadata": {"a": 1}, "id": "user_1"}]}});
        hide_private_metadata(&mut value);
        assert_eq!(value, json!({"data": {"user": [{"id": "user_1"}]}}));
    }
}
