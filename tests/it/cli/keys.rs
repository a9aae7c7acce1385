//! `meetvo keys`: changes of API keys while a service runs.

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{printed, stderr};
use crate::harness::{
    ApiResponse, Database, Engine, Process, TEST_TIMEOUT, apply, both_engines, client, fetch_until,
};

/// Creates a key, and returns the printed object.
fn new_key(database: &Database, words: &[&str]) -> Value {
    let words = [&["keys", "new", "--json"], words].concat();
    serde_json::from_str(&printed(&Process::run(database, [], &words))).unwrap()
}

fn listed(database: &Database) -> Vec<Value> {
    let text = printed(&Process::run(database, [], &["keys", "list", "--json"]));
    serde_json::from_str(&text).unwrap()
}

fn request(process: &Process, path: &str, key: &str) -> RequestBuilder {
    client().get(format!("{}{path}", process.url)).bearer_auth(key)
}

/// Sends a request with a key that exists. A service waits for the next refresh of its keys to accept a
/// new one, and on a busy machine the refresh can take longer than the request waits.
async fn get(process: &Process, path: &str, key: &str) -> ApiResponse {
    let request = || request(process, path, key);
    fetch_until(request, |response| response.body["code"] != "credentials_unknown").await
}

/// Waits for a condition, because services refresh their keys every second.
async fn wait_until(name: &str, condition: impl AsyncFn() -> bool) {
    let poll = async { while !condition().await {} };
    timeout(TEST_TIMEOUT, poll).await.unwrap_or_else(|_| panic!("{name}"));
}

#[apply(both_engines)]
async fn keys_change_without_restart(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO_API_KEYS", "")]);
    let (web, ops) = (
        new_key(&database, &["--name", "web"]),
        new_key(&database, &["--name", "ops", "--scope", "admin", "--scope", "tokens"]),
    );
    assert_eq!((&web["name"], &web["scopes"]), (&json!("web"), &json!(["read"])));
    let (web, ops) = (web["key"].as_str().unwrap(), ops["key"].as_str().unwrap());
    assert!(web.starts_with("meetvo_key_") && web.len() > 64 && web != ops);
    assert_eq!(get(&process, "/v1/users", web).await.status, 200);
    assert_eq!(get(&process, "/v1/events", web).await.problem(), (403, "scope_missing"));
    assert_eq!(get(&process, "/v1/events", ops).await.status, 200);
    assert_eq!(get(&process, "/v1/users", ops).await.problem(), (403, "scope_missing"));
    let other = format!("meetvo_key_{}", "0".repeat(64));
    let unknown = ApiResponse::fetch(request(&process, "/v1/users", &other)).await;
    assert_eq!(unknown.problem(), (401, "credentials_unknown"));

    let request = client().get(format!("{}/v1/changes", process.url)).bearer_auth(web);
    let stream = request.header("accept", "text/event-stream").send().await.unwrap();
    assert_eq!(stream.status(), 200);
    let revoked = printed(&Process::run(&database, [], &["keys", "revoke", "web", "--json"]));
    let revoked: Value = serde_json::from_str(&revoked).unwrap();
    assert!(revoked["name"] == "web" && revoked["revoked_at"].is_string(), "{revoked}");
    let is_rejected = async || get(&process, "/v1/users", web).await.status == 401;
    wait_until("the revoked key is rejected", is_rejected).await;
    assert_eq!(get(&process, "/v1/users", web).await.problem(), (401, "key_revoked"));
    let text = timeout(TEST_TIMEOUT, stream.text()).await;
    assert!(text.expect("the stream of the revoked key ends").unwrap().contains(": listening"));
    assert_eq!(get(&process, "/v1/events", ops).await.status, 200, "other keys stay valid");
}

#[apply(both_engines)]
async fn created_metrics_key_reads_metrics(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO_API_KEYS", "")]);
    let created = new_key(&database, &["--name", "prometheus", "--scope", "metrics"]);
    assert_eq!(created["scopes"], json!(["metrics"]));
    let key = created["key"].as_str().unwrap();
    assert_eq!(get(&process, "/metrics", key).await.status, 200);
    for path in ["/v1/users", "/v1/events", "/v1/status"] {
        assert_eq!(get(&process, path, key).await.problem(), (403, "scope_missing"), "{path}");
    }
}

/// `KEY=$(meetvo keys new --name web)` needs no parsing.
#[apply(both_engines)]
async fn standard_output_has_only_the_key(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&Process::run(&database, [], &["migrate", "run"]));
    let output = Process::run(&database, [], &["keys", "new", "--name", "web"]);
    let key = printed(&output);
    assert_eq!((key.lines().count(), key.trim().len()), (1, "meetvo_key_".len() + 64), "{key}");
    assert!(stderr(&output).contains("not shown again"), "{}", stderr(&output));
    let output = Process::run(&database, [], &["keys", "new", "--name", "x", "--setting"]);
    let text = printed(&output);
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].starts_with("meetvo_key_"), "{text}");
    assert!(lines[1].starts_with("MEETVO_API_KEYS=x:read:sha256:") && lines.len() == 2, "{text}");
    let output = Process::run(&database, [], &["keys", "revoke", "web"]);
    assert_eq!((&*printed(&output), &*stderr(&output)), ("", "revoked the key web\n"));
}

#[apply(both_engines)]
async fn last_use_is_listed(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO_API_KEYS", "")]);
    let used = new_key(&database, &["--name", "used"])["key"].as_str().unwrap().to_owned();
    new_key(&database, &["--name", "idle"]);
    assert_eq!(get(&process, "/v1/users", &used).await.status, 200);
    let names: Vec<_> = listed(&database).iter().map(|key| key["name"].clone()).collect();
    assert_eq!(names, ["idle", "used"]);
    let is_recorded = async || listed(&database)[1]["last_used_at"].is_string();
    wait_until("the use is recorded", is_recorded).await;
    let keys = listed(&database);
    assert_eq!((&keys[0]["last_used_at"], &keys[0]["revoked_at"]), (&Value::Null, &Value::Null));
    assert!(keys[1]["last_used_at"].as_str() >= keys[1]["created_at"].as_str());
    let table = printed(&Process::run(&database, [], &["keys", "list"]));
    let row = |name: &str| table.lines().find(|line| line.contains(name)).unwrap().to_owned();
    assert!(row("idle").contains("never") && !row("used").contains("never"), "{table}");
}

#[apply(both_engines)]
async fn only_hash_of_key_is_stored(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&Process::run(&database, [], &["migrate", "run"]));
    let key = new_key(&database, &["--name", "web"])["key"].as_str().unwrap().to_owned();
    let rows = Value::from(database.tables().await.rows("api_keys").await).to_string();
    assert!(rows.contains("web") && !rows.contains(key.trim_start_matches("meetvo_key_")));
}

#[apply(both_engines)]
async fn impossible_changes_are_rejected(engine: Engine) {
    let database = Database::new(engine).await;
    let assert_fails = |words: &[&str], why: &str| {
        let output = Process::run(&database, [], words);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        assert!(stderr(&output).contains(why), "{words:?}: {}", stderr(&output));
    };
    assert_fails(&["keys", "new", "--name", "web"], "`meetvo migrate run`");
    printed(&Process::run(&database, [], &["migrate", "run"]));
    new_key(&database, &["--name", "web"]);
    assert_fails(&["keys", "new", "--name", "web"], "an API key with the name web already exists");
    assert_fails(&["keys", "revoke", "nobody"], "no active API key has the name nobody");
    printed(&Process::run(&database, [], &["keys", "revoke", "web"]));
    assert_fails(&["keys", "revoke", "web"], "no active API key has the name web");
    assert_fails(&["keys", "new", "--name", "web"], "exists");
    assert_eq!(listed(&database).len(), 1);
}
