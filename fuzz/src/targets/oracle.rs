//! Test oracle: requirements for a decoded event, checked by code that is independent of the
//! service.

use std::borrow::Cow;

use meetvo::{
    domain::{decision::Decision, version::Version},
    objects::{
        AnyState, Kind,
        columns::ColumnValue,
        event::{Change, Content, Deletion, Event},
        session::Session,
        user::User,
    },
};
use serde_json::Value;

/// The last millisecond of the year 9999.
const LAST_INSTANT: i64 = 253_402_300_799_999;

/// Keys of JSON that belongs to the customer.
const CUSTOMER_JSON: [&str; 4] =
    ["public_metadata", "private_metadata", "unsafe_metadata", "actor"];
/// Keys whose values are secrets everywhere outside the customer's JSON. Most of them are not
/// Clerk's today.
const SECRET_KEYS: [&str; 12] = [
    "backup_codes",
    "nonce",
    "message",
    "external_verification_redirect_url",
    "otp_code",
    "ticket",
    "magic_link",
    "totp_uri",
    "backupCodes",
    "accessToken",
    "secret_key",
    "password_hash",
];

/// Returns whether Clerk's events of a type are synced.
fn is_synced(event_type: &str) -> bool {
    let types = Kind::ALL.into_iter().flat_map(|kind| kind.object_type().events);
    types.into_iter().any(|(name, _)| *name == event_type)
}

/// Asserts that both databases can store an event, and that it contains nothing that must not be
/// stored.
pub fn assert_storable(event: &Event, body: &str) {
    for id in
        [&event.kind, &event.subject, &event.organization_id, &event.object_id, &event.instance_id]
            .into_iter()
            .flatten()
    {
        assert_id(id);
    }
    assert_instant(event.occurred_at);
    let payload = event.payload.as_deref().expect("every event has a payload");
    assert!(payload.len() <= body.len().max(200) * 6, "{} from {}", payload.len(), body.len());
    let payload_json: Value = serde_json::from_str(payload).expect("a stored payload is JSON");
    let is_synced = event.kind.as_deref().is_some_and(is_synced);
    match &event.content {
        Content::Change(change) => {
            assert!(is_synced, "{:?}", event.kind);
            assert_eq!(event.subject.as_deref(), change.user_id());
            assert_eq!(event.organization_id.as_deref(), change.organization_id());
            assert_eq!(event.object_id.as_deref(), Some(change.object_id()));
            assert_change_is_storable(change);
            assert_no_ticket(&payload_json);
            assert_no_secret(&payload_json, &mut |key| SECRET_KEYS.contains(&key), true);
        }
        Content::NotApplied { decision, reason } => {
            if let Some(reason) = reason {
                assert!(!reason.contains('\0') && reason.len() < 2_000, "{reason:?}");
            }
            match (decision, is_synced) {
                (Decision::Quarantined, true) => {
                    assert_no_secret(&payload_json, &mut |key| SECRET_KEYS.contains(&key), true);
                }
                (Decision::Failed, true) => {
                    assert_no_secret(&payload_json, &mut is_secret_key, false);
                }
                (Decision::Failed, false) if payload_json.get("unreadable").is_some() => {
                    assert!(event.kind.is_none() && payload.len() < 200, "{payload}");
                }
                (Decision::Ignored | Decision::Quarantined | Decision::Failed, false) => {
                    assert_only_ids(&payload_json, "");
                }
                _ => panic!("{decision} of {:?}", event.kind),
            }
        }
    }
}

fn is_secret_key(key: &str) -> bool {
    let parts = ["otp", "password", "secret", "ticket", "token", "magic_link"];
    SECRET_KEYS.contains(&key)
        || ["body", "body_plain", "subject", "code", "url"].contains(&key)
        || key.ends_with("_code")
        || parts.iter().any(|part| key.contains(part))
}

/// Asserts that no string outside the customer's JSON has a ticket in a URL.
fn assert_no_ticket(payload_json: &Value) {
    match payload_json {
        Value::Object(map) => {
            let clerks = map.iter().filter(|(key, _)| !CUSTOMER_JSON.contains(&&***key));
            clerks.for_each(|(_, value)| assert_no_ticket(value));
        }
        Value::Array(items) => items.iter().for_each(assert_no_ticket),
        Value::String(text) => {
            for after in text.split("?__clerk_ticket=").skip(1) {
                let ends = |it: char| it.is_whitespace() || "?&#;\"'<>".contains(it);
                let value = after.split(ends).next().unwrap_or_default();
                assert!(value.is_empty() || value == "[redacted]", "{text}");
            }
        }
        _ => {}
    }
}

/// Asserts that secrets have harmless values: null, a boolean, the redaction mark, or a time.
fn assert_no_secret(
    payload_json: &Value,
    is_secret: &mut dyn FnMut(&str) -> bool,
    skip_metadata: bool,
) {
    match payload_json {
        Value::Object(map) => {
            for (key, value) in map {
                if is_secret(key) {
                    let is_harmless = value.is_null()
                        || value.is_boolean()
                        || value == "[redacted]"
                        || (value.is_number() && key.ends_with("_at"));
                    assert!(is_harmless, "{key}: {value}");
                } else if !(skip_metadata && CUSTOMER_JSON.contains(&&**key)) {
                    assert_no_secret(value, is_secret, skip_metadata);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                assert_no_secret(item, is_secret, skip_metadata);
            }
        }
        _ => {}
    }
}

/// Asserts that a payload contains nothing but Clerk's IDs, statuses, types and times.
fn assert_only_ids(payload_json: &Value, key: &str) {
    match payload_json {
        Value::Object(map) => {
            assert!(!CUSTOMER_JSON.contains(&key), "{key}");
            map.iter().for_each(|(key, value)| assert_only_ids(value, key));
        }
        Value::Number(_) => {
            assert!(key == "timestamp" || key.ends_with("_at"), "{key}: {payload_json}");
        }
        Value::String(text) => {
            let is_word = text.chars().all(|it| it.is_ascii_alphanumeric() || "_.-".contains(it));
            assert!(is_word && text.len() <= 255, "{key}: {payload_json}");
            let is_id_key = key == "id" || key.ends_with("_id");
            assert!(
                is_id_key || ["type", "object", "status"].contains(&key),
                "{key}: {payload_json}"
            );
            assert!(!is_id_key || text.contains('_'), "{key}: {payload_json}");
        }
        // A body that is not an object leaves null.
        Value::Null => assert_eq!(key, ""),
        Value::Bool(_) | Value::Array(_) => panic!("{key}: {payload_json}"),
    }
}

fn assert_change_is_storable(change: &Change) {
    match change {
        Change::Deletion(Deletion { id, at, .. }) => {
            assert_id(id);
            assert_instant(Some(*at).filter(|at| *at != 0));
        }
        Change::State { state, embedded } => {
            assert_state(state);
            for embedded in embedded {
                // An item has the owner of its subscription.
                let object = (embedded.kind(), embedded.id());
                let is_owner = state.owners().any(|it| it == object);
                assert!(is_owner || embedded.owners().eq(state.owners()), "{embedded:?}");
                assert_state(embedded);
            }
        }
    }
}

fn assert_state(state: &AnyState) {
    assert_id(state.id());
    assert_version(state.version());
    for (_, owner) in state.owners() {
        assert_id(owner);
    }
    match state {
        AnyState::User(user) => assert_user(user),
        AnyState::Session(session) => assert_session(session),
        _ => {}
    }
    let columns = state.kind().object_type().table.columns;
    for (column, value) in columns.iter().zip(state.values()) {
        match value {
            ColumnValue::Text(text) => assert_text(text.map(Cow::into_owned).as_ref()),
            ColumnValue::Integer(time) if column.name.ends_with("_at") => {
                let is_version =
                    state.kind() == Kind::Session && column.name.starts_with("sign_in");
                assert_instant(time.filter(|_| !is_version));
            }
            ColumnValue::Json(json) => assert_json(json.as_deref()),
            ColumnValue::Integer(_) | ColumnValue::Flag(_) => {}
        }
    }
}

fn assert_session(session: &Session) {
    let details = &session.data.details;
    assert!(!details.status.is_empty());
    if let Some(sign_in) = &session.data.sign_in {
        let version = session.version.clone().with_final_status(false);
        assert_eq!(sign_in.version, version);
    }
}

fn assert_user(user: &User) {
    let it = &user.data.profile;
    for text in [&it.external_id, &it.username, &it.email].into_iter().flatten() {
        assert!(text.chars().count() <= 512, "{text}");
    }
    assert!(it.email_verified.is_none() || it.email.is_some(), "{it:?}");
    for (id, account) in &user.data.accounts {
        assert_eq!(*id, account.id);
        assert_id(id);
        [&account.provider_id, &account.account_id, &account.email, &account.username]
            .into_iter()
            .chain([&account.scope, &account.status])
            .for_each(|text| assert_text(text.as_ref()));
        [account.created_at, account.updated_at].into_iter().for_each(assert_instant);
    }
    for (id, verification) in &user.data.verifications {
        assert_eq!(*id, verification.id);
        assert_id(id);
        for text in [&verification.identifier, &verification.status, &verification.strategy] {
            assert_text(text.as_ref());
        }
        [verification.expires_at, verification.created_at, verification.updated_at]
            .into_iter()
            .for_each(assert_instant);
    }
}

fn assert_version(version: &Version) {
    assert!((0..=LAST_INSTANT).contains(&version.updated_at), "{version:?}");
    assert!((0..=LAST_INSTANT).contains(&version.occurred_at), "{version:?}");
}

fn assert_id(id: &str) {
    assert_text(Some(&id.to_owned()));
    assert!(id.chars().count() <= 255, "{id}");
}

fn assert_text(text: Option<&String>) {
    if let Some(text) = text {
        assert!(!text.is_empty() && !text.contains('\0'), "{text:?}");
    }
}

fn assert_instant(time: Option<i64>) {
    if let Some(time) = time {
        assert!((100_000_000_000..=LAST_INSTANT).contains(&time) || time % 1000 == 0, "{time}");
        assert!((1..=LAST_INSTANT).contains(&time), "{time}");
    }
}

/// Asserts that JSON has no NUL character, and no number that the two databases return differently.
fn assert_json(json: Option<&Value>) {
    match json {
        Some(Value::String(text)) => assert!(!text.contains('\0')),
        Some(Value::Array(items)) => items.iter().for_each(|item| assert_json(Some(item))),
        Some(Value::Object(map)) => map.iter().for_each(|(key, value)| {
            assert!(!key.contains('\0'));
            assert_json(Some(value));
        }),
        Some(Value::Number(number)) if number.is_f64() => {
            let float = number.as_f64().expect("the number is a float");
            assert!(float.fract() != 0.0 || float.abs() >= 9.2e18, "{number}");
        }
        _ => {}
    }
}
