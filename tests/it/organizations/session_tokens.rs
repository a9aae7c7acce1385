//! Memberships and organizations that a session token can read, and its change feed

use meetvo::objects::change_kind::ChangeKind;
use serde_json::{Value, json};

use super::{
    PRIVATE, apply_all, invitation_event, member, membership_event, organization_created,
    organization_deleted, sign_up,
};
use crate::harness::{
    ApiResponse, Engine, EventStream, Service, apply, both_engines, fixtures, ids, token,
};

/// Adds two users who are members of `org_1`. The first one is also a member of `org_2`, and the
/// second one of `org_3`.
async fn with_members(engine: Engine) -> (Service, String) {
    let service = Service::start_with_session_tokens(engine, []).await;
    for user in ["user_1", "user_2"] {
        sign_up(&service, user).await;
    }
    let organizations = ["org_1", "org_2", "org_3"];
    apply_all(&service, organizations.map(|id| organization_created(id, &json!({})))).await;
    apply_all(
        &service,
        [
            member("orgmem_1", "org_1", "user_1", "org:admin"),
            member("orgmem_2", "org_1", "user_2", "org:member"),
            member("orgmem_3", "org_2", "user_1", "org:member"),
            member("orgmem_4", "org_3", "user_2", "org:member"),
        ],
    )
    .await;
    (service, token("user_1", "sess_1"))
}

async fn get(service: &Service, path: &str, token: &str) -> ApiResponse {
    ApiResponse::fetch(service.client.get(service.url_for(path)).bearer_auth(token)).await
}

async fn list(service: &Service, path: &str, token: &str) -> Vec<Value> {
    let mut response = get(service, path, token).await;
    assert_eq!(response.status, 200, "{path}: {}", response.body);
    serde_json::from_value(response.body["data"].take()).unwrap()
}

#[apply(both_engines)]
async fn signed_in_user_reads_own_memberships(engine: Engine) {
    let (service, token) = with_members(engine).await;
    let own = list(&service, "/v1/me/memberships", &token).await;
    assert_eq!(ids(&own), ["orgmem_1", "orgmem_3"]);
    assert_eq!(list(&service, "/v1/users/user_1/memberships", &token).await, own);
    assert_eq!(service.list("/v1/users/user_1/memberships").await, own);
    assert_eq!(get(&service, "/v1/memberships/orgmem_1", &token).await.body, own[0]);
    assert_eq!(get(&service, "/v1/me/memberships/org_2", &token).await.body, own[1]);
    for path in ["/v1/users/user_2/memberships", "/v1/users/user_9/memberships"] {
        assert_eq!(get(&service, path, &token).await.problem(), (404, "not_found"), "{path}");
    }
    let details = ["/v1/memberships/orgmem_2", "/v1/memberships/orgmem_9"].map(async |path| {
        let response = get(&service, path, &token).await;
        assert_eq!(response.problem(), (404, "not_found"), "{path}");
        response.body["detail"].clone()
    });
    let [there, nobody] = details;
    assert_eq!(there.await, nobody.await);
    for path in ["/v1/me/memberships/org_3", "/v1/me/memberships/org_9"] {
        assert_eq!(get(&service, path, &token).await.problem(), (404, "not_found"), "{path}");
    }
    apply_all(&service, [membership_event("deleted", ["orgmem_1", "org_1", "user_1"], 5)]).await;
    assert_eq!(ids(&list(&service, "/v1/me/memberships", &token).await), ["orgmem_3"]);
    assert_eq!(get(&service, "/v1/me/memberships/org_1", &token).await.status, 404);
}

#[apply(both_engines)]
async fn signed_in_user_reads_own_organizations(engine: Engine) {
    let (service, token) = with_members(engine).await;
    let own = list(&service, "/v1/me/organizations", &token).await;
    assert_eq!(own, service.list("/v1/organizations?id=org_1&id=org_2").await);
    assert!(!Value::from(own).to_string().contains(PRIVATE));
    // A user who joined again is in the organization once.
    apply_all(&service, [membership_event("created", ["orgmem_5", "org_1", "user_1"], 5)]).await;
    for limit in [1, 2, 500] {
        let mut found = Vec::new();
        let mut path = format!("/v1/me/organizations?limit={limit}");
        loop {
            let body = get(&service, &path, &token).await.body;
            found.extend(body["data"].as_array().unwrap().clone());
            let Some(cursor) = body["next_cursor"].as_str() else { break };
            path = format!("/v1/me/organizations?limit={limit}&cursor={cursor}");
        }
        assert_eq!(ids(&found), ["org_1", "org_2"], "limit {limit}");
    }
    apply_all(&service, [organization_deleted("org_1", 9)]).await;
    assert_eq!(ids(&list(&service, "/v1/me/organizations", &token).await), ["org_2"]);
    assert_eq!(ids(&list(&service, "/v1/me/memberships", &token).await), ["orgmem_3"]);
}

#[apply(both_engines)]
async fn organizations_need_an_api_key(engine: Engine) {
    let (service, token) = with_members(engine).await;
    for path in [
        "/v1/organizations",
        "/v1/organizations/org_1",
        "/v1/organizations/org_1/memberships",
        "/v1/organizations/org_1/invitations",
        "/v1/organizations/org_1/domains",
        "/v1/memberships",
        "/v1/roles",
        "/v1/permissions",
    ] {
        assert_eq!(get(&service, path, &token).await.problem(), (401, "key_required"), "{path}");
    }
    for path in ["/v1/me/memberships", "/v1/me/organizations", "/v1/me/memberships/org_1"] {
        let response = service.get(path).await;
        assert_eq!(response.problem(), (401, "session_required"), "{path}");
        let unsynced = crate::harness::token("user_9", "sess_9");
        assert_eq!(get(&service, path, &unsynced).await.problem(), (404, "not_found"), "{path}");
    }
}

#[apply(both_engines)]
async fn own_changes_contain_own_memberships(engine: Engine) {
    let (service, token) = with_members(engine).await;
    let own = |query: &str| {
        service.client.get(service.url_for(&format!("/v1/me/changes{query}"))).bearer_auth(&token)
    };
    let shown = |change: &Value| {
        let text = |field: &str| change[field].as_str().unwrap_or_default().to_owned();
        format!("{} {} {} {}", text("kind"), text("id"), text("organization_id"), change["deleted"])
    };
    let page = ApiResponse::fetch(own("")).await.body;
    let changes: Vec<_> = page["data"].as_array().unwrap().iter().map(shown).collect();
    assert_eq!(
        changes,
        [
            "user user_1  false",
            "membership orgmem_1 org_1 false",
            "membership orgmem_3 org_2 false",
        ]
    );
    let mut stream = EventStream::open(own("")).await;
    apply_all(
        &service,
        [
            invitation_event("created", "orginv_1", "org_1", 0),
            membership_event("updated", ["orgmem_2", "org_1", "user_2"], 5),
            membership_event("deleted", ["orgmem_1", "org_1", "user_1"], 5),
        ],
    )
    .await;
    let next = stream.next().await.unwrap();
    assert_eq!(shown(&next), "membership orgmem_1 org_1 true");
    assert_eq!(next["user_id"], "user_1");
    // With its organization, the other membership is deleted too.
    apply_all(&service, [organization_deleted("org_2", 9)]).await;
    let page = ApiResponse::fetch(own("")).await.body;
    let last: Vec<_> = page["data"].as_array().unwrap().iter().map(shown).collect();
    assert!(last.contains(&"membership orgmem_3 org_2 true".to_owned()), "{last:?}");
}

#[apply(both_engines)]
async fn all_changes_contain_every_kind(engine: Engine) {
    let service = Service::start(engine).await;
    let fixtures = fixtures::all().into_iter();
    let created = fixtures.filter(|it| it.name.ends_with("/created.json"));
    for fixture in created {
        service.send(&fixture.json).await;
    }
    let changes = service.get("/v1/changes?limit=500").await.body["data"].clone();
    let mut kinds: Vec<_> =
        changes.as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    // No event has a plan.
    let expected = ChangeKind::all().map(ChangeKind::name).filter(|name| *name != "plan");
    let mut expected: Vec<_> = expected.collect();
    expected.sort_unstable();
    assert_eq!(kinds, expected);
    for change in changes.as_array().unwrap() {
        let has = |field: &str| change[field].is_string();
        let expected = match change["kind"].as_str().unwrap() {
            // The payers of the fixtures are users.
            "user" | "session" | "subscription" | "subscription_item" | "payment_attempt"
            | "entitlement" => (true, false),
            "membership" => (true, true),
            "organization" | "domain" | "invitation" => (false, true),
            _ => (false, false),
        };
        assert_eq!((has("user_id"), has("organization_id")), expected, "{change}");
    }
}
