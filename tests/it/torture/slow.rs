//! Many who send a byte now and then, to keep a service busy with them: they are shown out, and
//! nobody else notices.

use std::time::Duration;

use meetvo::clock::Clock;
use serde_json::Value;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{
    env_number,
    raw_connection::{RawConnection, answers, head},
};
use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, Process, apply, both_engines, client, fixtures, report_work,
    unique,
};

/// How many there are, unless `TORTURE_CONNECTIONS` says otherwise.
const FEW: u64 = 250;

/// How often each of them sends something.
const DRIP: Duration = Duration::from_millis(250);

/// The promise: by then they are gone. A timer may be late on a machine that is busy.
const CLOSED: Duration = Duration::from_secs(10 + 2);

/// Ends a test that would hang.
const TEST_TIMEOUT: Duration = Duration::from_secs(40);

/// Longer than a connection may be quiet, with the settings of the test.
const BUSY: Duration = Duration::from_secs(7);

/// What it is called, what comes at once, and what comes again and again.
type Slow = (&'static str, String, &'static str);

fn kinds() -> [Slow; 9] {
    let body = fixtures::user_event("user.created", &unique("user_"), 0);
    let signed = head(&Delivery::new(&body, Clock::system().now()));
    let unsigned = "POST /webhooks/clerk HTTP/1.1\r\nHost: x\r\n";
    let good = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
    let (length, chunked) = ("Content-Length: 9999\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n");
    let chunk = "1\r\nx\r\n";
    [
        ("silence", String::new(), ""),
        ("a head", format!("{unsigned}X-Slow: "), "x"),
        ("a head behind a request", format!("{good}\r\n{unsigned}X-Slow: "), "x"),
        ("a body", format!("{signed}{length}"), "x"),
        ("chunks", format!("{signed}{chunked}"), chunk),
        ("the body of what was refused", format!("{unsigned}{length}"), "x"),
        ("the chunks of what was refused", format!("{unsigned}{chunked}"), chunk),
        ("the chunks of what has none", format!("{good}{chunked}"), chunk),
        ("silence behind a request", format!("{good}\r\n"), ""),
    ]
}

/// How long the service put up with it.
async fn endured(url: String, (what, first, drip): Slow) -> (&'static str, Duration) {
    let mut raw = RawConnection::at(url.trim_start_matches("http://")).await;
    let began = Instant::now();
    let until_closed = async {
        let mut sent = raw.send(first.as_bytes()).await;
        while sent.is_ok() && !raw.is_closed_within(DRIP).await {
            sent = raw.send(drip.as_bytes()).await;
        }
    };
    let endured = timeout(TEST_TIMEOUT, until_closed).await;
    (what, endured.map_or(TEST_TIMEOUT, |()| began.elapsed()))
}

/// Sends good requests until all of the others are gone; how long each took, the longest last.
async fn good(process: &Process, mut others: JoinSet<(&'static str, Duration)>) -> Vec<Duration> {
    let (client, mut took) = (client(), Vec::new());
    while !others.is_empty() {
        let body = fixtures::user_event("user.created", &unique("user_"), 0);
        let delivery = Delivery::new(&body, Clock::system().now());
        let asked = Instant::now();
        let answer = ApiResponse::fetch(delivery.request(&client, &process.url)).await;
        took.push(asked.elapsed());
        assert_eq!(answer.status, 200, "{}", answer.body);
        // A pause, in which somebody may have gone.
        if let Ok(Some(gone)) = timeout(Duration::from_millis(5), others.join_next()).await {
            let (what, endured) = gone.unwrap();
            assert!(endured < CLOSED, "{what}: {endured:?}");
        }
    }
    took.sort_unstable();
    took
}

#[apply(both_engines)]
async fn slow_clients_are_disconnected_without_delaying_others(engine: Engine) {
    let long = env_number("TORTURE_CONNECTIONS");
    let database = Database::new(engine).await;
    // Sooner than by default, where there is no time.
    let soon = [
        ("MEETVO__SERVER__HEADER_TIMEOUT_MS", if long.is_some() { "5000" } else { "1000" }),
        ("MEETVO__SERVER__BODY_TIMEOUT_MS", if long.is_some() { "10000" } else { "2000" }),
    ];
    let process = Process::serve(&database, soon);
    let (mut others, kinds) = (JoinSet::new(), kinds());
    let count = usize::try_from(long.unwrap_or(FEW)).unwrap();
    for slow in kinds.iter().cycle().take(count) {
        others.spawn(endured(process.url.clone(), slow.clone()));
    }
    let took = good(&process, others).await;
    let (p99, most) = (took[took.len() * 99 / 100], took[took.len() - 1]);
    assert!(took.len() > 100, "{}", took.len());
    // Where a hundred other tests run, all that can be said is that nobody waits for the slow.
    let limit = if long.is_some() { 100 } else { 1_000 };
    assert!(p99 < Duration::from_millis(limit), "{p99:?}");
    let done = format!("{count} slow, {} good, p99 {p99:.1?}, the longest {most:.1?}", took.len());
    report_work(engine, None, &done);
}

/// Nothing is under way any more as far as the service knows, and still nobody is cut off.
#[apply(both_engines)]
async fn late_reader_receives_complete_large_response(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO__SERVER__HEADER_TIMEOUT_MS", "1000")]);
    let client = client();
    for at in 0..24 {
        let mut body = fixtures::user_event("user.created", &format!("user_{at:02}"), 0);
        body["data"]["public_metadata"] = "x".repeat(500_000).into();
        let delivery = Delivery::new(&body, Clock::system().now());
        assert_eq!(ApiResponse::fetch(delivery.request(&client, &process.url)).await.status, 200);
    }
    let mut raw = RawConnection::narrow(&process).await;
    let head = format!("Host: x\r\nAuthorization: Bearer {KEY}\r\n\r\n");
    raw.send(format!("GET /v1/users HTTP/1.1\r\n{head}").as_bytes()).await.unwrap();
    sleep(BUSY).await;
    let text = raw.end().await;
    let [(200, body)] = answers(&text)[..] else { panic!("{} bytes", text.len()) };
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["data"].as_array().unwrap().len(), 24);
}
