//! Tests of organizations, and of what belongs to them.

use serde_json::{Value, json};

use super::{OCCURRED, decode, message, reason, with};
use crate::{
    domain::version::Version,
    objects::{
        AnyState, Kind, State,
        event::{Change, Content, Deletion},
        membership::Membership,
        organization::Organization,
    },
};

/// A time that is older than the event, as that of each state.
const UPDATED: i64 = OCCURRED - 20;

fn change(kind: &str, data: &Value) -> Change {
    let event = decode(&message(kind, data).to_string());
    match event.content {
        Content::Change(change) => change,
        other @ Content::NotApplied { .. } => panic!("not applied: {other:?}"),
    }
}

fn state(kind: &str, data: &Value) -> (AnyState, Option<AnyState>) {
    match change(kind, data) {
        Change::State { state, embedded } => (state, embedded.into_iter().next()),
        other @ Change::Deletion(_) => panic!("no state: {other:?}"),
    }
}

/// Returns the data of a membership with these fields.
fn membership_data(fields: &Value) -> Value {
    let base = json!({
        "id": "orgmem_1", "role": "org:member", "updated_at": UPDATED,
        "organization": { "id": "org_1" }, "public_user_data": { "user_id": "user_1" },
    });
    with(base, fields)
}

fn membership(fields: &Value) -> (Membership, Organization) {
    match state("organizationMembership.updated", &membership_data(fields)) {
        (AnyState::Membership(state), Some(AnyState::Organization(embedded))) => {
            (*state, *embedded)
        }
        other => panic!("{other:?}"),
    }
}

fn complete() -> Version {
    Version::complete(Some(UPDATED), Some(OCCURRED), "msg_1")
}

fn incomplete() -> Version {
    Version::incomplete(Some(OCCURRED), "msg_1")
}

/// The deleted membership carries the whole membership, whose `updated_at` is older.
#[test]
fn membership_deletion_has_id_and_envelope_time() {
    let expected = Deletion {
        user_id: Some("user_1".to_owned()),
        organization_id: Some("org_1".to_owned()),
        ..Deletion::new(Kind::Membership, "orgmem_1", OCCURRED)
    };
    let data = membership_data(&json!({}));
    let deletion = change("organizationMembership.deleted", &data);
    assert_eq!(deletion, Change::Deletion(expected));
    let thin = change("organizationMembership.deleted", &json!({ "id": "orgmem_1" }));
    let expected = Deletion::new(Kind::Membership, "orgmem_1", OCCURRED);
    assert_eq!(thin, Change::Deletion(expected));
}

#[test]
fn membership_without_owner_fails() {
    for (fields, expected) in [
        (json!({ "public_user_data": null }), "data.public_user_data is missing"),
        (json!({ "public_user_data": {} }), "data.public_user_data.user_id is missing"),
        (json!({ "organization": null }), "data.organization is missing"),
        (json!({ "organization": {} }), "data.organization.id is missing"),
    ] {
        let data = membership_data(&fields);
        let event = decode(&message("organizationMembership.created", &data).to_string());
        assert_eq!(reason(&event), expected);
    }
}

#[test]
fn thin_embedded_organization_loses_to_whole_one() {
    let thin = json!({ "id": "org_1", "name": "A", "public_metadata": {}, "updated_at": OCCURRED });
    let (_, embedded) = membership(&json!({ "organization": thin }));
    assert_eq!(embedded.version, incomplete());
    let whole = with(thin, &json!({ "private_metadata": { "crm": 7 }, "name": "B" }));
    let (_, embedded_whole) = membership(&json!({ "organization": whole }));
    let version = Version::complete(Some(OCCURRED), Some(OCCURRED), "msg_1");
    assert_eq!(embedded_whole.version, version);
    let untimed = with(whole.clone(), &json!({ "updated_at": 0 }));
    let (_, untimed) = membership(&json!({ "organization": untimed }));
    assert_eq!(untimed.version, incomplete());

    let (organization, _) = state("organization.updated", &whole);
    let AnyState::Organization(mut stored) = organization else { panic!("{organization:?}") };
    assert!(!stored.merge(&embedded), "a whole organization has all fields");
    assert_eq!(stored.data.name.as_deref(), Some("B"));
    let mut stub: Organization = State { id: "org_1".to_owned(), ..State::default() };
    assert!(stub.merge(&embedded) && stub.merge(&stored));
    assert_eq!(stub.data.private_metadata, Some(json!({ "crm": 7 })));
}

#[test]
fn absent_field_erases_no_value() {
    let (mut stored, _) = membership(&json!({
        "permissions": ["org:notes:read", "", 5], "private_metadata": { "seat": 1 },
    }));
    assert_eq!(stored.version, complete());
    let (newer, _) = membership(&json!({ "updated_at": OCCURRED, "permissions": null }));
    assert!(stored.merge(&newer));
    assert_eq!(stored.data.permissions, None, "null is a value");
    assert_eq!(stored.data.private_metadata, Some(json!({ "seat": 1 })));
    assert_eq!(*stored.version_of("private_metadata"), complete());
    let (without_role, _) = membership(&json!({ "role": null, "updated_at": OCCURRED }));
    assert_eq!(without_role.version, incomplete());
}

#[test]
fn final_invitation_beats_pending_one() {
    let data = |fields: &Value| {
        let base = json!({
            "id": "orginv_1", "organization_id": "org_1", "email_address": "a@example.com",
            "updated_at": UPDATED,
        });
        with(base, fields)
    };
    let invitation = |kind: &str, fields: &Value| match state(
        &format!("organizationInvitation.{kind}"),
        &data(fields),
    )
    .0
    {
        AnyState::Invitation(invitation) => *invitation,
        other => panic!("{other:?}"),
    };
    for (kind, status, is_final) in [
        ("created", json!(null), false),
        ("created", json!("expired"), false),
        ("created", json!("accepted"), true),
        ("accepted", json!(null), true),
        ("revoked", json!(null), true),
        ("revoked", json!("held"), false),
    ] {
        let invitation = invitation(kind, &json!({ "status": status }));
        assert_eq!(invitation.version, complete().with_final_status(is_final), "{kind} {status}");
    }
    let mut accepted = invitation("accepted", &json!({ "user_id": "user_1" }));
    let pending = json!({ "updated_at": OCCURRED, "role": "org:admin" });
    assert!(accepted.merge(&invitation("created", &pending)));
    assert_eq!(accepted.data.status.as_deref(), Some("accepted"));
    assert_eq!(accepted.data.role.as_deref(), Some("org:admin"), "the accepted one lacks it");
    assert_eq!(accepted.data.user_id.as_deref(), Some("user_1"));
    let nested = json!({ "object": "organization_invitation", "data": data(&json!({})) });
    let (nested, _) = state("organizationInvitation.accepted", &nested);
    assert_eq!((nested.id(), nested.version().is_final), ("orginv_1", true));
}

/// A rebuild merges a part of a row. Its owner and its status must stay with it.
#[test]
fn kept_part_has_its_owners() {
    let (mut stored, _) = membership(&json!({ "private_metadata": { "seat": 1 } }));
    let old = stored.version.clone();
    let (mut newer, _) = membership(&json!({ "updated_at": OCCURRED }));
    newer.version.event_id = "msg_2".to_owned();
    assert!(stored.merge(&newer));
    let part = stored.kept(true, |version| *version == old).unwrap();
    assert_eq!(part.data.private_metadata, Some(json!({ "seat": 1 })));
    assert_eq!(part.data.role, None);
    let owners = [(Kind::Organization, "org_1"), (Kind::User, "user_1")];
    assert!(AnyState::from(part).owners().eq(owners));
}

#[test]
fn object_without_tombstone_has_no_deletion() {
    let data = json!({ "id": "sess_1" });
    let event = decode(&message("meetvo.session.missing", &data).to_string());
    assert!(event.content.change().is_none(), "{event:?}");
    let user = change("meetvo.user.missing", &json!({ "id": "user_1" }));
    assert!(user.deletion().is_some());
}
