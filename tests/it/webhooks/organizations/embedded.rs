//! The organization that a membership embeds, and organizations with absent fields.

use serde_json::{Value, json};

use super::{row, send_all, signed};
use crate::harness::{
    Engine, NOW, Service, apply, both_engines,
    organization_events::{membership_event, organization, organization_event},
};

fn joined(later: i64) -> Value {
    membership_event("organizationMembership.created", "orgmem_1", "org_1", "user_1", later)
}

/// Calls `each` with every order of three events, on a new service.
async fn in_every_order(engine: Engine, events: [Value; 3], each: impl AsyncFn(&Value)) {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let service = Service::start(engine).await;
        for at in order {
            let delivery = signed(&format!("msg_{at}"), &events[at]);
            service.deliver(&delivery).await;
        }
        let mut tables = service.tables().await;
        each(&row(&mut tables, "organizations", "org_1").await).await;
    }
}

/// The embedded organization lacks `private_metadata` and `created_by`, also if it is newer.
#[apply(both_engines)]
async fn embedded_organization_never_replaces_whole_one(engine: Engine) {
    let created = organization_event("organization.created", "org_1", 0);
    let updated = organization_event("organization.updated", "org_1", 5);
    in_every_order(engine, [created, updated, joined(90)], async |row| {
        let expected = json!({
            "id": "org_1", "name": "Acme 5", "slug": "acme", "image": "https://img.clerk.com/acme",
            "max_allowed_memberships": 5, "admin_delete_enabled": true,
            "public_metadata": { "plan": "team" }, "private_metadata": { "account": "acct_1" },
            "created_by": "user_creator", "created_at": NOW, "updated_at": NOW + 5,
            "deleted_at": null, "search": row["search"], "field_versions": null,
            "version_updated_at": NOW + 5, "version_occurred_at": NOW + 5,
            "version_event_id": "msg_1",
        });
        assert_eq!(*row, expected);
    })
    .await;
}

/// An absent key erases nothing; null does.
#[apply(both_engines)]
async fn absent_keys_keep_stored_values(engine: Engine) {
    let whole = organization_event("organization.created", "org_1", 0);
    let mut partial = organization_event("organization.updated", "org_1", 5);
    let data = partial["data"].as_object_mut().unwrap();
    for field in ["slug", "image_url", "created_by", "max_allowed_memberships"] {
        data.remove(field);
    }
    let mut nulls = organization_event("organization.updated", "org_1", 9);
    nulls["data"]["slug"] = Value::Null;
    in_every_order(engine, [whole, partial, nulls], async |row| {
        assert_eq!((&row["name"], &row["slug"]), (&json!("Acme 9"), &Value::Null), "{row}");
        assert_eq!(row["created_by"], "user_creator");
    })
    .await;

    let service = Service::start(engine).await;
    let whole = organization_event("organization.created", "org_1", 0);
    let mut partial = organization("org_1", 5);
    partial.as_object_mut().unwrap().remove("slug");
    let partial = crate::harness::fixtures::event("organization.updated", partial, 5);
    send_all(&service, &[(whole, "applied"), (partial, "applied")]).await;
    let row = row(&mut service.tables().await, "organizations", "org_1").await;
    assert_eq!((&row["name"], &row["slug"]), (&json!("Acme 5"), &json!("acme")), "{row}");
}

/// The event of the membership has one row, so that the change of the organization needs another.
#[apply(both_engines)]
async fn change_of_embedded_organization_is_in_feed(engine: Engine) {
    let service = Service::start(engine).await;
    assert_eq!(service.deliver(&signed("msg_1", &joined(1))).await, "applied");
    let mut tables = service.tables().await;
    let events = tables.rows("webhook_events").await;
    let shown = |event: &Value| {
        ["id", "type", "object_kind", "object_id", "operation", "organization_id"]
            .map(|name| event[name].as_str().unwrap_or("none").to_owned())
    };
    let mut shown: Vec<_> = events.iter().map(shown).collect();
    shown.sort();
    let membership =
        ["msg_1", "organizationMembership.created", "membership", "orgmem_1", "created", "org_1"];
    let embedded = [
        "meetvo.organization.embedded:msg_1",
        "meetvo.organization.embedded",
        "organization",
        "org_1",
        "created",
        "org_1",
    ];
    assert_eq!(shown, [embedded, membership]);
    let embedded = events.iter().find(|it| it["object_kind"] == "organization").unwrap();
    let expected = [&Value::Null, &Value::Null, &Value::Null, &json!("applied")];
    let values = ["payload", "subject", "secret", "decision"].map(|name| &embedded[name]);
    assert_eq!(values, expected);

    let changes = service.get("/v1/changes").await.body["data"].clone();
    let kinds: Vec<_> = changes.as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["membership", "organization"], "{changes}");

    // An embedded organization that changes nothing adds no row.
    let created = organization_event("organization.created", "org_1", 0);
    send_all(&service, &[(created, "applied"), (joined(9), "applied")]).await;
    let embedded = "SELECT id FROM webhook_events WHERE type = 'meetvo.organization.embedded'";
    assert_eq!(tables.column(embedded).await.len(), 1);
}

/// Clerk can send the embedded organization complete.
#[apply(both_engines)]
async fn complete_embedded_organization_follows_its_version(engine: Engine) {
    let service = Service::start(engine).await;
    let mut joined = joined(1);
    joined["data"]["organization"] = organization("org_1", 7);
    let created = organization_event("organization.created", "org_1", 0);
    send_all(&service, &[(joined, "applied"), (created, "stale")]).await;
    let row = row(&mut service.tables().await, "organizations", "org_1").await;
    assert_eq!((&row["name"], &row["version_updated_at"]), (&json!("Acme 7"), &json!(NOW + 7)));
}
