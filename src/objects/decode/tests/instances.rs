//! Tests of a pinned instance: events of other instances are stored but not applied.

use serde_json::{Value, json};

use super::{
    Content, Decision, Decoder, LAST, OCCURRED, decode_by, deletion, message, payload, reason,
};

fn pinned() -> Decoder {
    Decoder { pinned_instance: Some("ins_1".into()) }
}

fn from(instance: &Value, kind: &str, data: &Value) -> String {
    let mut body = message(kind, data);
    body["instance_id"] = instance.clone();
    body.to_string()
}

#[test]
fn events_of_pinned_instance_are_applied() {
    let body = from(&json!("ins_1"), "user.deleted", &json!({ "id": "user_1" }));
    let deletion = deletion("user_1", OCCURRED);
    assert_eq!(decode_by(&pinned(), &body).content, Content::Change(deletion));
}

#[test]
fn events_of_other_instances_are_quarantined() {
    let user = json!({ "id": "user_1" });
    let session = json!({ "id": "sess_1", "user_id": "user_1" });
    for (instance, why) in [
        (json!("ins_2"), "from instance ins_2; only ins_1 is accepted"),
        (json!("ins_1x"), "from instance ins_1x; only ins_1 is accepted"),
        (json!(null), "names no instance; only ins_1 is accepted"),
        (json!(""), "names no instance; only ins_1 is accepted"),
        (json!("ada@example.com"), "names no instance; only ins_1 is accepted"),
    ] {
        for (kind, data) in [
            ("user.created", &user),
            ("user.updated", &user),
            ("user.deleted", &user),
            ("session.created", &session),
            ("session.revoked", &session),
        ] {
            let body = from(&instance, kind, data);
            let event = decode_by(&pinned(), &body);
            let quarantined = Content::NotApplied {
                decision: Decision::Quarantined,
                reason: Some(why.to_owned()),
            };
            assert_eq!(event.content, quarantined, "{kind}");
            assert_eq!(event.subject.as_deref(), Some("user_1"), "{kind}");
            assert_eq!(event.payload.as_deref(), Some(&*body), "{kind}");
        }
    }
}

/// Only the allowed part of an event whose user is unclear is stored.
#[test]
fn repeated_id_is_no_subject() {
    let body = r#"{"type":"user.created","instance_id":"ins_2",
            "data":{"id":"user_1","id":"user_2","first_name":"Ada"}}"#;
    for decoder in [pinned(), Decoder::default()] {
        let event = decode_by(&decoder, body);
        assert!(matches!(event.content, Content::NotApplied { .. }), "{:?}", event.content);
        assert_eq!(event.subject, None);
        assert!(!payload(&event).to_string().contains("Ada"), "{}", payload(&event));
    }
}

#[test]
fn quarantined_session_without_user_keeps_clerk_ids() {
    for (id, is_stored) in [("sess_2kYxlJgqQWvUD4MNcBKqhUN3Zvq", true), ("ada@example.com", false)]
    {
        let body = from(&json!("ins_2"), "session.removed", &json!({ "id": id }));
        let event = decode_by(&pinned(), &body);
        assert_eq!(
            (event.subject.as_deref(), event.object_id.is_some()),
            (None, is_stored),
            "{id}"
        );
        assert_eq!(payload(&event)["data"]["id"] == json!(id), is_stored, "{id}");
    }
}

#[test]
fn quarantine_does_not_decode_data() {
    let data = json!({ "id": "user_1", "created_at": LAST + 1, "banned": "ada@example.com" });
    let event = decode_by(&pinned(), &from(&json!("ins_2"), "user.created", &data));
    assert!(matches!(event.content, Content::NotApplied { decision: Decision::Quarantined, .. }));
}

#[test]
fn quarantined_events_are_redacted() {
    let otp = json!({ "id": "ema_1", "body": "84613977 is your code" });
    let event = decode_by(&pinned(), &from(&json!("ins_2"), "email.created", &otp));
    assert!(matches!(event.content, Content::NotApplied { decision: Decision::Quarantined, .. }));
    assert_eq!(payload(&event)["data"], json!({ "id": "ema_1" }));

    let codes = json!({ "id": "user_1", "phone_numbers": [{ "backup_codes": ["bkup-1"] }] });
    let event = decode_by(&pinned(), &from(&json!("ins_2"), "user.updated", &codes));
    assert_eq!(payload(&event)["data"]["phone_numbers"][0]["backup_codes"], "[redacted]");
}

#[test]
fn undecodable_envelope_fails_despite_pinned_instance() {
    assert_eq!(
        reason(&decode_by(&pinned(), "{}")),
        "type is missing",
        "the type is checked before the instance"
    );
}
