//! Endless, oversized, compressed and deeply nested bodies. None of them uses more memory than
//! twice the maximum size of a body.

use std::{io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};
use futures_util::future::join_all;
use meetvo::clock::Clock;
use tokio::time::Instant;

use super::raw_connection::{RawConnection, chunked, head, responses};
use crate::harness::{
    BUSY_MACHINE, Database, Delivery, Engine, KEY, Process, SECRET, apply, both_engines, client,
    fixtures, report_work, unique,
};

/// Value of `server.max_body_bytes` in these tests.
const LIMIT: usize = 1 << 20;

/// Number of concurrent requests.
const REQUESTS: usize = 40;

/// Memory that a service may use apart from the bodies: buffers, its log, and the reserve of the
/// allocator.
const OVERHEAD: usize = 16 << 20;

/// Maximum time until an endless request is cut off. The service waits one second after its
/// response so that the client can read it; the rest is for a busy machine.
const CLOSE_LIMIT: Duration = BUSY_MACHINE.saturating_add(Duration::from_secs(1));

/// Starts a service with room for all bodies, and with a long body timeout, because a busy machine
/// may send bodies slowly.
async fn start(engine: Engine) -> (Database, Process) {
    let database = Database::new(engine).await;
    let limits = [
        ("MEETVO__SERVER__BODY_TIMEOUT_MS", "60000"),
        ("MEETVO__SERVER__MAX_BODY_BYTES", "1048576"),
        ("MEETVO__SERVER__MAX_PENDING_BYTES", "268435456"),
    ];
    let process = Process::serve(&database, limits);
    assert_accepts_delivery(&process).await;
    (database, process)
}

fn signed(body: impl Into<Vec<u8>>) -> Delivery {
    Delivery::signed(SECRET, &unique("msg_"), Clock::system().now(), body)
}

async fn assert_accepts_delivery(process: &Process) {
    let body = fixtures::user_event("user.created", &unique("user_"), 0).to_string();
    let response = signed(body).request(&client(), &process.url).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

/// Sends bodies of the maximum size, with a length or in chunks. All are complete except for the
/// last byte before the memory is measured.
#[apply(both_engines)]
async fn bodies_at_limit_use_bounded_memory(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (before, _) = process.memory();
    let delivery = signed(vec![b'x'; LIMIT]);
    let send = async |at: usize| {
        let mut connection = RawConnection::open(&process).await;
        let bytes = if at.is_multiple_of(2) {
            let head = format!("{}Content-Length: {LIMIT}\r\n\r\n", head(&delivery));
            [head.as_bytes(), &delivery.body].concat()
        } else {
            let head = format!("{}Transfer-Encoding: chunked\r\n\r\n", head(&delivery));
            [head.as_bytes(), &chunked(&delivery.body, 3_000)].concat()
        };
        connection.send(&bytes[..bytes.len() - 1]).await.unwrap();
        (connection, bytes[bytes.len() - 1])
    };
    for (mut connection, last) in join_all((0..REQUESTS).map(send)).await {
        connection.send(&[last]).await.unwrap();
        let text = connection.finish().await;
        assert_eq!(responses(&text)[0].0, 200, "{text}");
    }
    let growth = process.peak_growth(before);
    assert!(
        growth > REQUESTS * LIMIT / 4,
        "{growth} bytes: the bodies were not in memory at the same time"
    );
    assert!(growth < REQUESTS * LIMIT * 2 + OVERHEAD, "{growth}");
    let per_body = growth / REQUESTS / 1024;
    report_work(engine, None, &format!("{REQUESTS} bodies of 1024 KiB, {per_body} KiB each"));
}

#[apply(both_engines)]
async fn endless_bodies_are_cut_off(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (before, _) = process.memory();
    let good = head(&signed("{}"));
    let key = format!("Host: x\r\nAuthorization: Bearer {KEY}\r\n");
    let piece = vec![b'x'; 0x10000];
    let chunk = [b"10000\r\n".as_slice(), &piece, b"\r\n"].concat();
    for (head, status) in [
        (&*good, 413),
        ("POST /webhooks/clerk HTTP/1.1\r\nHost: x\r\n", 400),
        (&format!("POST /v1/events/msg_1/reprocess HTTP/1.1\r\n{key}"), 404),
        ("GET /healthz HTTP/1.1\r\nHost: x\r\n", 200),
        ("GET /v1/users HTTP/1.1\r\nHost: x\r\n", 401),
        ("POST /nowhere HTTP/1.1\r\nHost: x\r\n", 404),
    ] {
        for (length, bytes) in
            [("Transfer-Encoding: chunked", &chunk), ("Content-Length: 1000000000000", &piece)]
        {
            let start_time = Instant::now();
            let mut connection = RawConnection::open(&process).await;
            connection.send(format!("{head}{length}\r\n\r\n").as_bytes()).await.unwrap();
            let text = connection.send_forever(bytes).await;
            let [(actual, _)] = responses(&text)[..] else { panic!("{head:?} {length}: {text}") };
            assert_eq!(actual, status, "{head:?} {length}");
            assert!(
                start_time.elapsed() < CLOSE_LIMIT,
                "{head:?} {length}: {:?}",
                start_time.elapsed()
            );
        }
    }
    let growth = process.peak_growth(before);
    assert!(growth < 2 * LIMIT + OVERHEAD, "{growth}");
    assert_accepts_delivery(&process).await;
}

/// Sends a few kilobytes that decompress to 64 MiB.
#[apply(both_engines)]
async fn compressed_bodies_are_rejected_without_decompression(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (before, _) = process.memory();
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        bomb.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    // Only UTF-8 text can be signed, so the signature belongs to another body.
    let bomb = Delivery { body: bomb.finish().unwrap(), ..signed("{}") };
    assert!(bomb.body.len() < LIMIT / 4);
    let post = async |line: &str| {
        let head = format!("{}{line}Content-Length: {}\r\n\r\n", head(&bomb), bomb.body.len());
        let mut connection = RawConnection::open(&process).await;
        // The service may close the connection before it has read everything.
        drop(connection.send(&[head.as_bytes(), &bomb.body].concat()).await);
        connection.finish().await
    };
    for encoding in [
        "gzip",
        "GZIP",
        "x-gzip",
        "deflate",
        "br",
        "zstd",
        "identity, gzip",
        "gzip, gzip",
        "none",
        "",
    ] {
        let text = post(&format!("Content-Encoding: {encoding}\r\n")).await;
        assert_eq!(responses(&text)[0].0, 415, "{encoding:?}: {text}");
    }
    // Without a content encoding it is a body that is not UTF-8.
    let text = post("").await;
    assert!(responses(&text)[0].0 == 400 && text.contains("body_not_utf8"), "{text}");
    let growth = process.peak_growth(before);
    assert!(growth < 2 * LIMIT + OVERHEAD, "{growth}");
    assert_accepts_delivery(&process).await;
}

/// Nests JSON as deeply as the body size allows, at each level of an event. Every delivery is
/// answered, and no stack overflows.
#[apply(both_engines)]
async fn deep_json_does_not_overflow_the_stack(engine: Engine) {
    let (_database, process) = start(engine).await;
    let client = client();
    for depth in [127, 128, 129, 100_000] {
        let (lists, objects) = ("[".repeat(depth), "{\"a\":".repeat(depth));
        let closed = |open: &str, close: &str| format!("{open}1{}", close.repeat(depth));
        for nested in [closed(&lists, "]"), closed(&objects, "}"), lists, objects] {
            let event = |kind: &str, rest: &str| format!("{{\"type\":\"{kind}\",{rest}}}");
            let session = "\"id\":\"sess_1\",\"user_id\":\"user_1\"";
            for body in [
                nested.clone(),
                format!("{{\"type\":{nested},\"data\":{{}}}}"),
                event("user.created", &format!("\"data\":{nested}")),
                event("user.created", &format!("\"data\":{{\"id\":{nested}}}")),
                event("email.created", &format!("\"data\":{nested}")),
                event("user.created", &format!("\"event_attributes\":{nested},\"data\":{{}}")),
                event("session.created", &format!("\"data\":{{{session},\"user\":{nested}}}")),
            ] {
                let response = signed(body).request(&client, &process.url).send().await;
                assert_eq!(response.expect("the service is running").status(), 200, "{depth}");
            }
        }
    }
    assert_accepts_delivery(&process).await;
}
