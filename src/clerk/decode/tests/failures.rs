//! Tests of signed bodies that cannot be decoded: the reason contains no value of the body.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Content, LAST, OCCURRED, decode, message, payload, reason, user_of, with};

/// Returns the stored payload of a body that is not JSON, or cannot be read back.
fn unreadable(body: &str) -> Value {
    let sha256 = hex::encode(Sha256::digest(body));
    json!({ "unreadable": { "bytes": body.len(), "sha256": sha256 } })
}

#[test]
fn body_that_is_not_json_is_hashed() {
    let surrogate = r#"{"type":"user.created","data":{"id":"user_1","first_name":"\ud800"}}"#;
    let infinite = r#"{"type":"user.created","data":{"id":"user_1","updated_at":1e999}}"#;
    for (body, why) in [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("84613977 is your code", "not JSON: trailing characters at line 1 column 10"),
        ("{\"otp_code\":\"84613977\"", "not JSON: EOF while parsing an object at line 1 column 22"),
        ("{\"a\":1}{}", "not JSON: trailing characters at line 1 column 8"),
        (surrogate, "not JSON: unexpected end of hex escape at line 1 column 66"),
        (infinite, "not JSON: number out of range at line 1 column 63"),
    ] {
        let event = decode(body);
        assert_eq!(reason(&event), why, "{body}");
        assert_eq!(payload(&event), unreadable(body), "{body}");
        let labels = (event.kind, event.subject, event.object_id, event.instance_id);
        assert_eq!(labels, (None, None, None, None), "{body}");
    }
}

#[test]
fn deep_nesting_does_not_overflow_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nest = open.repeat(100_000) + "1" + &close.repeat(100_000);
        for body in [
            nest.clone(),
            format!(r#"{{"type":"user.created","data":{{"id":"user_1","unknown":{nest}}}}}"#),
            format!(
                r#"{{"type":"user.created","data":{{"id":"user_1","public_metadata":{nest}}}}}"#
            ),
            format!(r#"{{"type":"email.created","data":{nest}}}"#),
            // Unclosed.
            open.repeat(100_000),
        ] {
            let event = decode(&body);
            let why = reason(&event);
            assert!(why.starts_with("not JSON: recursion limit exceeded"), "{why}");
            assert_eq!(payload(&event), unreadable(&body));
        }
    }
}

#[test]
fn duplicate_fields_fail() {
    for (body, why) in [
        (
            r#"{"type":"user.created","data":{"id":"user_1","id":"user_2"}}"#,
            "data: expected each field once",
        ),
        (
            r#"{"type":"user.created","type":"user.updated","data":{"id":"user_1"}}"#,
            "the body: expected each field once",
        ),
    ] {
        assert_eq!(reason(&decode(body)), why, "{body}");
    }
}

#[test]
fn reason_names_expected_object() {
    let data = json!({ "id": "user_1", "email_addresses": [7] });
    let event = decode(&message("user.updated", &data).to_string());
    assert_eq!(reason(&event), "data.email_addresses[0]: expected an object");
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
        (r#"{"type":7}"#, "type: expected a string"),
        ("[]", "the body: expected an object"),
        (r#" ["user.deleted",1,null,null,{"id":"user_1"}]"#, "the body: expected an object"),
        (r#""user.deleted""#, "the body: expected an object"),
        ("7", "the body: expected an object"),
        ("null", "the body: expected an object"),
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
    for (list, name) in
        [("email_addresses", "identification id"), ("external_accounts", "account id")]
    {
        ok(&message("user.created", &json!({ "id": "user_1", list: [{ "id": fits }] })));
        fails(&message("user.created", &json!({ "id": "user_1", list: [{ "id": long }] })), name);
    }
    let user = json!({ "id": "sess_1", "user_id": "user_1", "user": { "id": long } });
    fails(&message("session.created", &user), "data.user.id");
    let deleted = message("user.deleted", &json!({ "id": "user_1" }));
    fails(&with(deleted.clone(), &json!({ "instance_id": long })), "instance_id");
    fails(&with(deleted, &json!({ "type": long })), "type");
}

#[test]
fn times_after_year_9999_fail() {
    for late in [LAST + 1, i64::MAX] {
        for (kind, pointer, name) in [
            ("user.created", "/timestamp", "timestamp"),
            ("user.created", "/data/updated_at", "updated_at"),
            ("user.created", "/data/created_at", "created_at"),
            ("user.created", "/data/last_sign_in_at", "last_sign_in_at"),
            ("user.created", "/data/last_active_at", "last_active_at"),
            ("user.created", "/data/email_addresses/0/created_at", "created_at"),
            (
                "user.created",
                "/data/email_addresses/0/verification/expire_at",
                "verification expire_at",
            ),
            ("user.created", "/data/external_accounts/0/updated_at", "account updated_at"),
            ("session.ended", "/data/expire_at", "expire_at"),
            ("session.ended", "/data/abandon_at", "abandon_at"),
            ("session.ended", "/data/user/updated_at", "user.updated_at"),
        ] {
            let mut body = message(kind, &complete(kind));
            *body.pointer_mut(pointer).unwrap() = late.into();
            let event = decode(&body.to_string());
            assert_eq!(reason(&event), format!("{name} is out of range"), "{pointer}");
        }
    }
}

/// Returns data with every field that is decoded.
fn complete(kind: &str) -> Value {
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
fn reason_names_path_without_value() {
    let mail = json!("ada@example.com");
    for (pointer, value, why) in [
        ("/timestamp", &mail, "timestamp: expected i64"),
        ("/instance_id", &json!(7), "instance_id: expected a string"),
        ("/data", &mail, "data: expected an object"),
        ("/data", &json!(["user_1"]), "data: expected an object"),
        ("/data/updated_at", &mail, "data.updated_at: expected i64"),
        ("/data/banned", &mail, "data.banned: expected a boolean"),
        ("/data/id", &json!(["ada@example.com"]), "data.id: expected a string"),
        (
            "/data/first_name",
            &json!({ "ada@example.com": 1 }),
            "data.first_name: expected a string",
        ),
        ("/data/email_addresses", &mail, "data.email_addresses: expected a sequence"),
        ("/data/email_addresses/0/id", &json!(3), "data.email_addresses[0].id: expected a string"),
        (
            "/data/email_addresses/0/verification/attempts",
            &mail,
            "data.email_addresses[0].verification.attempts: expected i64",
        ),
        // A value that looks like the end of an error message.
        (
            "/data/updated_at",
            &json!("x, expected ada@example.com at line 1 column 1"),
            "data.updated_at: expected i64",
        ),
    ] {
        let mut body = message("user.created", &complete("user.created"));
        *body.pointer_mut(pointer).unwrap() = value.clone();
        assert_eq!(reason(&decode(&body.to_string())), why, "{value}");
    }
    let mut body = message("session.ended", &complete("session.ended"));
    body["event_attributes"]["http_request"]["client_ip"] = json!(["ada@example.com"]);
    let why = "event_attributes.http_request.client_ip: expected a string";
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
    assert!(failed > 500, "most of these bodies fail: {failed}");
}

#[test]
fn oversized_numbers_fail_in_decoded_fields() {
    let body = |field: &str, number: &str| {
        format!(r#"{{"type":"user.created","data":{{"id":"user_1","{field}":{number}}}}}"#)
    };
    for number in ["9223372036854775808", "18446744073709551616", "1e30", "-1e30", "1.5"] {
        let event = decode(&body("updated_at", number));
        assert_eq!(reason(&event), "data.updated_at: expected i64", "{number}");
        for unread in ["unknown", "public_metadata"] {
            user_of(decode(&body(unread, number)));
        }
    }
}

#[test]
fn failed_event_has_its_user_as_subject() {
    let session = json!({ "id": "sess_1", "user_id": "user_1", "updated_at": "soon" });
    let mut broken_envelope =
        message("session.ended", &json!({ "id": "sess_1", "user_id": "user_1" }));
    broken_envelope["timestamp"] = "soon".into();
    for body in [
        message("user.created", &json!({ "id": "user_1", "banned": 7 })),
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
        [("user.created", "/data/banned"), ("session.ended", "/data/user/banned")]
    {
        let complete = message(kind, &complete(kind));
        let mut broken = complete.clone();
        *broken.pointer_mut(pointer).unwrap() = json!(7);
        let event = decode(&broken.to_string());
        reason(&event);
        let mut repaired = payload(&event);
        *repaired.pointer_mut(pointer).unwrap() = json!(true);
        assert_eq!(decode(&repaired.to_string()).content, decode(&complete.to_string()).content);
    }
}

#[test]
fn failed_body_loses_possible_secrets() {
    let data = json!({
        "id": "user_1", "banned": 7, "session_token": "s-1", "private_metadata": { "a": "mine" },
        "phone_numbers": [{ "backup_codes": ["s-3"], "phone_number": "+15550100" }],
    });
    let event = decode(&message("user.created", &data).to_string());
    assert_eq!(reason(&event), "data.banned: expected a boolean");
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
