//! `GET /v1/organizations/{id}` and `GET /v1/memberships/{id}`

use serde_json::{Value, json};

use super::{
    PRIVATE, apply_all, membership_event, organization_created, organization_deleted, sign_up,
};
use crate::harness::{ApiResponse, Engine, KEY, NOW, Service, apply, both_engines, fixtures};

const ORGANIZATION: &str = "/v1/organizations/org_1";
const MEMBERSHIP: &str = "/v1/memberships/orgmem_1";

async fn with_member(engine: Engine) -> Service {
    let service = Service::start(engine).await;
    sign_up(&service, "user_1").await;
    let created = membership_event("created", ["orgmem_1", "org_1", "user_1"], 5);
    apply_all(&service, [organization_created("org_1", &json!({})), created]).await;
    service
}

#[apply(both_engines)]
async fn organization_is_returned_without_private_metadata(engine: Engine) {
    let service = with_member(engine).await;
    let expected = json!({
        "id": "org_1", "name": "Team org_1", "slug": "s-org_1",
        "image": "https://img.clerk.com/team", "max_allowed_memberships": 5,
        "admin_delete_enabled": true, "public_metadata": { "plan": "pro" },
        "created_by": "user_1", "created_at": "2026-08-12T09:30:00.000Z",
        "updated_at": "2026-08-12T09:30:00.000Z",
    });
    let response = service.get(ORGANIZATION).await;
    assert_eq!((response.status.as_u16(), &response.body), (200, &expected));
    assert_eq!(service.list("/v1/organizations").await, [expected], "a list returns the same");
    let stored = "SELECT CAST(private_metadata AS TEXT) FROM organizations";
    let stored = service.tables().await.column(stored).await;
    assert!(stored[0].contains(PRIVATE), "it is stored");
}

/// The member's profile is that of the user, and not the snapshot in the membership.
#[apply(both_engines)]
async fn membership_shows_current_user(engine: Engine) {
    let service = with_member(engine).await;
    let expected = |first_name: &str| {
        json!({
            "id": "orgmem_1", "organization_id": "org_1", "user_id": "user_1",
            "user": {
                "id": "user_1", "username": null, "first_name": first_name,
                "last_name": "Lovelace", "image": "https://img.clerk.com/ada",
                "email": "user_1@example.com",
            },
            "role": "org:member", "permissions": ["org:posts:read"],
            "public_metadata": { "desk": 4 }, "created_at": "2026-08-12T09:30:00.000Z",
            "updated_at": "2026-08-12T09:30:00.005Z",
        })
    };
    assert_eq!(service.get(MEMBERSHIP).await.body, expected("Ada 0"));
    apply_all(&service, [fixtures::user_event("user.updated", "user_1", 7)]).await;
    assert_eq!(service.get(MEMBERSHIP).await.body, expected("Ada 7"));
    for list in [
        "/v1/memberships",
        "/v1/memberships?user_id=user_1",
        "/v1/memberships?organization_id=org_1&user_id=user_1&role=org:member",
        "/v1/organizations/org_1/memberships",
        "/v1/users/user_1/memberships",
    ] {
        assert_eq!(service.list(list).await, [expected("Ada 7")], "{list}");
    }
}

/// A membership can arrive before its user.
#[apply(both_engines)]
async fn unsynced_member_has_only_an_id(engine: Engine) {
    let service = Service::start(engine).await;
    let created = membership_event("created", ["orgmem_1", "org_1", "user_1"], 0);
    apply_all(&service, [created]).await;
    let user = &service.get(MEMBERSHIP).await.body["user"];
    let fields = user.as_object().unwrap();
    assert_eq!((fields.len(), &user["id"]), (6, &json!("user_1")));
    assert!(fields.iter().all(|(field, value)| field == "id" || value.is_null()), "{user}");
    // The embedded organization is known.
    assert_eq!(service.get(ORGANIZATION).await.body["created_by"], Value::Null);
}

#[apply(both_engines)]
async fn unchanged_object_is_answered_with_304(engine: Engine) {
    let service = with_member(engine).await;
    let get = |path: &str, etag: &str| {
        let request = service.client.get(service.url_for(path)).bearer_auth(KEY);
        ApiResponse::fetch(request.header("if-none-match", etag))
    };
    for (path, change) in [
        (ORGANIZATION, organization_created("org_1", &json!({ "updated_at": NOW + 9 }))),
        (MEMBERSHIP, fixtures::user_event("user.updated", "user_1", 9)),
    ] {
        let etag = service.get(path).await.header("etag").unwrap().to_owned();
        assert_eq!(get(path, &etag).await.status, 304, "{path}");
        apply_all(&service, [change]).await;
        assert_eq!(get(path, &etag).await.status, 200, "{path}");
    }
}

#[apply(both_engines)]
async fn stubs_and_deleted_objects_do_not_exist(engine: Engine) {
    let service = with_member(engine).await;
    // This domain has an organization of which only the ID is known.
    apply_all(&service, [super::domain_created("orgdmn_1", "org_stub")]).await;
    assert_eq!(service.get("/v1/organizations/org_stub").await.problem(), (404, "not_found"));
    assert_eq!(service.list("/v1/organizations").await.len(), 1, "the stub is not listed");
    assert_eq!(service.list("/v1/organizations/org_stub/domains").await.len(), 1);
    apply_all(&service, [organization_deleted("org_1", 9)]).await;
    for path in [
        ORGANIZATION,
        MEMBERSHIP,
        "/v1/organizations/org_1/memberships",
        "/v1/organizations/org_unknown",
        "/v1/organizations/org_unknown/domains",
        "/v1/memberships/orgmem_unknown",
    ] {
        assert_eq!(service.get(path).await.problem(), (404, "not_found"), "{path}");
    }
    for list in ["/v1/organizations", "/v1/memberships", "/v1/users/user_1/memberships"] {
        assert_eq!(service.list(list).await, [Value::Null; 0], "{list}");
    }
}

#[apply(both_engines)]
async fn no_response_contains_private_data(engine: Engine) {
    let service = with_member(engine).await;
    let invitation = super::invitation_event("created", "orginv_1", "org_1", 0);
    apply_all(&service, [invitation, super::domain_created("orgdmn_1", "org_1")]).await;
    for path in [
        ORGANIZATION,
        MEMBERSHIP,
        "/v1/organizations",
        "/v1/organizations?query=team",
        "/v1/memberships",
        "/v1/organizations/org_1/memberships",
        "/v1/organizations/org_1/invitations",
        "/v1/organizations/org_1/domains",
        "/v1/users/user_1/memberships",
        "/v1/changes",
        "/v1/events",
    ] {
        let response = service.get(path).await;
        assert_eq!(response.status, 200, "{path}");
        let body = response.body.to_string();
        for secret in [PRIVATE, "private_metadata", "napshot", "public_user_data", "ticket"] {
            assert!(!body.contains(secret), "{path} contains {secret}: {body}");
        }
    }
}
