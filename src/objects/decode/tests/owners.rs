//! Tests of personal data in payloads: the event has the user as its subject, or stores no such
//! data.

use serde_json::{Value, json};

use super::{Content, Decision, Decoder, decode, decode_by, message, payload, with};

const PERSONAL: [&str; 3] = ["ada@example.com", "Lovelace", "192.0.2.7"];

fn user(id: &str) -> Value {
    json!({
        "id": id, "object": "user", "last_name": "Lovelace", "created_at": 5,
        "external_id": "ada_lovelace",
        "email_addresses": [{ "id": "idn_1", "email_address": "ada@example.com" }],
    })
}

#[test]
fn other_types_have_named_user_as_subject() {
    let subject = |data: Value| decode(&message("thing.done", &data).to_string()).subject;
    for (data, user) in [
        (json!({ "id": "ema_1", "user_id": "user_1" }), Some("user_1")),
        (json!({ "id": "user_1", "payer": { "user_id": "user_2" } }), Some("user_1")),
        (json!({ "id": "user_2", "user_id": "user_1" }), Some("user_1")),
        (json!({ "id": "orgmem_1", "public_user_data": { "user_id": "user_1" } }), Some("user_1")),
        (json!({ "id": "csub_1", "payer": { "user_id": "user_1" } }), Some("user_1")),
        (json!({ "id": "ema_1", "user_id": null }), None),
        (json!({ "id": "ema_1", "user_id": "ada@example.com" }), None),
        (json!({ "id": "ema_1", "user_id": "user_ada@example.com" }), None),
        (json!({ "id": "ema_1", "public_metadata": { "user_id": "user_1" } }), None),
        (json!("user_1"), None),
        (json!([{ "user_id": "user_1" }]), None),
    ] {
        assert_eq!(subject(data.clone()).as_deref(), user, "{data}");
    }
    let untyped = r#"{"data":{"id":"user_1"}}"#;
    assert_eq!(decode(untyped).subject.as_deref(), Some("user_1"), "without a type");
}

#[test]
fn foreign_ids_of_other_types_are_removed() {
    let data = json!({
        "id": "ema_1", "external_id": "ada_lovelace",
        "account": { "provider_user_id": "ada_lovelace" },
    });
    let event = decode(&message("thing.done", &data).to_string());
    assert_eq!(payload(&event)["data"], json!({ "id": "ema_1" }));
}

/// A deletion of the user would not find the payload.
#[test]
fn payload_without_subject_keeps_allowed_parts() {
    let mut without_id = user("");
    without_id["id"] = Value::Null;
    let pinned = Decoder { pinned_instance: Some("ins_2".into()) };
    for (decoder, decision) in
        [(Decoder::default(), Decision::Failed), (pinned, Decision::Quarantined)]
    {
        for (kind, data) in [
            ("user.updated", without_id.clone()),
            ("user.created", with(without_id.clone(), &json!({ "id": "x".repeat(256) }))),
            ("session.created", json!({ "id": "sess_1", "user": without_id })),
            ("user.updated", json!(PERSONAL)),
        ] {
            let event = decode_by(&decoder, &message(kind, &data).to_string());
            let Content::NotApplied { decision: actual, .. } = &event.content else {
                panic!("{event:?}")
            };
            assert_eq!((*actual, &event.subject), (decision, &None), "{kind}");
            let payload = event.payload.unwrap();
            assert!(!PERSONAL.iter().any(|it| payload.contains(it)), "{payload}");
            assert!(payload.contains("\"instance_id\":\"ins_1\""), "{payload}");
        }
    }
}

/// Clerk sends no such event. The payload is purged with the owner, not with the other user.
#[test]
fn session_stores_no_data_of_other_users() {
    let pinned = Decoder { pinned_instance: Some("ins_2".into()) };
    for decoder in [Decoder::default(), pinned] {
        for (status, embedded, is_stored) in [
            (json!("active"), "user_2", false),
            (json!(7), "user_2", false),
            (json!("active"), "user_1", true),
            (json!(7), "user_1", true),
        ] {
            let session = json!({
                "id": "sess_1", "user_id": "user_1", "status": status, "user": user(embedded),
            });
            let event = decode_by(&decoder, &message("session.created", &session).to_string());
            assert_eq!(event.subject.as_deref(), Some("user_1"));
            let payload = payload(&event);
            let rest = json!({ "id": "user_2", "object": "user", "created_at": 5 });
            let expected = if is_stored { user("user_1") } else { rest };
            assert_eq!(payload["data"]["user"], expected, "{status} {embedded}");
            assert_eq!(payload["data"]["status"], status);
        }
    }
}
