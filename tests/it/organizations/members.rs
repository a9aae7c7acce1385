//! Organizations and members that session tokens can read with `api.members_see_members`

use serde_json::{Value, json};

use super::{PRIVATE, apply_all, member, membership_event, organization_created, sign_up};
use crate::harness::{ApiResponse, Engine, Service, apply, both_engines, ids, token};

/// Adds two members of `org_1`, and `user_3` as the only member of `org_2`.
async fn with_members(engine: Engine, sees_members: &str) -> Service {
    let setting = [("MEETVO__API__MEMBERS_SEE_MEMBERS", sees_members)];
    let service = Service::start_with_session_tokens(engine, setting).await;
    for user in ["user_1", "user_2", "user_3"] {
        sign_up(&service, user).await;
    }
    apply_all(&service, ["org_1", "org_2"].map(|id| organization_created(id, &json!({})))).await;
    apply_all(
        &service,
        [
            member("orgmem_1", "org_1", "user_1", "org:admin"),
            member("orgmem_2", "org_1", "user_2", "org:member"),
            member("orgmem_3", "org_2", "user_3", "org:member"),
        ],
    )
    .await;
    service
}

async fn get(service: &Service, path: &str) -> ApiResponse {
    let request = service.client.get(service.url_for(path));
    ApiResponse::fetch(request.bearer_auth(token("user_1", "sess_1"))).await
}

#[apply(both_engines)]
async fn members_read_their_organization(engine: Engine) {
    let service = with_members(engine, "true").await;
    let organization = get(&service, "/v1/organizations/org_1").await;
    assert_eq!(organization.body, service.get("/v1/organizations/org_1").await.body);
    let page = get(&service, "/v1/organizations/org_1/memberships").await;
    assert!(!page.body.to_string().contains(PRIVATE));
    let members = page.body["data"].as_array().unwrap();
    assert_eq!(members[0], service.get("/v1/memberships/orgmem_1").await.body);
    let at = "2026-08-12T09:30:00.000Z";
    let other = json!({
        "id": "orgmem_2", "organization_id": "org_1", "user_id": "user_2",
        "user": {
            "id": "user_2", "username": null, "first_name": "Ada 0", "last_name": "Lovelace",
            "image": "https://img.clerk.com/ada", "email": null,
        },
        "role": "org:member", "permissions": null, "public_metadata": null,
        "created_at": at, "updated_at": at,
    });
    assert_eq!(members[1], other);
    let mut found = Vec::new();
    let mut path = "/v1/organizations/org_1/memberships?limit=1".to_owned();
    loop {
        let body = get(&service, &path).await.body;
        found.extend(body["data"].as_array().unwrap().clone());
        let Some(cursor) = body["next_cursor"].as_str() else { break };
        path = format!("/v1/organizations/org_1/memberships?limit=1&cursor={cursor}");
    }
    assert_eq!(ids(&found), ["orgmem_1", "orgmem_2"]);
}

#[apply(both_engines)]
async fn other_organizations_look_nonexistent(engine: Engine) {
    let service = with_members(engine, "true").await;
    for path in ["/v1/organizations/?", "/v1/organizations/?/memberships"] {
        let [there, nobody] = ["org_2", "org_9"].map(|id| path.replace('?', id));
        let there = get(&service, &there).await;
        assert_eq!(there.problem(), (404, "not_found"), "{path}");
        assert_eq!(there.body["detail"], get(&service, &nobody).await.body["detail"]);
    }
    for path in ["/v1/organizations", "/v1/organizations/org_1/invitations", "/v1/memberships"] {
        assert_eq!(get(&service, path).await.problem(), (401, "key_required"), "{path}");
    }
    let path = "/v1/memberships/orgmem_2";
    assert_eq!(get(&service, path).await.problem(), (404, "not_found"));
    let left = membership_event("deleted", ["orgmem_1", "org_1", "user_1"], 5);
    apply_all(&service, [left]).await;
    for path in ["/v1/organizations/org_1", "/v1/organizations/org_1/memberships"] {
        assert_eq!(get(&service, path).await.problem(), (404, "not_found"), "{path}");
    }
}

#[apply(both_engines)]
async fn members_need_setting_and_credentials(engine: Engine) {
    for sees_members in ["true", "false"] {
        let service = with_members(engine, sees_members).await;
        for path in ["/v1/organizations/org_1", "/v1/organizations/org_1/memberships"] {
            let anonymous = service.client.get(service.url_for(path));
            let anonymous = ApiResponse::fetch(anonymous).await;
            assert_eq!(anonymous.problem(), (401, "credentials_missing"), "{path}");
            let status = if sees_members == "true" { 200 } else { 401 };
            assert_eq!(get(&service, path).await.status, status, "{path}");
            assert_eq!(service.get(path).await.status, 200, "{path}");
        }
        let listed: Value = service.list("/v1/memberships").await.into();
        assert!(listed.to_string().contains("user_2@example.com"), "keys read addresses");
    }
}
