//! The same by a timer (`drift.interval_hours`), and what `/v1/status` tells of it.

use serde_json::{Value, json};
use tokio::time::{Duration, sleep, timeout};

use super::{TEST_TIMEOUT, deleted, drift, id, in_step, reaching, user};
use crate::harness::{
    ApiResponse, Engine, KEY, Process, apply,
    fake_clerk::{self, FakeClerk, INSTANCE},
    both_engines, client,
};

/// The status of a service, once it tells of a comparison.
async fn status(process: &Process, until: impl Fn(&Value) -> bool) -> Value {
    let client = client();
    let told = async {
        loop {
            let request = client.get(format!("{}/v1/status", process.url)).bearer_auth(KEY);
            let status = ApiResponse::fetch(request).await.body;
            if until(&status["drift"]) {
                break status;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TEST_TIMEOUT, told).await.expect("it compares")
}

fn checking(clerk: &FakeClerk) -> [(&'static str, &str); 4] {
    let [key, url, instance] = reaching(clerk, INSTANCE);
    [key, url, instance, ("MEETVO__DRIFT__INTERVAL_HOURS", "24")]
}

fn codes(status: &Value) -> Vec<&str> {
    status["reasons"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect()
}

#[apply(both_engines)]
async fn a_service_looks_by_itself_and_one_replica_is_enough(engine: Engine) {
    let (database, clerk) = in_step(engine, 7).await;
    clerk.remove_user(&id(0));
    clerk.put_user(&user(1, 5));
    clerk.put_user(&user(7, 0));
    let crawls = || clerk.requests().iter().filter(|it| it.starts_with("/v1/users?")).count();
    let so_far = crawls();
    let replicas = [(); 3].map(|()| Process::serve(&database, checking(&clerk)));
    for replica in &replicas {
        let status = status(replica, |drift| !drift["ended_at"].is_null()).await;
        let drift = &status["drift"];
        let counts = ["users", "missing", "extra", "different", "deleted", "not_understood"];
        assert_eq!(counts.map(|it| drift[it].as_u64().unwrap()), [7, 1, 1, 1, 0, 0]);
        assert_eq!((&drift["problem"], codes(&status)), (&Value::Null, vec!["users_differ"]));
    }
    assert_eq!(crawls(), so_far + 1);
    assert_eq!(deleted(&database).await, Vec::<String>::new(), "it only compares");
    // What was mended is not told of any more.
    drift(&database, &clerk, &["--repair"]);
    let status = status(&replicas[0], |drift| drift["extra"] == 0).await;
    assert_eq!((&status["status"], codes(&status)), (&json!("green"), vec![]));
}

#[apply(both_engines)]
async fn a_check_that_fails_says_why(engine: Engine) {
    let (database, clerk) = in_step(engine, 2).await;
    let refusal = fake_clerk::error("clerk_key_invalid").to_string();
    clerk.script_responses([fake_clerk::ScriptedResponse::Status(401, refusal, None)]);
    let service = Process::serve(&database, checking(&clerk));
    let status = status(&service, |drift| !drift["problem"].is_null()).await;
    let problem = status["drift"]["problem"].as_str().unwrap();
    assert!(problem.contains("clerk_key_invalid"), "{problem}");
    assert_eq!(
        (&status["drift"]["users"], codes(&status)),
        (&Value::Null, vec!["users_not_compared"])
    );
}
