//! Memberships: their owners, re-joins and deletions.

use serde_json::{Value, json};

use super::{live_ids, row, send_all, signed, values};
use crate::harness::{
    Engine, NOW, Service, apply, both_engines, fixtures,
    organization_events::{membership_event, organization_event},
};

const CREATED: &str = "organizationMembership.created";
const UPDATED: &str = "organizationMembership.updated";
const DELETED: &str = "organizationMembership.deleted";

/// Clerk sends both within milliseconds, in any order.
#[apply(both_engines)]
async fn membership_before_its_owners_is_applied(engine: Engine) {
    let service = Service::start(engine).await;
    let mut joined = membership_event(CREATED, "orgmem_1", "org_1", "user_1", 1);
    joined["data"]["organization"] = json!({ "id": "org_1" });
    let joined = signed("msg_joined", &joined);
    assert_eq!(service.deliver(&joined).await, "applied");
    let mut tables = service.tables().await;
    let membership = row(&mut tables, "organization_memberships", "orgmem_1").await;
    let expected = json!({
        "id": "orgmem_1", "organization_id": "org_1", "user_id": "user_1", "role": "org:member",
        "permissions": ["org:sys_memberships:read"], "public_metadata": { "team": "red" },
        "private_metadata": { "seat": 7 }, "created_at": NOW, "updated_at": NOW + 1,
        "deleted_at": null, "field_versions": null, "version_updated_at": NOW + 1,
        "version_occurred_at": NOW + 1, "version_event_id": "msg_joined",
    });
    assert_eq!(membership, expected);
    let user = row(&mut tables, "users", "user_1").await;
    assert_eq!(values(&user), ["clerk_id"], "a stub");
    let organization = row(&mut tables, "organizations", "org_1").await;
    assert_eq!(organization["version_updated_at"], 0);

    send_all(
        &service,
        &[
            (organization_event("organization.created", "org_1", 0), "applied"),
            (fixtures::user_event("user.created", "user_1", 0), "applied"),
        ],
    )
    .await;
    assert_eq!(row(&mut tables, "organizations", "org_1").await["name"], "Acme 0");
    assert_eq!(row(&mut tables, "users", "user_1").await["first_name"], "Ada 0");
    let after = row(&mut tables, "organization_memberships", "orgmem_1").await;
    assert_eq!(after, membership);
}

/// A user who leaves and joins again has a membership with a new ID.
#[apply(both_engines)]
async fn late_deletion_keeps_new_membership(engine: Engine) {
    let service = Service::start(engine).await;
    let membership = |kind, id, later| membership_event(kind, id, "org_1", "user_1", later);
    send_all(
        &service,
        &[
            (membership(CREATED, "orgmem_old", 1), "applied"),
            (membership(CREATED, "orgmem_new", 20), "applied"),
        ],
    )
    .await;
    let mut tables = service.tables().await;
    let newest = "SELECT user_id || ' ' || organization_id || ' ' || id FROM live_memberships";
    assert_eq!(tables.column(newest).await, ["user_1 org_1 orgmem_new"]);

    send_all(&service, &[(membership(DELETED, "orgmem_old", 10), "applied")]).await;
    assert_eq!(live_ids(&mut tables, "organization_memberships").await, ["orgmem_new"]);
    assert_eq!(tables.column(newest).await, ["user_1 org_1 orgmem_new"]);
    let old = row(&mut tables, "organization_memberships", "orgmem_old").await;
    assert_eq!(values(&old), ["deleted_at", "id"]);
}

/// The `updated_at` of a deleted membership is that of the last change before the deletion.
#[apply(both_engines)]
async fn deletion_is_ordered_by_its_envelope(engine: Engine) {
    let service = Service::start(engine).await;
    let membership = |kind, later| membership_event(kind, "orgmem_1", "org_1", "user_1", later);
    let mut deleted = membership(DELETED, 30);
    deleted["data"]["updated_at"] = json!(NOW);
    deleted["data"]["created_at"] = json!(NOW);
    send_all(
        &service,
        &[
            (organization_event("organization.created", "org_1", 0), "applied"),
            (membership(CREATED, 0), "applied"),
            (membership(UPDATED, 20), "applied"),
            (deleted.clone(), "applied"),
            (deleted, "stale"),
            // The embedded organization lacks fields, and loses to the complete one.
            (membership(UPDATED, 90), "tombstoned"),
        ],
    )
    .await;
    let mut tables = service.tables().await;
    let deleted = row(&mut tables, "organization_memberships", "orgmem_1").await;
    assert_eq!(deleted["deleted_at"], NOW + 30);
    assert_eq!(values(&deleted), ["deleted_at", "id"]);
}

#[apply(both_engines)]
async fn deletion_before_creation_wins(engine: Engine) {
    let service = Service::start(engine).await;
    let membership = |kind, later| membership_event(kind, "orgmem_1", "org_1", "user_1", later);
    send_all(
        &service,
        &[
            (membership(DELETED, 9), "applied"),
            (membership(CREATED, 0), "applied"),
            (membership(UPDATED, 20), "applied"),
        ],
    )
    .await;
    let mut tables = service.tables().await;
    assert!(live_ids(&mut tables, "organization_memberships").await.is_empty());
    // The organization that the events embed is stored.
    assert_eq!(row(&mut tables, "organizations", "org_1").await["name"], "Acme 20");
    let operations = "SELECT coalesce(operation, 'none') FROM webhook_events \
                      WHERE type LIKE 'organizationMembership%' ORDER BY seq";
    assert_eq!(tables.column(operations).await, ["deleted", "none", "none"]);
    // The feed has no entry for a membership that did not change.
    let changes = service.get("/v1/changes").await.body["data"].clone();
    let kinds: Vec<_> = changes.as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["membership", "organization", "organization"], "{changes}");
}

#[apply(both_engines)]
async fn roles_are_an_open_set(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    let roles = [json!("org:admin"), json!("admin"), json!("basic_member"), json!("org:çaisse!")];
    for (later, role) in (0..).zip(roles.iter().chain([&Value::Null])) {
        let mut updated = membership_event(UPDATED, "orgmem_1", "org_1", "user_1", later);
        updated["data"]["role"] = role.clone();
        let id = format!("msg_{later}");
        assert_eq!(service.deliver(&signed(&id, &updated)).await, "applied", "{role}");
        let stored = row(&mut tables, "organization_memberships", "orgmem_1").await;
        // Clerk always sends a role: a membership without one is incomplete, and loses.
        let expected = if role.is_null() { roles.last().unwrap() } else { role };
        assert_eq!(stored["role"], *expected);
    }
}

#[apply(both_engines)]
async fn duplicate_and_late_events_change_nothing(engine: Engine) {
    let service = Service::start(engine).await;
    let membership = |kind, later| membership_event(kind, "orgmem_1", "org_1", "user_1", later);
    let updated = signed("msg_1", &membership(UPDATED, 9));
    assert_eq!(service.deliver(&updated).await, "applied");
    let mut tables = service.tables().await;
    let before = (tables.synced_tables().await, tables.rows("webhook_events").await.len());
    for _ in 0..3 {
        assert_eq!(service.deliver(&updated).await, "duplicate");
    }
    assert_eq!((tables.synced_tables().await, tables.rows("webhook_events").await.len()), before);
    assert_eq!(service.send(&membership(CREATED, 0)).await, "stale");
    assert_eq!(tables.synced_tables().await, before.0);
}
