//! Tests of decoding stored events again.

use serde_json::{Value, json};

use super::{Content, Decision, Decoder, Event, OCCURRED, RECEIVED, decode, deletion, message};
use crate::objects::{
    decode::reprocessing::{IncompletePayload, LoggedEvent},
    event::Source,
};

fn reprocess(payload: Option<&str>, decision: Decision) -> Result<Event, IncompletePayload> {
    let logged = LoggedEvent {
        id: "msg_1",
        payload,
        decision,
        secret: Some("default"),
        occurred_at: Some(OCCURRED),
        received_at: RECEIVED,
    };
    Decoder::default().decode_logged(&logged, RECEIVED + 1)
}

fn reprocess_message(
    kind: &str,
    data: &Value,
    decision: Decision,
) -> Result<Event, IncompletePayload> {
    reprocess(Some(&message(kind, data).to_string()), decision)
}

#[test]
fn reprocessed_event_has_event_log_source() {
    let body = message("user.created", &json!({ "id": "user_1", "first_name": "Ada" })).to_string();
    let sent = decode(&body);
    let event = reprocess(Some(&body), Decision::Quarantined).unwrap();
    assert_eq!(
        event,
        Event { source: Source::EventLog, received_at: RECEIVED + 1, ..sent.clone() }
    );
    assert_eq!(sent.source, Source::Delivery);
}

#[test]
fn purged_payload_cannot_be_reprocessed() {
    let purged = reprocess(None, Decision::Quarantined).unwrap_err();
    assert_eq!(purged, IncompletePayload::Purged);
}

/// If a type was not synced when an event was received, only the allowed part is stored.
#[test]
fn only_ignored_deletions_can_be_applied() {
    let user = json!({ "id": "user_1" });
    let session = json!({ "id": "sess_1", "user_id": "user_1" });
    for (kind, data) in [("user.created", &user), ("session.ended", &session)] {
        let redacted = reprocess_message(kind, data, Decision::Ignored).unwrap_err();
        assert_eq!(redacted, IncompletePayload::Redacted, "{kind}");
    }
    let deletion = deletion("user_1", OCCURRED);
    let event = reprocess_message("user.deleted", &user, Decision::Ignored).unwrap();
    assert_eq!(event.content, Content::Change(deletion));
    let event = reprocess_message("email.created", &user, Decision::Ignored).unwrap();
    let ignored = Content::NotApplied { decision: Decision::Ignored, reason: None };
    assert_eq!(event.content, ignored, "the type is still not synced");
}

/// The values of all keys that may name a secret are redacted in failed events.
#[test]
fn failed_event_needs_its_redacted_parts() {
    let cut = "[redacted]";
    for (more, is_whole) in [
        (json!({ "first_name": "Ada" }), true),
        (json!({ "phone_numbers": [{ "id": "idn_1", "backup_codes": cut }] }), true),
        (json!({ "first_name": cut }), false),
        (json!({ "public_metadata": { "deeper": { "token": cut } } }), false),
        (json!({ "email_addresses": [{ "id": "idn_1" }, { "unknown": ["x", cut] }] }), false),
    ] {
        let data = super::with(json!({ "id": "user_1" }), &more);
        let read = reprocess_message("user.updated", &data, Decision::Failed);
        match is_whole {
            true => assert!(matches!(read.unwrap().content, Content::Change(_)), "{more}"),
            false => assert_eq!(read.unwrap_err(), IncompletePayload::Redacted, "{more}"),
        }
        let quarantined = reprocess_message("user.updated", &data, Decision::Quarantined);
        assert!(quarantined.is_ok(), "nothing was redacted: {more}");
    }
}
