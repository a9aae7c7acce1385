//! `?wait=`: requests that wait for a user whose webhook has not arrived yet.

use std::{pin::pin, sync::Arc, time::Duration};

use meetvo::clock::Clock;
use reqwest::RequestBuilder;
use tokio::time::{Instant, timeout};

use crate::harness::{
    ApiResponse, BUSY_MACHINE, Database, Engine, KEY, NOW, Service, TEST_TIMEOUT, apply,
    both_engines, fixtures, token,
};

/// Number of attempts to stop a service that has received a request. On a busy machine, it may not
/// have received it yet.
const ATTEMPTS: usize = 5;

fn wait(service: &Service, user: &str, wait: &str) -> RequestBuilder {
    service.client.get(service.url_for(&format!("/v1/users/{user}?wait={wait}"))).bearer_auth(KEY)
}

/// Sends a request, asserts that it waits, and completes `action` meanwhile.
async fn request_during<T>(
    request: RequestBuilder,
    action: impl Future<Output = T>,
) -> (ApiResponse, T) {
    let mut answer = pin!(ApiResponse::fetch(request));
    let early = timeout(Duration::from_millis(300), &mut answer).await;
    assert!(early.is_err(), "the request waits: {early:?}");
    let result = action.await;
    (answer.await, result)
}

#[apply(both_engines)]
async fn wait_ends_when_user_is_committed(engine: Engine) {
    let service = Service::start(engine).await;
    let started = Instant::now();
    let send_webhook = async {
        service.send(&fixtures::user_event("user.created", "user_2", 0)).await;
        let session = fixtures::session_event("session.created", "sess_1", "user_1", 0);
        service.send(&session).await;
        service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
        Instant::now()
    };
    let (answer, sent) = request_during(wait(&service, "user_1", "30s"), send_webhook).await;
    assert_eq!((answer.status.as_u16(), answer.body["id"].as_str()), (200, Some("user_1")));
    assert!(answer.header("etag").is_some());
    assert!(sent.elapsed() < BUSY_MACHINE && started.elapsed() < Duration::from_secs(20));
    let existing = ApiResponse::fetch(wait(&service, "user_1", "30s")).await;
    assert_eq!(existing.body, answer.body, "an existing user is returned at once");
}

#[apply(both_engines)]
async fn wait_sees_commit_of_other_replica(engine: Engine) {
    let database = Arc::new(Database::new(engine).await);
    let start = || Service::start_on(Arc::clone(&database), Clock::manual(NOW), []);
    let (first, second) = (start().await, start().await);
    let send_webhook = async {
        second.send(&fixtures::user_event("user.created", "user_1", 0)).await;
        Instant::now()
    };
    let (answer, sent) = request_during(wait(&first, "user_1", "30s"), send_webhook).await;
    assert_eq!(answer.status, 200);
    assert!(sent.elapsed() < BUSY_MACHINE);
}

#[apply(both_engines)]
async fn wait_times_out(engine: Engine) {
    let service = Service::start(engine).await;
    let started = Instant::now();
    let answer = ApiResponse::fetch(wait(&service, "user_1", "200ms")).await;
    assert_eq!(answer.problem(), (404, "not_found"));
    assert!(started.elapsed() >= Duration::from_millis(200));
    assert_eq!(
        ApiResponse::fetch(wait(&service, "user_1", "0s")).await.problem(),
        (404, "not_found")
    );
    for wrong in ["", "3", "31s", "-1s", "1.5s", "s", "3s&wait=3s", "3s&x=1"] {
        let answer = ApiResponse::fetch(wait(&service, "user_1", wrong)).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{wrong}");
    }
}

#[apply(both_engines)]
async fn session_token_waits_only_for_itself(engine: Engine) {
    let service = Service::start_with_session_tokens(engine, []).await;
    let token = token("user_1", "sess_1");
    let get = |path: &str| service.client.get(service.url_for(path)).bearer_auth(&token);
    let started = Instant::now();
    let other = ApiResponse::fetch(get("/v1/users/user_2?wait=30s")).await;
    assert_eq!(other.problem(), (404, "not_found"));
    assert!(started.elapsed() < Duration::from_secs(10), "at once");
    let event = fixtures::user_event("user.created", "user_1", 0);
    let (answer, _) = request_during(get("/v1/me?wait=30s"), service.send(&event)).await;
    assert_eq!(answer.body["id"], "user_1");
}

#[apply(both_engines)]
async fn shutdown_ends_waits(engine: Engine) {
    for _ in 0..ATTEMPTS {
        let service = Service::start(engine).await;
        let mut answer = Box::pin(wait(&service, "user_1", "30s").send());
        let early = timeout(Duration::from_millis(300), &mut answer).await;
        assert!(early.is_err(), "the request waits: {early:?}");
        assert!(timeout(Duration::from_secs(20), service.stop()).await.is_ok());
        if let Ok(answer) = answer.await {
            assert_eq!(ApiResponse::read(answer).await.problem(), (503, "stopping"));
            return;
        }
    }
    panic!("the service has received none of the requests before it stopped");
}

/// Requests beyond the limit are rejected if they must wait. They succeed if the user exists.
#[apply(both_engines)]
async fn concurrent_waits_are_limited(engine: Engine) {
    let limits = [("MEETVO__API__MAX_WAITS", "3"), ("MEETVO__API__KEY_SHARE_PERCENT", "100")];
    let service = Service::start_with(engine, limits).await;
    service.send(&fixtures::user_event("user.created", "user_2", 0)).await;
    let wait_for_slot = async || loop {
        let answer = ApiResponse::fetch(wait(&service, "user_1", "30s")).await;
        // The requests that test the limit below take a slot for a moment.
        if answer.status != 503 {
            return answer;
        }
    };
    let waits = (0..3).map(|_| wait_for_slot());
    let send_webhook = async {
        let full = async {
            while ApiResponse::fetch(wait(&service, "user_1", "1ms")).await.status != 503 {}
        };
        timeout(TEST_TIMEOUT, full).await.expect("the limit is reached");
        let answer = ApiResponse::fetch(wait(&service, "user_1", "1ms")).await;
        assert_eq!(answer.problem(), (503, "too_many_waiting"));
        assert!(answer.header("retry-after").is_some());
        assert_eq!(ApiResponse::fetch(wait(&service, "user_2", "1s")).await.status, 200);
        let immediate = service.get("/v1/users/user_1").await;
        assert_eq!(immediate.status, 404, "a request without wait is answered");
        service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    };
    let (answers, ()) = tokio::join!(futures_util::future::join_all(waits), send_webhook);
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    assert_eq!(ApiResponse::fetch(wait(&service, "user_1", "1s")).await.status, 200);
}

/// One key uses its half of the limit. Another key still gets a place.
#[apply(both_engines)]
async fn one_key_cannot_occupy_all_waits(engine: Engine) {
    let other = "another_key_for_tests_0123456789abcdef";
    let keys = format!("tests:read:{KEY},other:read:{other}");
    let limits = [("MEETVO__API__MAX_WAITS", "4"), ("MEETVO_API_KEYS", &*keys)];
    let service = Service::start_with(engine, limits).await;
    let url = |user: &str, time: &str| service.url_for(&format!("/v1/users/{user}?wait={time}"));
    let service = &service;
    let held = ["user_1", "user_2"].map(|user| async move {
        loop {
            let answer = ApiResponse::fetch(wait(service, user, "30s")).await;
            // The requests that test the share below take a place for a moment.
            if answer.status != 429 {
                return answer;
            }
        }
    });
    let check = async {
        let rejected = async || loop {
            let answer = ApiResponse::fetch(wait(service, "user_3", "1ms")).await;
            if answer.status != 404 {
                return answer;
            }
        };
        let rejected = timeout(TEST_TIMEOUT, rejected()).await;
        let rejected = rejected.expect("the share is used");
        assert_eq!(rejected.problem(), (429, "too_many_at_once"));
        assert!(rejected.body["detail"].as_str().unwrap().contains("api.key_share_percent"));
        assert!(rejected.header("retry-after").is_some());
        let by_other = service.client.get(url("user_3", "1ms")).bearer_auth(other);
        assert_eq!(ApiResponse::fetch(by_other).await.problem(), (404, "not_found"));
        for user in ["user_1", "user_2"] {
            service.send(&fixtures::user_event("user.created", user, 0)).await;
        }
    };
    let (answers, ()) = tokio::join!(futures_util::future::join_all(held), check);
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
}

fn state_request(service: &Service, query: &str) -> RequestBuilder {
    service.client.get(service.url_for(&format!("/v1/users/user_1?{query}"))).bearer_auth(KEY)
}

async fn with_user(engine: Engine) -> Service {
    let service = Service::start(engine).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    service
}

#[apply(both_engines)]
async fn wait_ends_when_user_changes(engine: Engine) {
    let service = with_user(engine).await;
    let etag = service.get("/v1/users/user_1").await.header("etag").unwrap().replace('"', "%22");
    let after = "updated_after=2026-08-12T09:30:00.000Z";
    for (offset, goal) in [
        (5, format!("match={etag}")),
        (10, "updated_after=2026-08-12T09:30:00.005Z".to_owned()),
        (15, format!("match={etag}&updated_after=2026-08-12T09:30:00.010Z")),
    ] {
        let request = state_request(&service, &format!("wait=30s&{goal}"));
        let event = fixtures::user_event("user.updated", "user_1", offset);
        let (answer, _) = request_during(request, service.send(&event)).await;
        assert_eq!(answer.body["first_name"], format!("Ada {offset}"), "{goal}");
        assert_eq!((answer.status.as_u16(), answer.header("wait-result")), (200, Some("reached")));
    }
    for goal in [format!("match={etag}"), after.to_owned(), format!("{after}&match={etag}")] {
        let answer = ApiResponse::fetch(state_request(&service, &goal)).await;
        assert_eq!(answer.header("wait-result"), Some("reached"), "at once: {goal}");
    }
}

#[apply(both_engines)]
async fn wait_for_state_returns_current_state(engine: Engine) {
    let service = with_user(engine).await;
    let current = service.get("/v1/users/user_1").await;
    assert_eq!(current.header("wait-result"), None);
    let etag = current.header("etag").unwrap().trim_matches('"').to_owned();
    let started = Instant::now();
    for goal in ["wait=200ms&", ""] {
        for goal in [
            format!("{goal}match={etag}"),
            // The time is exclusive, as in the list of users.
            format!("{goal}updated_after=2026-08-12T09:30:00.000Z"),
            format!("{goal}updated_after=2026-08-12T09:29:00Z&match={etag}"),
        ] {
            let answer = ApiResponse::fetch(state_request(&service, &goal)).await;
            assert_eq!((answer.status.as_u16(), &answer.body), (200, &current.body), "{goal}");
            assert_eq!(answer.header("wait-result"), Some("timeout"), "{goal}");
        }
    }
    assert!(started.elapsed() >= Duration::from_millis(600));
    for wrong in ["match=", "match=%22", "match=a+b", "updated_after=1", "match=a&match=b"] {
        let answer = ApiResponse::fetch(state_request(&service, wrong)).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{wrong}");
    }
}

#[apply(both_engines)]
async fn missing_user_has_no_awaited_state(engine: Engine) {
    let service = with_user(engine).await;
    let deletion = fixtures::user_deleted("user_1", 5);
    let goal = "wait=30s&updated_after=2026-08-12T09:30:00Z";
    let (answer, _) = request_during(state_request(&service, goal), service.send(&deletion)).await;
    assert_eq!(answer.problem(), (404, "not_found"), "a deletion ends the wait");
    // A caller that knows a state has seen the user.
    let answer = ApiResponse::fetch(state_request(&service, "wait=30s&match=abc")).await;
    assert_eq!(answer.problem(), (404, "not_found"));
    let created = fixtures::user_event("user.created", "user_2", 0);
    let request = wait(&service, "user_2", "30s&updated_after=2026-08-12T09:29:00Z");
    let (answer, _) = request_during(request, service.send(&created)).await;
    assert_eq!((answer.status.as_u16(), answer.header("wait-result")), (200, Some("reached")));
}

/// A request whose state is reached needs no place among the waits.
#[apply(both_engines)]
async fn waits_for_states_are_limited(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__MAX_WAITS", "0")]).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let later = state_request(&service, "wait=30s&updated_after=2026-08-12T09:29:00Z");
    assert_eq!(ApiResponse::fetch(later).await.header("wait-result"), Some("reached"));
    let same = state_request(&service, "wait=30s&updated_after=2026-08-12T09:30:00Z");
    assert_eq!(ApiResponse::fetch(same).await.problem(), (503, "too_many_waiting"));
}
