//! Redacts the payloads of events before they are stored.
//!
//! | event | stored part |
//! |---|---|
//! | synced type | everything but secrets |
//! | other type | the allowed part |
//! | synced type, not decodable | everything but the values of names that may be secrets |
//! | synced type, no known user or organization | the allowed part |
//! | invitation that is not applied | the allowed part |
//! | session that embeds another user | everything but secrets, and the allowed part of that user |
//! | not JSON | length and SHA-256 |
//!
//! Secrets are backup codes, nonces, redirects with one-time state, tokens in URLs, and unknown
//! fields with the name of a secret. [`domain::secrets`](crate::domain::secrets) removes them. The
//! allowed part is IDs, statuses and times. Other types can contain one-time codes, invitation
//! links, names and addresses. Data without a known user is not found when the user is deleted.
//!
//! Before the API shows a payload, it also removes `private_metadata` at any depth.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::domain::json::{self, Json};

/// Maximum length of a stored status, type or ID in bytes.
const MAX_WORD: usize = 255;

/// Redacts the user that a field of the data embeds, if that user is not the owner. Returns whether
/// there was such a user. The payload is purged with the owner's data, not with another's.
pub(crate) fn redact_other_user(message: &mut Json<'_>, field: &str, owner: &str) -> bool {
    let user = message.get_mut("data").and_then(|data| data.get_mut(field));
    let Some(user) = user else { return false };
    let is_other = match user.get("id") {
        None | Some(Json::Null) => false,
        Some(id) => id.as_text().is_none_or(|id| id.replace('\0', "") != owner),
    };
    if is_other {
        *user = Json::Owned(allowed(user));
    }
    is_other
}

/// Returns the user whom the allowed part of a body names: as the owner, the member or the payer.
#[must_use]
pub(crate) fn named_user(allowed: &Value) -> Option<String> {
    fn first(value: &Value) -> Option<&str> {
        match value {
            Value::String(text) => is_user_id(text).then_some(text),
            Value::Object(map) => map.values().find_map(first),
            _ => None,
        }
    }
    let data = allowed.get("data")?;
    let own = ["user_id", "id"].iter().filter_map(|key| data.get(key)).find_map(first);
    own.or_else(|| first(data)).map(str::to_owned)
}

/// Returns the organization that the allowed part of a body names: as the object, its owner or the
/// payer.
#[must_use]
pub(crate) fn named_organization(allowed: &Value) -> Option<String> {
    let data = allowed.get("data")?;
    let named = [&data["organization_id"], &data["organization"]["id"], &data["id"]];
    let payer = &data["payer"]["organization_id"];
    let ids = named.into_iter().chain([payer]).filter_map(Value::as_str);
    ids.into_iter().find(|id| id.starts_with("org_")).map(str::to_owned)
}

/// Describes a body that is not JSON.
#[must_use]
pub(crate) fn unreadable(body: &str) -> String {
    let sha256 = hex::encode(Sha256::digest(body));
    serde_json::json!({ "unreadable": { "bytes": body.len(), "sha256": sha256 } }).to_string()
}

/// Removes `private_metadata` from a stored payload, at any depth, before it is shown.
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

/// Returns the part of a body that may be stored of any event: IDs, statuses and times, in objects
/// at any depth.
#[must_use]
pub(crate) fn allowed(json: &Json<'_>) -> Value {
    let Json::Object(entries) = json else {
        return Value::Null;
    };
    let kept = entries.iter().filter_map(|(key, value)| {
        let kept = match value {
            Json::Object(_) => Some(allowed(value)),
            Json::Number(number) if key == "timestamp" || key.ends_with("_at") => {
                Some(number.clone().into())
            }
            Json::Text(text) => {
                // Decoding removes NUL characters too.
                let text = text.replace('\0', "");
                (is_word(&text) && is_id_or_state(key, &text)).then(|| text.into())
            }
            _ => None,
        };
        kept.filter(|kept| kept.as_object().is_none_or(|map| !map.is_empty()))
            .map(|kept| (key.clone().into_owned(), kept))
    });
    Value::Object(kept.collect::<Map<_, _>>())
}

/// Returns the allowed part of a payload, or none if it is not JSON.
#[must_use]
pub(crate) fn allowed_part(payload: &str) -> Option<String> {
    json::parse(payload).ok().map(|json| allowed(&json).to_string())
}

fn is_id_or_state(key: &str, text: &str) -> bool {
    match key {
        "type" | "object" | "status" => true,
        "id" => is_clerk_id(text),
        // Only Clerk's own IDs: others can be names.
        "external_id" | "provider_user_id" => false,
        _ => key.ends_with("_id") && is_clerk_id(text),
    }
}

/// Returns whether a text has the form of Clerk's IDs, such as `user_2g7np7Hrk0SN6kj5EDMLDaKNL0S`:
/// a prefix of lowercase letters, then letters and digits.
pub(crate) fn is_clerk_id(text: &str) -> bool {
    text.rsplit_once('_').is_some_and(|(prefix, rest)| {
        prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            && !prefix.is_empty()
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Returns whether a text has the form of Clerk's user IDs.
#[must_use]
pub fn is_user_id(text: &str) -> bool {
    let has_prefix = text.strip_prefix("user_").is_some_and(|rest| !rest.is_empty());
    has_prefix && text.len() <= MAX_WORD && is_clerk_id(text)
}

/// Returns whether a text can be a status, a type or an ID. Without blanks and `@`, it is neither a
/// sentence nor an address.
pub(crate) fn is_word(text: &str) -> bool {
    text.len() <= MAX_WORD
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{hide_private_metadata, is_clerk_id, unreadable};
    use crate::domain::json;

    fn allowed(body: &Value) -> Value {
        super::allowed(&json::parse(&body.to_string()).unwrap())
    }

    fn parsed(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn only_ids_statuses_and_times_are_allowed() {
        let body = json!({
            "type": "email.created", "object": "event",
            "timestamp": 1_716_883_200, "instance_id": "ins_1",
            "event_attributes": { "http_request": { "client_ip": "192.0.2.1" } },
            "data": {
                "id": "ema_1", "user_id": "user_1", "status": "queued", "created_at": 5,
                "slug": "verification_code", "to_email_address": "ada@example.com",
                "external_id": "ada@example.com", "ticket_id": "dvb 84613977",
                "body": "84613977 is your code", "data": { "otp_code": "84613977" },
                "public_metadata": { "id": "secret_1" }, "actor": { "id": "secret_1" },
                "emails": [{ "id": "idn_1" }],
                "payer": { "user_id": "user_2", "email": "ada@example.com" },
            },
        });
        let kept = json!({
            "type": "email.created", "object": "event",
            "timestamp": 1_716_883_200, "instance_id": "ins_1",
            "data": {
                "id": "ema_1", "user_id": "user_1", "status": "queued", "created_at": 5,
                "payer": { "user_id": "user_2" },
            },
        });
        assert_eq!(allowed(&body), kept);
    }

    #[test]
    fn clerk_id_is_prefix_and_alphanumerics() {
        for id in ["user_2g7np7Hrk0SN6kj5EDMLDaKNL0S", "csub_item_3DPQ0a", "ins_1"] {
            assert!(is_clerk_id(id), "{id}");
        }
        for text in ["", "1", "user", "_1", "Ada_1", "us-er_1", "user_1.2", "ada@x_1", "user_é"] {
            assert!(!is_clerk_id(text), "{text}");
        }
    }

    #[test]
    fn allowed_status_is_one_short_word() {
        let longest = "a".repeat(255);
        for status in ["active", "past-due", "v1.2_x", "", &longest] {
            let body = json!({ "status": status });
            assert_eq!(allowed(&body), body, "{status}");
        }
        for text in ["for ada", "ada@example.com", "é", &format!("{longest}a")] {
            let body = json!({ "status": text });
            assert_eq!(allowed(&body), json!({}), "{text}");
        }
    }

    #[test]
    fn nul_characters_are_removed() {
        let body =
            json!({ "type": "a\0.b", "data": { "id": "ema\0_1", "note\0": "x", "status": "\0" } });
        let kept = json!({ "type": "a.b", "data": { "id": "ema_1", "status": "" } });
        assert_eq!(allowed(&body), kept);
    }

    #[test]
    fn data_other_than_objects_is_removed() {
        assert_eq!(allowed(&json!({ "type": "a.b", "data": "84613977" })), json!({"type": "a.b"}));
    }

    #[test]
    fn unreadable_body_keeps_length_and_hash() {
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
