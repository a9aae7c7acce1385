//! Scheduled drift checks (`drift.interval_hours`), and their result in `/v1/status`.

use serde_json::{Value, json};
use tokio::time::{Duration, sleep, timeout};

use super::{TEST_TIMEOUT, clerk_settings, deleted_ids, drift, id, in_sync, user};
use crate::harness::{
    ApiResponse, Engine, KEY, Process, apply, both_engines, client,
    fake_clerk::{self, FakeClerk, INSTANCE},
};

/// Waits until the drift section of `/v1/status` matches, and returns the status. On a busy machine,
/// the checks of the other sections can exceed their time limits, and are then repeated.
async fn status(process: &Process, until: impl Fn(&Value) -> bool) -> Value {
    let client = client();
    let poll = async {
        loop {
            let request = client.get(format!("{}/v1/status", process.url)).bearer_auth(KEY);
            let status = ApiResponse::fetch(request).await.body;
            let is_complete = status["accepts_writes"] == true && !status["events"].is_null();
            if is_complete && until(&status["drift"]) {
                break status;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TEST_TIMEOUT, poll).await.expect("the check completes")
}

fn check_settings(clerk: &FakeClerk) -> [(&'static str, &str); 4] {
    let [key, url, instance] = clerk_settings(clerk, INSTANCE);
    [key, url, instance, ("MEETVO__DRIFT__INTERVAL_HOURS", "24")]
}

fn codes(status: &Value) -> Vec<&str> {
    status["reasons"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect()
}

#[apply(both_engines)]
async fn one_replica_runs_scheduled_check(engine: Engine) {
    let (database, clerk) = in_sync(engine, 7).await;
    clerk.remove_user(&id(0));
    clerk.put_user(&user(1, 5));
    clerk.put_user(&user(7, 0));
    let pages = || clerk.requests().iter().filter(|it| it.starts_with("/v1/users?")).count();
    let before = pages();
    let replicas = [(); 3].map(|()| Process::serve(&database, check_settings(&clerk)));
    for replica in &replicas {
        let status = status(replica, |drift| !drift["ended_at"].is_null()).await;
        let drift = &status["drift"];
        let counts = ["objects", "missing", "extra", "different", "deleted", "not_understood"];
        assert_eq!(counts.map(|it| drift[it].as_u64().unwrap()), [7, 1, 1, 1, 0, 0]);
        assert_eq!((&drift["problem"], codes(&status)), (&Value::Null, vec!["objects_differ"]));
    }
    assert_eq!(pages(), before + 1);
    assert_eq!(deleted_ids(&database).await, Vec::<String>::new(), "the check changes nothing");
    // The stored result does not contain repaired differences.
    drift(&database, &clerk, &["--repair"]);
    let status = status(&replicas[0], |drift| drift["extra"] == 0).await;
    assert_eq!((&status["status"], codes(&status)), (&json!("green"), vec![]));
}

#[apply(both_engines)]
async fn failed_check_reports_problem(engine: Engine) {
    let (database, clerk) = in_sync(engine, 2).await;
    let rejection = fake_clerk::error("clerk_key_invalid").to_string();
    clerk.script_responses([fake_clerk::ScriptedResponse::Status(401, rejection, None)]);
    let service = Process::serve(&database, check_settings(&clerk));
    let status = status(&service, |drift| !drift["problem"].is_null()).await;
    let problem = status["drift"]["problem"].as_str().unwrap();
    assert!(problem.contains("clerk_key_invalid"), "{problem}");
    assert_eq!(
        (&status["drift"]["objects"], codes(&status)),
        (&Value::Null, vec!["objects_not_compared"])
    );
}
