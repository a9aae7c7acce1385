//! Random events of organizations, and of what belongs to them.

use serde_json::{Value, json};

use super::{
    TAG,
    histories::{Generator, remove},
    profiles::metadata,
};

/// Adds the events of some organizations with their members, invitations and domains.
pub fn push_organizations(generator: &mut Generator, users: &[String]) {
    for number in 0..=generator.rng.below(2) {
        let organization = format!("org_{TAG}_{number}");
        for at in 0..generator.rng.below(4) {
            let mut data = organization_data(generator, &organization, users);
            strip(generator, &mut data);
            let kind = if at == 0 { "organization.created" } else { "organization.updated" };
            generator.push_event(kind, &data);
        }
        for (at, user) in users.iter().enumerate() {
            if generator.one_in(2) {
                join(generator, &format!("orgmem_{TAG}_{number}_{at}"), &organization, user);
            }
        }
        for at in 0..generator.rng.below(3) {
            invite(generator, &format!("orginv_{TAG}_{number}_{at}"), &organization, users);
        }
        if generator.one_in(2) {
            push_domain(generator, &format!("orgdmn_{TAG}_{number}"), &organization);
        }
        if generator.one_in(4) {
            push_deletions(generator, "organization", &organization);
        }
    }
}

/// Adds the events of some roles and permissions.
pub fn push_roles(generator: &mut Generator) {
    for number in 0..generator.rng.below(3) {
        let id = format!("role_{TAG}_{number}");
        for at in 0..generator.rng.below(4) {
            let mut data = role(generator, &id);
            strip(generator, &mut data);
            generator.push_event(if at == 0 { "role.created" } else { "role.updated" }, &data);
        }
        if generator.one_in(5) {
            push_deletions(generator, "role", &id);
        }
    }
    for number in 0..generator.rng.below(2) {
        let id = format!("perm_{TAG}_{number}");
        for at in 0..generator.rng.below(4) {
            let mut data = permission(generator, &id);
            strip(generator, &mut data);
            let kind = if at == 0 { "permission.created" } else { "permission.updated" };
            generator.push_event(kind, &data);
        }
        if generator.one_in(5) {
            push_deletions(generator, "permission", &id);
        }
    }
}

/// Removes fields from some objects, as a transformation or a hand-written event may lack them.
pub fn strip(generator: &mut Generator, data: &mut Value) {
    if !generator.one_in(3) {
        return;
    }
    let keys: Vec<String> = data.as_object().unwrap().keys().cloned().collect();
    let required = ["id", "object", "organization", "organization_id", "public_user_data"];
    for key in keys.iter().filter(|key| !required.contains(&&***key)) {
        if generator.one_in(3) {
            remove(data, key);
        } else if generator.one_in(12) {
            data[key] = Value::Null;
        }
    }
}

fn push_deletions(generator: &mut Generator, object: &str, id: &str) {
    for _ in 0..=generator.rng.below(2) {
        let mut data = json!({ "id": id, "object": object, "deleted": true });
        match generator.rng.below(3) {
            0 => data["slug"] = "acme".into(),
            1 => data["slug"] = Value::Null,
            _ => {}
        }
        generator.push_event(&format!("{object}.deleted"), &data);
    }
}

fn put_times(generator: &mut Generator, data: &mut Value) {
    for key in ["created_at", "updated_at"] {
        generator.put_time(data, key);
    }
}

/// Generates an organization with all fields.
fn organization_data(generator: &mut Generator, id: &str, users: &[String]) -> Value {
    let creator = generator.one_in(2).then(|| users[0].clone());
    let mut data = json!({
        "id": id, "object": "organization",
        "name": generator.rng.choose(&["Acme", "Åcme  GmbH", "晓明", "acme", "O'Neil \"x\""]),
        "slug": generator.rng.choose(&[Some("acme"), Some("acme-2"), Some(""), None]),
        "image_url": generator.rng.choose(&[Some("https://img.clerk.com/acme"), None]),
        "has_image": false, "members_count": 1,
        "max_allowed_memberships": generator.rng.choose(&[Some(0), Some(5), None]),
        "admin_delete_enabled": generator.one_in(2),
        "public_metadata": metadata(generator), "private_metadata": metadata(generator),
        "created_by": creator,
    });
    put_times(generator, &mut data);
    data
}

/// Adds the events of a membership. A user who leaves can join again, with another id.
fn join(generator: &mut Generator, id: &str, organization: &str, user: &str) {
    let mut number = 0;
    loop {
        let id = format!("{id}_{number}");
        if !generator.one_in(4) {
            push_membership(generator, "created", &id, organization, user);
        }
        for _ in 0..generator.rng.below(3) {
            push_membership(generator, "updated", &id, organization, user);
        }
        if !generator.one_in(3) {
            return;
        }
        for _ in 0..=generator.rng.below(2) {
            push_membership(generator, "deleted", &id, organization, user);
        }
        number += 1;
        if number == 3 || generator.one_in(3) {
            return;
        }
    }
}

fn push_membership(
    generator: &mut Generator,
    action: &str,
    id: &str,
    organization: &str,
    user: &str,
) {
    let roles = ["org:admin", "org:member", "admin", "basic_member", "org:billing", ""];
    let mut data = json!({
        "id": id, "object": "organization_membership",
        "role": generator.rng.choose(&roles), "role_name": "Member",
        "permissions": permission_keys(generator),
        "public_metadata": metadata(generator),
    });
    if generator.one_in(3) {
        data["private_metadata"] = metadata(generator);
    }
    put_times(generator, &mut data);
    match embedded(generator, organization, user) {
        Some(embedded) => data["organization"] = embedded,
        None => data["organization_id"] = organization.into(),
    }
    match generator.rng.below(24) {
        0 => {}
        1 => data["public_user_data"] = Value::Null,
        2 => data["public_user_data"] = json!({ "identifier": "ada@example.com" }),
        3 => data["user_id"] = user.into(),
        _ => {
            data["public_user_data"] = json!({
                "user_id": user, "first_name": "Ada", "last_name": null, "has_image": false,
                "identifier": format!("ada@{TAG}.example.com"), "image_url": "https://img.clerk.com/a",
            });
        }
    }
    strip(generator, &mut data);
    if action == "deleted" && generator.one_in(6) {
        data = json!({ "id": id, "object": "organization_membership", "deleted": true });
    }
    generator.push_event(&format!("organizationMembership.{action}"), &data);
}

fn permission_keys(generator: &mut Generator) -> Value {
    let keys = ["org:notes:read", "org:notes:write", "org:sys_memberships:manage", ""];
    (0..generator.rng.below(3)).map(|_| generator.rng.choose(&keys)).collect()
}

/// Generates the embedded organization of a membership: thin as Clerk sends it, whole, or partial.
fn embedded(generator: &mut Generator, organization: &str, user: &str) -> Option<Value> {
    if generator.one_in(8) {
        return None;
    }
    let mut data = organization_data(generator, organization, &[user.to_owned()]);
    match generator.rng.below(8) {
        0 => data = json!({ "id": organization }),
        1 | 2 => {}
        3 => strip(generator, &mut data),
        _ => {
            remove(&mut data, "private_metadata");
            remove(&mut data, "created_by");
        }
    }
    Some(data)
}

/// Adds the events of an invitation. Clerk sends at most one of acceptance and revocation, but a
/// model must decide between any.
fn invite(generator: &mut Generator, id: &str, organization: &str, users: &[String]) {
    for _ in 0..generator.rng.below(3) {
        push_invitation(generator, "created", id, organization, users);
    }
    for _ in 0..generator.rng.below(3) {
        let action = generator.rng.choose(&["accepted", "accepted", "revoked"]);
        push_invitation(generator, action, id, organization, users);
    }
}

fn push_invitation(
    generator: &mut Generator,
    action: &str,
    id: &str,
    organization: &str,
    users: &[String],
) {
    let name = generator.rng.choose(&["guest", "Guest", "ada"]);
    let inviter = generator.one_in(2).then(|| users[0].clone());
    let mut data = json!({
        "id": id, "object": "organization_invitation",
        "email_address": format!("{name}@{TAG}.example.com"),
        "role": generator.rng.choose(&["org:admin", "org:member"]), "role_name": "Member",
        "inviter_id": inviter,
        "public_metadata": metadata(generator), "private_metadata": metadata(generator),
        "url": "https://clerk.example.com/v1/tickets/accept?ticket=secret",
    });
    generator.put_time(&mut data, "expires_at");
    put_times(generator, &mut data);
    match generator.rng.below(10) {
        0 => {}
        1 => data["status"] = Value::Null,
        2 => data["status"] = generator.rng.choose(&["pending", "expired", "held"]).into(),
        _ => data["status"] = if action == "created" { "pending" } else { action }.into(),
    }
    if action == "accepted" {
        let last = users.len() - 1;
        data["user_id"] = users[generator.rng.below(last + 1)].clone().into();
    }
    strip(generator, &mut data);
    put_organization(generator, &mut data, organization);
    if action == "accepted" && generator.one_in(2) {
        data = json!({ "data": data, "object": "organization_invitation" });
    }
    generator.push_event(&format!("organizationInvitation.{action}"), &data);
}

/// Adds the id of the organization, or an object with its id, or rarely neither.
fn put_organization(generator: &mut Generator, data: &mut Value, organization: &str) {
    let part = json!({ "id": organization, "name": "Acme", "slug": "acme", "has_image": false });
    match generator.rng.below(24) {
        0 => {}
        1 => data["organization_id"] = Value::Null,
        2..6 => data["public_organization_data"] = part,
        6..10 => {
            data["public_organization_data"] = part;
            data["organization_id"] = organization.into();
        }
        _ => data["organization_id"] = organization.into(),
    }
}

fn push_domain(generator: &mut Generator, id: &str, organization: &str) {
    for at in 0..generator.rng.below(4) {
        let modes = ["manual_invitation", "automatic_suggestion", "enterprise_sso"];
        let mut data = json!({
            "id": id, "object": "organization_domain", "name": "acme.example.com",
            "enrollment_mode": generator.rng.choose(&modes),
            "affiliation_email_address": "ada@acme.example.com",
            "total_pending_invitations": 0, "total_pending_suggestions": 0,
        });
        for key in ["affiliation_verification", "ownership_verification", "verification"] {
            if !generator.one_in(4) {
                data[key] = verification(generator);
            }
        }
        put_times(generator, &mut data);
        strip(generator, &mut data);
        put_organization(generator, &mut data, organization);
        let action = if at == 0 { "created" } else { "updated" };
        generator.push_event(&format!("organizationDomain.{action}"), &data);
    }
    if generator.one_in(4) {
        let data = json!({ "id": id, "object": "organization_domain", "deleted": true });
        generator.push_event("organizationDomain.deleted", &data);
    }
}

fn verification(generator: &mut Generator) -> Value {
    if generator.one_in(4) {
        return Value::Null;
    }
    let status = generator.rng.choose(&["verified", "unverified", "expired", ""]);
    json!({ "status": status, "strategy": "email_code", "attempts": null, "expire_at": null })
}

fn role(generator: &mut Generator, id: &str) -> Value {
    let permissions = permission_keys(generator);
    let permissions = permissions.as_array().unwrap().iter();
    let permissions: Vec<_> = permissions
        .map(|key| json!({ "object": "permission", "key": key, "id": "perm_1" }))
        .collect();
    let mut data = json!({
        "id": id, "object": "role", "key": generator.rng.choose(&["org:writer", "editor"]),
        "name": generator.rng.choose(&["Writer", "Editor"]),
        "description": generator.rng.choose(&[Some("Writes notes"), Some(""), None]),
        "is_creator_eligible": false, "permissions": permissions,
    });
    put_times(generator, &mut data);
    data
}

fn permission(generator: &mut Generator, id: &str) -> Value {
    let mut data = json!({
        "id": id, "object": "permission", "key": "org:notes:write",
        "name": generator.rng.choose(&["Write notes", "Write"]),
        "description": generator.rng.choose(&[Some("Writes notes"), None]),
        "type": generator.rng.choose(&["system", "custom", "user"]),
    });
    put_times(generator, &mut data);
    data
}
