//! Deletions of organizations and users, which remove what belongs to them.

use serde_json::{Value, json};

use super::{live_ids, row, send_all, values};
use crate::harness::{
    Engine, NOW, Service, Tables, apply, both_engines, fixtures,
    organization_events::{
        domain_event, invitation_event, membership_event, organization_deleted, organization_event,
    },
};

const OWNED: [&str; 3] =
    ["organization_memberships", "organization_invitations", "organization_domains"];

/// Returns the events of an organization with a membership, an invitation and a domain.
fn organization_with_objects(organization: &str, user: &str) -> [Value; 4] {
    let id = |prefix: &str| format!("{prefix}_{organization}");
    [
        organization_event("organization.created", organization, 0),
        membership_event("organizationMembership.created", &id("orgmem"), organization, user, 1),
        invitation_event("organizationInvitation.created", &id("orginv"), organization, 1),
        domain_event("organizationDomain.created", &id("orgdmn"), organization, 1),
    ]
}

async fn owned_ids(tables: &mut Tables) -> Vec<String> {
    let mut ids = Vec::new();
    for table in OWNED {
        ids.extend(tables.column(&format!("SELECT id FROM {table} ORDER BY id")).await);
    }
    ids
}

#[apply(both_engines)]
async fn organization_is_deleted_with_all_it_owns(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    for (organization, user) in [("org_1", "user_1"), ("org_2", "user_2")] {
        for body in organization_with_objects(organization, user) {
            assert_eq!(service.send(&body).await, "applied", "{body}");
        }
    }
    let kept = row(&mut tables, "organizations", "org_2").await;
    assert_eq!(service.send(&organization_deleted("org_1", 20)).await, "applied");
    assert_eq!(owned_ids(&mut tables).await, ["orgmem_org_2", "orginv_org_2", "orgdmn_org_2"]);
    let deleted = row(&mut tables, "organizations", "org_1").await;
    assert_eq!(values(&deleted), ["deleted_at", "id"]);
    assert_eq!(deleted["deleted_at"], NOW + 20);
    assert_eq!(row(&mut tables, "organizations", "org_2").await, kept);
    let terms = "SELECT DISTINCT organization_id FROM organization_terms";
    assert_eq!(tables.column(terms).await, ["org_2"]);
    let payloads = "SELECT organization_id || ' ' || COUNT(payload) FROM webhook_events \
                    GROUP BY organization_id ORDER BY organization_id";
    assert_eq!(tables.column(payloads).await, ["org_1 0", "org_2 4"]);
    // The member remains.
    assert_eq!(values(&row(&mut tables, "users", "user_1").await), ["clerk_id"]);
}

#[apply(both_engines)]
async fn events_of_deleted_organization_are_tombstoned(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    assert_eq!(service.send(&organization_deleted("org_1", 0)).await, "applied");
    let before = tables.synced_tables().await;
    for body in organization_with_objects("org_1", "user_1") {
        assert_eq!(service.send(&body).await, "tombstoned", "{body}");
    }
    let mut failing = organization_event("organization.updated", "org_1", 9);
    failing["data"]["updated_at"] = "no".into();
    send_all(&service, &[(failing, "failed"), (organization_deleted("org_1", 9), "stale")]).await;
    let after = tables.synced_tables().await;
    assert_eq!(after["organizations"], before["organizations"]);
    assert!(owned_ids(&mut tables).await.is_empty());
    let payloads = tables.column("SELECT id FROM webhook_events WHERE payload IS NOT NULL").await;
    assert!(payloads.is_empty(), "{payloads:?}");
}

/// Clerk deletes the memberships of a deleted user. The service does not wait for their events.
#[apply(both_engines)]
async fn deleted_user_leaves_all_organizations(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    let joined = |id: &str, organization: &str, user: &str| {
        membership_event("organizationMembership.created", id, organization, user, 1)
    };
    send_all(
        &service,
        &[
            (fixtures::user_event("user.created", "user_1", 0), "applied"),
            (joined("orgmem_1", "org_1", "user_1"), "applied"),
            (joined("orgmem_2", "org_2", "user_1"), "applied"),
            (joined("orgmem_3", "org_1", "user_2"), "applied"),
            (fixtures::user_deleted("user_1", 9), "applied"),
        ],
    )
    .await;
    assert_eq!(live_ids(&mut tables, "organization_memberships").await, ["orgmem_3"]);
    assert_eq!(live_ids(&mut tables, "organizations").await, ["org_1", "org_2"]);
    let payloads = "SELECT subject || ' ' || COUNT(payload) FROM webhook_events \
                    WHERE subject IS NOT NULL GROUP BY subject ORDER BY subject";
    assert_eq!(tables.column(payloads).await, ["user_1 0", "user_2 1"]);

    // Clerk's own events about the memberships come late.
    let deleted =
        membership_event("organizationMembership.deleted", "orgmem_1", "org_1", "user_1", 12);
    send_all(&service, &[(deleted, "applied"), (joined("orgmem_9", "org_3", "user_1"), "applied")])
        .await;
    assert_eq!(live_ids(&mut tables, "organization_memberships").await, ["orgmem_3"]);
    // The second event embeds an organization that exists, and its own object is not stored.
    assert_eq!(row(&mut tables, "organizations", "org_3").await["name"], "Acme 1");
    assert_eq!(tables.column(payloads).await, ["user_1 0", "user_2 1"]);
}

/// A deletion and the events that it blocks can be in one commit, in any order.
#[apply(both_engines)]
async fn concurrent_deletion_leaves_no_membership(engine: Engine) {
    let service = Service::start(engine).await;
    let [created, joined, invited, domain] = organization_with_objects("org_1", "user_1");
    let bodies = [created, joined, organization_deleted("org_1", 5), invited, domain];
    futures_util::future::join_all(bodies.iter().map(|body| service.send(body))).await;
    let mut tables = service.tables().await;
    assert!(owned_ids(&mut tables).await.is_empty());
    let deleted = row(&mut tables, "organizations", "org_1").await;
    assert_eq!(
        (values(&deleted), &deleted["deleted_at"]),
        (vec!["deleted_at", "id"], &json!(NOW + 5))
    );
}

/// The last member can leave. Clerk keeps the organization.
#[apply(both_engines)]
async fn organization_without_members_stays(engine: Engine) {
    let service = Service::start(engine).await;
    let membership = |kind, later| membership_event(kind, "orgmem_1", "org_1", "user_1", later);
    send_all(
        &service,
        &[
            (organization_event("organization.created", "org_1", 0), "applied"),
            (membership("organizationMembership.created", 1), "applied"),
            (membership("organizationMembership.deleted", 5), "applied"),
        ],
    )
    .await;
    let mut tables = service.tables().await;
    assert_eq!(live_ids(&mut tables, "organizations").await, ["org_1"]);
    assert!(live_ids(&mut tables, "organization_memberships").await.is_empty());
}

/// A customer's own tables can refer to organizations, because their rows stay.
#[apply(both_engines)]
async fn foreign_keys_of_customers_stay_valid(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    let text = if engine == Engine::Postgres { "TEXT COLLATE \"C\"" } else { "TEXT" };
    tables
        .run(&format!(
            "CREATE TABLE projects (id {text} PRIMARY KEY, \
             organization_id {text} NOT NULL REFERENCES organizations (id))"
        ))
        .await;
    for body in organization_with_objects("org_1", "user_1") {
        service.send(&body).await;
    }
    tables.run("INSERT INTO projects VALUES ('project_1', 'org_1')").await;
    send_all(
        &service,
        &[
            (organization_event("organization.updated", "org_1", 9), "applied"),
            (organization_deleted("org_1", 10), "applied"),
        ],
    )
    .await;
    let deleted = "SELECT projects.id FROM projects JOIN organizations \
                   ON organizations.id = organization_id WHERE deleted_at IS NOT NULL";
    assert_eq!(tables.column(deleted).await, ["project_1"]);
}
