//! Roles and permissions, and the two shapes of their deletions.

use serde_json::{Value, json};

use super::{live_ids, row, send_all, signed, values};
use crate::harness::{
    Engine, NOW, Service, apply, both_engines,
    fixtures::event,
    organization_events::{deleted, permission, role},
};

#[apply(both_engines)]
async fn role_has_the_keys_of_its_permissions(engine: Engine) {
    let service = Service::start(engine).await;
    let created = signed("msg_1", &event("role.created", role("role_1", 0), 0));
    assert_eq!(service.deliver(&created).await, "applied");
    let mut tables = service.tables().await;
    let expected = json!({
        "id": "role_1", "key": "org:billing", "name": "Billing", "description": "Reads invoices",
        "permissions": ["org:invoices:read"], "created_at": NOW, "updated_at": NOW,
        "deleted_at": null, "field_versions": null, "version_updated_at": NOW,
        "version_occurred_at": NOW, "version_event_id": "msg_1",
    });
    assert_eq!(row(&mut tables, "roles", "role_1").await, expected);
    // The permissions of a role add no rows. They have their own events.
    assert!(tables.rows("permissions").await.is_empty());

    let mut updated = role("role_1", 5);
    updated["permissions"] = json!([]);
    updated["key"] = "editor".into();
    assert_eq!(service.send(&event("role.updated", updated, 5)).await, "applied");
    let stored = row(&mut tables, "roles", "role_1").await;
    assert_eq!((&stored["key"], &stored["permissions"]), (&json!("editor"), &json!([])));
}

#[apply(both_engines)]
async fn permission_columns_are_stored(engine: Engine) {
    let service = Service::start(engine).await;
    let created = signed("msg_1", &event("permission.created", permission("perm_1", 0), 0));
    assert_eq!(service.deliver(&created).await, "applied");
    let expected = json!({
        "id": "perm_1", "key": "org:invoices:read", "name": "Read invoices", "description": null,
        "type": "custom", "created_at": NOW, "updated_at": NOW, "deleted_at": null,
        "field_versions": null, "version_updated_at": NOW, "version_occurred_at": NOW,
        "version_event_id": "msg_1",
    });
    assert_eq!(row(&mut service.tables().await, "permissions", "perm_1").await, expected);
}

/// Clerk's specification has a deleted object, its SDK the whole object.
#[apply(both_engines)]
async fn deletions_are_read_in_both_shapes(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    let mut short = deleted("role.deleted", "role", "role_1", 9);
    short["data"]["slug"] = Value::Null;
    let whole = event("role.deleted", role("role_2", 0), 9);
    let short_permission = deleted("permission.deleted", "permission", "perm_1", 9);
    let whole_permission = event("permission.deleted", permission("perm_2", 0), 9);
    let role_event = |id: &str, later| event("role.updated", role(id, later), later);
    let permission_event =
        |id: &str, later| event("permission.updated", permission(id, later), later);
    send_all(
        &service,
        &[
            (role_event("role_1", 0), "applied"),
            (role_event("role_2", 0), "applied"),
            (role_event("role_3", 0), "applied"),
            (permission_event("perm_1", 0), "applied"),
            (permission_event("perm_2", 0), "applied"),
            (short, "applied"),
            (whole, "applied"),
            (short_permission, "applied"),
            (whole_permission, "applied"),
            (role_event("role_1", 20), "tombstoned"),
            (role_event("role_2", 20), "tombstoned"),
            (permission_event("perm_2", 20), "tombstoned"),
        ],
    )
    .await;
    assert_eq!(live_ids(&mut tables, "roles").await, ["role_3"]);
    assert!(live_ids(&mut tables, "permissions").await.is_empty());
    for (table, id) in [("roles", "role_1"), ("roles", "role_2"), ("permissions", "perm_2")] {
        let stored = row(&mut tables, table, id).await;
        assert_eq!(values(&stored), ["deleted_at", "id"]);
        assert_eq!(stored["deleted_at"], NOW + 9);
    }
}
