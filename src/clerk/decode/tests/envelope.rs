//! The outside of a message: what may be missing, and what its parts are for.

use serde_json::{Value, json};

use super::{
    ATTEMPTED, Change, Content, Decision, OCCURRED, decode, kept, message, reason, session_of,
    user_of,
};
use crate::domain::version::Version;

#[test]
fn the_labels_of_a_whole_envelope() {
    let event = decode(&message("user.created", &json!({ "id": "user_1" })).to_string());
    assert_eq!(event.kind.as_deref(), Some("user.created"));
    assert_eq!(event.subject.as_deref(), Some("user_1"));
    assert_eq!(event.object_id.as_deref(), Some("user_1"));
    assert_eq!(event.instance_id.as_deref(), Some("ins_1"));
    assert_eq!(event.occurred_at, Some(OCCURRED));
}

#[test]
fn only_the_type_and_the_ids_are_needed() {
    let user = decode(r#"{"type":"user.created","data":{"id":"user_1"}}"#);
    assert_eq!(user.instance_id, None);
    let user = user_of(user);
    assert_eq!(user.id, "user_1");
    assert_eq!(user.version, Version { event_id: "msg_1".into(), ..Version::default() });
    assert_eq!(user.profile, crate::domain::user::Profile::default());

    let ids = r#"{"type":"session.created","data":{"id":"sess_1","user_id":"user_1"}}"#;
    let (session, user) = session_of(decode(ids));
    assert_eq!((&*session.id, &*session.state.user_id), ("sess_1", "user_1"));
    assert_eq!((session.sign_in, user), (None, None));
}

#[test]
fn each_part_of_the_envelope_may_be_missing_or_null() {
    let data = json!({ "id": "sess_1", "user_id": "user_1" });
    for part in ["object", "timestamp", "instance_id", "event_attributes"] {
        for value in [None, Some(Value::Null)] {
            let mut whole = message("session.created", &data);
            match value {
                None => drop(whole.as_object_mut().unwrap().remove(part)),
                Some(null) => whole[part] = null,
            }
            let event = decode(&whole.to_string());
            assert_eq!(event.instance_id.is_some(), part != "instance_id", "{part}");
            let (session, _) = session_of(event);
            assert_eq!(session.sign_in.is_some(), part != "event_attributes", "{part}");
            let occurred_at = if part == "timestamp" { 0 } else { OCCURRED };
            assert_eq!(session.state.version.occurred_at, occurred_at, "{part}");
        }
    }
}

/// `svix-timestamp` differs from attempt to attempt: it says when, but decides nothing.
#[test]
fn the_time_of_the_delivery_fills_occurred_at_and_never_enters_a_version() {
    for timestamp in [json!(null), json!(0), json!(-1)] {
        let mut body = message("user.updated", &json!({ "id": "user_1" }));
        body["timestamp"] = timestamp;
        let event = decode(&body.to_string());
        assert_eq!(event.occurred_at, Some(ATTEMPTED));
        assert_eq!(user_of(event).version, Version::complete(None, None, "msg_1"));

        body["type"] = "user.deleted".into();
        let event = decode(&body.to_string());
        assert_eq!(event.occurred_at, Some(ATTEMPTED));
        let gone = Change::UserDeleted { user_id: "user_1".into(), at: 0 };
        assert_eq!(event.content, Content::Change(gone));
    }
    let unread = decode("not JSON");
    assert_eq!(unread.occurred_at, Some(ATTEMPTED));
}

#[test]
fn a_deletion_is_the_id_and_the_envelopes_time() {
    let data = json!({ "id": "user_1", "object": "user", "deleted": true, "external_id": "x" });
    let event = decode(&message("user.deleted", &data).to_string());
    assert_eq!(event.subject.as_deref(), Some("user_1"));
    let gone = Change::UserDeleted { user_id: "user_1".into(), at: OCCURRED };
    assert_eq!(event.content, Content::Change(gone));
}

#[test]
fn types_that_are_not_synced_are_ignored_whatever_their_data_is() {
    for data in [
        json!("84613977 is your code"),
        json!(["user_1", { "id": "x" }]),
        json!(null),
        json!(7),
        json!({ "body": "84613977 is your code" }),
    ] {
        for kind in ["email.created", "user.renamed", "session.touched", "user", "x"] {
            let event = decode(&message(kind, &data).to_string());
            let ignored = Content::Aside { decision: Decision::Ignored, reason: None };
            assert_eq!(event.content, ignored, "{kind} {data}");
            assert_eq!((event.subject.as_deref(), event.object_id.as_deref()), (None, None));
            let stays = json!({
                "type": kind, "object": "event", "timestamp": OCCURRED, "instance_id": "ins_1",
            });
            assert_eq!(kept(&event), stays, "{kind} {data}");
        }
    }
}

#[test]
fn what_an_event_is_about_is_called_by_its_id() {
    let legacy = "imported from elsewhere";
    for (kind, id, called) in [
        ("email.created", "ema_1", Some("ema_1")),
        ("email.created", legacy, None),
        ("user.updated", "user_1", Some("user_1")),
        ("user.updated", legacy, Some(legacy)),
    ] {
        let data = json!({ "id": id, "banned": "not a boolean" });
        let event = decode(&message(kind, &data).to_string());
        assert!(matches!(event.content, Content::Aside { .. }), "{:?}", event.content);
        assert_eq!(event.object_id.as_deref(), called, "{kind} {id}");
    }
}

#[test]
fn whatever_is_no_instance_and_no_type_labels_nothing() {
    let mut body = message("email.created", &json!({ "id": "ema_1" }));
    body["instance_id"] = json!("ada@example.com");
    let event = decode(&body.to_string());
    assert_eq!(
        (event.kind.as_deref(), event.instance_id.as_deref()),
        (Some("email.created"), None)
    );
    body["type"] = json!("to ada@example.com");
    for data in [json!({ "id": "ema_1" }), json!(null)] {
        body["data"] = data;
        let event = decode(&body.to_string());
        assert_eq!(reason(&event), "type: expected a name");
        assert_eq!((event.kind.as_deref(), event.instance_id.as_deref()), (None, None));
        assert!(!kept(&event).to_string().contains("ada"), "{}", kept(&event));
    }
}

#[test]
fn a_payload_without_secrets_is_kept_byte_for_byte() {
    for body in [
        " {\"type\" : \"user.created\",\n\t\"data\":{\"id\":\"user_1\",\"zeta\":1,\"alpha\":2.50}}\r\n",
        r#"{"data":{"first_name":"Ad\u0061 \u00e9 é 🦀","id":"user_1","n":1E2},"type":"user.updated"}"#,
        r#"{"data":{"id":"user_1","public_metadata":{"nonce":"mine","a":1,"a":2}},"type":"user.created"}"#,
        r#"{"type":"user.deleted","data":{"id":"user_1","note":"NUL \u0000 inside"}}"#,
        r#"{"type":"session.ended","data":{"user_id":"user_1","id":"sess_1"}}"#,
        r#"{"type":"session.ended","data":{"user_id":"user_1","id":"sess_1","actor":{"message":"x"}}}"#,
    ] {
        let event = decode(body);
        assert!(matches!(event.content, Content::Change(_)), "{:?}", event.content);
        assert_eq!(event.payload.as_deref(), Some(body));
    }
}

#[test]
fn backup_codes_nonces_and_redirects_are_cut_from_what_is_kept() {
    let data = json!({
        "id": "user_1", "first_name": "Ada",
        "phone_numbers": [{ "id": "idn_1", "backup_codes": ["bkup-1"] }],
        "external_accounts": [{ "id": "eac_1", "verification": {
            "nonce": "n-1", "external_verification_redirect_url": "https://idp.example/?state=s-1",
        }}],
    });
    let event = decode(&message("user.updated", &data).to_string());
    let kept = kept(&event);
    assert_eq!(kept["data"]["phone_numbers"][0]["backup_codes"], "[redacted]");
    let verification = &kept["data"]["external_accounts"][0]["verification"];
    assert_eq!(verification["nonce"], "[redacted]");
    assert_eq!(verification["external_verification_redirect_url"], "[redacted]");
    assert_eq!(kept["data"]["first_name"], "Ada", "and the rest stays");
}
