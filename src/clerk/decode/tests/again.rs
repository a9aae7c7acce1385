//! Events that were kept aside, read once more.

use serde_json::{Value, json};

use super::{Content, Decision, Decoder, Event, OCCURRED, RECEIVED, decode, message};
use crate::{
    clerk::decode::again::{Kept, Lost},
    domain::event::{Change, Source},
};

fn again(payload: Option<&str>, decision: Decision) -> Result<Event, Lost> {
    let kept = Kept {
        id: "msg_1",
        payload,
        decision,
        secret: Some("default"),
        occurred_at: Some(OCCURRED),
        received_at: RECEIVED,
    };
    Decoder::default().decode_again(&kept, RECEIVED + 1)
}

fn of(kind: &str, data: &Value, decision: Decision) -> Result<Event, Lost> {
    again(Some(&message(kind, data).to_string()), decision)
}

#[test]
fn it_says_what_it_said_but_brings_nothing_that_is_not_there() {
    let body = message("user.created", &json!({ "id": "user_1", "first_name": "Ada" })).to_string();
    let sent = decode(&body);
    let event = again(Some(&body), Decision::Quarantined).unwrap();
    assert_eq!(event, Event { source: Source::Kept, received_at: RECEIVED + 1, ..sent.clone() });
    assert_eq!(sent.source, Source::Delivery);
}

#[test]
fn without_its_payload_it_is_lost() {
    assert_eq!(again(None, Decision::Quarantined).unwrap_err(), Lost::Payload);
}

/// Of a type that was not synced at the time, the allow-list alone was kept.
#[test]
fn of_what_was_ignored_only_an_end_is_all_there() {
    let user = json!({ "id": "user_1" });
    let session = json!({ "id": "sess_1", "user_id": "user_1" });
    for (kind, data) in [("user.created", &user), ("session.ended", &session)] {
        assert_eq!(of(kind, data, Decision::Ignored).unwrap_err(), Lost::Parts, "{kind}");
    }
    let gone = Change::UserDeleted { user_id: "user_1".into(), at: OCCURRED };
    let event = of("user.deleted", &user, Decision::Ignored).unwrap();
    assert_eq!(event.content, Content::Change(gone));
    let event = of("email.created", &user, Decision::Ignored).unwrap();
    let ignored = Content::Aside { decision: Decision::Ignored, reason: None };
    assert_eq!(event.content, ignored, "and still asks for nothing");
}

/// What names a secret was cut from what was not understood, whoever it belonged to.
#[test]
fn what_failed_is_read_again_if_nothing_was_cut_that_it_needs() {
    let cut = "[redacted]";
    for (more, is_whole) in [
        (json!({ "first_name": "Ada" }), true),
        (json!({ "phone_numbers": [{ "id": "idn_1", "backup_codes": cut }] }), true),
        (json!({ "first_name": cut }), false),
        (json!({ "public_metadata": { "deeper": { "token": cut } } }), false),
        (json!({ "email_addresses": [{ "id": "idn_1" }, { "unknown": ["x", cut] }] }), false),
    ] {
        let data = super::with(json!({ "id": "user_1" }), &more);
        let read = of("user.updated", &data, Decision::Failed);
        match is_whole {
            true => assert!(matches!(read.unwrap().content, Content::Change(_)), "{more}"),
            false => assert_eq!(read.unwrap_err(), Lost::Parts, "{more}"),
        }
        assert!(
            of("user.updated", &data, Decision::Quarantined).is_ok(),
            "nothing was cut: {more}"
        );
    }
}
