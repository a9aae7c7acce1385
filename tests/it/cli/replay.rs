//! `meetvo replay`: payloads, requests and the report.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::Path,
    process::{Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{self, Receiver},
    },
    thread,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use meetvo::clock::Clock;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::{Value, json};
use tempfile::tempdir;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{printed, stderr};
use crate::harness::{
    ApiResponse, Database, Engine, KEY, Process, ReservedPort, Workspace, apply, both_engines,
    client, fixtures, repository,
};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
const CREATED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/user/created-google.json");

/// Runs `meetvo replay` against a service.
fn replay(home: impl Workspace, service: &Process, words: &[&str]) -> Output {
    Process::run(home, [], &[&["replay", "--to", &service.url], words].concat())
}

/// Replays deliveries that the service accepts, and returns the report.
fn report(home: impl Workspace, service: &Process, words: &[&str]) -> Value {
    let output = replay(home, service, &[&["--json"], words].concat());
    serde_json::from_str(&printed(&output)).unwrap()
}

async fn read(service: &Process, path: &str) -> Value {
    let request = client().get(format!("{}{path}", service.url)).bearer_auth(KEY);
    let answer = ApiResponse::fetch(request).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    answer.body
}

/// Returns the IDs of the events that were delivered.
async fn event_ids(service: &Process) -> BTreeSet<String> {
    let events = read(service, "/v1/events?limit=500").await;
    let ids = events["data"].as_array().unwrap().iter().map(|event| &event["id"]);
    let ids = ids.map(|id| id.as_str().unwrap().to_owned());
    ids.filter(|id| !id.starts_with("meetvo.")).collect()
}

fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
}

fn user(id: &str) -> String {
    fixtures::user_event("user.created", id, 0).to_string()
}

/// Returns the output of `clerk webhooks listen --json` for a delivery.
fn relayed(id: &str, body: &str) -> String {
    let (headers, body) = (json!({ "svix-id": id }), BASE64_STANDARD.encode(body));
    let line = json!({
        "type": "event", "svix_id": id, "event_type": "user.created", "headers": headers,
        "body_b64": body, "forward_status": 200, "latency_ms": 12,
    });
    format!("{{\"type\":\"ready\",\"forward_to\":\"http://127.0.0.1:8080\"}}\n{line}\n")
}

#[apply(both_engines)]
async fn files_folders_and_ndjson_are_sent(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    write(database.folder(), "one.json", &user("user_file"));
    write(database.folder(), "all/a/b.json", &user("user_folder"));
    write(
        database.folder(),
        "all/c.jsonl",
        &[user("user_line_1"), user("user_line_2")].join("\n\n"),
    );
    write(database.folder(), "all/notes.txt", "not a payload");
    write(database.folder(), "all/d.ndjson", &relayed("msg_own", &user("user_relayed")));
    write(database.folder(), "stdin", &user("user_stdin"));
    let stdin = File::open(database.folder().join("stdin")).unwrap();
    let mut command = Process::command(&database, []);
    let command = command.args(["replay", "one.json", "-", "all", "--to", &service.url, "--json"]);
    let output = command.stdin(stdin).output().unwrap();
    let report: Value = serde_json::from_str(&printed(&output)).unwrap();
    assert_eq!(report["decisions"], json!({ "applied": 6 }));
    for user in ["file", "folder", "line_1", "line_2", "relayed", "stdin"] {
        read(&service, &format!("/v1/users/user_{user}")).await;
    }
}

#[apply(both_engines)]
async fn repeated_command_sends_duplicates(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    let first = report(&database, &service, &[FIXTURES]);
    assert_eq!((&first["deliveries"], &first["responses"]), (&220.into(), &json!({ "200": 220 })));
    let events = event_ids(&service).await;
    let again = report(&database, &service, &[FIXTURES, "--duplicate", "2", "--shuffle"]);
    assert_eq!(again["decisions"], json!({ "duplicate": 440 }));
    let other = report(&database, &service, &[CREATED, "--seed", "1"]);
    assert_eq!(
        other["decisions"]["duplicate"],
        Value::Null,
        "another seed changes the message IDs"
    );
    assert!(event_ids(&service).await.is_superset(&events));
}

#[apply(both_engines)]
async fn edited_field_is_newer_than_stored_data(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    report(&database, &service, &[FIXTURES]);
    let words = [CREATED, "--set", "data.first_name=Ada", "--set", "data.banned=true"];
    assert_eq!(report(&database, &service, &words)["decisions"], json!({ "applied": 1 }));
    let id = fixtures::load("user/created-google")["data"]["id"].as_str().unwrap().to_owned();
    let user = read(&service, &format!("/v1/users/{id}")).await;
    assert_eq!((&user["first_name"], &user["banned"]), (&"Ada".into(), &true.into()));
}

#[test]
fn unknown_field_is_rejected_before_sending() {
    let folder = tempdir().unwrap();
    let set = |field| Process::run(folder.path(), [], &["replay", FIXTURES, "--set", field]);
    let output = set("data.frist_name=Ada");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        stderr(&output),
        "meetvo: no payload has the field data.frist_name; correct --set\n"
    );
    assert!(output.stdout.is_empty());
    assert_eq!(set("data.first_name").status.code(), Some(2));
}

#[apply(both_engines)]
async fn fresh_payloads_have_the_current_time(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    report(&database, &service, &[CREATED]);
    let fresh = report(&database, &service, &[CREATED, "--fresh"]);
    assert_eq!(fresh["decisions"], json!({ "applied": 1 }));
    let user = &read(&service, "/v1/users").await["data"][0];
    let updated = OffsetDateTime::parse(user["updated_at"].as_str().unwrap(), &Rfc3339).unwrap();
    let age = Clock::system().now() / 1_000 - updated.unix_timestamp();
    assert!((0..60).contains(&age), "{user}");
}

#[apply(both_engines)]
async fn later_passes_are_about_new_users(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    let words = [CREATED, "--count", "5"];
    let passes = report(&database, &service, &words);
    assert_eq!(passes["decisions"], json!({ "applied": 5 }));
    assert_eq!(report(&database, &service, &words)["decisions"], json!({ "duplicate": 5 }));
    let users = read(&service, "/v1/users").await;
    let column = |name: &str| -> BTreeSet<_> {
        let users = users["data"].as_array().unwrap().iter();
        users.map(|user| user[name].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((column("id").len(), column("email").len()), (5, 5));
    let fewer = report(&database, &service, &[FIXTURES, "--count", "3"]);
    assert_eq!(fewer["deliveries"], 3);
    write(database.folder(), "broken.json", "{");
    let output = replay(&database, &service, &["broken.json", "--count", "2"]);
    assert!(stderr(&output).contains("broken.json: is not JSON, so it cannot be made new"));
}

#[apply(both_engines)]
async fn exact_keeps_relayed_message_ids(engine: Engine) {
    let database = Database::new(engine).await;
    let service = Process::serve(&database, []);
    write(database.folder(), "a.ndjson", &relayed("msg_own", &user("user_1")));
    report(&database, &service, &["a.ndjson"]);
    assert!(!event_ids(&service).await.contains("msg_own"));
    report(&database, &service, &["a.ndjson", "--exact"]);
    assert!(event_ids(&service).await.contains("msg_own"));
    let again = report(&database, &service, &["a.ndjson", "--exact"]);
    assert_eq!(again["decisions"], json!({ "duplicate": 1 }));
}

#[apply(both_engines)]
async fn several_targets_take_turns(engine: Engine) {
    let (database, other) = (Database::new(engine).await, Database::new(engine).await);
    let (one, two) = (Process::serve(&database, []), Process::serve(&other, []));
    let words = [FIXTURES, "--to", &two.url, "--concurrency", "5"];
    report(&database, &one, &words);
    let (at_one, at_two) = (event_ids(&one).await, event_ids(&two).await);
    assert_eq!((at_one.len(), at_two.len()), (110, 110));
    assert!(at_one.is_disjoint(&at_two));
    let again = report(&database, &one, &words);
    assert_eq!(
        again["decisions"],
        json!({ "duplicate": 220 }),
        "each target gets the same deliveries again"
    );
}

/// Starts a server that gives one response on each connection. Returns its URL, and the heads of
/// the requests that got a response. A client may also open connections that it does not use.
fn handler(responses: &'static [&str]) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/api/webhooks?app=2", listener.local_addr().unwrap());
    let (sender, heads) = mpsc::channel();
    let next = Arc::new(AtomicUsize::new(0));
    thread::spawn(move || {
        for connection in listener.incoming() {
            let (sender, next) = (sender.clone(), Arc::clone(&next));
            let mut connection = BufReader::new(connection.unwrap());
            thread::spawn(move || {
                let (mut head, mut body) = (String::new(), vec![0; 2]);
                while !head.ends_with("\r\n\r\n") {
                    if connection.read_line(&mut head).unwrap() == 0 {
                        return;
                    }
                }
                connection.read_exact(&mut body).unwrap();
                let response = responses[next.fetch_add(1, Ordering::SeqCst)];
                let response = format!("HTTP/1.1 {response}");
                connection.get_mut().write_all(response.as_bytes()).unwrap();
                sender.send(head).unwrap();
            });
        }
    });
    (url, heads)
}

#[test]
fn any_webhook_handler_can_be_a_target() {
    let folder = tempdir().unwrap();
    write(folder.path(), "any.json", "{}");
    let (url, requests) = handler(&[
        "204 No Content\r\n\r\n",
        "201 Created\r\nconnection: close\r\n\r\n{\"received\": [true]}",
        "500 Internal Server Error\r\ncontent-length: 4\r\nconnection: close\r\n\r\noops",
    ]);
    let words = ["replay", "any.json", "--to", &url, "--duplicate", "3", "--json"];
    let output = Process::run(folder.path(), [], &words);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["responses"], json!({ "201": 1, "204": 1, "500": 1 }), "{report}");
    assert_eq!((&report["decisions"], &report["not_reached_because"]), (&json!({}), &Value::Null));
    for head in requests.iter().take(3) {
        let host = url.trim_start_matches("http://").split('/').next().unwrap();
        for line in [
            "POST /api/webhooks?app=2 HTTP/1.1\r\n",
            &format!("\r\nhost: {host}\r\n"),
            "\r\nsvix-id: msg_",
            "\r\nsvix-timestamp: ",
            "\r\nsvix-signature: v1,",
            "\r\ncontent-type: application/json\r\n",
            "\r\nuser-agent: meetvo-replay/",
            "\r\ncontent-length: 2\r\n",
        ] {
            assert!(head.contains(line), "{line}: {head}");
        }
    }
}

#[test]
fn rejected_or_lost_delivery_exits_with_1() {
    let folder = tempdir().unwrap();
    let service = Process::serve(folder.path(), []);
    let rejected = replay(folder.path(), &service, &[CREATED, "--secret", "whsec_b3RoZXI="]);
    assert_eq!(rejected.status.code(), Some(1));
    assert_eq!(
        stderr(&rejected),
        "meetvo: some deliveries were not accepted; the report lists their responses\n"
    );
    let table = String::from_utf8(rejected.stdout).unwrap();
    for line in ["  400                                1", "  signature_mismatch                 1"]
    {
        assert!(table.lines().any(|it| it == line), "{table}");
    }
    let port = ReservedPort::new();
    let unused = port.address;
    let unused = format!("http://{unused}");
    let words = [CREATED, "--to", &unused, "--duplicate", "3", "--json"];
    let some = replay(folder.path(), &service, &words);
    assert_eq!(some.status.code(), Some(1), "a single lost delivery is enough");
    let report: Value = serde_json::from_slice(&some.stdout).unwrap();
    assert_eq!(report["responses"], json!({ "200": 2, "not reached": 1 }));
    let reason = report["not_reached_because"].as_str().unwrap();
    assert!(reason.to_lowercase().contains("connection refused"), "{reason}");
    assert_eq!((&report["deliveries"], &report["answered"]), (&json!(3), &json!(2)));
}

#[test]
fn replay_to_nobody_has_no_throughput() {
    let folder = tempdir().unwrap();
    let port = ReservedPort::new();
    let unused = port.address;
    let url = format!("http://ada:c4n4ry@{unused}/hook?key=c4n4ry");
    let output = Process::run(folder.path(), [], &["replay", CREATED, "--to", &url]);
    assert_eq!(output.status.code(), Some(1));
    let error = format!(
        "meetvo: http://ada:[redacted]@{unused}/hook?key=[redacted] does not answer; start the \
         service with `meetvo dev`, or pass its URL with --to or MEETVO_TO\n"
    );
    assert_eq!(stderr(&output), error);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.ends_with("\n0 of 1 deliveries answered\n"), "{text}");
    assert!(!text.contains("a second") && !text.contains("c4n4ry"), "{text}");
    let output = Process::run(folder.path(), [], &["replay", CREATED, "--to", &url, "--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["per_second"], &report["latency_us"]), (&Value::Null, &Value::Null));
    assert!(!report.to_string().contains("c4n4ry"), "{report}");
}

/// `--to` precedes `MEETVO_TO`, which precedes `HOST` and `PORT`.
#[test]
fn target_comes_from_environment() {
    let folder = tempdir().unwrap();
    let service = Process::serve(folder.path(), []);
    let port = service.url.rsplit(':').next().unwrap();
    let nowhere = ("MEETVO_TO", "http://127.0.0.1:1");
    let run = |command: &str, variables: [(&str, &str); 2], words: &[&str]| {
        let payload = if command == "replay" { CREATED } else { "user.created" };
        Process::run(folder.path(), variables, &[&[command, payload, "--json"], words].concat())
    };
    for command in ["replay", "trigger"] {
        for output in [
            run(command, [("HOST", "0.0.0.0"), ("PORT", port)], &[]),
            run(command, [("MEETVO_TO", &service.url), ("PORT", "1")], &[]),
            run(command, [nowhere, ("PORT", "1")], &["--to", &service.url]),
        ] {
            printed(&output);
        }
        let unknown_port = run(command, [("MEETVO_TO", ""), ("PORT", "0")], &[]);
        assert_eq!(unknown_port.status.code(), Some(1));
        assert!(stderr(&unknown_port).contains("server.port is 0"), "{}", stderr(&unknown_port));
        let lost = run(command, [nowhere, ("PORT", port)], &[]);
        assert!(stderr(&lost).contains("http://127.0.0.1:1 does not answer"), "{}", stderr(&lost));
    }
    fs::write(folder.path().join(".env"), format!("MEETVO_TO={}\n", service.url)).unwrap();
    printed(&run("replay", [("HOST", "127.0.0.1"), ("PORT", "1")], &[]));
}

#[test]
fn rate_is_not_exceeded() {
    let folder = tempdir().unwrap();
    let service = Process::serve(folder.path(), []);
    let words = [FIXTURES, "--count", "41", "--concurrency", "8", "--rate", "100"];
    let report = report(folder.path(), &service, &words);
    // The last of the 41 deliveries is due 400 ms after the first one.
    assert!(report["elapsed_ms"].as_f64().unwrap() >= 400.0, "{report}");
    assert_eq!(report["responses"], json!({ "200": 41 }));
}

#[test]
fn report_is_a_table_or_json() {
    let folder = tempdir().unwrap();
    let service = Process::serve(folder.path(), []);
    // The number of stale events depends on the order.
    let words = [FIXTURES, "--concurrency", "1"];
    let table = printed(&replay(folder.path(), &service, &words));
    let (counts, summary) = table.trim_end().rsplit_once('\n').unwrap();
    // The guide shows the numbers of the fixtures.
    let guide = repository::read("docs/how-to/replay-payloads.md");
    let (_, shown) = guide.split_once("--concurrency 1\n").unwrap();
    assert!(shown.starts_with(counts), "{counts}");
    let deliveries = format!("{} deliveries in ", fixtures::all().len());
    assert!(summary.starts_with(&deliveries), "{summary}");
    for word in [" s, ", " a second; latency p50 ", " ms, p95 ", " ms, p99 "] {
        assert!(summary.contains(word), "{summary}");
    }
    let object = report(folder.path(), &service, &[FIXTURES]);
    let mut names: Vec<_> = object.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(
        names,
        [
            "answered",
            "decisions",
            "deliveries",
            "elapsed_ms",
            "latency_us",
            "not_reached_because",
            "per_second",
            "responses",
        ]
    );
    let latency = |name| object["latency_us"][name].as_u64().unwrap();
    assert!(0 < latency("p50") && latency("p50") <= latency("p95"));
    assert!(latency("p95") <= latency("p99") && object["per_second"].as_f64().unwrap() > 0.0);
}

#[test]
fn progress_is_shown_on_terminals_only() {
    let folder = tempdir().unwrap();
    let service = Process::serve(folder.path(), []);
    let quiet = replay(folder.path(), &service, &[FIXTURES]);
    assert!(quiet.stderr.is_empty(), "{}", stderr(&quiet));
    for (json, shown) in [(vec![], true), (vec!["--json"], false)] {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let name = ptsname(&controller, Vec::new()).unwrap().into_string().unwrap();
        let terminal = File::options().read(true).write(true).open(name).unwrap();
        let mut command = Process::command(folder.path(), []);
        command.args(["replay", FIXTURES, "--to", &service.url]).args(json);
        command.stdout(Stdio::null()).stderr(terminal).env("TERM", "xterm");
        let mut child = command.spawn().unwrap();
        // Only the program has the terminal open now, so reading ends when the program ends.
        drop(command);
        let mut screen = Vec::new();
        drop(File::from(controller).read_to_end(&mut screen));
        assert!(child.wait().unwrap().success());
        assert_eq!(String::from_utf8_lossy(&screen).contains("/220"), shown, "{screen:?}");
    }
}

#[test]
fn invalid_arguments_are_rejected() {
    let folder = tempdir().unwrap();
    for (words, code, complains) in [
        (vec!["nowhere.json"], 1, "nowhere.json: "),
        (vec!["."], 1, "contain no payloads"),
        (vec![CREATED, "--to", "127.0.0.1:8080"], 1, "--to or MEETVO_TO must be an HTTP URL"),
        (vec![CREATED, "--to", "ftp://127.0.0.1"], 1, "--to or MEETVO_TO must be an HTTP URL"),
        (
            vec![CREATED, "--to", "http://127.0.0.1:1", "--secret", "secret"],
            1,
            "the signing secret is not",
        ),
        (vec![CREATED, "--count", "0"], 2, "--count"),
        (vec![CREATED, "--duplicate", "0"], 2, "--duplicate"),
        (vec![CREATED, "--concurrency", "0"], 2, "--concurrency"),
    ] {
        let output = Process::run(folder.path(), [], &[&["replay"], &words[..]].concat());
        assert_eq!(output.status.code(), Some(code), "{words:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(complains), "{words:?}: {}", stderr(&output));
        assert!(output.stdout.is_empty(), "{words:?}");
    }
}
