//! How often callers may ask.

use std::time::Duration;

use tokio::time::timeout;

use crate::harness::{Answer, Engine, KEY, Service, apply, both_engines, fixtures, token};

const OTHER: &str = "other_key_of_the_tests_0123456789abcdefg";

async fn ask(service: &Service, path: &str, credentials: &str) -> Answer {
    Answer::of(service.client.get(service.at(path)).bearer_auth(credentials)).await
}

#[apply(both_engines)]
async fn a_key_is_told_what_it_has_left_and_refused_beyond(engine: Engine) {
    let keys = format!("tests:read+admin:{KEY},other:read:{OTHER}");
    let differ = [("MEETVO_API_KEYS", &*keys), ("MEETVO__API__KEY_RATE", "3")];
    let service = Service::start_with(engine, differ).await;
    for (left, full) in [(2, 20), (1, 40), (0, 60)] {
        let answer = ask(&service, "/v1/users", KEY).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy"), Some("\"key\";q=3;w=60"));
        assert_eq!(answer.header("ratelimit"), Some(&*format!("\"key\";r={left};t={full}")));
    }
    let refused = ask(&service, "/v1/events", KEY).await;
    assert_eq!(refused.problem(), (429, "too_many_requests"));
    assert_eq!(refused.header("ratelimit"), Some("\"key\";r=0;t=60"));
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(ask(&service, "/v1/users", OTHER).await.status, 200, "another has its own");
    assert_eq!(service.send(&fixtures::user_event("user.created", "user_1", 0)).await, "applied");
}

#[apply(both_engines)]
async fn each_user_has_their_own(engine: Engine) {
    let service = Service::start_signed(engine, [("MEETVO__API__SESSION_RATE", "2")]).await;
    let (first, again) = (token("user_1", "sess_1"), token("user_1", "sess_2"));
    assert_eq!(ask(&service, "/v1/me", &first).await.status, 404);
    let last = ask(&service, "/v1/me/sessions", &again).await;
    assert_eq!(last.header("ratelimit"), Some("\"session\";r=0;t=60"), "on whichever device");
    for token in [&first, &again] {
        assert_eq!(ask(&service, "/v1/me", token).await.problem(), (429, "too_many_requests"));
    }
    assert_eq!(ask(&service, "/v1/me", &token("user_2", "sess_3")).await.status, 404);
    assert_eq!(ask(&service, "/v1/users", KEY).await.status, 200);
}

#[apply(both_engines)]
async fn requests_come_back_with_time(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__KEY_RATE", "120")]).await;
    let mut statuses = Vec::new();
    for _ in 0..125 {
        statuses.push(ask(&service, "/v1/users?limit=1", KEY).await.status.as_u16());
    }
    assert!(statuses.contains(&429));
    let comes_back = async { while ask(&service, "/v1/users", KEY).await.status != 200 {} };
    timeout(Duration::from_secs(20), comes_back).await.expect("two a second come back");
}

#[apply(both_engines)]
async fn zero_is_any_number(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__KEY_RATE", "0")]).await;
    let answer = ask(&service, "/v1/users", KEY).await;
    assert_eq!((answer.status.as_u16(), answer.header("ratelimit")), (200, None));
}
