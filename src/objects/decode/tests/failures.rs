//! Tests of signed bodies that cannot be decoded: the reason contains no value of the body.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Content, LAST, OCCURRED, decode, lists, message, payload, reason, user_of, with};

/// Returns the stored payload of a body that is not JSON, or cannot be read back.
fn unreadable(body: &str) -> Value {
    let sha256 = hex::encode(Sha256::digest(body));
    json!({ "unreadable": { "bytes": body.len(), "sha256": sha256 } })
}

#[test]
fn body_that_is_not_json_is_hashed() {
    for (body, why) in [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("84613977 is your code", "not JSON: trailing characters at line 1 column 10"),
        ("{\"otp_code\":\"84613977\"", "not JSON: EOF while parsing an object at line 1 column 22"),
        ("{\"a\":1}{}", "not JSON: trailing characters at line 1 column 8"),
    ] {
        let event = decode(body);
        assert_eq!(reason(&event), why, "{body}");
        assert_eq!(payload(&event), unreadable(body), "{body}");
        let labels = (event.kind, event.subject, event.object_id, event.instance_id);
        assert_eq!(labels, (None, None, None, None), "{body}");
    }
}

#[test]
fn deep_nesting_hides_nothing() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for depth in [33, 101, 126, 127, 128, 100_000] {
            let nest = open.repeat(depth) + "1" + &close.repeat(depth);
            for field in ["unknown", "public_metadata", "unsafe_metadata", "first_name"] {
                let user = with(lists(), &json!({ "id": "user_1", "banned": true }));
                let body = message("user.updated", &user).to_string();
                let body =
                    body.replacen(r#""banned""#, &format!(r#""{field}":{nest},"banned""#), 1);
                // The message of the tests has a value for this field.
                let body = body.replace(r#","public_metadata":{}"#, "");
                let event = decode(&body);
                assert!(event.payload.as_deref().is_some_and(|it| it.len() < 2_000));
                payload(&event);
                let user = user_of(event);
                assert_eq!(user.data.profile.banned, Some(true), "{field} {depth}");
                let metadata =
                    [&user.data.profile.public_metadata, &user.data.profile.unsafe_metadata];
                let metadata = metadata.into_iter().flatten().filter(|it| **it != json!({}));
                let is_kept = depth <= 100 && field.ends_with("_metadata");
                assert_eq!(metadata.count(), usize::from(is_kept), "{field} {depth}");
            }
        }
        // Unclosed.
        let event = decode(&open.repeat(100_000));
        assert!(reason(&event).starts_with("not JSON: EOF"), "{}", reason(&event));
    }
}

#[test]
fn repeated_required_fields_fail() {
    for (body, why) in [
        (
            r#"{"type":"user.created","data":{"id":"user_1","id":"user_2"}}"#,
            "data.id: expected a string, found the key more than once",
        ),
        (
            r#"{"type":"user.created","type":"user.updated","data":{"id":"user_1"}}"#,
            "type: expected a string, found the key more than once",
        ),
        (
            r#"{"type":"user.created","data":{"id":"user_1"},"data":{"id":"user_1"}}"#,
            "data: expected an object, found the key more than once",
        ),
    ] {
        assert_eq!(reason(&decode(body)), why, "{body}");
    }
}

#[test]
fn id_length_is_in_characters() {
    let of = |count: usize| json!({ "id": "é".repeat(count) });
    let read = |id: &Value| decode(&message("user.updated", id).to_string());
    assert_eq!(user_of(read(&of(255))).id.chars().count(), 255);
    let why = "data.id is longer than 255 characters";
    assert_eq!(reason(&read(&of(255 + 1))), why);
}

#[test]
fn object_with_type_is_required() {
    for (body, why) in [
        ("{}", "type is missing"),
        (r#"{"type":null,"data":{"id":"user_1"}}"#, "type is missing"),
        (r#"{"type":"","data":{"id":"user_1"}}"#, "type is missing"),
        (r#"{"type":7}"#, "type: expected a string, found a number"),
        ("[]", "the body: expected an object, found an array"),
        (
            r#" ["user.deleted",1,null,null,{"id":"user_1"}]"#,
            "the body: expected an object, found an array",
        ),
        (r#""user.deleted""#, "the body: expected an object, found a string"),
        ("7", "the body: expected an object, found a number"),
        ("null", "the body: expected an object, found null"),
    ] {
        assert_eq!(reason(&decode(body)), why, "{body}");
    }
}

#[test]
fn ids_are_required() {
    for (kind, data, why) in [
        ("user.created", json!({}), "data.id is missing"),
        ("user.updated", json!({ "id": "" }), "data.id is missing"),
        ("user.deleted", json!({ "deleted": true, "object": "user" }), "data.id is missing"),
        ("user.deleted", json!({ "id": null }), "data.id is missing"),
        ("user.deleted", json!({ "id": "\0" }), "data.id is missing"),
        ("user.deleted", json!(null), "data is missing"),
        ("session.created", json!({ "user_id": "user_1" }), "data.id is missing"),
        ("session.ended", json!({ "id": "sess_1" }), "data.user_id is missing"),
        ("session.ended", json!({ "id": "sess_1", "user_id": "" }), "data.user_id is missing"),
    ] {
        let body = message(kind, &data);
        assert_eq!(reason(&decode(&body.to_string())), why, "{kind} {data}");
    }
    let without_data = decode(r#"{"type":"user.deleted"}"#);
    assert_eq!(reason(&without_data), "data is missing");
}

#[test]
fn ids_have_at_most_255_characters() {
    let (fits, long) = ("x".repeat(255), "x".repeat(256));
    let ok =
        |body: &Value| assert!(matches!(decode(&body.to_string()).content, Content::Change(_)));
    let fails = |body: &Value, field: &str| {
        let event = decode(&body.to_string());
        assert_eq!(reason(&event), format!("{field} is longer than 255 characters"));
    };
    for (kind, field) in [
        ("user.created", "id"),
        ("user.deleted", "id"),
        ("session.ended", "id"),
        ("session.ended", "user_id"),
    ] {
        let ids = json!({ "id": "x_1", "user_id": "user_1" });
        ok(&message(kind, &with(ids.clone(), &json!({ field: fits }))));
        fails(&message(kind, &with(ids, &json!({ field: long }))), &format!("data.{field}"));
    }
    let deleted = message("user.deleted", &json!({ "id": "user_1" }));
    ok(&with(deleted.clone(), &json!({ "instance_id": long })));
    fails(&with(deleted, &json!({ "type": long })), "type");
}

#[test]
fn ordering_times_after_year_9999_fail() {
    for late in [json!(LAST + 1), json!(i64::MAX), json!(1e30), json!("99999999999999999999")] {
        for (kind, pointer, name) in [
            ("user.created", "/timestamp", "timestamp"),
            ("user.created", "/data/updated_at", "data.updated_at"),
            ("session.ended", "/data/updated_at", "data.updated_at"),
        ] {
            let mut body = message(kind, &complete(kind));
            *body.pointer_mut(pointer).unwrap() = late.clone();
            let event = decode(&body.to_string());
            assert_eq!(reason(&event), format!("{name} is out of range"), "{pointer}");
        }
    }
}

/// Returns data with every field that is decoded.
pub(super) fn complete(kind: &str) -> Value {
    let at = OCCURRED;
    let item = json!({
        "id": "idn_1", "created_at": at, "updated_at": at,
        "email_address": "x", "phone_number": "x",
        "web3_wallet": "x", "name": "x", "object": "google_account", "external_account_id": "eac_1",
        "provider": "x", "provider_user_id": "x", "google_id": "x", "facebook_id": "x",
        "approved_scopes": "x", "username": "x",
        "verification": { "status": "x", "strategy": "x", "attempts": 1, "expire_at": at },
    });
    let user = json!({
        "id": "user_1", "external_id": "x", "username": "x", "first_name": "x", "last_name": "x",
        "primary_email_address_id": "x", "primary_phone_number_id": "x", "image_url": "x",
        "profile_image_url": "x", "banned": true, "locked": true, "password_enabled": true,
        "password_last_updated_at": at, "two_factor_enabled": true,
        "email_addresses": [item], "phone_numbers": [item], "web3_wallets": [item],
        "passkeys": [item], "external_accounts": [item], "enterprise_accounts": [item],
        "saml_accounts": [item], "public_metadata": {}, "last_sign_in_at": at,
        "last_active_at": at, "created_at": at, "updated_at": at,
    });
    match kind.starts_with("user.") {
        true => user,
        false => json!({
            "id": "sess_1", "user_id": "user_1", "client_id": "x", "status": "x",
            "last_active_organization_id": "x", "last_active_at": at, "expire_at": at,
            "abandon_at": at, "created_at": at, "updated_at": at, "user": user,
        }),
    }
}

#[test]
fn reason_names_json_types_without_values() {
    let mail = json!("ada@example.com");
    for (pointer, value, why) in [
        ("/timestamp", &mail, "timestamp: expected a time, found a string"),
        ("/timestamp", &json!([1]), "timestamp: expected a time, found an array"),
        ("/data", &mail, "data: expected an object, found a string"),
        ("/data", &json!(["user_1"]), "data: expected an object, found an array"),
        ("/data/updated_at", &mail, "data.updated_at: expected a time, found a string"),
        ("/data/updated_at", &json!(true), "data.updated_at: expected a time, found a boolean"),
        ("/data/id", &json!(["ada@example.com"]), "data.id: expected a string, found an array"),
        ("/data/id", &json!(7), "data.id: expected a string, found a number"),
        ("/data/id", &json!({}), "data.id: expected a string, found an object"),
    ] {
        let mut body = message("user.created", &complete("user.created"));
        *body.pointer_mut(pointer).unwrap() = value.clone();
        assert_eq!(reason(&decode(&body.to_string())), why, "{value}");
    }
    let mut body = message("session.ended", &complete("session.ended"));
    body["data"]["user_id"] = json!(7);
    let why = "data.user_id: expected a string, found a number";
    assert_eq!(reason(&decode(&body.to_string())), why);
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

#[test]
fn reason_never_contains_a_value() {
    const SECRET: &str = "ada@example.com";
    let mut failed = 0;
    for kind in ["user.created", "user.deleted", "session.created"] {
        let body = message(kind, &complete(kind));
        let mut paths = Vec::new();
        pointers(&body, "", &mut paths);
        for path in paths {
            for wrong in [
                json!(SECRET),
                json!([SECRET]),
                json!({ SECRET: SECRET }),
                json!(55_555.5),
                json!(true),
                json!(u64::MAX),
            ] {
                let mut body = body.clone();
                *body.pointer_mut(&path).unwrap() = wrong.clone();
                let event = decode(&body.to_string());
                if let Content::NotApplied { reason: Some(reason), .. } = event.content {
                    let leaks = [SECRET, "55555", "184467"].iter().any(|it| reason.contains(it));
                    assert!(!leaks, "{path} {wrong}: {reason}");
                    failed += 1;
                }
            }
        }
    }
    assert!(failed > 30, "some of these bodies fail: {failed}");
}

#[test]
fn failed_event_has_its_user_as_subject() {
    let session = json!({ "id": "sess_1", "user_id": "user_1", "updated_at": "soon" });
    let mut broken_envelope =
        message("session.ended", &json!({ "id": "sess_1", "user_id": "user_1" }));
    broken_envelope["timestamp"] = "soon".into();
    for body in [
        message("user.created", &json!({ "id": "user_1", "updated_at": [7] })),
        with(message("user.deleted", &json!({ "id": "user_1" })), &json!({ "timestamp": "soon" })),
        message("session.created", &session),
        broken_envelope,
    ] {
        let event = decode(&body.to_string());
        reason(&event);
        assert_eq!(event.subject.as_deref(), Some("user_1"), "{body}");
        assert_eq!(event.kind.as_deref(), body["type"].as_str());
    }
}

/// A failed event can be reprocessed from its payload, for example after an upgrade.
#[test]
fn repaired_payload_of_failed_event_decodes() {
    for (kind, pointer) in
        [("user.created", "/data/updated_at"), ("session.ended", "/data/updated_at")]
    {
        let complete = message(kind, &complete(kind));
        let mut broken = complete.clone();
        *broken.pointer_mut(pointer).unwrap() = json!("soon");
        let event = decode(&broken.to_string());
        reason(&event);
        let mut repaired = payload(&event);
        *repaired.pointer_mut(pointer).unwrap() = json!(OCCURRED);
        assert_eq!(decode(&repaired.to_string()).content, decode(&complete.to_string()).content);
    }
}

#[test]
fn failed_body_loses_possible_secrets() {
    let data = json!({
        "id": "user_1", "updated_at": "soon", "session_token": "s-1", "private_metadata": { "a": "mine" },
        "phone_numbers": [{ "backup_codes": ["s-3"], "phone_number": "+15550100" }],
    });
    let event = decode(&message("user.created", &data).to_string());
    assert_eq!(reason(&event), "data.updated_at: expected a time, found a string");
    let kept = payload(&event);
    assert_eq!(kept["data"]["phone_numbers"][0]["phone_number"], "+15550100");
    // It is stored for a later version that can decode the event.
    assert_eq!(kept["data"]["private_metadata"]["a"], "mine");
    assert!(!kept.to_string().contains("s-"), "{kept}");
}

/// A body without a known type may be an email with a valid code.
#[test]
fn failed_unsynced_body_keeps_allowed_parts() {
    let data = json!({
        "id": "ada@example.com", "user_id": "user_1", "to_email_address": "ada@example.com",
        "data": { "verification_code": "84613977", "action_url": "https://x/?ticket=84613977" },
    });
    for body in [
        json!({ "type": "email.created", "timestamp": "x", "data": data }),
        json!({ "type": "email.created", "instance_id": 7, "data": data }),
        json!({ "data": data }),
    ] {
        let event = decode(&body.to_string());
        let kept = payload(&event).to_string();
        assert!(!kept.contains("ada@") && !kept.contains("84613977"), "{kept}");
        assert!(kept.contains("user_1"), "{kept}");
        assert_eq!(event.object_id, None);
    }
}

#[test]
fn failed_session_without_owner_has_embedded_subject() {
    let data = json!({ "id": "sess_1", "user": { "id": "user_1", "first_name": "Ada" } });
    let event = decode(&message("session.created", &data).to_string());
    assert_eq!(reason(&event), "data.user_id is missing");
    assert_eq!(event.subject.as_deref(), Some("user_1"));
}
