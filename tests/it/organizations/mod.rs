//! `/v1/organizations`, `/v1/memberships`, `/v1/roles` and `/v1/permissions`, and the paths below
//! them.

mod active_organization;
mod check;
mod events;
mod filters;
mod members;
mod memberships;
mod owned_objects;
mod roles;
mod search;
mod session_tokens;
mod single_object;
mod unreadable_rows;
mod wait;
mod wait_for_state;

use serde_json::{Value, json};

use crate::harness::{NOW, Service, fixtures};

/// Private metadata of all generated objects. No response may contain it.
const PRIVATE: &str = "pvt-of-generated-objects";

/// Returns an organization in Clerk's format, updated at `NOW + offset`.
fn organization(id: &str, offset: i64) -> Value {
    json!({
        "object": "organization", "id": id, "name": format!("Team {id}"), "slug": format!("s-{id}"),
        "image_url": "https://img.clerk.com/team", "has_image": true,
        "max_allowed_memberships": 5, "admin_delete_enabled": true,
        "public_metadata": { "plan": "pro" }, "private_metadata": { "note": PRIVATE },
        "created_by": "user_1", "created_at": NOW, "updated_at": NOW + offset,
    })
}

/// Returns `organization.created`, with some overridden fields.
fn organization_created(id: &str, overrides: &Value) -> Value {
    let mut data = organization(id, 0);
    for (field, value) in overrides.as_object().unwrap() {
        data[field] = value.clone();
    }
    fixtures::event("organization.created", data, 0)
}

fn organization_deleted(id: &str, offset: i64) -> Value {
    let data = json!({ "object": "organization", "id": id, "deleted": true });
    fixtures::event("organization.deleted", data, offset)
}

/// Returns a membership event. The membership embeds its organization as Clerk does: without private
/// metadata and creator.
fn membership_event(kind: &str, [id, organization_id, user]: [&str; 3], offset: i64) -> Value {
    let mut embedded = organization(organization_id, 0);
    for field in ["private_metadata", "created_by"] {
        embedded.as_object_mut().unwrap().remove(field);
    }
    let data = json!({
        "object": "organization_membership", "id": id, "role": "org:member",
        "permissions": ["org:posts:read"], "public_metadata": { "desk": 4 },
        "private_metadata": { "note": PRIVATE }, "organization": embedded,
        "public_user_data": {
            "user_id": user, "first_name": "Snapshot", "last_name": "Snapshot",
            "identifier": "snapshot@example.com", "image_url": "https://img.clerk.com/old",
        },
        "created_at": NOW, "updated_at": NOW + offset,
    });
    fixtures::event(&format!("organizationMembership.{kind}"), data, offset)
}

/// Returns `organizationMembership.created` of a membership with a role.
fn member(id: &str, organization_id: &str, user: &str, role: &str) -> Value {
    let mut event = membership_event("created", [id, organization_id, user], 0);
    event["data"]["role"] = json!(role);
    event
}

/// Returns an invitation event. The invitation expires a day after `NOW`.
fn invitation_event(kind: &str, id: &str, organization_id: &str, offset: i64) -> Value {
    let status = if kind == "created" { "pending" } else { kind };
    let data = json!({
        "object": "organization_invitation", "id": id, "organization_id": organization_id,
        "email_address": format!("{id}@example.com"), "role": "org:member", "status": status,
        "inviter_id": "user_1", "public_metadata": {}, "private_metadata": { "note": PRIVATE },
        "url": "https://clerk.example.com/accept?ticket=secret-ticket",
        "expires_at": NOW + 86_400_000, "created_at": NOW, "updated_at": NOW + offset,
    });
    fixtures::event(&format!("organizationInvitation.{kind}"), data, offset)
}

fn domain_created(id: &str, organization_id: &str) -> Value {
    let data = json!({
        "object": "organization_domain", "id": id, "organization_id": organization_id,
        "name": format!("{id}.example.com"), "enrollment_mode": "automatic_invitation",
        "affiliation_email_address": "admin@example.com",
        "affiliation_verification": { "status": "verified", "strategy": "email_code" },
        "ownership_verification": null, "created_at": NOW, "updated_at": NOW,
    });
    fixtures::event("organizationDomain.created", data, 0)
}

async fn apply_all(service: &Service, events: impl IntoIterator<Item = Value>) {
    for event in events {
        assert_eq!(service.send(&event).await, "applied", "{event}");
    }
}

async fn sign_up(service: &Service, user: &str) {
    apply_all(service, [fixtures::user_event("user.created", user, 0)]).await;
}
