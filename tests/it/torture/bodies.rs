//! Bodies without an end, of more than is taken, and of what becomes more: none costs the service
//! more memory than twice what one may have.

use std::{io::Write, time::Duration};

use flate2::{Compression, write::GzEncoder};
use futures_util::future::join_all;
use meetvo::clock::Clock;
use tokio::time::Instant;

use super::raw::{Raw, answers, chunked, head};
use crate::harness::{
    Database, Delivery, Engine, KEY, Process, SECRET, apply, both_engines, client, fixtures, report_work,
    unique,
};

/// `server.max_body_bytes`, by default.
const LIMIT: usize = 1 << 20;

/// Requests at once.
const REQUESTS: usize = 40;

/// What a service may hold beside the bodies: buffers, its log, and what the allocator keeps.
const BESIDE: usize = 16 << 20;

/// By then whoever sends for ever is cut off: a second after the answer, which they are to hear. The
/// rest is for a machine that is busy.
const CLOSED: Duration = Duration::from_secs(6);

/// How long a body takes is not asked here: a machine that is busy has time.
async fn start(engine: Engine) -> (Database, Process) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO__SERVER__BODY_TIMEOUT_MS", "60000")]);
    is_well(&process).await;
    (database, process)
}

fn signed(body: impl Into<Vec<u8>>) -> Delivery {
    Delivery::signed(SECRET, &unique("msg_"), Clock::system().now(), body)
}

async fn is_well(process: &Process) {
    let body = fixtures::user_event("user.created", &unique("user_"), 0).to_string();
    let answer = signed(body).request(&client(), &process.url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

/// The largest that are taken, with a length and in chunks, all of them there but for the end.
#[apply(both_engines)]
async fn bodies_of_the_limit_cost_less_than_twice_as_much(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (before, _) = process.memory();
    let delivery = signed(vec![b'x'; LIMIT]);
    let send = async |at: usize| {
        let mut raw = Raw::open(&process).await;
        let bytes = if at.is_multiple_of(2) {
            let head = format!("{}Content-Length: {LIMIT}\r\n\r\n", head(&delivery));
            [head.as_bytes(), &delivery.body].concat()
        } else {
            let head = format!("{}Transfer-Encoding: chunked\r\n\r\n", head(&delivery));
            [head.as_bytes(), &chunked(&delivery.body, 3_000)].concat()
        };
        raw.send(&bytes[..bytes.len() - 1]).await.unwrap();
        (raw, bytes[bytes.len() - 1])
    };
    for (mut raw, last) in join_all((0..REQUESTS).map(send)).await {
        raw.send(&[last]).await.unwrap();
        let text = raw.end().await;
        assert_eq!(answers(&text)[0].0, 200, "{text}");
    }
    let (_, most) = process.memory();
    let grown = most - before;
    assert!(grown > REQUESTS * LIMIT / 4, "{grown}: they were not held at once");
    assert!(grown < REQUESTS * LIMIT * 2 + BESIDE, "{grown}");
    let each = grown / REQUESTS / 1024;
    report_work(engine, None, &format!("{REQUESTS} bodies of 1024 KiB, {each} KiB each"));
}

#[apply(both_engines)]
async fn bodies_without_an_end_are_not_read_to_it(engine: Engine) {
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
        for (length, more) in
            [("Transfer-Encoding: chunked", &chunk), ("Content-Length: 1000000000000", &piece)]
        {
            let began = Instant::now();
            let mut raw = Raw::open(&process).await;
            raw.send(format!("{head}{length}\r\n\r\n").as_bytes()).await.unwrap();
            let said = raw.pour(more).await;
            let [(said, _)] = answers(&said)[..] else { panic!("{head:?} {length}: {said}") };
            assert_eq!(said, status, "{head:?} {length}");
            assert!(began.elapsed() < CLOSED, "{head:?} {length}: {:?}", began.elapsed());
        }
    }
    let (_, most) = process.memory();
    assert!(most - before < 2 * LIMIT + BESIDE, "{}", most - before);
    is_well(&process).await;
}

/// A few kilobytes that would be sixty-four megabytes.
#[apply(both_engines)]
async fn compressed_bodies_stay_what_they_are(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (before, _) = process.memory();
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..64 {
        bomb.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    // Nobody signs what is no text: the signature is that of another body.
    let bomb = Delivery { body: bomb.finish().unwrap(), ..signed("{}") };
    assert!(bomb.body.len() < LIMIT / 4);
    let post = async |line: &str| {
        let head = format!("{}{line}Content-Length: {}\r\n\r\n", head(&bomb), bomb.body.len());
        let mut raw = Raw::open(&process).await;
        // It need not listen to the end.
        drop(raw.send(&[head.as_bytes(), &bomb.body].concat()).await);
        raw.end().await
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
        assert_eq!(answers(&text)[0].0, 415, "{encoding:?}: {text}");
    }
    // Nobody says that it is compressed: then it is no text.
    let text = post("").await;
    assert!(answers(&text)[0].0 == 400 && text.contains("body_not_utf8"), "{text}");
    let (_, most) = process.memory();
    assert!(most - before < 2 * LIMIT + BESIDE, "{}", most - before);
    is_well(&process).await;
}

/// As deep as fits, in every place: each is answered, and no stack overflows.
#[apply(both_engines)]
async fn json_of_any_depth_does_not_overflow_the_stack(engine: Engine) {
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
                let answer = signed(body).request(&client, &process.url).send().await;
                assert_eq!(answer.expect("it is there still").status(), 200, "{depth}");
            }
        }
    }
    is_well(&process).await;
}
