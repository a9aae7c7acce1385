//! Many connections that send a byte now and then to keep the service busy. The service closes
//! them, and they do not delay other clients.

use std::time::Duration;

use meetvo::clock::Clock;
use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{
    env_number,
    raw_connection::{RawConnection, head, responses},
};
use crate::harness::{
    ApiResponse, BUSY_MACHINE, Database, Delivery, Engine, KEY, Process, TEST_TIMEOUT, apply,
    both_engines, client, fixtures, report_work, unique,
};

/// Number of slow connections, unless `TORTURE_CONNECTIONS` is set.
const DEFAULT_CONNECTIONS: u64 = 250;

/// Pause between two parts that a slow connection sends.
const PAUSE: Duration = Duration::from_millis(250);

/// Guaranteed maximum lifetime of a slow connection: 10 s, and what a busy machine adds.
const CLOSE_LIMIT: Duration = BUSY_MACHINE.saturating_add(Duration::from_secs(10));

/// Timeout of a connection that the service does not close.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(40);

/// Time without reading. It exceeds the timeout for idle connections in this test.
const UNREAD_TIME: Duration = Duration::from_secs(7);

/// Name of a kind of slow client, its first bytes, and the bytes that it repeats.
type SlowClient = (&'static str, String, &'static str);

fn kinds() -> [SlowClient; 9] {
    let body = fixtures::user_event("user.created", &unique("user_"), 0);
    let signed = head(&Delivery::new(&body, Clock::system().now()));
    let unsigned = "POST /webhooks/clerk HTTP/1.1\r\nHost: x\r\n";
    let healthz = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
    let (length, chunked) = ("Content-Length: 9999\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n");
    let chunk = "1\r\nx\r\n";
    [
        ("silence", String::new(), ""),
        ("head", format!("{unsigned}X-Slow: "), "x"),
        ("head after a request", format!("{healthz}\r\n{unsigned}X-Slow: "), "x"),
        ("body", format!("{signed}{length}"), "x"),
        ("chunks", format!("{signed}{chunked}"), chunk),
        ("body of a rejected request", format!("{unsigned}{length}"), "x"),
        ("chunks of a rejected request", format!("{unsigned}{chunked}"), chunk),
        ("chunks of a GET request", format!("{healthz}{chunked}"), chunk),
        ("silence after a request", format!("{healthz}\r\n"), ""),
    ]
}

/// Runs a slow client. Returns its name and how long the service kept the connection open.
async fn run_slow_client(
    url: String,
    (name, first, repeated): SlowClient,
) -> (&'static str, Duration) {
    let mut connection = RawConnection::connect(url.trim_start_matches("http://")).await;
    let start_time = Instant::now();
    let until_closed = async {
        let mut sent = connection.send(first.as_bytes()).await;
        while sent.is_ok() && !connection.is_closed_within(PAUSE).await {
            sent = connection.send(repeated.as_bytes()).await;
        }
    };
    let lifetime = timeout(CONNECTION_TIMEOUT, until_closed).await;
    (name, lifetime.map_or(CONNECTION_TIMEOUT, |()| start_time.elapsed()))
}

/// Sends a delivery, and again if the timeout for its head has passed, which on a busy machine it can
/// before the service reads the head.
async fn deliver(client: &Client, process: &Process, delivery: &Delivery) {
    let accepted = async {
        loop {
            match delivery.request(client, &process.url).send().await {
                Ok(response) if response.status() == StatusCode::REQUEST_TIMEOUT => {}
                Ok(response) => return ApiResponse::read(response).await,
                Err(error) => assert!(error.is_request(), "{error:?}"),
            }
        }
    };
    let response = timeout(TEST_TIMEOUT, accepted).await.expect("the service answers");
    assert_eq!(response.status, 200, "{}", response.body);
}

/// Sends normal deliveries until all slow clients are disconnected. Returns the response times in
/// ascending order.
async fn send_deliveries(
    process: &Process,
    mut slow_clients: JoinSet<(&'static str, Duration)>,
) -> Vec<Duration> {
    let (client, mut times) = (client(), Vec::new());
    while !slow_clients.is_empty() {
        let body = fixtures::user_event("user.created", &unique("user_"), 0);
        let delivery = Delivery::new(&body, Clock::system().now());
        let sent_at = Instant::now();
        deliver(&client, process, &delivery).await;
        times.push(sent_at.elapsed());
        // Waits a moment for a disconnected client before the next delivery.
        if let Ok(Some(closed)) = timeout(Duration::from_millis(5), slow_clients.join_next()).await
        {
            let (name, lifetime) = closed.unwrap();
            assert!(lifetime < CLOSE_LIMIT, "{name}: {lifetime:?}");
        }
    }
    times.sort_unstable();
    times
}

#[apply(both_engines)]
async fn slow_clients_are_disconnected_without_delaying_others(engine: Engine) {
    let connections = env_number("TORTURE_CONNECTIONS");
    let database = Database::new(engine).await;
    // The short form uses shorter timeouts than the default.
    let timeouts = [
        ("MEETVO__SERVER__HEADER_TIMEOUT_MS", if connections.is_some() { "5000" } else { "1000" }),
        ("MEETVO__SERVER__BODY_TIMEOUT_MS", if connections.is_some() { "10000" } else { "2000" }),
    ];
    let process = Process::serve(&database, timeouts);
    let (mut slow_clients, kinds) = (JoinSet::new(), kinds());
    let count = usize::try_from(connections.unwrap_or(DEFAULT_CONNECTIONS)).unwrap();
    for client in kinds.iter().cycle().take(count) {
        slow_clients.spawn(run_slow_client(process.url.clone(), client.clone()));
    }
    let times = send_deliveries(&process, slow_clients).await;
    let (p99, longest) = (times[times.len() * 99 / 100], times[times.len() - 1]);
    assert!(times.len() > 100, "{}", times.len());
    // Next to a hundred other tests, only a generous limit is reliable. It still shows that no
    // delivery waits for a slow client.
    let limit = if connections.is_some() { 100 } else { 1_000 };
    assert!(p99 < Duration::from_millis(limit), "{p99:?}");
    let work = format!(
        "{count} slow clients, {} deliveries, p99 {p99:.1?}, maximum {longest:.1?}",
        times.len()
    );
    report_work(engine, None, &work);
}

/// After the response is written, the service sees an idle connection. It must not close it before
/// the client has read the response.
#[apply(both_engines)]
async fn late_reader_receives_complete_large_response(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO__SERVER__HEADER_TIMEOUT_MS", "1000")]);
    let client = client();
    for at in 0..24 {
        let mut body = fixtures::user_event("user.created", &format!("user_{at:02}"), 0);
        body["data"]["public_metadata"] = "x".repeat(500_000).into();
        let delivery = Delivery::new(&body, Clock::system().now());
        deliver(&client, &process, &delivery).await;
    }
    let mut connection = RawConnection::with_small_buffer(&process).await;
    let head = format!("Host: x\r\nAuthorization: Bearer {KEY}\r\n\r\n");
    connection.send(format!("GET /v1/users HTTP/1.1\r\n{head}").as_bytes()).await.unwrap();
    sleep(UNREAD_TIME).await;
    let text = connection.finish().await;
    let [(200, body)] = responses(&text)[..] else { panic!("{} bytes", text.len()) };
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["data"].as_array().unwrap().len(), 24);
}
