//! `meetvo keys`: keys that come and go while a service runs.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::timeout;

use super::{stderr, printed};
use crate::harness::{ApiResponse, Database, Engine, Process, apply, both_engines, client};

/// Makes a key; what there is to know of it.
fn made(database: &Database, words: &[&str]) -> Value {
    let words = [&["keys", "new", "--json"], words].concat();
    serde_json::from_str(&printed(&Process::run(database, [], &words))).unwrap()
}

fn listed(database: &Database) -> Vec<Value> {
    let text = printed(&Process::run(database, [], &["keys", "list", "--json"]));
    serde_json::from_str(&text).unwrap()
}

async fn ask(process: &Process, path: &str, key: &str) -> ApiResponse {
    ApiResponse::fetch(client().get(format!("{}{path}", process.url)).bearer_auth(key)).await
}

/// Waits for a condition: keys are looked at every second.
async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let comes_true = async { while !condition().await {} };
    timeout(Duration::from_secs(10), comes_true).await.unwrap_or_else(|_| panic!("{what}"));
}

#[apply(both_engines)]
async fn keys_come_and_go_while_a_service_runs(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO_API_KEYS", "")]);
    let (web, ops) = (
        made(&database, &["--name", "web"]),
        made(&database, &["--name", "ops", "--scope", "admin", "--scope", "tokens"]),
    );
    assert_eq!((&web["name"], &web["scopes"]), (&json!("web"), &json!(["read"])));
    let (web, ops) = (web["key"].as_str().unwrap(), ops["key"].as_str().unwrap());
    assert!(web.starts_with("meetvo_key_") && web.len() > 64 && web != ops);
    // At once: no request is refused because the service has not looked yet.
    assert_eq!(ask(&process, "/v1/users", web).await.status, 200);
    assert_eq!(ask(&process, "/v1/events", web).await.problem(), (403, "scope_missing"));
    assert_eq!(ask(&process, "/v1/events", ops).await.status, 200);
    assert_eq!(ask(&process, "/v1/users", ops).await.problem(), (403, "scope_missing"));
    let other = format!("meetvo_key_{}", "0".repeat(64));
    let unknown = ask(&process, "/v1/users", &other).await;
    assert_eq!(unknown.problem(), (401, "credentials_unknown"));

    let listen = client().get(format!("{}/v1/changes", process.url)).bearer_auth(web);
    let listening = listen.header("accept", "text/event-stream").send().await.unwrap();
    assert_eq!(listening.status(), 200);
    printed(&Process::run(&database, [], &["keys", "revoke", "web"]));
    let refused = async || ask(&process, "/v1/users", web).await.status == 401;
    until("a revoked key is refused", refused).await;
    assert_eq!(ask(&process, "/v1/users", web).await.problem(), (401, "key_revoked"));
    let heard = timeout(Duration::from_mins(1), listening.text()).await;
    assert!(heard.expect("who listens with it is sent away").unwrap().contains(": listening"));
    assert_eq!(ask(&process, "/v1/events", ops).await.status, 200, "and no other");
}

#[apply(both_engines)]
async fn the_last_use_of_a_key_is_visible(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO_API_KEYS", "")]);
    let used = made(&database, &["--name", "used"])["key"].as_str().unwrap().to_owned();
    made(&database, &["--name", "idle"]);
    assert_eq!(ask(&process, "/v1/users", &used).await.status, 200);
    let names: Vec<_> = listed(&database).iter().map(|key| key["name"].clone()).collect();
    assert_eq!(names, ["idle", "used"]);
    let noted = async || listed(&database)[1]["last_used_at"].is_string();
    until("the use is noted", noted).await;
    let keys = listed(&database);
    assert_eq!((&keys[0]["last_used_at"], &keys[0]["revoked_at"]), (&Value::Null, &Value::Null));
    assert!(keys[1]["last_used_at"].as_str() >= keys[1]["created_at"].as_str());
    let table = printed(&Process::run(&database, [], &["keys", "list"]));
    let row = |name: &str| table.lines().find(|line| line.contains(name)).unwrap().to_owned();
    assert!(row("idle").contains("never") && !row("used").contains("never"), "{table}");
}

#[apply(both_engines)]
async fn of_a_key_only_the_hash_is_kept(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&Process::run(&database, [], &["migrate", "run"]));
    let key = made(&database, &["--name", "web"])["key"].as_str().unwrap().to_owned();
    let rows = Value::from(database.tables().await.rows("api_keys").await).to_string();
    assert!(rows.contains("web") && !rows.contains(key.trim_start_matches("meetvo_key_")));
}

#[apply(both_engines)]
async fn a_key_that_cannot_be_made_or_revoked_says_why(engine: Engine) {
    let database = Database::new(engine).await;
    let refused = |words: &[&str], why: &str| {
        let output = Process::run(&database, [], words);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(stderr(&output).contains(why), "{words:?}: {}", stderr(&output));
    };
    refused(&["keys", "new", "--name", "web"], "`meetvo migrate run`");
    printed(&Process::run(&database, [], &["migrate", "run"]));
    made(&database, &["--name", "web"]);
    refused(&["keys", "new", "--name", "web"], "there is a key of the name web already");
    refused(&["keys", "revoke", "nobody"], "no key of the name nobody");
    printed(&Process::run(&database, [], &["keys", "revoke", "web"]));
    refused(&["keys", "revoke", "web"], "no key of the name web");
    refused(&["keys", "new", "--name", "web"], "already");
    assert_eq!(listed(&database).len(), 1);
}
