//! `?wait=` with `updated_after` and `match`, on memberships, organizations and checks

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use super::{
    apply_all, member, membership_event, organization_created, organization_deleted, sign_up,
};
use crate::harness::{ApiResponse, Engine, KEY, Service, apply, both_engines, fixtures, token};

/// Number of attempts to delete what a request waits for.
const ATTEMPTS: usize = 5;

const OLD: &str = "2026-08-12T09:30:00.000Z";

async fn with_member(engine: Engine) -> Service {
    let service = Service::start_with_session_tokens(engine, []).await;
    sign_up(&service, "user_1").await;
    apply_all(
        &service,
        [
            organization_created("org_1", &json!({})),
            member("orgmem_1", "org_1", "user_1", "org:admin"),
        ],
    )
    .await;
    service
}

/// Sends a request, asserts that it waits, and sends the events meanwhile.
async fn fetch_during(
    service: &Service,
    path: &str,
    credentials: &str,
    events: impl IntoIterator<Item = Value>,
) -> ApiResponse {
    let request = service.client.get(service.url_for(path)).bearer_auth(credentials);
    let mut answer = std::pin::pin!(ApiResponse::fetch(request));
    let early = timeout(Duration::from_millis(300), &mut answer).await;
    assert!(early.is_err(), "the request waits: {early:?}");
    apply_all(service, events).await;
    answer.await
}

fn assert_waited(answer: &ApiResponse, result: &str) {
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.header("wait-result"), Some(result));
}

fn renamed(offset: i64) -> Value {
    let mut event = organization_created("org_1", &json!({ "name": "Renamed" }));
    event["type"] = "organization.updated".into();
    event["data"]["updated_at"] = (crate::harness::NOW + offset).into();
    event
}

#[apply(both_engines)]
async fn membership_is_awaited_until_updated(engine: Engine) {
    let service = with_member(engine).await;
    let updated = |offset| membership_event("updated", ["orgmem_1", "org_1", "user_1"], offset);
    let key_path = format!("/v1/memberships/orgmem_1?wait=30s&updated_after={OLD}");
    let answer = fetch_during(&service, &key_path, KEY, [updated(5)]).await;
    assert_waited(&answer, "reached");
    assert_eq!(answer.body["role"], "org:member");
    assert_waited(&service.get(&key_path).await, "reached");

    let token = token("user_1", "sess_1");
    let own = "/v1/me/memberships/org_1";
    let after = answer.body["updated_at"].as_str().unwrap();
    let path = format!("{own}?wait=30s&updated_after={after}");
    let answer = fetch_during(&service, &path, &token, [updated(9)]).await;
    assert_waited(&answer, "reached");

    let etag = answer.header("etag").unwrap().trim_matches('"');
    let path = format!("/v1/memberships/orgmem_1?wait=30s&match={etag}");
    // The profile is part of the response.
    let profile = fixtures::user_event("user.updated", "user_1", 5);
    let answer = fetch_during(&service, &path, KEY, [profile]).await;
    assert_waited(&answer, "reached");
    assert_eq!(answer.body["user"]["first_name"], "Ada 5");
}

/// A request that has not read the membership before it is deleted waits to its end.
#[apply(both_engines)]
async fn deleted_organization_ends_wait_for_membership(engine: Engine) {
    for _ in 0..ATTEMPTS {
        if deletion_ends_wait(&with_member(engine).await).await {
            return;
        }
    }
    panic!("the deletion ends no wait");
}

/// Returns whether the deletion of an organization ends the waits for its membership early.
async fn deletion_ends_wait(service: &Service) -> bool {
    let token = token("user_1", "sess_1");
    let later = "wait=30s&updated_after=2026-08-12T09:30:00Z";
    let paths = [("/v1/memberships/orgmem_1", KEY), ("/v1/me/memberships/org_1", &*token)];
    let started = Instant::now();
    let waits = paths.map(|(path, credentials)| {
        let url = service.url_for(&format!("{path}?{later}"));
        ApiResponse::fetch(service.client.get(url).bearer_auth(credentials))
    });
    let mut waits = std::pin::pin!(join_all(waits));
    assert!(timeout(Duration::from_millis(300), &mut waits).await.is_err(), "the requests wait");
    apply_all(service, [organization_deleted("org_1", 9)]).await;
    for answer in waits.await {
        assert_eq!(answer.problem(), (404, "not_found"));
    }
    started.elapsed() < Duration::from_secs(20)
}

#[apply(both_engines)]
async fn organization_is_awaited(engine: Engine) {
    let service = with_member(engine).await;
    let path = "/v1/organizations/org_2?wait=30s";
    let created = organization_created("org_2", &json!({}));
    let answer = fetch_during(&service, path, KEY, [created]).await;
    assert_eq!((answer.status.as_u16(), answer.header("wait-result")), (200, None));

    let etag = service.get("/v1/organizations/org_1").await;
    let etag = etag.header("etag").unwrap().replace('"', "%22");
    let path = format!("/v1/organizations/org_1?wait=30s&match=W/{etag}");
    let answer = fetch_during(&service, &path, KEY, [renamed(5)]).await;
    assert_waited(&answer, "reached");
    assert_eq!(answer.body["name"], "Renamed");

    let path = "/v1/organizations/org_1?wait=30s&updated_after=2026-08-12T09:30:00.005Z";
    let answer = fetch_during(&service, path, KEY, [organization_deleted("org_1", 9)]).await;
    assert_eq!(answer.problem(), (404, "not_found"), "a deletion ends the wait");
}

#[apply(both_engines)]
async fn check_is_awaited(engine: Engine) {
    let service = with_member(engine).await;
    let path = |organization: &str, rest: &str| {
        let ids = format!("user_id=user_1&organization_id={organization}");
        format!("/v1/memberships/check?{ids}&role=admin{rest}")
    };
    let joined = member("orgmem_2", "org_2", "user_1", "org:admin");
    let answer = fetch_during(&service, &path("org_2", "&wait=30s"), KEY, [joined]).await;
    assert_eq!(answer.body["reason"], "allowed");

    let demoted = membership_event("updated", ["orgmem_1", "org_1", "user_1"], 5);
    let rest = format!("&wait=30s&updated_after={OLD}");
    let answer = fetch_during(&service, &path("org_1", &rest), KEY, [demoted]).await;
    assert_waited(&answer, "reached");
    assert_eq!(answer.body["reason"], "role_missing");

    let known = |answer: &ApiResponse| {
        let etag = answer.header("etag").unwrap().trim_matches('"').to_owned();
        format!("&wait=30s&match={etag}")
    };
    let left = membership_event("deleted", ["orgmem_1", "org_1", "user_1"], 6);
    let answer = fetch_during(&service, &path("org_1", &known(&answer)), KEY, [left]).await;
    assert_waited(&answer, "reached");
    assert_eq!(answer.body["reason"], "no_membership");

    let deleted = organization_deleted("org_1", 9);
    let answer = fetch_during(&service, &path("org_1", &known(&answer)), KEY, [deleted]).await;
    assert_eq!(answer.body["reason"], "organization_deleted");
    let answer = service.get(&path("org_1", &format!("&wait=30s&updated_after={OLD}"))).await;
    assert_waited(&answer, "reached");

    let answer = service.get(&path("org_9", "&wait=200ms")).await;
    assert_eq!(answer.body["reason"], "no_membership", "the wait ends");
}

/// A changed role changes the answer for its members.
#[apply(both_engines)]
async fn check_sees_change_of_role(engine: Engine) {
    let service = with_member(engine).await;
    let path = "/v1/memberships/check?user_id=user_1&organization_id=org_1&permission=posts:edit";
    let answer = service.get(path).await;
    assert_eq!(answer.body["reason"], "permission_missing");
    let etag = answer.header("etag").unwrap().trim_matches('"').to_owned();
    let mut role = fixtures::load("role/created");
    role["data"]["key"] = "org:admin".into();
    role["data"]["permissions"][0]["key"] = "org:posts:edit".into();
    let path = format!("{path}&wait=30s&match={etag}");
    let answer = fetch_during(&service, &path, KEY, [role]).await;
    assert_waited(&answer, "reached");
    assert_eq!(answer.body["reason"], "allowed");
}
