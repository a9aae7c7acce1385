//! `GET /v1/users/count`, `/v1/organizations/count` and `/v1/memberships/count`

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::harness::{
    Engine, NOW, Service, TEST_TIMEOUT, apply, both_engines, fixtures,
    organization_events::{membership_event, organization_event},
};

/// Waits until a total, which can be some seconds old, has this value.
async fn wait_for_total(service: &Service, path: &str, count: u64) {
    let expected = json!({ "count": count, "is_exact": true });
    let wait = async {
        while service.get(path).await.body != expected {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let waited = timeout(TEST_TIMEOUT, wait).await;
    assert!(waited.is_ok(), "{path}: {}", service.get(path).await.body);
}

async fn count(service: &Service, path: &str) -> Value {
    let answer = service.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

#[apply(both_engines)]
async fn totals_exclude_stubs_and_tombstones(engine: Engine) {
    let service = Service::start(engine).await;
    for path in ["users", "organizations", "memberships"] {
        wait_for_total(&service, &format!("/v1/{path}/count"), 0).await;
    }
    for user in ["user_1", "user_2", "user_3"] {
        service.send(&fixtures::user_event("user.created", user, 0)).await;
    }
    let mut undated = fixtures::user_event("user.created", "user_undated", 0);
    undated["data"]["created_at"] = Value::Null;
    service.send(&undated).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_stub", 0)).await;
    service.send(&fixtures::user_deleted("user_3", 9)).await;
    service.send(&organization_event("organization.created", "org_1", 0)).await;
    service.send(&organization_event("organization.created", "org_2", 0)).await;
    service.send(&fixtures::event("organization.deleted", json!({ "id": "org_2" }), 9)).await;
    for (id, organization, user) in [
        ("orgmem_1", "org_1", "user_1"),
        ("orgmem_2", "org_1", "user_2"),
        // The user has joined again, and the deletion of the first membership is late.
        ("orgmem_3", "org_1", "user_2"),
        ("orgmem_4", "org_stub", "user_1"),
    ] {
        let event = "organizationMembership.created";
        service.send(&membership_event(event, id, organization, user, 0)).await;
    }
    wait_for_total(&service, "/v1/users/count", 3).await;
    wait_for_total(&service, "/v1/organizations/count", 2).await;
    wait_for_total(&service, "/v1/memberships/count", 3).await;
    for (query, expected) in [
        ("organization_id=org_1", 2),
        ("user_id=user_1", 2),
        ("organization_id=org_1&user_id=user_2", 1),
        ("organization_id=org_1&role=org:member", 2),
        ("organization_id=org_1&role=org:none", 0),
        ("organization_id=org_none", 0),
    ] {
        let found = count(&service, &format!("/v1/memberships/count?{query}")).await;
        assert_eq!(found, json!({ "count": expected, "is_exact": true }), "{query}");
    }
}

#[apply(both_engines)]
async fn filtered_count_has_a_limit(engine: Engine) {
    let service = Service::start(engine).await;
    let insert = format!(
        "WITH RECURSIVE numbers (n) AS \
            (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10100) \
         INSERT INTO users (clerk_id, banned, created_at, version_updated_at) \
         SELECT 'user_' || n, n <= 7, {NOW} + n * 1000, n FROM numbers"
    );
    service.tables().await.run(&insert).await;
    let at = |second: &str| format!("2026-08-12T09:30:{second}Z");
    let cases = [
        ("banned=true".to_owned(), 7, true),
        (format!("banned=true&created_before={}", at("04")), 3, true),
        (format!("created_after={}&created_before={}", at("10"), at("20")), 9, true),
        (format!("banned=false&created_before={}", at("20")), 12, true),
        (format!("created_after={}", at("00")), 10_001, false),
    ];
    for (query, expected, is_exact) in cases {
        let found = count(&service, &format!("/v1/users/count?{query}")).await;
        assert_eq!(found, json!({ "count": expected, "is_exact": is_exact }), "{query}");
    }
    wait_for_total(&service, "/v1/users/count", 10_100).await;
    for (path, detail) in [
        ("memberships/count?role=org:admin", "role: expected organization_id or user_id with it"),
        ("users/count?banned=yes", "banned: expected true or false"),
        ("organizations/count?x=1", "unknown parameter `x`: expected no parameter"),
    ] {
        let answer = service.get(&format!("/v1/{path}")).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{path}");
        assert_eq!(answer.body["detail"], detail);
    }
}
