//! `GET /v1/roles` and `GET /v1/permissions`

use serde_json::{Value, json};

use super::apply_all;
use crate::harness::{Engine, NOW, Service, apply, both_engines, fixtures, ids};

fn permission(id: &str, key: &str) -> Value {
    json!({
        "object": "permission", "id": id, "key": key, "name": "Read", "description": "Reads all",
        "type": "custom", "created_at": NOW, "updated_at": NOW,
    })
}

fn role(id: &str, permissions: &[Value]) -> Value {
    json!({
        "object": "role", "id": id, "key": format!("org:{id}"), "name": "Reader",
        "description": null, "permissions": permissions, "is_creator_eligible": false,
        "created_at": NOW, "updated_at": NOW,
    })
}

#[apply(both_engines)]
async fn roles_and_permissions_are_listed(engine: Engine) {
    let service = Service::start(engine).await;
    let read = permission("perm_1", "org:posts:read");
    apply_all(
        &service,
        [
            fixtures::event("permission.created", read.clone(), 0),
            fixtures::event("role.created", role("role_1", &[read]), 0),
        ],
    )
    .await;
    let at = "2026-08-12T09:30:00.000Z";
    let expected = json!({
        "id": "role_1", "key": "org:role_1", "name": "Reader", "description": null,
        "permissions": ["org:posts:read"], "created_at": at, "updated_at": at,
    });
    assert_eq!(service.list("/v1/roles").await, [expected]);
    let expected = json!({
        "id": "perm_1", "key": "org:posts:read", "name": "Read", "description": "Reads all",
        "type": "custom", "created_at": at, "updated_at": at,
    });
    assert_eq!(service.list("/v1/permissions").await, [expected]);
}

#[apply(both_engines)]
async fn deleted_roles_and_permissions_are_not_listed(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 1..=5 {
        let (of_permission, of_role) = (format!("perm_{number}"), format!("role_{number}"));
        apply_all(
            &service,
            [
                fixtures::event("permission.created", permission(&of_permission, "org:x:y"), 0),
                fixtures::event("role.created", role(&of_role, &[]), 0),
            ],
        )
        .await;
    }
    for (object, id) in [("permission", "perm_3"), ("role", "role_3")] {
        let deleted = json!({ "object": object, "id": id, "deleted": true });
        apply_all(&service, [fixtures::event(&format!("{object}.deleted"), deleted, 5)]).await;
    }
    for (path, prefix) in [("/v1/permissions", "perm"), ("/v1/roles", "role")] {
        let expected = [1, 2, 4, 5].map(|number| format!("{prefix}_{number}"));
        for limit in [1, 2, 4, 500] {
            assert_eq!(ids(&service.walk(path, limit).await), expected, "{path} by {limit}");
        }
    }
}
