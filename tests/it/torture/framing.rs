//! Where a request ends, and the next begins: nobody gets two answers for one, or has a part of a
//! body taken for a request.

use meetvo::clock::Clock;
use serde_json::Value;

use super::raw::{Raw, answers, chunked, head};
use crate::harness::{Database, Delivery, Engine, Process, apply, both_engines, fixtures, unique};

/// A request of which nobody may ever see the answer, which is 404.
const SMUGGLED: &str = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

async fn start(engine: Engine) -> (Database, Process) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    (database, process)
}

fn delivery() -> Delivery {
    let body = fixtures::user_event("user.created", &unique("user_"), 0);
    Delivery::new(&body, Clock::system().now())
}

/// Sends it and nothing more; the statuses that came back.
async fn statuses(process: &Process, bytes: &[u8]) -> Vec<u16> {
    let mut raw = Raw::open(process).await;
    // It may hang up in the middle.
    drop(raw.send(bytes).await);
    let text = raw.end().await;
    answers(&text).iter().map(|(status, _)| *status).collect()
}

#[apply(both_engines)]
async fn requests_that_stand_in_line_are_answered_in_their_order(engine: Engine) {
    let (_database, process) = start(engine).await;
    let deliveries: Vec<_> = (0..40).map(|_| delivery()).collect();
    let mut bytes = Vec::new();
    for (at, delivery) in deliveries.iter().enumerate() {
        let body = &delivery.body;
        bytes.extend(head(delivery).into_bytes());
        if at % 2 == 0 {
            bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes());
            bytes.extend(body);
        } else {
            bytes.extend(b"Transfer-Encoding: chunked\r\n\r\n");
            bytes.extend(chunked(body, 100));
        }
        bytes.extend(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    let mut raw = Raw::open(&process).await;
    raw.send(&bytes).await.unwrap();
    let text = raw.end().await;
    let answers = answers(&text);
    assert_eq!(answers.len(), 80);
    for (pair, delivery) in answers.chunks(2).zip(&deliveries) {
        let [(200, body), (200, "{\"status\":\"ok\"}")] = pair else { panic!("{pair:?}") };
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(
            (&body["id"], &body["decision"]),
            (&delivery.id.as_str().into(), &"applied".into())
        );
    }
}

/// Lines about the length of a body that two programs could read in two ways.
const LENGTHS: [&str; 24] = [
    "Content-Length: {n}\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nContent-Length: {n}",
    "Content-Length: {n}\r\nContent-Length: {n}",
    "Content-Length: {n}\r\nContent-Length: 0",
    "Content-Length: 0\r\nContent-Length: {n}",
    "Content-Length: {n}, {n}",
    "Content-Length: +{n}",
    "Content-Length: -{n}",
    "Content-Length: 0x{n}",
    "Content-Length: {n}.0",
    "Content-Length: ",
    "Content-Length: 99999999999999999999",
    "Content-Length : {n}",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: identity",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: \u{b}chunked",
    "Transfer-Encoding:\r\n chunked",
    "X-Folded: one\r\n two\r\nContent-Length: {n}",
    "X-Bare: one\rtwo\r\nContent-Length: {n}",
];

#[apply(both_engines)]
async fn a_length_that_can_be_read_in_two_ways_is_refused_and_ends_the_connection(engine: Engine) {
    let (_database, process) = start(engine).await;
    for lines in LENGTHS {
        let delivery = delivery();
        let lines = lines.replace("{n}", &delivery.body.len().to_string());
        let mut bytes = format!("{}{lines}\r\n\r\n", head(&delivery)).into_bytes();
        bytes.extend(&delivery.body);
        // What is behind the body, be it read as it may.
        bytes.extend(format!("0\r\n\r\n{SMUGGLED}").into_bytes());
        assert_eq!(statuses(&process, &bytes).await, [400], "{lines:?}");
    }
}

#[apply(both_engines)]
async fn heads_that_are_none_are_refused_and_end_the_connection(engine: Engine) {
    let (_database, process) = start(engine).await;
    for head in [
        "GET /healthz HTTP/1.1\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n",
        "GET /healthz HTTP/2.0\r\nHost: x\r\n",
        "GET /healthz HTTP/1.9\r\nHost: x\r\n",
        "GET  /healthz HTTP/1.1\r\nHost: x\r\n",
        "GET /healthz\r\nHost: x\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nno colon\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\n: nameless\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Nul: \0\r\n",
        "GET /healthz HTTP/1.1\r\n Host: x\r\n",
        "POST /webhooks/clerk HTTP/1.0\r\n",
        "POST /webhooks/clerk HTTP/1.0\r\nTransfer-Encoding: chunked\r\n",
        "PRI * HTTP/2.0\r\n",
        "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0",
    ] {
        let bytes = format!("{head}\r\n{SMUGGLED}");
        assert_eq!(statuses(&process, bytes.as_bytes()).await, [400], "{head:?}");
    }
}

#[apply(both_engines)]
async fn chunks_that_are_none_are_refused_and_end_the_connection(engine: Engine) {
    let (_database, process) = start(engine).await;
    for chunks in [
        "zz\r\nabc\r\n",
        "-3\r\nabc\r\n",
        "0x3\r\nabc\r\n",
        "3 3\r\nabc\r\n",
        "\r\nabc\r\n",
        " 3\r\nabc\r\n",
        "fffffffffffffffff\r\nabc\r\n",
        "3\nabc\r\n",
        "3\r\nabcd\r\n",
        "3\r\nabc\n",
        "3;\u{1}\r\nabc\r\n",
    ] {
        let head = format!("{}Transfer-Encoding: chunked\r\n\r\n", head(&delivery()));
        let bytes = format!("{head}{chunks}0\r\n\r\n{SMUGGLED}");
        assert_eq!(statuses(&process, bytes.as_bytes()).await, [400], "{chunks:?}");
    }
}

/// Whether the body is read or not, what is in it is no request.
#[apply(both_engines)]
async fn a_request_within_a_body_is_none(engine: Engine) {
    let (_database, process) = start(engine).await;
    let length = SMUGGLED.len();
    let good = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
    let chunks = String::from_utf8(chunked(SMUGGLED.as_bytes(), 10_000)).unwrap();
    for (head, status) in [
        ("POST /webhooks/clerk HTTP/1.1\r\n", 400),
        ("POST /webhooks/clerk HTTP/1.1\r\nContent-Encoding: gzip\r\n", 415),
        ("PUT /webhooks/clerk HTTP/1.1\r\n", 405),
        ("GET /healthz HTTP/1.1\r\n", 200),
        ("POST /healthz HTTP/1.1\r\n", 405),
        ("POST /v1/events/reprocess HTTP/1.1\r\n", 401),
        ("GET /v1/users HTTP/1.1\r\n", 401),
        ("GET /healthz HTTP/1.1\r\nExpect: 100-continue\r\n", 200),
        ("GET /healthz HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n", 200),
    ] {
        for (lines, body) in [
            (format!("Content-Length: {length}"), SMUGGLED),
            ("Transfer-Encoding: chunked".to_owned(), &chunks),
        ] {
            let bytes = format!("{head}Host: x\r\n{lines}\r\n\r\n{body}{good}");
            let statuses = statuses(&process, bytes.as_bytes()).await;
            // It may go on with what is behind the body, or hang up.
            let as_expected = statuses == [status] || statuses == [status, 200];
            assert!(as_expected, "{head:?} {lines:?}: {statuses:?}");
        }
    }
}

/// A line may end without its carriage return; it is the same request then, and not two.
#[apply(both_engines)]
async fn bare_line_feeds_make_no_second_request(engine: Engine) {
    let (_database, process) = start(engine).await;
    let delivery = delivery();
    let head = head(&delivery).replace("\r\n", "\n");
    let length = delivery.body.len() + SMUGGLED.len();
    let mut bytes = format!("{head}Content-Length: {length}\n\n").into_bytes();
    bytes.extend(&delivery.body);
    bytes.extend(SMUGGLED.as_bytes());
    // The signature is not that of a body which ends so.
    assert_eq!(statuses(&process, &bytes).await, [400]);
}

/// What comes behind the last chunk is not what the head says.
#[apply(both_engines)]
async fn trailers_are_no_headers(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (delivery, other) = (delivery(), delivery());
    let mut bytes = format!("{}Transfer-Encoding: chunked\r\n\r\n", head(&delivery)).into_bytes();
    bytes.extend(chunked(&delivery.body, 50));
    bytes.truncate(bytes.len() - 2);
    bytes.extend(format!("svix-id: {}\r\nContent-Length: 7\r\n\r\n", other.id).into_bytes());
    let mut raw = Raw::open(&process).await;
    raw.send(&bytes).await.unwrap();
    let text = raw.end().await;
    let answers = answers(&text);
    assert_eq!(answers.len(), 1, "{text}");
    assert!(answers[0].0 == 200 && answers[0].1.contains(&delivery.id), "{text}");
}
