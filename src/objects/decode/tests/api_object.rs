//! Tests of objects from the Backend API, whose events have one ID for each state.

use serde_json::{Value, json, value::RawValue};

use super::{OCCURRED, RECEIVED, decode, payload, reason, session_of, user_of, with};
use crate::{
    domain::change_source::ChangeSource,
    objects::{
        Kind,
        decode::{Labels, api_object},
        event::{Change, Event, Source},
    },
};

fn raw(object: &Value) -> Box<RawValue> {
    serde_json::value::to_raw_value(object).unwrap()
}

fn change(event: &Event) -> &Change {
    event.content.change().unwrap()
}

#[test]
fn api_object_has_id_of_its_state() {
    let object = raw(&json!({ "id": "user_1", "updated_at": OCCURRED }));
    let user = api_object::fetched(Kind::User, &object, ChangeSource::Backfill, RECEIVED);
    assert_eq!(
        (user.id, user.source),
        (
            format!("meetvo.user.fetched:user_1:{OCCURRED}"),
            Source::BackendApi(ChangeSource::Backfill)
        )
    );
    let object =
        json!({ "id": "sess_1", "user_id": "user_1", "status": "active", "updated_at": OCCURRED });
    let session =
        api_object::fetched(Kind::Session, &raw(&object), ChangeSource::Backfill, RECEIVED);
    let (state, _) = session_of(session.clone());
    assert_eq!(state.version.event_id, "");
    assert_eq!(
        (session.id, session.source),
        (
            format!("meetvo.session.fetched:sess_1:{OCCURRED}"),
            Source::BackendApi(ChangeSource::Backfill)
        )
    );
    let deletion = api_object::missing(Kind::User, "user_1", Labels::default(), RECEIVED);
    let Change::Deletion(_) = change(&deletion) else { panic!("{deletion:?}") };
    assert_eq!(
        (&*deletion.id, deletion.source),
        ("meetvo.user.missing:user_1", Source::BackendApi(ChangeSource::Repair))
    );
}

/// The ID of the stored event is not the ID of a message.
#[test]
fn stored_api_object_has_same_version() {
    let data = json!({ "id": "user_1", "updated_at": OCCURRED });
    let event = decode(&json!({ "type": "meetvo.user.fetched", "data": data }).to_string());
    let user = user_of(event.clone());
    assert_eq!((user.version.updated_at, &*user.version.event_id), (OCCURRED, ""));
}

#[test]
fn undecodable_api_object_has_one_id() {
    let event = api_object::fetched(
        Kind::User,
        &raw(&json!({ "id": "user_1", "updated_at": "soon" })),
        ChangeSource::Backfill,
        RECEIVED,
    );
    assert_eq!(
        (&*event.id, event.source),
        ("meetvo.user.fetched:user_1", Source::BackendApi(ChangeSource::Backfill))
    );
    assert_eq!(reason(&event), "data.updated_at: expected a time, found a string");
    assert_eq!(
        (event.kind.as_deref(), event.subject.as_deref()),
        (Some("meetvo.user.fetched"), Some("user_1"))
    );
}

/// The payload is what a delivery with the same object would store, so that it can be decoded
/// again.
#[test]
fn api_object_is_stored_like_a_delivery() {
    let plain = json!({ "id": "user_1", "first_name": "Ada", "updated_at": OCCURRED });
    let codes = json!([{ "id": "idn_1", "backup_codes": ["bkup-1"] }]);
    let secret = with(plain.clone(), &json!({ "phone_numbers": codes }));
    let broken = with(secret.clone(), &json!({ "updated_at": "yes" }));
    let without_id = json!({ "first_name": "Ada" });
    for object in [plain, secret, broken, without_id] {
        let fetched =
            api_object::fetched(Kind::User, &raw(&object), ChangeSource::Backfill, RECEIVED);
        let body = json!({ "type": "meetvo.user.fetched", "data": object });
        let delivered = decode(&body.to_string());
        assert_eq!(payload(&fetched), payload(&delivered), "{object}");
        assert_eq!((&fetched.content, &fetched.subject), (&delivered.content, &delivered.subject));
        assert_eq!((&fetched.object_id, &fetched.kind), (&delivered.object_id, &delivered.kind));
        assert_eq!(fetched.occurred_at, Some(RECEIVED));
    }
}

/// The payload is one level deeper than the object.
#[test]
fn deep_metadata_is_dropped_from_api_object() {
    let object = |depth| {
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        RawValue::from_string(format!(r#"{{"id":"user_1","unsafe_metadata":{nested}}}"#)).unwrap()
    };
    for depth in [1, 100, 101, 126, 100_000] {
        let event =
            api_object::fetched(Kind::User, &object(depth), ChangeSource::Backfill, RECEIVED);
        let user = user_of(event.clone());
        let is_kept = depth <= 100;
        assert_eq!(user.data.profile.unsafe_metadata.is_some(), is_kept, "{depth}");
        let stored = &payload(&event)["data"]["unsafe_metadata"];
        assert_eq!(*stored == "[unusable]", !is_kept, "{depth}");
    }
}
