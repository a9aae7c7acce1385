//! `GET /v1/organizations/{id}/invitations` and `/domains`

use serde_json::{Value, json};

use super::{apply_all, domain_created, invitation_event, organization_created};
use crate::harness::{Engine, NOW, Service, apply, both_engines, fixtures, ids};

async fn with_organization(engine: Engine) -> Service {
    let service = Service::start(engine).await;
    apply_all(&service, [organization_created("org_1", &json!({}))]).await;
    service
}

#[apply(both_engines)]
async fn invitations_of_organization_are_listed(engine: Engine) {
    let service = with_organization(engine).await;
    apply_all(
        &service,
        [
            invitation_event("created", "orginv_2", "org_1", 0),
            invitation_event("created", "orginv_1", "org_1", 0),
            invitation_event("created", "orginv_3", "org_2", 0),
        ],
    )
    .await;
    let expected = |id: &str| {
        json!({
            "id": id, "organization_id": "org_1", "email": format!("{id}@example.com"),
            "role": "org:member", "status": "pending", "inviter_id": "user_1", "user_id": null,
            "public_metadata": {}, "expires_at": "2026-08-13T09:30:00.000Z",
            "created_at": "2026-08-12T09:30:00.000Z", "updated_at": "2026-08-12T09:30:00.000Z",
        })
    };
    let found = service.list("/v1/organizations/org_1/invitations").await;
    assert_eq!(found, [expected("orginv_1"), expected("orginv_2")]);
}

/// Clerk sends no event when an invitation expires.
#[apply(both_engines)]
async fn pending_invitations_expire(engine: Engine) {
    let service = with_organization(engine).await;
    let forever = {
        let mut event = invitation_event("created", "orginv_4", "org_1", 0);
        event["data"]["expires_at"] = Value::Null;
        event
    };
    apply_all(
        &service,
        [
            invitation_event("created", "orginv_1", "org_1", 0),
            invitation_event("accepted", "orginv_2", "org_1", 0),
            invitation_event("revoked", "orginv_3", "org_1", 0),
            forever,
        ],
    )
    .await;
    let statuses = async || {
        let found = service.list("/v1/organizations/org_1/invitations").await;
        found.iter().map(|it| it["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(statuses().await, ["pending", "accepted", "revoked", "pending"]);
    service.clock.set(NOW + 86_400_000);
    assert_eq!(statuses().await, ["expired", "accepted", "revoked", "pending"]);
}

#[apply(both_engines)]
async fn domains_of_organization_are_listed(engine: Engine) {
    let service = with_organization(engine).await;
    apply_all(&service, [domain_created("orgdmn_1", "org_1"), domain_created("orgdmn_2", "org_2")])
        .await;
    let expected = json!({
        "id": "orgdmn_1", "organization_id": "org_1", "name": "orgdmn_1.example.com",
        "enrollment_mode": "automatic_invitation", "affiliation_status": "verified",
        "ownership_status": null, "created_at": "2026-08-12T09:30:00.000Z",
        "updated_at": "2026-08-12T09:30:00.000Z",
    });
    assert_eq!(service.list("/v1/organizations/org_1/domains").await, [expected]);
    let deleted = json!({ "object": "organization_domain", "id": "orgdmn_1", "deleted": true });
    apply_all(&service, [fixtures::event("organizationDomain.deleted", deleted, 5)]).await;
    assert_eq!(service.list("/v1/organizations/org_1/domains").await, [Value::Null; 0]);
}

#[apply(both_engines)]
async fn owned_objects_are_paginated(engine: Engine) {
    let service = with_organization(engine).await;
    let names = ["B", "Z", "_", "a", "aB", "ab", "z"];
    for name in names {
        apply_all(
            &service,
            [
                invitation_event("created", &format!("orginv_{name}"), "org_1", 0),
                domain_created(&format!("orgdmn_{name}"), "org_1"),
            ],
        )
        .await;
    }
    for (collection, prefix) in [("invitations", "orginv"), ("domains", "orgdmn")] {
        let expected = names.map(|name| format!("{prefix}_{name}"));
        for limit in [1, 3, 7, 500] {
            let path = format!("/v1/organizations/org_1/{collection}");
            assert_eq!(ids(&service.walk(&path, limit).await), expected, "{path} by {limit}");
        }
        let path = format!("/v1/organizations/org_9/{collection}");
        assert_eq!(service.get(&path).await.problem(), (404, "not_found"), "{path}");
    }
}
