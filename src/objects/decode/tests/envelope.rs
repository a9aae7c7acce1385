//! Tests of the envelope, of which only the type is required.

use serde_json::{Value, json};

use super::{
    ATTEMPTED, Content, Decision, OCCURRED, decode, deletion, lists, message, payload, reason,
    session_of, user_of, with,
};
use crate::domain::version::Version;

#[test]
fn complete_envelope_gives_all_labels() {
    let event = decode(&message("user.created", &json!({ "id": "user_1" })).to_string());
    assert_eq!(event.kind.as_deref(), Some("user.created"));
    assert_eq!(event.subject.as_deref(), Some("user_1"));
    assert_eq!(event.object_id.as_deref(), Some("user_1"));
    assert_eq!(event.instance_id.as_deref(), Some("ins_1"));
    assert_eq!(event.occurred_at, Some(OCCURRED));
}

#[test]
fn only_type_and_ids_are_required() {
    let user = decode(r#"{"type":"user.created","data":{"id":"user_1"}}"#);
    assert_eq!(user.instance_id, None);
    let user = user_of(user);
    assert_eq!(user.id, "user_1");
    assert_eq!(user.version, Version::incomplete(None, "msg_1"));
    assert_eq!(user.data.profile, crate::objects::user::Profile::default());

    let ids = r#"{"type":"session.created","data":{"id":"sess_1","user_id":"user_1"}}"#;
    let (session, user) = session_of(decode(ids));
    assert_eq!((&*session.id, &*session.data.details.user_id), ("sess_1", "user_1"));
    assert_eq!((session.data.sign_in, user), (None, None));
}

#[test]
fn envelope_parts_can_be_missing_or_null() {
    let data = json!({ "id": "sess_1", "user_id": "user_1" });
    for part in ["object", "timestamp", "instance_id", "event_attributes"] {
        for value in [None, Some(Value::Null)] {
            let mut envelope = message("session.created", &data);
            match value {
                None => drop(envelope.as_object_mut().unwrap().remove(part)),
                Some(null) => envelope[part] = null,
            }
            let event = decode(&envelope.to_string());
            assert_eq!(event.instance_id.is_some(), part != "instance_id", "{part}");
            let (session, _) = session_of(event);
            assert_eq!(session.data.sign_in.is_some(), part != "event_attributes", "{part}");
            let occurred_at = if part == "timestamp" { 0 } else { OCCURRED };
            assert_eq!(session.version.occurred_at, occurred_at, "{part}");
        }
    }
}

/// `svix-timestamp` differs between attempts, so that it must not decide which state is newer.
#[test]
fn attempt_time_never_enters_a_version() {
    for timestamp in [json!(null), json!(0), json!(-1)] {
        let mut body = message("user.updated", &with(lists(), &json!({ "id": "user_1" })));
        body["timestamp"] = timestamp;
        let event = decode(&body.to_string());
        assert_eq!(event.occurred_at, Some(ATTEMPTED));
        assert_eq!(user_of(event).version, Version::complete(None, None, "msg_1"));

        body["type"] = "user.deleted".into();
        let event = decode(&body.to_string());
        assert_eq!(event.occurred_at, Some(ATTEMPTED));
        let deletion = deletion("user_1", 0);
        assert_eq!(event.content, Content::Change(deletion));
    }
    let unread = decode("not JSON");
    assert_eq!(unread.occurred_at, Some(ATTEMPTED));
}

#[test]
fn deletion_has_id_and_envelope_time() {
    let data = json!({ "id": "user_1", "object": "user", "deleted": true, "external_id": "x" });
    let event = decode(&message("user.deleted", &data).to_string());
    assert_eq!(event.subject.as_deref(), Some("user_1"));
    let deletion = deletion("user_1", OCCURRED);
    assert_eq!(event.content, Content::Change(deletion));
}

#[test]
fn other_types_are_ignored() {
    for data in [
        json!("84613977 is your code"),
        json!(["user_1", { "id": "x" }]),
        json!(null),
        json!(7),
        json!({ "body": "84613977 is your code" }),
    ] {
        for kind in ["email.created", "user.renamed", "session.touched", "user", "x"] {
            let event = decode(&message(kind, &data).to_string());
            let ignored = Content::NotApplied { decision: Decision::Ignored, reason: None };
            assert_eq!(event.content, ignored, "{kind} {data}");
            assert_eq!((event.subject.as_deref(), event.object_id.as_deref()), (None, None));
            let allowed = json!({
                "type": kind, "object": "event", "timestamp": OCCURRED, "instance_id": "ins_1",
            });
            assert_eq!(payload(&event), allowed, "{kind} {data}");
        }
    }
}

#[test]
fn object_id_of_other_types_is_clerks() {
    let legacy = "imported from elsewhere";
    for (kind, id, object_id) in [
        ("email.created", "ema_1", Some("ema_1")),
        ("email.created", legacy, None),
        ("user.updated", "user_1", Some("user_1")),
        ("user.updated", legacy, Some(legacy)),
    ] {
        let data = json!({ "id": id, "updated_at": "not a time" });
        let event = decode(&message(kind, &data).to_string());
        assert!(matches!(event.content, Content::NotApplied { .. }), "{:?}", event.content);
        assert_eq!(event.object_id.as_deref(), object_id, "{kind} {id}");
    }
}

#[test]
fn malformed_labels_are_left_out() {
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
        let why = "type: expected a name of letters, digits, `.`, `_` and `-`";
        assert_eq!(reason(&event), why);
        assert_eq!((event.kind.as_deref(), event.instance_id.as_deref()), (None, None));
        assert!(!payload(&event).to_string().contains("ada"), "{}", payload(&event));
    }
}

#[test]
fn payload_without_secrets_is_stored_unchanged() {
    for body in [
        " {\"type\" : \"user.created\",\n\t\"data\":{\"id\":\"user_1\",\"z\":1,\"a\":2.50}}\r\n",
        r#"{"data":{"first_name":"Ad\u0061 \u00e9 é","id":"u_1","n":1E2},"type":"user.updated"}"#,
        r#"{"data":{"id":"u_1","public_metadata":{"nonce":1,"b":1,"b":2}},"type":"user.created"}"#,
        r#"{"type":"user.deleted","data":{"id":"user_1","note":"NUL \u0000 inside"}}"#,
        r#"{"type":"session.ended","data":{"user_id":"user_1","id":"sess_1"}}"#,
        r#"{"type":"session.ended","data":{"user_id":"u_1","id":"sess_1","actor":{"nonce":""}}}"#,
    ] {
        let event = decode(body);
        assert!(matches!(event.content, Content::Change(_)), "{:?}", event.content);
        assert_eq!(event.payload.as_deref(), Some(body));
    }
}

#[test]
fn secrets_are_redacted_before_storage() {
    let data = json!({
        "id": "user_1", "first_name": "Ada",
        "phone_numbers": [{ "id": "idn_1", "backup_codes": ["bkup-1"] }],
        "external_accounts": [{ "id": "eac_1", "verification": {
            "nonce": "n-1", "external_verification_redirect_url": "https://idp.example/?state=s-1",
        }}],
    });
    let event = decode(&message("user.updated", &data).to_string());
    let kept = payload(&event);
    assert_eq!(kept["data"]["phone_numbers"][0]["backup_codes"], "[redacted]");
    let verification = &kept["data"]["external_accounts"][0]["verification"];
    assert_eq!(verification["nonce"], "[redacted]");
    assert_eq!(verification["external_verification_redirect_url"], "[redacted]");
    assert_eq!(kept["data"]["first_name"], "Ada", "the rest is unchanged");
}
