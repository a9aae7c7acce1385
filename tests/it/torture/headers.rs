//! Endless headers and malformed headers. The service rejects them, at little cost.

use std::{hint::black_box, time::Duration};

use meetvo::{
    clerk::signature::{ID, SIGNATURE, SignatureError, SigningSecrets, TIMESTAMP},
    clock::Clock,
};
use tokio::time::Instant;

use super::raw_connection::{RawConnection, responses};
use crate::harness::{
    Database, Delivery, Engine, NOW, Process, SECRET, apply, both_engines, client, fixtures, unique,
};

/// Maximum number of bytes that a flood can send before the service closes the connection, and
/// maximum growth of its memory.
const FLOOD_LIMIT: usize = 16 << 20;

async fn start(engine: Engine) -> (Database, Process) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    (database, process)
}

fn delivery() -> Delivery {
    let body = fixtures::user_event("user.created", &unique("user_"), 0);
    Delivery::new(&body, Clock::system().now())
}

/// Sends floods of all kinds until the service closes the connections.
async fn flood(process: &Process) {
    let start = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
    for (name, first, repeated) in [
        ("headers", start, "X-Flood: x\r\n".repeat(1_000)),
        ("one name", start, "x".repeat(10_000)),
        ("one value", "GET /healthz HTTP/1.1\r\nX-Flood: ", "x".repeat(10_000)),
        ("cookies", start, "Cookie: a=b\r\n".repeat(1_000)),
        ("a path", "GET /", "x".repeat(10_000)),
        ("a method", "", "X".repeat(10_000)),
        ("empty lines", "", "\r\n".repeat(5_000)),
    ] {
        let mut connection = RawConnection::open(process).await;
        let mut sent = 0;
        connection.send(first.as_bytes()).await.unwrap();
        while connection.send(repeated.as_bytes()).await.is_ok() {
            sent += repeated.len();
            assert!(sent < FLOOD_LIMIT, "{name}: {sent} bytes were accepted");
        }
    }
}

#[apply(both_engines)]
async fn header_floods_are_cut_off(engine: Engine) {
    let (_database, process) = start(engine).await;
    // The first floods also load parts of the program into memory.
    flood(&process).await;
    let (before, _) = process.memory();
    flood(&process).await;
    let growth = process.peak_growth(before);
    assert!(growth < FLOOD_LIMIT, "{growth}");
    let client = client();
    let response = delivery().request(&client, &process.url).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[apply(both_engines)]
async fn more_than_96_headers_return_431(engine: Engine) {
    let (_database, process) = start(engine).await;
    for (count, status) in [(60, 200), (95, 200), (96, 431), (1_000, 431)] {
        let headers = (0..count).map(|at| format!("X-{at}: x\r\n")).collect::<Vec<_>>().concat();
        let head = format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{headers}\r\n");
        let mut connection = RawConnection::open(&process).await;
        connection.send(head.as_bytes()).await.unwrap();
        let text = connection.finish().await;
        assert_eq!(responses(&text)[0].0, status, "{count}: {text}");
    }
}

/// Heads without an end are buffered until their limit, also if they are only empty lines.
#[apply(both_engines)]
async fn heads_over_16_kib_return_400(engine: Engine) {
    let (_database, process) = start(engine).await;
    let value = |bytes: usize| {
        format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(bytes))
    };
    for (head, status) in [
        (value(15 << 10), 200),
        (value(32 << 10), 400),
        ("\r\n".repeat(16 << 10), 400),
        (format!("{}{}", "\r\n".repeat(100), value(1 << 10)), 200),
        ("x".repeat(32 << 10), 400),
    ] {
        let mut connection = RawConnection::open(&process).await;
        // The service may close the connection before it has read everything.
        drop(connection.send(head.as_bytes()).await);
        let text = connection.finish().await;
        assert_eq!(responses(&text)[0].0, status, "{} bytes: {text}", head.len());
    }
}

fn lines(id: &str, timestamp: &str, signature: &str) -> String {
    format!("Svix-Id: {id}\r\nSvix-Timestamp: {timestamp}\r\nSvix-Signature: {signature}\r\n")
}

/// Returns values of the signature header that contain no valid signature.
fn invalid_signatures(signature: &str) -> Vec<String> {
    let bare = signature.trim_start_matches("v1,");
    let mut invalid: Vec<_> = ["", " ", "v1", "v1,", ",", "v1,,", bare].map(str::to_owned).to_vec();
    invalid.extend(
        ["v1", "V1,", "v2,", "v1a,", "v1, ", "v1;"].map(|prefix| format!("{prefix}{bare}")),
    );
    invalid.extend([
        format!("v1,{bare}="),
        format!("v1,{}", bare.trim_end_matches('=')),
        format!("v1,{}", bare.to_lowercase()),
        format!("\"{signature}\""),
        format!("{signature},{signature}"),
        format!("{signature};"),
        "v1,".repeat(10_000),
        " ".repeat(10_000),
        "v1,\u{e4} ".repeat(10),
    ]);
    invalid
}

/// Headers that a proxy may have altered, and headers that no sender produces.
#[apply(both_engines)]
async fn malformed_signature_headers_are_rejected(engine: Engine) {
    let (_database, process) = start(engine).await;
    let Delivery { id, timestamp, signature, body } = delivery();
    let good = lines(&id, &timestamp, &signature);
    let webhook_headers = good.replace("Svix", "Webhook");
    let invalid = invalid_signatures(&signature);
    let mut rejected: Vec<_> =
        invalid.iter().map(|invalid| lines(&id, &timestamp, invalid)).collect();
    rejected.extend([
        format!("{good}Svix-Signature: {signature}\r\n"),
        format!("{good}Svix-Id: {id}\r\n"),
        format!("{good}SVIX-TIMESTAMP: {timestamp}\r\n"),
        format!("{good}svix-signature: \r\n"),
        lines(&format!("{id},{id}"), &timestamp, &signature),
        lines(&id, &format!("{timestamp}0"), &signature),
        lines(&id, &format!("{timestamp},{timestamp}"), &signature),
        lines(&id, "NaN", &signature),
        lines("\u{e4}", &timestamp, &signature),
        // A request has headers of one family only.
        format!("{good}{webhook_headers}"),
        format!("{good}Webhook-Id: {id}\r\n"),
        format!("{webhook_headers}Svix-Signature: {signature}\r\n"),
        good.replace("Svix-Id", "Webhook-Id"),
        format!("{webhook_headers}Webhook-Id: {id}\r\n"),
    ]);
    let post = async |lines: &str| {
        let length = body.len();
        let first = format!("POST /webhooks/clerk HTTP/1.1\r\nContent-Length: {length}\r\n");
        let head = format!("{first}Host: x\r\n{lines}\r\n");
        let mut connection = RawConnection::open(&process).await;
        connection.send(&[head.as_bytes(), &body].concat()).await.unwrap();
        let text = connection.finish().await;
        let [(status, _)] = responses(&text)[..] else { panic!("{text}") };
        status
    };
    for lines in rejected {
        assert_eq!(post(&lines).await, 400, "{lines:?}");
    }
    assert_eq!(post(&good).await, 200);
    assert_eq!(post(&webhook_headers).await, 200, "the names of Standard Webhooks");
}

fn verify(signature: &str, delivery: &Delivery) -> Result<(), SignatureError> {
    let secrets = SigningSecrets::new([("default", SECRET)]).unwrap();
    let Delivery { id, timestamp, body, .. } = delivery;
    let headers = [(ID, &**id), (TIMESTAMP, timestamp), (SIGNATURE, signature)];
    let values =
        |name| headers.iter().filter(move |header| header.0 == name).map(|it| it.1.as_bytes());
    let headers = secrets.read_headers(values, NOW)?;
    black_box(secrets.verify(&headers, body)).map(drop)
}

/// The body is hashed once, however many signatures the header has.
#[test]
fn thousand_signatures_are_checked_in_milliseconds() {
    let body = fixtures::user_event("user.created", "user_1", 0).to_string();
    let delivery = Delivery::signed(SECRET, "msg_1", NOW, body);
    let wrong = format!("v1,{}=", "A".repeat(43));
    let many = vec![wrong; 1_000].join(" ");
    let last = format!("{many} {}", delivery.signature);
    assert_eq!(verify(&last, &delivery), Ok(()), "every signature is checked");
    // The minimum of 20 runs, because other tests use the CPU too.
    let duration = (0..20).map(|_| {
        let start_time = Instant::now();
        assert_eq!(verify(&many, &delivery), Err(SignatureError::Mismatch));
        start_time.elapsed()
    });
    let duration = duration.min().unwrap();
    eprintln!("{duration:?}");
    // A debug build is slower.
    let limit = Duration::from_millis(if cfg!(debug_assertions) { 50 } else { 5 });
    assert!(duration < limit, "{duration:?}");
}
