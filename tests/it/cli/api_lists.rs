//! `meetvo users`, `organizations`, `events` and `status`: what they read from a running service.

use std::process::Output;

use serde_json::Value;

use super::{printed, stderr};
use crate::harness::{
    Database, Engine, KEY, Process, apply, both_engines, client, fixtures,
    organization_events as organizations, repeated,
};

/// Address of a port on which no program listens.
const NOWHERE: &str = "http://127.0.0.1:9";

/// Runs a command against a service, with the API key of the tests.
fn run(database: &Database, service: &Process, words: &[&str]) -> Output {
    let key = [("MEETVO_API_KEY", KEY), ("MEETVO_TO", &*service.url)];
    Process::run(database, key, words)
}

/// Runs a command with `--json`, and returns its output.
fn json(database: &Database, service: &Process, words: &[&str]) -> Value {
    let output = run(database, service, &[words, &["--json"]].concat());
    serde_json::from_str(&printed(&output)).unwrap()
}

/// Returns a field of all items.
fn column<'a>(items: &'a Value, field: &str) -> Vec<&'a str> {
    items.as_array().unwrap().iter().map(|item| item[field].as_str().unwrap()).collect()
}

/// Starts a service with two users, and an organization of which one of them is a member.
async fn service_with_data(database: &Database) -> Process {
    let service = Process::serve(database, []);
    let mut grace = fixtures::user("user_2", 0);
    grace["first_name"] = "Grace\u{1b}[31m".into();
    grace["banned"] = true.into();
    grace["username"] = "grace".into();
    grace["external_id"] = "own-2".into();
    let kind = "organizationMembership.created";
    for body in [
        fixtures::user_event("user.created", "user_1", 0),
        fixtures::event("user.created", grace, 0),
        organizations::organization_event("organization.created", "org_1", 0),
        organizations::membership_event(kind, "orgmem_1", "org_1", "user_1", 0),
        fixtures::event("user.updated", serde_json::json!({ "first_name": "no ID" }), 0),
    ] {
        let now = meetvo::clock::Clock::system().now();
        let delivery = crate::harness::Delivery::new(&body, now);
        let sent = delivery.request(&client(), &service.url).send().await.unwrap();
        assert_eq!(sent.status(), 200);
    }
    service
}

#[apply(both_engines)]
async fn users_are_listed_and_filtered(engine: Engine) {
    let database = Database::new(engine).await;
    let service = service_with_data(&database).await;
    let table = printed(&run(&database, &service, &["users"]));
    let rows: Vec<_> = table.lines().map(str::trim).collect();
    assert!(rows[0].starts_with("user "), "{table}");
    assert!(rows[1].starts_with("user_1") && rows[1].contains("user_1@example.com"), "{table}");
    assert!(rows[2].contains("Grace\\u001b[31m Lovelace") && rows[2].contains("banned"), "{table}");
    let all = json(&database, &service, &["users"]);
    assert_eq!(column(&all, "id"), ["user_1", "user_2"]);
    assert_eq!(all[1]["banned"], true, "all fields of the API");
    for (filter, ids) in [
        (&["user_2"][..], &["user_2"][..]),
        (&["user_2", "user_1"], &["user_1", "user_2"]),
        (&["--email", "USER_1@example.com"], &["user_1"]),
        (&["--username", "grace"], &["user_2"]),
        (&["--external-id", "own-2"], &["user_2"]),
        (&["--query", "ada"], &["user_1"]),
        (&["--updated-after", "2026-08-12T09:30:00Z"], &[]),
        (&["--updated-after", "2026-08-12T09:29:59Z"], &["user_1", "user_2"]),
    ] {
        let found = json(&database, &service, &[&["users"], filter].concat());
        assert_eq!(column(&found, "id"), ids, "{filter:?}");
    }
    let first = run(&database, &service, &["users", "--limit", "1", "--json"]);
    assert!(stderr(&first).contains("There are more"), "{}", stderr(&first));
    let first: Value = serde_json::from_str(&printed(&first)).unwrap();
    assert_eq!(column(&first, "id"), ["user_1"]);
}

#[apply(both_engines)]
async fn organizations_are_listed_and_filtered(engine: Engine) {
    let database = Database::new(engine).await;
    let service = service_with_data(&database).await;
    let table = printed(&run(&database, &service, &["organizations"]));
    assert!(table.contains("org_1") && table.contains("Acme 0"), "{table}");
    for (filter, ids) in [
        (&["org_1"][..], &["org_1"][..]),
        (&["org_2"], &[]),
        (&["--slug", "acme"], &["org_1"]),
        (&["--query", "acm"], &["org_1"]),
        (&["--query", "other"], &[]),
    ] {
        let found = json(&database, &service, &[&["organizations"], filter].concat());
        assert_eq!(column(&found, "id"), ids, "{filter:?}");
    }
}

#[apply(both_engines)]
async fn events_are_listed_and_filtered(engine: Engine) {
    let database = Database::new(engine).await;
    let service = service_with_data(&database).await;
    let table = printed(&run(&database, &service, &["events"]));
    let newest = table.lines().nth(1).unwrap();
    assert!(newest.contains("user.updated") && newest.contains("failed"), "{table}");
    assert!(newest.contains("data.id"), "the reason is shown: {table}");
    let membership = ["organizationMembership.created"];
    for (filter, types) in [
        (&["--decision", "failed"][..], &["user.updated"][..]),
        (&["--type", membership[0]], &membership),
        (&["--object-id", "orgmem_1"], &membership),
        (&["--organization-id", "org_1"], &[membership[0], "organization.created"]),
        (&["--subject", "user_2"], &["user.created"]),
        (&["--received-before", "2001-01-01T00:00:00Z"], &[]),
        (&["--received-after", "2001-01-01T00:00:00Z", "--limit", "1"], &["user.updated"]),
    ] {
        let found = json(&database, &service, &[&["events"], filter].concat());
        assert_eq!(column(&found, "type"), types, "{filter:?}");
    }
    let invalid = run(&database, &service, &["events", "--received-after", "yesterday"]);
    assert_eq!(invalid.status.code(), Some(1));
    let error = stderr(&invalid);
    assert!(error.contains("received_after") && error.contains("(parameter_invalid)"), "{error}");
}

#[apply(both_engines)]
async fn status_shows_color_and_facts(engine: Engine) {
    let database = Database::new(engine).await;
    let service = service_with_data(&database).await;
    let text = printed(&run(&database, &service, &["status"]));
    let document = json(&database, &service, &["status"]);
    let color = document["status"].as_str().unwrap();
    assert!(text.starts_with(&format!("status is {color}\n")), "{text}");
    assert!(text.contains("accepts writes  true\n"), "{text}");
    for reason in column(&document["reasons"], "code") {
        assert!(text.contains(reason), "{text}");
    }
    let newest = document["events"]["newest_received_at"].as_str().unwrap();
    assert!(text.contains(newest), "{text}");
}

#[apply(both_engines)]
async fn errors_name_the_remedy(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    let reader = printed(&Process::run(&database, [], &["keys", "new", "--name", "reader"]));
    let url = ("MEETVO_TO", &*service.url);
    for (variables, code, error) in [
        ([url, ("MEETVO_API_KEY", "")], 1, "the service rejects the API key; set MEETVO_API_KEY"),
        ([url, ("MEETVO_API_KEY", "wrong")], 1, "the service rejects the API key"),
        ([url, ("MEETVO_API_KEY", reader.trim())], 1, "(scope_missing); create a key"),
        ([("MEETVO_TO", NOWHERE), ("MEETVO_API_KEY", KEY)], 1, "does not answer"),
        ([("MEETVO_TO", "ftp://host"), ("MEETVO_API_KEY", KEY)], 1, "must be an HTTP URL"),
        (
            [url, ("MEETVO_API_KEY_FILE", "/nothing")],
            78,
            "MEETVO_API_KEY_FILE: names the file /nothing",
        ),
    ] {
        for command in ["status", "events", "tail"] {
            let run = || Process::run(&database, variables, &[command]);
            // On a busy machine, a new key can be unknown for longer than a request waits.
            let output = repeated(run, |output| stderr(output).contains(error));
            assert_eq!(output.status.code(), Some(code), "{command}: {error}");
            assert!(stderr(&output).contains(error), "{command}: {}", stderr(&output));
            assert!(output.stdout.is_empty(), "{command}");
        }
    }
}

/// The key can be in a file, and the URL can be that of the webhook endpoint.
#[apply(both_engines)]
async fn key_file_and_webhook_url_work(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    let file = database.folder().join("key");
    std::fs::write(&file, format!("{KEY}\n")).unwrap();
    let url = format!("{}/webhooks/clerk", service.url);
    let key = [("MEETVO_API_KEY_FILE", file.to_str().unwrap())];
    let output = Process::run(&database, key, &["users", "--to", &url, "--json"]);
    assert_eq!(printed(&output).trim(), "[]");
}
