//! `?wait=` where Clerk can be asked: for a user whose webhook is late, or lost.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use futures_util::future::join_all;
use serde_json::Value;
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout},
};

use crate::harness::{
    Answer, Engine, KEY, Service, apply,
    backend::{self, Backend, SECRET_KEY, error},
    both_engines, fixtures, token,
};

/// More than a busy machine takes for anything.
const LONG: Duration = Duration::from_secs(20);

/// More than the share lets through in the time that a busy machine takes for so many.
const MADE_UP: usize = 150;

struct Scene {
    service: Service,
    clerk: Backend,
}

impl Scene {
    async fn begin(engine: Engine) -> Self {
        Self::of_instance(engine, "").await
    }

    async fn of_instance(engine: Engine, pinned: &str) -> Self {
        let clerk = Backend::start();
        let differ = [
            ("CLERK_SECRET_KEY", SECRET_KEY),
            ("MEETVO__CLERK__API_URL", &*clerk.url),
            ("MEETVO__CLERK__INSTANCE_ID", pinned),
        ];
        let service = Service::start_signed(engine, differ).await;
        Self { service, clerk }
    }

    async fn wait(&self, user: &str, wait: &str) -> Answer {
        self.service.get(&format!("/v1/users/{user}?wait={wait}")).await
    }

    async fn events(&self, user: &str) -> Vec<Value> {
        self.service.list(&format!("/v1/events?subject={user}")).await
    }
}

fn pairs(events: &[Value]) -> Vec<(&str, &str)> {
    events
        .iter()
        .map(|it| (it["type"].as_str().unwrap(), it["decision"].as_str().unwrap()))
        .collect()
}

#[apply(both_engines)]
async fn who_has_signed_up_is_there_although_the_webhook_is_not(engine: Engine) {
    let scene = Scene::begin(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    let started = Instant::now();
    let answer = scene.wait("user_1", "30s").await;
    assert_eq!((answer.status.as_u16(), &answer.body["first_name"]), (200, &"Ada 0".into()));
    assert!((Duration::from_secs(1)..LONG).contains(&started.elapsed()), "{:?}", started.elapsed());
    assert_eq!(scene.clerk.asked(), ["/v1/users/user_1"]);
    let accounts = scene.service.list("/v1/users/user_1/accounts").await;
    assert_eq!(accounts.len(), 1, "with all that is theirs");
    assert_eq!(pairs(&scene.events("user_1").await), [("meetvo.user.fetched", "applied")]);
    // The webhook that comes after all is the greater version of the same state.
    let created = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(scene.service.send(&created).await, "applied");
    assert_eq!(scene.wait("user_1", "30s").await.body["first_name"], "Ada 0");
    assert_eq!(scene.clerk.asked().len(), 1, "who is there is not asked for");
}

#[apply(both_engines)]
async fn whoever_has_just_signed_up_reads_themselves(engine: Engine) {
    let scene = Scene::begin(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    scene.clerk.put_user(&fixtures::user("user_2", 0));
    let bearer = token("user_1", "sess_1");
    let get = |path: &str| {
        Answer::of(scene.service.client.get(scene.service.at(path)).bearer_auth(&bearer))
    };
    assert_eq!(get("/v1/me?wait=400ms").await.body["id"], "user_1");
    assert_eq!(get("/v1/users/user_2?wait=400ms").await.problem(), (404, "not_found"));
    assert_eq!(scene.clerk.asked(), ["/v1/users/user_1"], "and nobody else has fetched for them");
}

#[apply(both_engines)]
async fn a_webhook_that_is_in_time_spares_clerk(engine: Engine) {
    let scene = Scene::begin(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    let started = Instant::now();
    let come = async {
        scene.service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
        started.elapsed()
    };
    let (answer, sent_after) = tokio::join!(scene.wait("user_1", "30s"), come);
    assert_eq!(answer.status, 200);
    let asked = scene.clerk.asked().len();
    assert!(
        asked == 0 || sent_after > Duration::from_millis(900),
        "asked {asked} times, {sent_after:?}"
    );
}

#[apply(both_engines)]
async fn a_newer_webhook_wins_and_is_not_kept_waiting_by_clerk(engine: Engine) {
    let scene = Scene::begin(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    let permits = Arc::new(Semaphore::new(0));
    scene.clerk.answer_next([backend::Answer::Held(Arc::clone(&permits))]);
    let come = async {
        scene.clerk.until_asked(1).await;
        let updated = fixtures::user_event("user.updated", "user_1", 9);
        assert_eq!(scene.service.send(&updated).await, "applied");
    };
    let waited = async { tokio::join!(scene.wait("user_1", "30s"), come).0 };
    let answer = timeout(LONG, waited).await.expect("Clerk has not answered, and need not");
    assert_eq!(answer.body["first_name"], "Ada 9");

    // And where both are under way, whichever is written last.
    scene.clerk.put_user(&fixtures::user("user_2", 0));
    scene.clerk.answer_next([backend::Answer::Held(Arc::clone(&permits))]);
    let come = async {
        scene.clerk.until_asked(2).await;
        scene
            .service
            .send(&fixtures::session_event("session.created", "sess_2", "user_2", 0))
            .await;
        permits.add_permits(2);
    };
    let (answer, ()) = tokio::join!(scene.wait("user_2", "30s"), come);
    assert_eq!(answer.body["first_name"], "Ada 0");
    let updated = fixtures::user_event("user.updated", "user_2", 9);
    assert_eq!(scene.service.send(&updated).await, "applied");
    assert_eq!(scene.wait("user_2", "1s").await.body["first_name"], "Ada 9");
}

#[apply(both_engines)]
async fn who_is_not_there_is_asked_for_once_in_a_while(engine: Engine) {
    let scene = Scene::begin(engine).await;
    for _ in 0..3 {
        assert_eq!(scene.wait("user_9", "600ms").await.problem(), (404, "not_found"));
    }
    assert_eq!(scene.clerk.asked(), ["/v1/users/user_9"]);
    // It is no bar to the webhook.
    scene.service.send(&fixtures::user_event("user.created", "user_9", 0)).await;
    assert_eq!(scene.wait("user_9", "600ms").await.status, 200);
}

/// Clerk may have for a moment still whom it has told of as deleted; and whoever was erased here is not
/// brought back.
#[apply(both_engines)]
async fn another_instances_users_do_not_come_in_by_it(engine: Engine) {
    let scene = Scene::of_instance(engine, "ins_other").await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    assert_eq!(scene.wait("user_1", "2s").await.problem(), (404, "not_found"));
    assert_eq!(scene.clerk.asked(), ["/v1/instance"]);
    let scene = Scene::of_instance(engine, backend::INSTANCE).await;
    for user in ["user_1", "user_2"] {
        scene.clerk.put_user(&fixtures::user(user, 0));
        assert_eq!(scene.wait(user, "30s").await.status, 200);
    }
    let asked = ["/v1/instance", "/v1/users/user_1", "/v1/users/user_2"];
    assert_eq!(scene.clerk.asked(), asked, "it is asked once whose key it is");
}

#[apply(both_engines)]
async fn who_is_deleted_stays_so(engine: Engine) {
    let scene = Scene::begin(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    scene.service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    scene.service.send(&fixtures::user_deleted("user_1", 1)).await;
    scene.clerk.put_user(&fixtures::user("user_1", 99));
    for _ in 0..2 {
        assert_eq!(scene.wait("user_1", "600ms").await.problem(), (404, "not_found"));
    }
    assert_eq!(scene.clerk.asked().len(), 1);
    let kinds = scene.events("user_1").await;
    assert!(kinds.iter().all(|it| it["type"] != "meetvo.user.fetched"), "{kinds:?}");
}

#[apply(both_engines)]
async fn those_who_wait_for_one_user_have_clerk_asked_once(engine: Engine) {
    let scene = Scene::begin(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    // Only the first request to Clerk has to wait: a second one would be answered at once.
    let permits = Arc::new(Semaphore::new(0));
    scene.clerk.answer_next([backend::Answer::Held(Arc::clone(&permits))]);
    let twenty = join_all((0..20).map(|_| scene.wait("user_1", "30s")));
    let let_go = async {
        scene.clerk.until_asked(1).await;
        for _ in 0..20 {
            assert_eq!(scene.service.get("/v1/users/user_1").await.status, 404);
        }
        permits.add_permits(1);
    };
    let (answers, ()) = tokio::join!(twenty, let_go);
    assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
    assert_eq!(scene.clerk.asked().len(), 1);
}

#[apply(both_engines)]
async fn nothing_but_a_users_id_is_asked_for(engine: Engine) {
    let scene = Scene::begin(engine).await;
    for odd in ["user_", "sess_1", "1", "ada@example.com", "user_a%2F..", "user_a%3Fb", "USER_1"] {
        assert_eq!(scene.wait(odd, "100ms").await.problem(), (404, "not_found"), "{odd}");
    }
    assert_eq!(scene.service.get("/v1/users/user_1").await.status, 404, "nor without a wait");
    assert_eq!(scene.wait("user_1", "0s").await.status, 404);
    assert!(scene.clerk.asked().is_empty(), "{:?}", scene.clerk.asked());
}

/// Whoever makes up ids has Clerk asked for a tenth of what the instance may ask, and no more: ten at
/// once, and nine a second.
#[apply(both_engines)]
async fn made_up_ids_use_up_a_small_share_and_no_more(engine: Engine) {
    let scene = Scene::begin(engine).await;
    let started = Instant::now();
    let made_up: Vec<_> = (0..MADE_UP).map(|number| format!("user_madeup{number}")).collect();
    let answers = join_all(made_up.iter().map(|id| scene.wait(id, "1s"))).await;
    assert!(answers.iter().all(|answer| answer.status == 404));
    let (asked, seconds) = (scene.clerk.asked(), started.elapsed().as_secs() + 1);
    let most = 10 + 9 * usize::try_from(seconds).unwrap();
    assert!(most < MADE_UP, "it took {seconds} s, and shows nothing");
    assert!((10..=most).contains(&asked.len()), "{} in {seconds} s", asked.len());
    assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), asked.len(), "each once");
    // Others go on as ever.
    assert_eq!(scene.service.get("/v1/users").await.status, 200);
}

#[apply(both_engines)]
async fn a_clerk_that_is_away_leaves_a_wait_as_it_was(engine: Engine) {
    let scene = Scene::begin(engine).await;
    scene.clerk.put_user(&fixtures::user("user_1", 0));
    let no =
        |status: u16, code: &str| backend::Answer::Status(status, error(code).to_string(), Some(1));
    for trouble in [no(429, "too_many_requests"), no(500, "x"), no(401, "clerk_key_invalid")] {
        scene.clerk.answer_next([trouble]);
        assert_eq!(scene.wait("user_1", "600ms").await.problem(), (404, "not_found"));
    }
    assert_eq!(scene.clerk.asked().len(), 3, "and it is not taken for an answer");
    assert_eq!(scene.wait("user_1", "30s").await.status, 200);
}

#[apply(both_engines)]
async fn a_service_stops_while_clerk_is_asked(engine: Engine) {
    let Scene { service, clerk } = Scene::begin(engine).await;
    let permits = Arc::new(Semaphore::new(0));
    clerk.answer_next([backend::Answer::Held(Arc::clone(&permits))]);
    let request = service.client.get(service.at("/v1/users/user_1?wait=30s")).bearer_auth(KEY);
    let stop = async {
        clerk.until_asked(1).await;
        timeout(LONG, service.stop()).await.expect("it stops");
    };
    let (answer, ()) = tokio::join!(Answer::of(request), stop);
    assert_eq!(answer.problem(), (503, "stopping"));
}
