//! Objects of organizations in the format of Clerk's Backend API. Each is created at `NOW + number`
//! and updated at `NOW + offset`.

use serde_json::{Value, json};

use crate::harness::NOW;

pub fn organization(id: &str, number: i64, offset: i64) -> Value {
    let mut organization = embedded(id, number, offset);
    organization["private_metadata"] = json!({});
    organization["created_by"] = "user_000000".into();
    organization
}

/// Returns an organization as a membership contains it.
fn embedded(id: &str, number: i64, offset: i64) -> Value {
    json!({
        "object": "organization", "id": id, "name": format!("Acme {offset}"),
        "slug": format!("acme-{number}"), "image_url": "https://img.clerk.com/acme",
        "has_image": false, "max_allowed_memberships": 5, "admin_delete_enabled": true,
        "public_metadata": {}, "created_at": NOW + number, "updated_at": NOW + offset,
    })
}

pub fn membership(id: &str, (organization, user): (&str, &str), number: i64, offset: i64) -> Value {
    let is_admin = offset > 0;
    json!({
        "object": "organization_membership", "id": id,
        "role": if is_admin { "org:admin" } else { "org:member" }, "role_name": "Member",
        "permissions": ["org:sys_memberships:read"],
        "public_metadata": {}, "private_metadata": {},
        "organization": embedded(organization, 0, 0),
        "public_user_data": {
            "user_id": user, "first_name": "Ada", "last_name": "Lovelace",
            "image_url": "https://img.clerk.com/ada", "has_image": false,
            "identifier": "ada@example.com", "username": null,
        },
        "created_at": NOW + number, "updated_at": NOW + offset,
    })
}

pub fn invitation(id: &str, organization: &str, number: i64, offset: i64) -> Value {
    json!({
        "object": "organization_invitation", "id": id, "organization_id": organization,
        "email_address": format!("{id}@example.com"), "role": "org:member",
        "role_name": "Member", "inviter_id": "user_000000", "status": "pending",
        "public_metadata": {}, "private_metadata": {}, "url": null,
        "expires_at": NOW + 2_592_000_000_i64,
        "public_organization_data": { "id": organization, "name": "Acme", "slug": "acme",
            "has_image": false },
        "created_at": NOW + number, "updated_at": NOW + offset,
    })
}

pub fn domain(id: &str, organization: &str, number: i64, offset: i64) -> Value {
    json!({
        "object": "organization_domain", "id": id, "organization_id": organization,
        "name": format!("{offset}.example.com"), "enrollment_mode": "manual_invitation",
        "affiliation_email_address": null,
        "affiliation_verification": { "status": "verified", "strategy": "affiliation_email_code",
            "attempts": 1, "expire_at": null },
        "ownership_verification": null, "verification": null,
        "total_pending_invitations": 0, "total_pending_suggestions": 0,
        "created_at": NOW + number, "updated_at": NOW + offset,
    })
}

pub fn role(id: &str, number: i64, offset: i64) -> Value {
    json!({
        "object": "role", "id": id, "name": format!("Role {offset}"), "key": format!("org:{id}"),
        "description": "A role", "is_creator_eligible": true,
        "permissions": [permission("perm_0", 0, 0)],
        "created_at": NOW + number, "updated_at": NOW + offset,
    })
}

pub fn permission(id: &str, number: i64, offset: i64) -> Value {
    json!({
        "object": "permission", "id": id, "name": format!("Permission {offset}"),
        "key": format!("org:{id}:read"), "description": "A permission", "type": "custom",
        "created_at": NOW + number, "updated_at": NOW + offset,
    })
}
