//! Generated events of organizations and of what belongs to them, in the shapes that Clerk sends.

use serde_json::{Value, json};

use super::{NOW, fixtures::event};

/// Returns a whole organization in Clerk's format, updated at `NOW + offset`.
pub fn organization(id: &str, offset: i64) -> Value {
    json!({
        "id": id, "object": "organization", "name": format!("Acme {offset}"), "slug": "acme",
        "image_url": "https://img.clerk.com/acme", "has_image": true, "members_count": 1,
        "pending_invitations_count": 0, "max_allowed_memberships": 5, "admin_delete_enabled": true,
        "public_metadata": { "plan": "team" }, "private_metadata": { "account": "acct_1" },
        "created_by": "user_creator", "created_at": NOW, "updated_at": NOW + offset,
    })
}

/// Returns the organization that Clerk embeds in a membership: it lacks two fields.
pub fn thin_organization(id: &str, offset: i64) -> Value {
    let mut organization = organization(id, offset);
    for field in ["private_metadata", "created_by"] {
        organization.as_object_mut().unwrap().remove(field);
    }
    organization
}

/// Returns an `organization.created` or `organization.updated` event, updated at `NOW + offset`.
pub fn organization_event(kind: &str, id: &str, offset: i64) -> Value {
    event(kind, organization(id, offset), offset)
}

/// Returns an `organization.deleted` event at `NOW + offset`.
pub fn organization_deleted(id: &str, offset: i64) -> Value {
    deleted("organization.deleted", "organization", id, offset)
}

/// Returns an event with Clerk's deleted object at `NOW + offset`.
pub fn deleted(kind: &str, object: &str, id: &str, offset: i64) -> Value {
    event(kind, json!({ "id": id, "object": object, "deleted": true }), offset)
}

/// Returns a membership event, updated at `NOW + offset`. A deletion contains the whole membership.
pub fn membership_event(
    kind: &str,
    id: &str,
    organization: &str,
    user: &str,
    offset: i64,
) -> Value {
    let data = json!({
        "id": id, "object": "organization_membership", "role": "org:member",
        "role_name": "Member", "permissions": ["org:sys_memberships:read"],
        "public_metadata": { "team": "red" }, "private_metadata": { "seat": 7 },
        "organization": thin_organization(organization, offset),
        "public_user_data": {
            "user_id": user, "first_name": "Ada", "last_name": "Lovelace",
            "identifier": format!("{user}@example.com"), "username": "ada",
            "image_url": "https://img.clerk.com/ada", "profile_image_url": "https://img.clerk.com/ada",
            "has_image": true, "banned": false,
        },
        "created_at": NOW, "updated_at": NOW + offset,
    });
    event(kind, data, offset)
}

/// Returns an invitation event, updated at `NOW + offset`. The invited address is `ID@example.com`.
pub fn invitation_event(kind: &str, id: &str, organization: &str, offset: i64) -> Value {
    let status = match kind.trim_start_matches("organizationInvitation.") {
        "created" => "pending",
        end => end,
    };
    let mut data = json!({
        "id": id, "object": "organization_invitation", "organization_id": organization,
        "email_address": format!("{id}@example.com"), "role": "org:member",
        "role_name": "Member", "status": status, "inviter_id": "user_inviter",
        "public_inviter_data": {
            "user_id": "user_inviter", "first_name": "Grace", "last_name": "Hopper",
            "identifier": "grace@example.com", "image_url": "https://img.clerk.com/grace",
            "has_image": true,
        },
        "public_organization_data": { "id": organization, "name": "Acme", "slug": "acme" },
        "public_metadata": {}, "private_metadata": { "seat": 7 },
        "url": "https://accounts.example.com/accept?__clerk_ticket=ey.1",
        "expires_at": NOW + 2_592_000_000_i64, "created_at": NOW, "updated_at": NOW + offset,
    });
    if status == "accepted" {
        data["user_id"] = "user_invited".into();
    }
    event(kind, data, offset)
}

/// Returns a domain event, updated at `NOW + offset`.
pub fn domain_event(kind: &str, id: &str, organization: &str, offset: i64) -> Value {
    let verification = |status: &str| {
        json!({
            "status": status, "strategy": "email_code", "attempts": 1, "expire_at": NOW,
            "verified_at": NOW,
        })
    };
    let data = json!({
        "id": id, "object": "organization_domain", "organization_id": organization,
        "name": "example.com", "enrollment_mode": "automatic_invitation",
        "affiliation_email_address": "ada@example.com",
        "affiliation_verification": verification("verified"),
        "ownership_verification": verification("unverified"),
        "verification": verification("verified"), "total_pending_invitations": 0,
        "total_pending_suggestions": 0, "created_at": NOW, "updated_at": NOW + offset,
    });
    event(kind, data, offset)
}

/// Returns a permission in Clerk's format, updated at `NOW + offset`.
pub fn permission(id: &str, offset: i64) -> Value {
    json!({
        "id": id, "object": "permission", "key": "org:invoices:read", "name": "Read invoices",
        "description": null, "type": "custom", "created_at": NOW, "updated_at": NOW + offset,
    })
}

/// Returns a role in Clerk's format with one permission, updated at `NOW + offset`.
pub fn role(id: &str, offset: i64) -> Value {
    json!({
        "id": id, "object": "role", "key": "org:billing", "name": "Billing",
        "description": "Reads invoices", "is_creator_eligible": false,
        "permissions": [permission("perm_1", offset)],
        "created_at": NOW, "updated_at": NOW + offset,
    })
}
