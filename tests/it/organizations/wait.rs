//! `GET /v1/memberships/{id}?wait=` and `GET /v1/me/memberships/{organization_id}?wait=`

use std::time::Duration;

use reqwest::RequestBuilder;
use tokio::time::{Instant, timeout};

use super::{apply_all, member, sign_up};
use crate::harness::{ApiResponse, Engine, KEY, Service, TEST_TIMEOUT, apply, both_engines, token};

/// Sends a request, asserts that it waits, and completes `action` meanwhile.
async fn request_during(request: RequestBuilder, action: impl Future<Output = ()>) -> ApiResponse {
    let mut answer = std::pin::pin!(ApiResponse::fetch(request));
    let early = timeout(Duration::from_millis(300), &mut answer).await;
    assert!(early.is_err(), "the request waits: {early:?}");
    action.await;
    answer.await
}

#[apply(both_engines)]
async fn wait_ends_when_membership_is_committed(engine: Engine) {
    let service = Service::start(engine).await;
    let request = |wait: &str| {
        let path = format!("/v1/memberships/orgmem_1?wait={wait}");
        service.client.get(service.url_for(&path)).bearer_auth(KEY)
    };
    let started = Instant::now();
    let send = async {
        apply_all(
            &service,
            [
                member("orgmem_2", "org_1", "user_1", "org:member"),
                member("orgmem_1", "org_2", "user_1", "org:member"),
            ],
        )
        .await;
    };
    let answer = request_during(request("30s"), send).await;
    assert_eq!((answer.status.as_u16(), answer.body["id"].as_str()), (200, Some("orgmem_1")));
    assert!(started.elapsed() < Duration::from_secs(20));
    let existing = ApiResponse::fetch(request("30s")).await;
    assert_eq!(existing.body, answer.body, "an existing membership is returned at once");
}

#[apply(both_engines)]
async fn wait_for_membership_times_out(engine: Engine) {
    let service = Service::start(engine).await;
    let started = Instant::now();
    let answer = service.get("/v1/memberships/orgmem_1?wait=200ms").await;
    assert_eq!(answer.problem(), (404, "not_found"));
    assert!(started.elapsed() >= Duration::from_millis(200));
}

/// A membership of another user does not end the wait, so that it cannot be guessed.
#[apply(both_engines)]
async fn session_token_waits_for_own_memberships(engine: Engine) {
    let service = Service::start_with_session_tokens(engine, []).await;
    sign_up(&service, "user_1").await;
    let token = token("user_1", "sess_1");
    let get = |path: &str| service.client.get(service.url_for(path)).bearer_auth(&token);
    apply_all(&service, [member("orgmem_2", "org_1", "user_2", "org:member")]).await;
    let started = Instant::now();
    let other = ApiResponse::fetch(get("/v1/memberships/orgmem_2?wait=200ms")).await;
    assert_eq!(other.problem(), (404, "not_found"));
    assert!(started.elapsed() >= Duration::from_millis(200));

    let send = async {
        apply_all(&service, [member("orgmem_1", "org_1", "user_1", "org:member")]).await;
    };
    let answer = request_during(get("/v1/me/memberships/org_1?wait=30s"), send).await;
    assert_eq!(answer.body["id"], "orgmem_1");
    let answer = ApiResponse::fetch(get("/v1/memberships/orgmem_1?wait=30s")).await;
    assert_eq!(answer.body["id"], "orgmem_1");
}

/// One user cannot hold more requests open by waiting for different memberships.
#[apply(both_engines)]
async fn waits_count_for_the_signed_in_user(engine: Engine) {
    let unlimited = [("MEETVO__API__SESSION_RATE", "0")];
    let service = Service::start_with_session_tokens(engine, unlimited).await;
    let token = token("user_1", "sess_1");
    let wait = async |number: usize, time: &str| loop {
        let path = format!("/v1/memberships/orgmem_{number}?wait={time}");
        let request = service.client.get(service.url_for(&path)).bearer_auth(&token);
        let answer = ApiResponse::fetch(request).await;
        // The requests that test the limit below take a place for a moment.
        if answer.status != 429 || number == 99 {
            return answer;
        }
    };
    let held = futures_util::future::join_all((0..32).map(|number| wait(number, "30s")));
    let check = async {
        let rejected = async || loop {
            let answer = wait(99, "1ms").await;
            if answer.status != 404 {
                return answer;
            }
        };
        let rejected = timeout(TEST_TIMEOUT, rejected()).await.expect("a limit");
        assert_eq!(rejected.problem(), (429, "too_many_at_once"));
        for number in 0..32 {
            let [id, organization] = [format!("orgmem_{number}"), format!("org_{number}")];
            apply_all(&service, [member(&id, &organization, "user_1", "org:member")]).await;
        }
    };
    let (answers, ()) = tokio::join!(held, check);
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
}
