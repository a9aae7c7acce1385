//! Load of senders without a signing secret. Their requests use bounded memory, and they do not keep
//! signed deliveries out.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use meetvo::clock::Clock;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::raw_connection::{RawConnection, head, responses};
use crate::harness::{
    ApiResponse, BUSY_MACHINE, Database, Delivery, Engine, Process, TEST_TIMEOUT, apply,
    both_engines, client, fixtures, report_work, unique,
};

/// Default of `server.max_body_bytes`.
const BODY: usize = 512 << 10;

/// Number of connections that send a large body.
const CONNECTIONS: usize = 200;

/// Maximum growth of the memory under the load of each test. The bodies of all connections are 100
/// MiB.
const MAX_GROWTH: usize = 40 << 20;

/// Growth of the memory that remains after a load.
const REMAINING_GROWTH: usize = 24 << 20;

/// Maximum time of most signed deliveries under load, next to other tests.
const USUAL_DELAY: Duration = Duration::from_secs(3);

/// Maximum time of one signed delivery under load.
const MAX_DELAY: Duration = BUSY_MACHINE.saturating_add(USUAL_DELAY);

async fn start(engine: Engine) -> (Database, Process) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    send_delivery(&process).await;
    (database, process)
}

/// Sends a signed delivery. Returns the time until its response.
async fn send_delivery(process: &Process) -> Duration {
    let body = fixtures::user_event("user.created", &unique("user_"), 0);
    let delivery = Delivery::new(&body, Clock::system().now());
    let sent_at = Instant::now();
    let response = ApiResponse::fetch(delivery.request(&client(), &process.url)).await;
    assert_eq!(response.status, 200, "{}", response.body);
    sent_at.elapsed()
}

/// Returns a request with a body of the maximum size, and a signature of the right form.
fn garbage() -> Arc<[u8]> {
    let delivery = Delivery::new(&"x".into(), Clock::system().now()).forged();
    let head = format!("{}Content-Length: {BODY}\r\n\r\n", head(&delivery));
    [head.as_bytes(), &vec![b'x'; BODY]].concat().into()
}

/// Waits until the memory is about that before the load. The allocator returns memory when it is
/// used, so deliveries continue.
async fn assert_recovers(process: &Process, before: usize) {
    let shrunk = async {
        while process.memory().0 > before + REMAINING_GROWTH {
            send_delivery(process).await;
            sleep(Duration::from_millis(100)).await;
        }
    };
    let shrunk = timeout(TEST_TIMEOUT, shrunk).await;
    assert!(shrunk.is_ok(), "{} bytes, {before} before", process.memory().0);
}

/// Each connection sends all but one byte of the largest body.
#[apply(both_engines)]
async fn stalled_bodies_use_bounded_memory(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (before, _) = process.memory();
    let request = garbage();
    let stall = async || {
        let mut connection = RawConnection::open(&process).await;
        // The service closes the connection of a body without room.
        let sent = connection.send(&request[..request.len() - 1]).await;
        (connection, sent.is_ok())
    };
    let connections = join_all((0..CONNECTIONS).map(|_| stall())).await;
    let delay = send_delivery(&process).await;
    assert!(delay < MAX_DELAY, "{delay:?}");
    drop(connections);
    let growth = process.peak_growth(before);
    assert!(growth < MAX_GROWTH, "{growth} bytes");
    assert_recovers(&process, before).await;
    send_delivery(&process).await;
    let work = format!("{CONNECTIONS} stalled bodies, {} MiB", growth >> 20);
    report_work(engine, None, &work);
}

/// A body that makes room for newer ones gets 503, so that an honest sender sends it again.
#[apply(both_engines)]
async fn evicted_body_gets_503(engine: Engine) {
    let (_database, process) = start(engine).await;
    let request = garbage();
    let mut oldest = RawConnection::open(&process).await;
    oldest.send(&request[..request.len() - 1]).await.unwrap();
    let mut newer = Vec::new();
    while !oldest.is_readable().await {
        let mut connection = RawConnection::open(&process).await;
        drop(connection.send(&request[..request.len() - 1]).await);
        newer.push(connection);
        assert!(newer.len() < CONNECTIONS, "the oldest body makes room");
    }
    let text = oldest.read_to_end().await;
    assert_eq!(responses(&text)[0].0, 503, "{text}");
    assert!(text.contains("pending_bytes_full") && text.contains("retry-after: 5"), "{text}");
}

/// One megabyte of requests on several connections. The HTTP library alone decodes all of it.
#[apply(both_engines)]
async fn pipelined_requests_use_bounded_memory(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (before, _) = process.memory();
    // Each connection has a request that waits for its body, and many others behind it.
    let delivery = Delivery::new(&"x".into(), Clock::system().now()).forged();
    for first in [
        String::new(),
        format!("{}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", head(&delivery)),
        format!("{}Content-Length: 1\r\n\r\nx", head(&delivery)),
    ] {
        let flood = first + &"GET /x HTTP/1.1\r\nHost: x\r\n\r\n".repeat(4_000);
        let send = async || {
            let mut connection = RawConnection::open(&process).await;
            // The service reads on only as it answers, and the test does not read.
            drop(timeout(Duration::from_secs(1), connection.send(flood.as_bytes())).await);
            connection
        };
        let connections = join_all((0..8).map(|_| send())).await;
        send_delivery(&process).await;
        drop(connections);
    }
    let growth = process.peak_growth(before);
    assert!(growth < MAX_GROWTH / 2, "{growth} bytes");
    assert_recovers(&process, before).await;
    report_work(engine, None, &format!("3 times 1 MB of requests, {} KiB", growth >> 10));
}

/// Complete bodies cost a hash each. Signed deliveries do not wait for all of them.
#[apply(both_engines)]
async fn garbage_does_not_delay_signed_deliveries(engine: Engine) {
    let (_database, process) = start(engine).await;
    let (request, mut senders) = (garbage(), JoinSet::new());
    for _ in 0..CONNECTIONS {
        let (address, request) = (process.url.replace("http://", ""), Arc::clone(&request));
        senders.spawn(async move {
            let mut connection = RawConnection::connect(&address).await;
            drop(connection.send(&request).await);
            connection.read_to_end().await
        });
    }
    let mut delays = Vec::new();
    while !senders.is_empty() {
        delays.push(send_delivery(&process).await);
        while let Some(text) = senders.try_join_next() {
            let text = text.unwrap();
            // A connection that is reset loses its response.
            let statuses: Vec<_> = responses(&text).iter().map(|it| it.0).collect();
            assert!(statuses.iter().all(|it| [400, 503].contains(it)), "{text}");
        }
    }
    delays.sort_unstable();
    let (median, longest) = (delays[delays.len() / 2], delays[delays.len() - 1]);
    assert!(median < USUAL_DELAY && longest < MAX_DELAY, "{delays:?}");
    let work =
        format!("{CONNECTIONS} garbage bodies, {} deliveries, at most {longest:.1?}", delays.len());
    report_work(engine, None, &work);
}

/// Connections beyond the limit wait until another one is closed.
#[apply(both_engines)]
async fn connections_are_limited(engine: Engine) {
    let database = Database::new(engine).await;
    let limits =
        [("MEETVO__SERVER__MAX_CONNECTIONS", "16"), ("MEETVO__SERVER__HEADER_TIMEOUT_MS", "60000")];
    let process = Process::serve(&database, limits);
    let mut held = Vec::new();
    for _ in 0..16 {
        let mut connection = RawConnection::open(&process).await;
        connection.send(b"GET /healthz HTTP/1.1\r\n").await.unwrap();
        held.push(connection);
    }
    let mut waiting = RawConnection::open(&process).await;
    let request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    waiting.send(request).await.unwrap();
    let early = timeout(Duration::from_millis(300), waiting.read_to_end()).await;
    assert!(early.is_err(), "{early:?}");
    held.pop();
    let text = waiting.read_to_end().await;
    assert_eq!(responses(&text)[0].0, 200, "{text}");
}
