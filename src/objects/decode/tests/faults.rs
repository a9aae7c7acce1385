//! Tests of optional fields whose values have another JSON type than Clerk documents. None of them
//! makes an event fail.

use serde_json::{Value, json};

use super::{
    Content, LAST, OCCURRED, decode, deletion, failures::complete, message, payload, session, user,
    user_of, with,
};
use crate::objects::user::Profile;

/// Returns the names of the fields that were counted.
fn faults(fields: &Value) -> Vec<&'static str> {
    let data = with(json!({ "id": "user_1" }), fields);
    decode(&message("user.updated", &data).to_string()).field_faults
}

#[test]
fn optional_times_are_rounded_or_null() {
    let at = OCCURRED / 1000 * 1000;
    for (value, expected) in [
        (json!(at), Some(at)),
        (json!(at / 1000), Some(at)),
        (json!("2026-08-12T09:30:00Z"), Some(at)),
        (json!(at.to_string()), Some(at)),
        (json!(1_786_527_000.5), Some(at + 500)),
        (json!("1.786527e12"), Some(at)),
        (json!("soon"), None),
        (json!([at]), None),
        (json!(true), None),
        (json!(LAST + 1), None),
    ] {
        let (state, _) = session("session.created", &json!({ "expire_at": value }));
        assert_eq!(state.data.details.expires_at, expected, "{value}");
        let fields = json!({ "created_at": value, "last_active_at": value });
        let profile = user(&fields).data.profile;
        assert_eq!((profile.created_at, profile.last_active_at), (expected, expected), "{value}");
        let counted: &[&str] = match value.is_i64() && expected.is_some() {
            true => &[],
            false => &["last_active_at", "created_at"],
        };
        assert_eq!(faults(&fields), counted, "{value}");
    }
}

/// The times that order states may have every form, too.
#[test]
fn ordering_times_are_rounded() {
    for updated_at in [json!(1_786_527_000.25), json!("2026-08-12T09:30:00.250Z")] {
        let user = user(&json!({ "updated_at": updated_at }));
        assert_eq!(user.version.updated_at, 1_786_527_000_250);
        assert_eq!(user.data.profile.updated_at, Some(1_786_527_000_250));
    }
    let mut body = message("user.deleted", &json!({ "id": "user_1" }));
    body["timestamp"] = json!("2026-08-12T09:30:00Z");
    let event = decode(&body.to_string());
    assert_eq!(event.field_faults, ["timestamp"]);
    let deletion = deletion("user_1", 1_786_527_000_000);
    assert_eq!(event.content, Content::Change(deletion));
}

#[test]
fn clear_values_are_converted() {
    let fields = json!({
        "locked": "false", "banned": "TRUE", "two_factor_enabled": 1, "password_enabled": 0,
        "username": 1234, "external_id": 7.5,
        "external_accounts": [{
            "id": "eac_1", "provider": "oauth_x", "provider_user_id": 123,
            "approved_scopes": ["read:user", "repo"], "verification": "verified",
        }],
        "email_addresses": [{ "id": "idn_1", "email_address": "a@example.com",
            "verification": { "status": "verified", "attempts": "3" } }],
    });
    let read = user(&fields);
    let Profile { locked, banned, two_factor_enabled, password_enabled, .. } = read.data.profile;
    let flags = [locked, banned, two_factor_enabled, password_enabled];
    assert_eq!(flags, [Some(false), Some(true), Some(true), Some(false)]);
    assert_eq!(read.data.profile.username.as_deref(), Some("1234"));
    assert_eq!(read.data.profile.external_id.as_deref(), Some("7.5"));
    let account = &read.data.accounts["eac_1"];
    assert_eq!(account.account_id.as_deref(), Some("123"));
    assert_eq!(account.scope.as_deref(), Some("read:user repo"));
    assert_eq!(account.status.as_deref(), Some("verified"));
    assert_eq!(read.data.verifications["eac_1"].status.as_deref(), Some("verified"));
    assert_eq!(read.data.verifications["idn_1"].attempts, Some(3));
    let mut counted = faults(&fields);
    counted.sort_unstable();
    let expected = [
        "approved_scopes",
        "attempts",
        "banned",
        "external_id",
        "locked",
        "password_enabled",
        "provider_user_id",
        "two_factor_enabled",
        "username",
        "verification",
    ];
    assert_eq!(counted, expected);
}

#[test]
fn field_is_counted_once_per_event() {
    let item = json!({ "id": "idn_1", "created_at": "soon" });
    let fields = json!({ "email_addresses": [7, item, item, 7], "created_at": "soon" });
    assert_eq!(faults(&fields), ["email_addresses", "created_at"]);
}

#[test]
fn malformed_values_are_null_alone() {
    let body = message("user.updated", &json!({ "id": "user_1", "banned": true })).to_string();
    for (field, bad) in [
        ("first_name", r#""\ud800""#),
        ("username", "1e999"),
        ("locked", "[-1e999999999]"),
        ("unsafe_metadata", r#"{"\udfff":1}"#),
        ("private_metadata", r#"{"n":1e400}"#),
    ] {
        let event = decode(&body.replace(r#""banned""#, &format!(r#""{field}":{bad},"banned""#)));
        assert_eq!(event.field_faults, [field]);
        payload(&event);
        let profile = user_of(event).data.profile;
        assert_eq!(profile, Profile { banned: Some(true), ..Profile::default() }, "{field}");
    }
}

/// Collects the JSON pointers of all values of a message.
fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
    into.push(at.to_owned());
    let mut each = |key: &str, value: &Value| pointers(value, &format!("{at}/{key}"), into);
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| each(key, value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| each(&at.to_string(), value));
        }
        _ => {}
    }
}

/// The only values that make an event fail are the type, the IDs, and what orders states.
#[test]
fn only_required_values_make_events_fail() {
    for (kind, required) in [
        ("user.created", &["/data", "/data/id", "/data/updated_at", "/timestamp", "/type"][..]),
        (
            "session.created",
            &["/data", "/data/id", "/data/updated_at", "/data/user_id", "/timestamp", "/type"],
        ),
        ("user.deleted", &["/data", "/data/id", "/timestamp", "/type"]),
    ] {
        let mut body = message(kind, &complete(kind));
        if kind == "user.deleted" {
            body["data"] = json!({ "id": "user_1", "deleted": true, "external_id": "x" });
        }
        let mut paths = Vec::new();
        pointers(&body, "", &mut paths);
        for path in paths.into_iter().skip(1) {
            for wrong in [json!("~"), json!(["~"]), json!({ "~": 1 }), json!(0.5), json!(true)] {
                let mut body = body.clone();
                *body.pointer_mut(&path).unwrap() = wrong.clone();
                let event = decode(&body.to_string());
                let failed = matches!(event.content, Content::NotApplied { .. });
                assert!(!failed || required.contains(&&*path), "{kind} {path} {wrong}");
                let decoded = decode(event.payload.as_deref().unwrap());
                assert!(failed || decoded.content == event.content, "{kind} {path} {wrong}");
            }
        }
    }
}
