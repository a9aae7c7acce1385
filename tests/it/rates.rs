//! Verifies the rate limits of API keys and signed-in users.

use std::time::Duration;

use tokio::time::timeout;

use crate::harness::{ApiResponse, Engine, KEY, Service, apply, both_engines, fixtures, token};

const OTHER: &str = "other_key_of_the_tests_0123456789abcdefg";

async fn get(service: &Service, path: &str, credentials: &str) -> ApiResponse {
    ApiResponse::fetch(service.client.get(service.url_for(path)).bearer_auth(credentials)).await
}

#[apply(both_engines)]
async fn key_over_its_limit_is_rejected(engine: Engine) {
    let keys = format!("tests:read+admin:{KEY},other:read:{OTHER}");
    let differ = [("MEETVO_API_KEYS", &*keys), ("MEETVO__API__KEY_RATE", "3")];
    let service = Service::start_with(engine, differ).await;
    for (remaining, reset) in [(2, 20), (1, 40), (0, 60)] {
        let answer = get(&service, "/v1/users", KEY).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"key\";q=3;w=60"));
        assert_eq!(answer.header("ratelimit"), Some(&*format!("\"key\";r={remaining};t={reset}")));
    }
    let rejected = get(&service, "/v1/events", KEY).await;
    assert_eq!(rejected.problem(), (429, "too_many_requests"));
    assert_eq!(rejected.header("ratelimit"), Some("\"key\";r=0;t=60"));
    let retry_after: u64 = rejected.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&retry_after), "{retry_after}");
    assert_eq!(
        get(&service, "/v1/users", OTHER).await.status,
        200,
        "another key has its own limit"
    );
    assert_eq!(service.send(&fixtures::user_event("user.created", "user_1", 0)).await, "applied");
}

#[apply(both_engines)]
async fn each_user_has_their_own_limit(engine: Engine) {
    let service =
        Service::start_with_session_tokens(engine, [("MEETVO__API__SESSION_RATE", "2")]).await;
    let (first, second) = (token("user_1", "sess_1"), token("user_1", "sess_2"));
    assert_eq!(get(&service, "/v1/me", &first).await.status, 404);
    let last = get(&service, "/v1/me/sessions", &second).await;
    assert_eq!(last.header("ratelimit"), Some("\"session\";r=0;t=60"), "all sessions share it");
    for token in [&first, &second] {
        assert_eq!(get(&service, "/v1/me", token).await.problem(), (429, "too_many_requests"));
    }
    assert_eq!(get(&service, "/v1/me", &token("user_2", "sess_3")).await.status, 404);
    assert_eq!(get(&service, "/v1/users", KEY).await.status, 200);
}

#[apply(both_engines)]
async fn limit_replenishes_over_time(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__KEY_RATE", "120")]).await;
    let mut statuses = Vec::new();
    for _ in 0..125 {
        statuses.push(get(&service, "/v1/users?limit=1", KEY).await.status.as_u16());
    }
    assert!(statuses.contains(&429));
    let replenished = async { while get(&service, "/v1/users", KEY).await.status != 200 {} };
    timeout(Duration::from_secs(20), replenished).await.expect("two requests per second");
}

#[apply(both_engines)]
async fn zero_means_unlimited(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__KEY_RATE", "0")]).await;
    let answer = get(&service, "/v1/users", KEY).await;
    assert_eq!((answer.status.as_u16(), answer.header("ratelimit")), (200, None));
}
