//! `?wait=`: for a user whose webhook is on its way.

use std::{sync::Arc, time::Duration};

use meetvo::clock::Clock;
use reqwest::RequestBuilder;
use tokio::time::{Instant, timeout};

use crate::harness::{
    Answer, Database, Engine, KEY, NOW, Service, apply, both_engines, fixtures, token,
};

fn wait(service: &Service, user: &str, wait: &str) -> RequestBuilder {
    service.client.get(service.at(&format!("/v1/users/{user}?wait={wait}"))).bearer_auth(KEY)
}

/// Starts to wait, and makes sure that it does.
async fn waiting<T>(request: RequestBuilder, meanwhile: impl Future<Output = T>) -> (Answer, T) {
    let mut answer = std::pin::pin!(Answer::of(request));
    let early = timeout(Duration::from_millis(300), &mut answer).await;
    assert!(early.is_err(), "nobody is there yet: {early:?}");
    let done = meanwhile.await;
    (answer.await, done)
}

#[apply(both_engines)]
async fn the_answer_comes_with_the_user(engine: Engine) {
    let service = Service::start(engine).await;
    let started = Instant::now();
    let come = async {
        service.send(&fixtures::user_event("user.created", "user_2", 0)).await;
        let session = fixtures::session_event("session.created", "sess_1", "user_1", 0);
        service.send(&session).await;
        service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
        Instant::now()
    };
    let (answer, sent) = waiting(wait(&service, "user_1", "30s"), come).await;
    assert_eq!((answer.status.as_u16(), answer.body["id"].as_str()), (200, Some("user_1")));
    assert!(answer.header("etag").is_some());
    assert!(sent.elapsed() < Duration::from_secs(5) && started.elapsed() < Duration::from_secs(20));
    let there = Answer::of(wait(&service, "user_1", "30s")).await;
    assert_eq!(there.body, answer.body, "who is there is shown at once");
}

#[apply(both_engines)]
async fn one_service_waits_for_what_another_commits(engine: Engine) {
    let database = Arc::new(Database::new(engine).await);
    let start = || Service::start_on(Arc::clone(&database), Clock::manual(NOW), []);
    let (first, second) = (start().await, start().await);
    let come = async {
        second.send(&fixtures::user_event("user.created", "user_1", 0)).await;
        Instant::now()
    };
    let (answer, sent) = waiting(wait(&first, "user_1", "30s"), come).await;
    assert_eq!(answer.status, 200);
    assert!(sent.elapsed() < Duration::from_secs(5));
}

#[apply(both_engines)]
async fn a_wait_has_an_end(engine: Engine) {
    let service = Service::start(engine).await;
    let started = Instant::now();
    let answer = Answer::of(wait(&service, "user_1", "200ms")).await;
    assert_eq!(answer.problem(), (404, "not_found"));
    assert!(started.elapsed() >= Duration::from_millis(200));
    assert_eq!(Answer::of(wait(&service, "user_1", "0s")).await.problem(), (404, "not_found"));
    for wrong in ["", "3", "31s", "-1s", "1.5s", "s", "3s&wait=3s", "3s&x=1"] {
        let answer = Answer::of(wait(&service, "user_1", wrong)).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{wrong}");
    }
}

#[apply(both_engines)]
async fn whoever_has_just_signed_up_waits_for_themselves_and_for_nobody_else(engine: Engine) {
    let service = Service::start_signed(engine, []).await;
    let token = token("user_1", "sess_1");
    let get = |path: &str| service.client.get(service.at(path)).bearer_auth(&token);
    let started = Instant::now();
    let other = Answer::of(get("/v1/users/user_2?wait=30s")).await;
    assert_eq!(other.problem(), (404, "not_found"));
    assert!(started.elapsed() < Duration::from_secs(10), "at once");
    let event = fixtures::user_event("user.created", "user_1", 0);
    let (answer, _) = waiting(get("/v1/me?wait=30s"), service.send(&event)).await;
    assert_eq!(answer.body["id"], "user_1");
}

#[apply(both_engines)]
async fn a_service_that_stops_lets_nobody_wait_on(engine: Engine) {
    let service = Service::start(engine).await;
    let request = wait(&service, "user_1", "30s");
    let (answer, stopped) =
        waiting(request, timeout(Duration::from_secs(10), service.stop())).await;
    assert!(stopped.is_ok());
    assert_eq!(answer.problem(), (503, "stopping"));
}

/// As many as may wait; the others are told to come again, or who is there already.
#[apply(both_engines)]
async fn so_many_wait_and_no_more(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__MAX_WAITS", "3")]).await;
    service.send(&fixtures::user_event("user.created", "user_2", 0)).await;
    let patient = async || loop {
        let answer = Answer::of(wait(&service, "user_1", "30s")).await;
        // Whoever asks how full it is takes a place for a moment.
        if answer.status != 503 {
            return answer;
        }
    };
    let three = (0..3).map(|_| patient());
    let come = async {
        let full =
            async { while Answer::of(wait(&service, "user_1", "1ms")).await.status != 503 {} };
        timeout(Duration::from_secs(20), full).await.expect("it is full");
        let answer = Answer::of(wait(&service, "user_1", "1ms")).await;
        assert_eq!(answer.problem(), (503, "too_many_waiting"));
        assert!(answer.header("retry-after").is_some());
        assert_eq!(Answer::of(wait(&service, "user_2", "1s")).await.status, 200);
        assert_eq!(service.get("/v1/users/user_1").await.status, 404, "who does not wait is told");
        service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    };
    let (answers, ()) = tokio::join!(futures_util::future::join_all(three), come);
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    assert_eq!(Answer::of(wait(&service, "user_1", "1s")).await.status, 200);
}
