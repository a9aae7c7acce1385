//! Log of the service: one JSON object per line, without personal data.

use serde_json::Value;
use tempfile::tempdir;

use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, Process, SECRET, apply, both_engines, client,
    fixtures,
};

/// Sends accepted and rejected requests, with personal data in every part of a request.
async fn send_requests(process: &Process) {
    let client = client();
    let now = meetvo::clock::Clock::system().now();
    for name in
        ["user/created-shared-email-verified", "user/updated-google-linked", "session/created"]
    {
        let delivery = Delivery::new(&fixtures::load(name), now);
        assert_eq!(ApiResponse::fetch(delivery.request(&client, &process.url)).await.status, 200);
        let forged = delivery.forged();
        let request = forged.request(&client, &process.url).header("x-request-id", "forged");
        assert_eq!(ApiResponse::fetch(request).await.problem(), (400, "signature_mismatch"));
    }
    let read = |path: &str, key: &str| {
        let request = client.get(format!("{}{path}", process.url)).bearer_auth(key);
        ApiResponse::fetch(
            request.header("x-request-id", "read").header("cookie", "name=rosamarin"),
        )
    };
    let by_email = read("/v1/users?email=studio.marin@example.org&username=rosamarin", KEY).await;
    assert_eq!(by_email.body["data"][0]["first_name"], "Rosa");
    assert_eq!(read("/v1/users?e-mail=ada.okafor@example.com", KEY).await.status, 400);
    assert_eq!(read("/v1/users/ada.okafor@example.com", KEY).await.status, 404);
    assert_eq!(read("/nothing/ada.okafor@example.com", KEY).await.status, 404);
    assert_eq!(read("/v1/users", "unknown_key_of_the_tests_0123456789").await.status, 401);
}

#[apply(both_engines)]
async fn json_log_has_no_personal_data(engine: Engine) {
    for filter in ["info", "debug", "trace"] {
        let database = Database::new(engine).await;
        let process = Process::serve(&database, [("MEETVO__LOG__FILTER", filter)]);
        send_requests(&process).await;
        process.terminate();
        let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
        assert_eq!(status.code(), Some(0));
        for personal in [
            "studio.marin",
            "ada.okafor",
            "example.org",
            "example.com",
            "rosamarin",
            "ada_okafor",
            "Rosa",
            "Marín",
            "Ada",
            "Okafor",
            "Tesfaye",
            "192.0.2.140",
            "Mozilla",
            "pvt-",
            KEY,
            SECRET,
            &SECRET[6..],
            "unknown_key_of_the_tests",
            "c2lnbmF0dXJl",
        ] {
            let line = log.lines().find(|line| line.contains(personal));
            assert_eq!(line, None, "{personal} is in the log at {filter}");
        }
        let lines: Vec<Value> =
            log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
        for line in &lines {
            assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
        }
        assert_logged(&lines);
    }
}

/// Asserts that rejected requests are logged with their IDs, and events with their decisions.
fn assert_logged(lines: &[Value]) {
    let ours: Vec<_> = lines.iter().filter(|line| line["code"].is_string()).collect();
    let rejected = |code: &str| ours.iter().filter(|line| line["code"] == code).collect::<Vec<_>>();
    let forged = rejected("signature_mismatch");
    assert_eq!(forged.len(), 3, "{ours:?}");
    for line in forged {
        let fields = [&line["message"], &line["request_id"], &line["route"], &line["method"]];
        assert_eq!(fields, ["request rejected", "forged", "/webhooks/clerk", "POST"]);
        assert_eq!(line["status"], 400);
    }
    for (code, count) in [("parameter_invalid", 1), ("not_found", 2), ("credentials_unknown", 1)] {
        let lines = rejected(code);
        assert_eq!(lines.len(), count, "{code}: {ours:?}");
        assert!(lines.iter().all(|line| line["request_id"] == "read"), "{lines:?}");
    }
    let events: Vec<_> = lines.iter().filter(|line| line["message"] == "event").collect();
    assert_eq!(events.len(), 3);
    assert!(events.iter().all(|line| line["decision"] == "applied"), "{events:?}");
    assert!(events.iter().all(|line| line["secret"] == "primary"), "{events:?}");
}

/// Returns whether a line has the span of the request with this ID.
fn is_of_request(line: &str, format: &str, id: &str) -> bool {
    if format == "pretty" {
        let span = format!(
            "request{{request_id=\"{id}\" method=\"GET\" route=\"/v1/users/{{id}}\"}}: meetvo::"
        );
        return line.contains(&span);
    }
    let line: Value = serde_json::from_str(line).expect(line);
    let fields = [&line["span"]["request_id"], &line["span"]["method"], &line["span"]["route"]];
    fields == [id, "GET", "/v1/users/{id}"]
}

/// The store runs in the task of the request, so its lines are in the request's span.
#[apply(both_engines)]
async fn store_lines_carry_request_id(engine: Engine) {
    for format in ["json", "pretty"] {
        let database = Database::new(engine).await;
        let differ =
            [("MEETVO__LOG__FILTER", "info,meetvo=trace"), ("MEETVO__LOG__FORMAT", format)];
        let process = Process::serve(&database, differ);
        for id in ["first", "second"] {
            let request = client().get(format!("{}/v1/users/user_1", process.url)).bearer_auth(KEY);
            let answer = ApiResponse::fetch(request.header("x-request-id", id)).await;
            assert_eq!(answer.problem(), (404, "not_found"));
        }
        process.terminate();
        let (status, log) = tokio::task::spawn_blocking(|| process.wait()).await.unwrap();
        assert_eq!(status.code(), Some(0));
        for id in ["first", "second"] {
            let of_request: Vec<_> =
                log.lines().filter(|line| is_of_request(line, format, id)).collect();
            let has = |text: &str| of_request.iter().any(|line| line.contains(text));
            assert!(has("statement") && has("FROM users"), "{format} {id}: {log}");
            assert!(has("request rejected") && has("not_found"), "{format} {id}: {log}");
        }
    }
}

/// The format `pretty` writes text, and color codes only to a terminal.
#[test]
fn pretty_log_has_no_color_codes() {
    let folder = tempdir().unwrap();
    let differ = [("MEETVO__LOG__FORMAT", "pretty"), ("MEETVO__LOG__FILTER", "debug")];
    // No host has this address, so the service opens its database and then exits.
    let mut command = Process::command(folder.path(), differ);
    let output = Process::output(command.arg("serve").env("HOST", "192.0.2.1"));
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    let (log, failure) = text.split_once("meetvo: ").unwrap();
    assert!(failure.starts_with("cannot listen on 192.0.2.1:0"), "{text}");
    assert!(log.contains(" DEBUG meetvo::app"), "{log}");
    assert!(!log.contains('\u{1b}'), "{log}");
    assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_err()), "{log}");
}
