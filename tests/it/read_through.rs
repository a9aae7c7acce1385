//! `?wait=` with read-through: the service fetches a user whose webhook is late or lost from Clerk.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use futures_util::future::join_all;
use serde_json::Value;
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

use crate::harness::{
    ApiResponse, Engine, KEY, Service, apply, both_engines,
    fake_clerk::{self, FakeClerk, SECRET_KEY, error},
    fixtures, token,
};

/// Time in which Clerk's fake answers, on a busy machine too.
const WAIT: &str = "10s";

/// Timeout that exceeds any delay on a busy machine.
const TEST_TIMEOUT: Duration = Duration::from_secs(20);

/// Number of requests that exceeds the rate limit of the read-through, even on a busy machine.
const MADE_UP_IDS: usize = 150;

struct Scene {
    service: Service,
    clerk: FakeClerk,
}

impl Scene {
    async fn start(engine: Engine) -> Self {
        Self::start_pinned(engine, "").await
    }

    async fn start_pinned(engine: Engine, pinned: &str) -> Self {
        let clerk = FakeClerk::start();
        let differ = [
            ("CLERK_SECRET_KEY", SECRET_KEY),
            ("MEETVO__CLERK__API_URL", &*clerk.url),
            ("MEETVO__CLERK__INSTANCE_ID", pinned),
        ];
        let service = Service::start_with_session_tokens(engine, differ).await;
        Self { service, clerk }
    }

    async fn wait(&self, user: &str, wait: &str) -> ApiResponse {
        self.service.get(&format!("/v1/users/{user}?wait={wait}")).await
    }

    async fn events(&self, user: &str) -> Vec<Value> {
        self.service.list(&format!("/v1/events?subject={user}")).await
    }
}

fn types_and_decisions(events: &[Value]) -> Vec<(&str, &str)> {
    events
        .iter()
        .map(|it| (it["type"].as_str().unwrap(), it["decision"].as_str().unwrap()))
        .collect()
}

#[apply(both_engines)]
async fn user_is_fetched_when_webhook_is_late(engine: Engine) {
    let scene = Scene::start(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    let started = Instant::now();
    let answer = scene.wait("user_1", "30s").await;
    assert_eq!((answer.status.as_u16(), &answer.body["first_name"]), (200, &"Ada 0".into()));
    assert!(
        (Duration::from_secs(1)..TEST_TIMEOUT).contains(&started.elapsed()),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(scene.clerk.requests(), ["/v1/users/user_1"]);
    let accounts = scene.service.list("/v1/users/user_1/accounts").await;
    assert_eq!(accounts.len(), 1, "the accounts are fetched too");
    assert_eq!(
        types_and_decisions(&scene.events("user_1").await),
        [("meetvo.user.fetched", "applied")]
    );
    let change = &scene.service.get("/v1/changes").await.body["data"][0];
    assert_eq!(
        (&change["operation"], &change["source"]),
        (&"created".into(), &"read_through".into())
    );
    // The late webhook has a greater version of the same state.
    let created = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(scene.service.send(&created).await, "applied");
    assert_eq!(scene.wait("user_1", "30s").await.body["first_name"], "Ada 0");
    assert_eq!(scene.clerk.requests().len(), 1, "an existing user is not fetched");
}

#[apply(both_engines)]
async fn session_token_fetches_only_own_user(engine: Engine) {
    let scene = Scene::start(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    scene.clerk.put_user(&fixtures::user("user_2", 0));
    let bearer = token("user_1", "sess_1");
    let get = |path: &str| {
        ApiResponse::fetch(
            scene.service.client.get(scene.service.url_for(path)).bearer_auth(&bearer),
        )
    };
    assert_eq!(get("/v1/me?wait=30s").await.body["id"], "user_1");
    assert_eq!(get("/v1/users/user_2?wait=400ms").await.problem(), (404, "not_found"));
    assert_eq!(scene.clerk.requests(), ["/v1/users/user_1"], "no other user is fetched");
}

#[apply(both_engines)]
async fn timely_webhook_avoids_request_to_clerk(engine: Engine) {
    let scene = Scene::start(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    let started = Instant::now();
    let send_webhook = async {
        scene.service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
        started.elapsed()
    };
    let (answer, sent_after) = tokio::join!(scene.wait("user_1", "30s"), send_webhook);
    assert_eq!(answer.status, 200);
    let asked = scene.clerk.requests().len();
    assert!(
        asked == 0 || sent_after > Duration::from_millis(900),
        "asked {asked} times, {sent_after:?}"
    );
}

#[apply(both_engines)]
async fn newer_webhook_wins_over_pending_fetch(engine: Engine) {
    let scene = Scene::start(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    let permits = Arc::new(Semaphore::new(0));
    scene.clerk.script_responses([fake_clerk::ScriptedResponse::Held(Arc::clone(&permits))]);
    let send_webhook = async {
        scene.clerk.wait_for_requests(1).await;
        let updated = fixtures::user_event("user.updated", "user_1", 9);
        assert_eq!(scene.service.send(&updated).await, "applied");
    };
    let waited = async { tokio::join!(scene.wait("user_1", "30s"), send_webhook).0 };
    let answer = timeout(TEST_TIMEOUT, waited).await.expect("the webhook ends the wait");
    assert_eq!(answer.body["first_name"], "Ada 9");

    // The newer webhook also wins if it is committed after the fetched user.
    scene.clerk.put_user(&fixtures::user("user_2", 0));
    scene.clerk.script_responses([fake_clerk::ScriptedResponse::Held(Arc::clone(&permits))]);
    let send_webhook = async {
        scene.clerk.wait_for_requests(2).await;
        scene
            .service
            .send(&fixtures::session_event("session.created", "sess_2", "user_2", 0))
            .await;
        permits.add_permits(2);
    };
    let (answer, ()) = tokio::join!(scene.wait("user_2", "30s"), send_webhook);
    assert_eq!(answer.body["first_name"], "Ada 0");
    let updated = fixtures::user_event("user.updated", "user_2", 9);
    assert_eq!(scene.service.send(&updated).await, "applied");
    assert_eq!(scene.wait("user_2", "1s").await.body["first_name"], "Ada 9");
}

#[apply(both_engines)]
async fn missing_user_is_cached(engine: Engine) {
    let scene = Scene::start(engine).await;
    for _ in 0..3 {
        assert_eq!(scene.wait("user_9", WAIT).await.problem(), (404, "not_found"));
    }
    assert_eq!(scene.clerk.requests(), ["/v1/users/user_9"]);
    // The cache does not affect the webhook.
    scene.service.send(&fixtures::user_event("user.created", "user_9", 0)).await;
    assert_eq!(scene.wait("user_9", WAIT).await.status, 200);
}

#[apply(both_engines)]
async fn key_of_other_instance_fetches_nothing(engine: Engine) {
    let scene = Scene::start_pinned(engine, "ins_other").await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    assert_eq!(scene.wait("user_1", WAIT).await.problem(), (404, "not_found"));
    assert_eq!(scene.clerk.requests(), ["/v1/instance"]);
    let scene = Scene::start_pinned(engine, fake_clerk::INSTANCE).await;
    for user in ["user_1", "user_2"] {
        scene.clerk.put_user(&fixtures::user(user, 0));
        assert_eq!(scene.wait(user, "30s").await.status, 200);
    }
    let asked = ["/v1/instance", "/v1/users/user_1", "/v1/users/user_2"];
    assert_eq!(scene.clerk.requests(), asked, "the instance of the key is requested once");
}

/// Clerk can still return a user for a moment after the webhook of the deletion, and returns a user
/// that was erased only here.
#[apply(both_engines)]
async fn deleted_user_is_not_fetched_again(engine: Engine) {
    let scene = Scene::start(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    scene.service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    scene.service.send(&fixtures::user_deleted("user_1", 1)).await;
    scene.clerk.put_user(&fixtures::user("user_1", 99));
    for _ in 0..2 {
        assert_eq!(scene.wait("user_1", WAIT).await.problem(), (404, "not_found"));
    }
    assert_eq!(scene.clerk.requests().len(), 1);
    let kinds = scene.events("user_1").await;
    assert!(kinds.iter().all(|it| it["type"] != "meetvo.user.fetched"), "{kinds:?}");
}

#[apply(both_engines)]
async fn concurrent_waits_share_one_fetch(engine: Engine) {
    let scene = Scene::start(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    // Only the first request to Clerk is held. A second one is answered at once.
    let permits = Arc::new(Semaphore::new(0));
    scene.clerk.script_responses([fake_clerk::ScriptedResponse::Held(Arc::clone(&permits))]);
    let requests = join_all((0..20).map(|_| scene.wait("user_1", "30s")));
    let release = async {
        scene.clerk.wait_for_requests(1).await;
        for _ in 0..20 {
            assert_eq!(scene.service.get("/v1/users/user_1").await.status, 404);
        }
        permits.add_permits(1);
    };
    let (answers, ()) = tokio::join!(requests, release);
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    assert_eq!(scene.clerk.requests().len(), 1);
}

#[apply(both_engines)]
async fn only_user_ids_are_fetched(engine: Engine) {
    let scene = Scene::start(engine).await;
    for odd in ["user_", "sess_1", "1", "ada@example.com", "user_a%2F..", "user_a%3Fb", "USER_1"] {
        assert_eq!(scene.wait(odd, "100ms").await.problem(), (404, "not_found"), "{odd}");
    }
    assert_eq!(scene.service.get("/v1/users/user_1").await.status, 404, "no fetch without wait");
    assert_eq!(scene.wait("user_1", "0s").await.status, 404);
    assert!(scene.clerk.requests().is_empty(), "{:?}", scene.clerk.requests());
}

/// Requests with made-up IDs use at most a tenth of the instance's rate limit: a burst of ten, and
/// nine per second.
#[apply(both_engines)]
async fn made_up_ids_are_rate_limited(engine: Engine) {
    let scene = Scene::start(engine).await;
    let started = Instant::now();
    let made_up: Vec<_> = (0..MADE_UP_IDS).map(|number| format!("user_madeup{number}")).collect();
    let answers = join_all(made_up.iter().map(|id| scene.wait(id, "5s"))).await;
    assert!(answers.iter().all(|answer| answer.status == 404));
    let (asked, seconds) = (scene.clerk.requests(), started.elapsed().as_secs() + 1);
    let most = 10 + 9 * usize::try_from(seconds).unwrap();
    assert!(most < MADE_UP_IDS, "the test took {seconds} s and proves nothing");
    assert!((1..=most).contains(&asked.len()), "{} in {seconds} s", asked.len());
    assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), asked.len(), "each ID once");
    // Other requests are not affected.
    assert_eq!(scene.service.get("/v1/users").await.status, 200);
}

#[apply(both_engines)]
async fn clerk_outage_does_not_change_wait(engine: Engine) {
    let scene = Scene::start(engine).await;
    let no = |status: u16, code: &str| {
        fake_clerk::ScriptedResponse::Status(status, error(code).to_string(), Some(1))
    };
    let troubles = [no(429, "too_many_requests"), no(500, "x"), no(401, "clerk_key_invalid")];
    for (number, trouble) in troubles.into_iter().enumerate() {
        // Clerk does not have this user, for the case that it answers a second request as usual.
        let user = format!("user_missing_{number}");
        let before = scene.clerk.requests().len();
        scene.clerk.script_responses([trouble]);
        // Shorter than the second after which the request could be repeated. A slow machine may not
        // send a request in this time. Errors are not cached, so that the next call sends one.
        while scene.clerk.requests().len() == before {
            assert_eq!(scene.wait(&user, "600ms").await.problem(), (404, "not_found"));
        }
    }
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    assert_eq!(scene.wait("user_1", "30s").await.status, 200);
}

#[apply(both_engines)]
async fn shutdown_ends_pending_fetch(engine: Engine) {
    let Scene { service, clerk } = Scene::start(engine).await;
    let permits = Arc::new(Semaphore::new(0));
    clerk.script_responses([fake_clerk::ScriptedResponse::Held(Arc::clone(&permits))]);
    let request = service.client.get(service.url_for("/v1/users/user_1?wait=30s")).bearer_auth(KEY);
    let stop = async {
        clerk.wait_for_requests(1).await;
        timeout(TEST_TIMEOUT, service.stop()).await.expect("the service stops");
    };
    let (answer, ()) = tokio::join!(ApiResponse::fetch(request), stop);
    assert_eq!(answer.problem(), (503, "stopping"));
}
