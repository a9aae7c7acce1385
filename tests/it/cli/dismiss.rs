//! `meetvo dismiss`.

use serde_json::{Value, json};

use super::{printed, stderr};
use crate::harness::{
    ApiResponse, Database, Delivery, Engine, Process, SECRET, apply, both_engines, client, fixtures,
};

/// Operator of the commands.
const ADA: [(&str, &str); 1] = [("USER", "ada")];

/// Returns a database with three failed events, of which two have the same reason, and an applied
/// one.
async fn with_failed(database: &Database) {
    let process = Process::serve(database, []);
    let without_id = json!({ "type": "user.created", "data": {} });
    let without_user = json!({ "type": "session.created", "data": { "id": "sess_1" } });
    let good = fixtures::user_event("user.created", "user_1", 0);
    for (id, body) in
        [("msg_1", &without_id), ("msg_2", &without_id), ("msg_3", &without_user), ("msg_4", &good)]
    {
        let now = meetvo::clock::Clock::system().now();
        let delivery = Delivery::signed(SECRET, id, now, body.to_string());
        let answer = ApiResponse::fetch(delivery.request(&client(), &process.url)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

fn run(database: &Database, words: &[&str]) -> String {
    printed(&Process::run(database, ADA, &[&["dismiss"], words].concat()))
}

#[apply(both_engines)]
async fn events_are_listed_and_dismissed(engine: Engine) {
    let database = Database::new(engine).await;
    with_failed(&database).await;
    let listed: Value = serde_json::from_str(&run(&database, &["--list", "--json"])).unwrap();
    let missing = json!({ "reason": "data.id is missing", "count": 2, "newest_id": "msg_2" });
    assert_eq!((&listed["failed"][1], &listed["quarantined"]), (&missing, &json!([])));
    let text = run(&database, &["--list"]);
    assert!(text.contains("2  msg_2  data.id is missing\n"), "{text}");

    // A reason can be copied from the list, also with quotation marks. Control characters of
    // terminals are escaped.
    let reason = "UPDATE webhook_events SET reason = 'expected \"a\" and 1' WHERE id = 'msg_3'";
    database.tables().await.run(&reason.replace(" and ", "\u{1b}")).await;
    let text = run(&database, &["--list"]);
    assert!(text.contains("1  msg_3  expected \"a\"\\u001b1\n"), "{text}");

    let doctor = Process::run(&database, [], &["doctor", "--json"]);
    let doctor = String::from_utf8(doctor.stdout).unwrap();
    assert!(doctor.contains("2 failed: data.id is missing (newest: msg_2)"), "{doctor}");

    let words = ["--decision", "failed", "--reason", "data.id is missing", "--json"];
    assert_eq!(run(&database, &words), "{\n  \"dismissed\": 2\n}\n");
    assert_eq!(run(&database, &["msg_3"]).split_whitespace().last(), Some("1"));
    assert_eq!(run(&database, &["msg_3"]).split_whitespace().last(), Some("0"), "again");
    let rows = "SELECT id || ' ' || dismissed_decision || ' ' || dismissed_by FROM webhook_events \
                WHERE decision = 'dismissed' AND dismissed_at > 0 ORDER BY id";
    let expected = ["msg_1", "msg_2", "msg_3"].map(|id| format!("{id} failed cli:ada"));
    assert_eq!(database.tables().await.column(rows).await, expected);
    let why = printed(&Process::run(&database, [], &["why", "msg_1"]));
    assert!(why.contains("by cli:ada") && why.contains("meetvo reprocess msg_1"), "{why}");
}

#[apply(both_engines)]
async fn invalid_requests_fail(engine: Engine) {
    let database = Database::new(engine).await;
    with_failed(&database).await;
    for (words, code, why) in [
        (&["msg_4"][..], 1, "is applied, but only failed and quarantined"),
        (&["msg_9"], 1, "no event has the ID msg_9"),
        (&[], 2, "required"),
        (&["--reason", "x"], 2, "--decision"),
        (&["--decision", "ignored", "--reason", "x"], 2, "quarantined"),
        (&["msg_1", "--decision", "failed"], 2, "cannot be used with"),
    ] {
        let output = Process::run(&database, ADA, &[&["dismiss"], words].concat());
        assert_eq!(output.status.code(), Some(code), "{words:?}");
        assert!(stderr(&output).contains(why), "{words:?}: {}", stderr(&output));
    }
}
