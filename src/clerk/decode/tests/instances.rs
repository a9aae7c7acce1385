//! Where one Clerk instance is pinned, the events of the others are kept and not taken.

use serde_json::{Value, json};

use super::{Change, Content, Decision, Decoder, LAST, OCCURRED, decode_by, kept, message, reason};

fn pinned() -> Decoder {
    Decoder { pinned_instance: Some("ins_1".into()) }
}

fn from(instance: &Value, kind: &str, data: &Value) -> String {
    let mut body = message(kind, data);
    body["instance_id"] = instance.clone();
    body.to_string()
}

#[test]
fn events_of_the_pinned_instance_are_taken() {
    let body = from(&json!("ins_1"), "user.deleted", &json!({ "id": "user_1" }));
    let gone = Change::UserDeleted { user_id: "user_1".into(), at: OCCURRED };
    assert_eq!(decode_by(&pinned(), &body).content, Content::Change(gone));
}

#[test]
fn events_of_another_instance_or_of_none_are_quarantined_and_found_with_their_user() {
    let user = json!({ "id": "user_1" });
    let session = json!({ "id": "sess_1", "user_id": "user_1" });
    for (instance, why) in [
        (json!("ins_2"), "of the instance ins_2; only ins_1 is taken here"),
        (json!("ins_1x"), "of the instance ins_1x; only ins_1 is taken here"),
        (json!(null), "names no instance; only ins_1 is taken here"),
        (json!(""), "names no instance; only ins_1 is taken here"),
        (json!("ada@example.com"), "names no instance; only ins_1 is taken here"),
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
            let quarantined =
                Content::Aside { decision: Decision::Quarantined, reason: Some(why.to_owned()) };
            assert_eq!(event.content, quarantined, "{kind}");
            assert_eq!(event.subject.as_deref(), Some("user_1"), "{kind}");
            assert_eq!(event.payload.as_deref(), Some(&*body), "{kind}");
        }
    }
}

/// What is kept of it is all of the second one's: it goes with them.
#[test]
fn of_two_ids_the_last_one_finds_a_strangers_event() {
    let body =
        r#"{"type":"user.created","instance_id":"ins_2","data":{"id":"user_1","id":"user_2"}}"#;
    for decoder in [pinned(), Decoder::default()] {
        let event = decode_by(&decoder, body);
        assert!(matches!(event.content, Content::Aside { .. }), "{:?}", event.content);
        assert_eq!(event.subject.as_deref(), Some("user_2"), "{:?}", event.content);
    }
}

/// Quarantine looks at the envelope alone: another instance's data is none of our business.
#[test]
fn of_a_session_of_nobody_only_what_is_plainly_an_id_stays() {
    for (id, stays) in [("sess_2kYxlJgqQWvUD4MNcBKqhUN3Zvq", true), ("ada@example.com", false)] {
        let body = from(&json!("ins_2"), "session.removed", &json!({ "id": id }));
        let event = decode_by(&pinned(), &body);
        assert_eq!((event.subject.as_deref(), event.object_id.is_some()), (None, stays), "{id}");
        assert_eq!(kept(&event)["data"]["id"] == json!(id), stays, "{id}");
    }
}

#[test]
fn a_strangers_event_is_quarantined_before_it_is_understood() {
    let data = json!({ "id": "user_1", "created_at": LAST + 1, "banned": "ada@example.com" });
    let event = decode_by(&pinned(), &from(&json!("ins_2"), "user.created", &data));
    assert!(matches!(event.content, Content::Aside { decision: Decision::Quarantined, .. }));
}

#[test]
fn what_a_stranger_sends_is_redacted_like_our_own() {
    let otp = json!({ "id": "ema_1", "body": "84613977 is your code" });
    let event = decode_by(&pinned(), &from(&json!("ins_2"), "email.created", &otp));
    assert!(matches!(event.content, Content::Aside { decision: Decision::Quarantined, .. }));
    assert_eq!(kept(&event)["data"], json!({ "id": "ema_1" }));

    let codes = json!({ "id": "user_1", "phone_numbers": [{ "backup_codes": ["bkup-1"] }] });
    let event = decode_by(&pinned(), &from(&json!("ins_2"), "user.updated", &codes));
    assert_eq!(kept(&event)["data"]["phone_numbers"][0]["backup_codes"], "[redacted]");
}

#[test]
fn what_cannot_be_read_fails_whoever_sent_it() {
    assert_eq!(
        reason(&decode_by(&pinned(), "{}")),
        "type is missing",
        "an envelope without a type names no instance either"
    );
}
