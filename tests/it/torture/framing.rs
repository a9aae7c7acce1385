//! Boundaries between requests on one connection. No request gets two responses, and no part of a
//! body is read as a request.

use meetvo::clock::Clock;
use serde_json::Value;

use super::raw_connection::{RawConnection, chunked, head, responses};
use crate::harness::{Database, Delivery, Engine, Process, apply, both_engines, fixtures, unique};

/// Request that must never be answered. Its response has the status 404.
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

/// Sends bytes, closes the sending half, and returns the statuses of the responses.
async fn response_statuses(process: &Process, bytes: &[u8]) -> Vec<u16> {
    let mut connection = RawConnection::open(process).await;
    // The service may close the connection before it has read everything.
    drop(connection.send(bytes).await);
    let text = connection.finish().await;
    responses(&text).iter().map(|(status, _)| *status).collect()
}

#[apply(both_engines)]
async fn pipelined_requests_are_answered_in_order(engine: Engine) {
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
    let mut connection = RawConnection::open(&process).await;
    connection.send(&bytes).await.unwrap();
    let text = connection.finish().await;
    let responses = responses(&text);
    assert_eq!(responses.len(), 80);
    for (pair, delivery) in responses.chunks(2).zip(&deliveries) {
        let [(200, body), (200, "{\"status\":\"ok\"}")] = pair else { panic!("{pair:?}") };
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(
            (&body["id"], &body["decision"]),
            (&delivery.id.as_str().into(), &"applied".into())
        );
    }
}

/// Headers about the body length that two HTTP implementations can read differently.
const AMBIGUOUS_LENGTHS: [&str; 24] = [
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
async fn ambiguous_body_length_closes_the_connection(engine: Engine) {
    let (_database, process) = start(engine).await;
    for lines in AMBIGUOUS_LENGTHS {
        let delivery = delivery();
        let lines = lines.replace("{n}", &delivery.body.len().to_string());
        let mut bytes = format!("{}{lines}\r\n\r\n", head(&delivery)).into_bytes();
        bytes.extend(&delivery.body);
        // A request that follows the body, however its length is read.
        bytes.extend(format!("0\r\n\r\n{SMUGGLED}").into_bytes());
        assert_eq!(response_statuses(&process, &bytes).await, [400], "{lines:?}");
    }
}

#[apply(both_engines)]
async fn malformed_heads_close_the_connection(engine: Engine) {
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
        assert_eq!(response_statuses(&process, bytes.as_bytes()).await, [400], "{head:?}");
    }
}

#[apply(both_engines)]
async fn malformed_chunks_close_the_connection(engine: Engine) {
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
        assert_eq!(response_statuses(&process, bytes.as_bytes()).await, [400], "{chunks:?}");
    }
}

/// The content of a body is never a request, whether the service reads the body or not.
#[apply(both_engines)]
async fn request_inside_body_is_not_answered(engine: Engine) {
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
            let statuses = response_statuses(&process, bytes.as_bytes()).await;
            // The service may answer the request behind the body, or close the connection.
            let is_expected = statuses == [status] || statuses == [status, 200];
            assert!(is_expected, "{head:?} {lines:?}: {statuses:?}");
        }
    }
}

/// Lines may end without a carriage return. The bytes are still one request.
#[apply(both_engines)]
async fn bare_line_feeds_start_no_second_request(engine: Engine) {
    let (_database, process) = start(engine).await;
    let delivery = delivery();
    let head = head(&delivery).replace("\r\n", "\n");
    let length = delivery.body.len() + SMUGGLED.len();
    let mut bytes = format!("{head}Content-Length: {length}\n\n").into_bytes();
    bytes.extend(&delivery.body);
    bytes.extend(SMUGGLED.as_bytes());
    // The signature does not match a body with this end.
    assert_eq!(response_statuses(&process, &bytes).await, [400]);
}

/// Fields after the last chunk do not replace headers.
#[apply(both_engines)]
async fn trailers_are_not_used_as_headers(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (delivery, other) = (delivery(), delivery());
    let mut bytes = format!("{}Transfer-Encoding: chunked\r\n\r\n", head(&delivery)).into_bytes();
    bytes.extend(chunked(&delivery.body, 50));
    bytes.truncate(bytes.len() - 2);
    bytes.extend(format!("svix-id: {}\r\nContent-Length: 7\r\n\r\n", other.id).into_bytes());
    let mut connection = RawConnection::open(&process).await;
    connection.send(&bytes).await.unwrap();
    let text = connection.finish().await;
    let responses = responses(&text);
    assert_eq!(responses.len(), 1, "{text}");
    assert!(responses[0].0 == 200 && responses[0].1.contains(&delivery.id), "{text}");
}
