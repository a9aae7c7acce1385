//! Session tokens whose active organization has ended, or whose role in it has changed

use serde_json::{Value, json};

use super::{
    apply_all, member, membership_event, organization_created, organization_deleted, sign_up,
};
use crate::harness::{
    ApiResponse, Engine, ISSUER, Instance, NOW, Service, apply, both_engines, claims,
};

const ENDED: &str = "token_organization_membership_ended";
const ROLE_CHANGED: &str = "token_organization_role_changed";

/// Calls that depend on the active organization.
const DEPENDENT: [&str; 7] = [
    "/v1/me/memberships",
    "/v1/me/memberships/org_2",
    "/v1/me/organizations",
    "/v1/users/user_1/memberships",
    "/v1/memberships/orgmem_2",
    "/v1/organizations/org_2",
    "/v1/organizations/org_2/memberships",
];

/// Adds `user_1` as an administrator of `org_1` and a member of `org_2`.
async fn with_memberships(engine: Engine) -> Service {
    let shared = [("MEETVO__API__MEMBERS_SEE_MEMBERS", "true")];
    let service = Service::start_with_session_tokens(engine, shared).await;
    sign_up(&service, "user_1").await;
    apply_all(
        &service,
        [
            organization_created("org_1", &json!({})),
            organization_created("org_2", &json!({})),
            member("orgmem_1", "org_1", "user_1", "org:admin"),
            member("orgmem_2", "org_2", "user_1", "org:member"),
        ],
    )
    .await;
    service
}

/// Returns a token of `user_1`, issued at `NOW + offset`, with further claims.
fn token(offset: i64, organization: &Value) -> String {
    let mut claims = claims(ISSUER, "user_1", "sess_1");
    claims["iat"] = ((NOW + offset) / 1000).into();
    for (name, value) in organization.as_object().unwrap() {
        claims[name] = value.clone();
    }
    Instance::shared().token(&claims)
}

/// Returns the claims of both token versions for an active organization.
fn versions(organization: &str, role: &str) -> [Value; 2] {
    [
        json!({ "v": 2, "o": { "id": organization, "slg": "x", "rol": role, "per": "read" } }),
        json!({ "v": 1, "org_id": organization, "org_role": format!("org:{role}") }),
    ]
}

async fn get(service: &Service, path: &str, token: &str) -> ApiResponse {
    ApiResponse::fetch(service.client.get(service.url_for(path)).bearer_auth(token)).await
}

async fn assert_accepted(service: &Service, token: &str) {
    for path in DEPENDENT {
        let response = get(service, path, token).await;
        assert_eq!(response.status, 200, "{path}: {}", response.body);
    }
}

async fn assert_rejected(service: &Service, token: &str, code: &str) {
    for path in DEPENDENT {
        let response = get(service, path, token).await;
        assert_eq!(response.problem(), (401, code), "{path}");
        assert!(response.header("www-authenticate").is_some());
        assert!(response.body["detail"].as_str().unwrap().contains("skipCache"));
    }
    // The user itself does not depend on the organization.
    for path in ["/v1/me", "/v1/me/sessions", "/v1/users/user_1"] {
        assert_eq!(get(service, path, token).await.status, 200, "{path}");
    }
}

#[apply(both_engines)]
async fn token_of_removed_member_is_rejected(engine: Engine) {
    for claims in versions("org_1", "admin") {
        let service = with_memberships(engine).await;
        let active = token(0, &claims);
        assert_accepted(&service, &active).await;
        let removed = membership_event("deleted", ["orgmem_1", "org_1", "user_1"], 5);
        apply_all(&service, [removed]).await;
        assert_rejected(&service, &active, ENDED).await;
        assert_accepted(&service, &token(0, &json!({}))).await;
        for claims in versions("org_2", "member") {
            assert_accepted(&service, &token(0, &claims)).await;
        }
    }
}

#[apply(both_engines)]
async fn token_of_deleted_organization_is_rejected(engine: Engine) {
    let service = with_memberships(engine).await;
    apply_all(&service, [organization_deleted("org_1", -5_000)]).await;
    for claims in versions("org_1", "admin") {
        assert_rejected(&service, &token(0, &claims), ENDED).await;
    }
}

#[apply(both_engines)]
async fn token_with_previous_role_is_rejected(engine: Engine) {
    let service = with_memberships(engine).await;
    apply_all(&service, [membership_event("updated", ["orgmem_1", "org_1", "user_1"], 5)]).await;
    for claims in versions("org_1", "admin") {
        assert_rejected(&service, &token(0, &claims), ROLE_CHANGED).await;
    }
    for claims in versions("org_1", "member") {
        assert_accepted(&service, &token(0, &claims)).await;
    }
}

/// The webhook of the new state can arrive after a token that Clerk issued for it.
#[apply(both_engines)]
async fn token_newer_than_tables_is_accepted(engine: Engine) {
    let service = with_memberships(engine).await;
    // Nothing is known about the organization.
    for claims in versions("org_new", "admin") {
        assert_accepted(&service, &token(0, &claims)).await;
    }
    // The role changed after the synced state.
    for claims in versions("org_2", "admin") {
        assert_accepted(&service, &token(2_000, &claims)).await;
    }
    // The user joined again after the synced deletion.
    apply_all(&service, [membership_event("deleted", ["orgmem_1", "org_1", "user_1"], 500)]).await;
    for claims in versions("org_1", "admin") {
        assert_rejected(&service, &token(0, &claims), ENDED).await;
        assert_accepted(&service, &token(1_000, &claims)).await;
    }
    let mut again = membership_event("created", ["orgmem_3", "org_1", "user_1"], 900);
    again["data"]["role"] = json!("org:admin");
    apply_all(&service, [again]).await;
    for claims in versions("org_1", "admin") {
        assert_accepted(&service, &token(0, &claims)).await;
    }
}

/// A late deletion of the previous membership does not end the new one.
#[apply(both_engines)]
async fn late_deletion_keeps_new_membership(engine: Engine) {
    let service = with_memberships(engine).await;
    let again = membership_event("created", ["orgmem_3", "org_2", "user_1"], 5);
    let late = membership_event("deleted", ["orgmem_2", "org_2", "user_1"], 3);
    apply_all(&service, [again, late]).await;
    for claims in versions("org_2", "member") {
        let token = token(0, &claims);
        assert_eq!(get(&service, "/v1/me/memberships", &token).await.status, 200);
    }
}
