//! Who reads which plan, and the check of a plan and a feature.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{ORGANIZATION, USER, apply_all};
use crate::harness::{
    ApiResponse, Engine, NOW, Service, apply,
    billing_events::{Item, plan},
    both_engines, fixtures,
    organization_events::membership_event,
    token,
};

/// Stores plans as if they had been fetched.
pub async fn store_plans(service: &Service, plans: &[Value]) {
    let mut tables = service.tables().await;
    for plan in plans {
        let text = |name: &str| plan[name].as_str().unwrap().to_owned();
        let features: Vec<&str> = plan["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["slug"].as_str().unwrap())
            .collect();
        let sql = format!(
            "INSERT INTO plans (id, slug, name, for_payer_type, is_default, features, fetched_at, \
             version_updated_at, version_occurred_at) \
             VALUES ('{}', '{}', '{}', '{}', {}, '{}', {NOW}, {NOW}, {NOW})",
            text("id"),
            text("slug"),
            text("name"),
            text("for_payer_type"),
            plan["is_default"],
            json!(features),
        );
        tables.run(&sql).await;
    }
}

#[apply(both_engines)]
async fn features_are_those_of_the_plan(engine: Engine) {
    let service = Service::start(engine).await;
    apply_all(&service, &[Item::new("csub_item_1", USER, "pro", "active", 5).event("active")])
        .await;
    let read = || async { service.get("/v1/users/user_1/entitlements").await.body };
    assert_eq!(read().await["features"], Value::Null, "the plan is not synced");
    let plans = [plan("pro", "user", &["export", "sso"]), plan("free", "user", &["basic"])];
    store_plans(&service, &plans).await;
    assert_eq!(read().await["features"], json!(["export", "sso"]));
    // Without an item, the payer has the default plan.
    apply_all(&service, &[fixtures::user_event("user.created", "user_2", 0)]).await;
    let default = service.get("/v1/users/user_2/entitlements").await.body;
    assert_eq!((&default["plan"], &default["features"]), (&json!("free"), &json!(["basic"])));
    assert_eq!((&default["status"], &default["is_default"]), (&Value::Null, &json!(true)));
    let listed = service.list("/v1/plans").await;
    assert_eq!(listed.len(), 2, "{listed:?}");
}

#[apply(both_engines)]
async fn check_takes_plan_and_feature(engine: Engine) {
    let service = Service::start(engine).await;
    let member =
        membership_event("organizationMembership.created", "orgmem_1", "org_1", "user_1", 0);
    let item = Item::new("csub_item_1", ORGANIZATION, "team", "active", 5);
    apply_all(&service, &[member, item.event("active")]).await;
    store_plans(&service, &[plan("team", "org", &["sso"])]).await;
    for (parameters, reason) in [
        ("plan=team", "allowed"),
        ("plan=scale", "plan_missing"),
        ("feature=sso", "allowed"),
        ("feature=audit_log", "feature_missing"),
        ("plan=team&feature=sso&role=org:admin", "role_missing"),
        ("plan=team&feature=sso&role=org:member", "allowed"),
    ] {
        let path =
            format!("/v1/memberships/check?user_id=user_1&organization_id=org_1&{parameters}");
        let answer = service.get(&path).await;
        assert_eq!(answer.body["reason"], reason, "{parameters}");
        assert_eq!(answer.body["allowed"], reason == "allowed", "{parameters}");
    }
}

#[apply(both_engines)]
async fn members_read_plans_of_their_organizations(engine: Engine) {
    let service = Service::start_with_session_tokens(engine, []).await;
    let member =
        membership_event("organizationMembership.created", "orgmem_1", "org_1", "user_1", 0);
    let other =
        membership_event("organizationMembership.created", "orgmem_2", "org_2", "user_2", 0);
    apply_all(
        &service,
        &[
            fixtures::user_event("user.created", "user_1", 0),
            member,
            other,
            Item::new("csub_item_1", ORGANIZATION, "team", "active", 5).event("active"),
            Item::new("csub_item_2", USER, "pro", "active", 5).event("active"),
        ],
    )
    .await;
    let token = token("user_1", "sess_1");
    let get = async |path: &str| {
        ApiResponse::fetch(service.client.get(service.url_for(path)).bearer_auth(&token)).await
    };
    let own = get("/v1/me/entitlements").await;
    let plans: Vec<_> = own.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["payer"]["type"].as_str().unwrap(), it["plan"].as_str().unwrap()))
        .collect();
    assert_eq!(plans, [("user", "pro"), ("organization", "team")]);
    let first = get("/v1/me/entitlements?limit=1").await.body;
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(first["data"][0]["plan"], "pro");
    let second = get(&format!("/v1/me/entitlements?limit=1&cursor={cursor}")).await.body;
    assert_eq!(
        (&second["data"][0]["plan"], &second["next_cursor"]),
        (&json!("team"), &Value::Null)
    );
    for (path, status) in [
        ("/v1/users/user_1/entitlements", StatusCode::OK),
        ("/v1/users/user_2/entitlements", StatusCode::NOT_FOUND),
        ("/v1/organizations/org_1/entitlements", StatusCode::OK),
        ("/v1/organizations/org_2/entitlements", StatusCode::NOT_FOUND),
        ("/v1/users/user_1/subscriptions", StatusCode::UNAUTHORIZED),
    ] {
        assert_eq!(get(path).await.status, status, "{path}");
    }
}
