//! `GET /v1/changes` and `/v1/me/changes`: pages and streams without gaps and repetitions.

mod entries;
mod me;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{
    ApiResponse, Database, Delivery, Engine, EventStream, KEY, NOW, Process, SECRET, Service,
    TEST_TIMEOUT, apply, both_engines, client, fixtures,
};
use meetvo::clock::Clock;

async fn sign_up(service: &Service, user: &str) {
    assert_eq!(service.send(&fixtures::user_event("user.created", user, 0)).await, "applied");
}

fn get_changes(service: &Service, path: &str) -> RequestBuilder {
    service.client.get(service.url_for(path)).bearer_auth(KEY)
}

/// Returns the changes of a page, its `next_cursor` and its `has_more`.
async fn page(service: &Service, query: &str) -> (Vec<Value>, String, bool) {
    let ApiResponse { status, mut body, .. } = service.get(&format!("/v1/changes?{query}")).await;
    assert_eq!(status, 200, "{query}: {body}");
    let has_more = body["has_more"].as_bool().unwrap();
    let next = body["next_cursor"].as_str().unwrap_or_default().to_owned();
    let changes: Vec<Value> = serde_json::from_value(body["data"].take()).unwrap();
    (changes.into_iter().map(brief).collect(), next, has_more)
}

/// Returns a change without the values that `entries` tests.
fn brief(mut change: Value) -> Value {
    for field in ["operation", "at", "event_id", "source"] {
        assert!(change.as_object_mut().unwrap().remove(field).is_some(), "{field}: {change}");
    }
    change
}

fn change(cursor: u32, kind: &str, id: &str, user_id: &str, deleted: bool) -> Value {
    json!({
        "cursor": cursor.to_string(), "kind": kind, "id": id, "user_id": user_id,
        "organization_id": null, "deleted": deleted,
    })
}

#[apply(both_engines)]
async fn page_lists_changes_without_their_content(engine: Engine) {
    let service = Service::start(engine).await;
    let response = service.get("/v1/changes").await;
    let vary = response.header("vary").unwrap();
    assert!(vary.starts_with("Authorization, Cookie, Accept, Origin"), "{vary}");
    let empty = response.body;
    assert_eq!(empty, json!({ "data": [], "next_cursor": null, "has_more": false }));
    sign_up(&service, "user_1").await;
    sign_up(&service, "user_2").await;
    let old = fixtures::user_event("user.updated", "user_1", -5);
    assert_eq!(service.send(&old).await, "stale");
    service.send(&json!({ "type": "email.created", "data": { "id": "ema_1" } })).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    let (changes, next, has_more) = page(&service, "").await;
    let expected = [
        change(1, "user", "user_1", "user_1", false),
        change(2, "user", "user_2", "user_2", false),
        change(5, "session", "sess_1", "user_1", false),
    ];
    assert_eq!((&*changes, &*next, has_more), (&expected[..], "5", false));
    service.send(&fixtures::user_deleted("user_1", 9)).await;
    let (changes, next, _) = page(&service, "after=5").await;
    assert_eq!(changes, [change(6, "user", "user_1", "user_1", true)]);
    let (changes, same_cursor, has_more) = page(&service, &format!("after={next}")).await;
    assert_eq!((changes.len(), &*same_cursor, has_more), (0, "6", false), "the cursor stays valid");
    let (changes, ..) = page(&service, "after=1").await;
    let updated_changes = [
        change(2, "user", "user_2", "user_2", false),
        change(5, "session", "sess_1", "user_1", true),
        change(6, "user", "user_1", "user_1", true),
    ];
    assert_eq!(changes, updated_changes, "objects that are deleted by now are marked as deleted");
}

#[apply(both_engines)]
async fn pages_continue_without_gap_or_repeat(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 0..12 {
        sign_up(&service, &format!("user_{number:02}")).await;
    }
    for limit in [1, 5, 6, 500] {
        let (mut ids, mut query) = (Vec::new(), format!("limit={limit}"));
        loop {
            let (changes, next, has_more) = page(&service, &query).await;
            assert!(changes.len() <= limit);
            ids.extend(changes.iter().map(|it| it["id"].as_str().unwrap().to_owned()));
            query = format!("limit={limit}&after={next}");
            if !has_more {
                break;
            }
        }
        let expected: Vec<_> = (0..12).map(|number| format!("user_{number:02}")).collect();
        assert_eq!(ids, expected, "limit {limit}");
    }
}

#[apply(both_engines)]
async fn unknown_cursors_are_rejected(engine: Engine) {
    let service = Service::start(engine).await;
    for after in ["5", "1"] {
        let response = service.get(&format!("/v1/changes?after={after}")).await;
        assert_eq!(response.problem(), (410, "cursor_expired"), "the event log is empty");
    }
    sign_up(&service, "user_1").await;
    assert_eq!(page(&service, "after=0").await.0.len(), 1, "0 is the start of the log");
    let response = service.get("/v1/changes?after=7").await;
    assert_eq!(
        response.problem(),
        (410, "cursor_expired"),
        "the cursor comes from another database, or from a later state"
    );
    for query in [
        "after=x",
        "after=-1",
        "after=1.5",
        "after=99999999999999999999",
        "after=",
        "limit=0",
        "x=1",
    ] {
        let response = service.get(&format!("/v1/changes?{query}")).await;
        assert_eq!(response.problem(), (400, "parameter_invalid"), "{query}");
    }
}

#[apply(both_engines)]
async fn expired_cursor_returns_410(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 1..=5 {
        sign_up(&service, &format!("user_{number}")).await;
    }
    service.tables().await.run("DELETE FROM webhook_events WHERE seq <= 3").await;
    for after in [1, 3] {
        let path = format!("/v1/changes?after={after}");
        assert_eq!(service.get(&path).await.problem(), (410, "cursor_expired"), "{after}");
        let stream = get_changes(&service, &path).header("accept", "text/event-stream");
        assert_eq!(ApiResponse::fetch(stream).await.problem(), (410, "cursor_expired"), "{after}");
    }
    assert_eq!(page(&service, "after=4").await.0.len(), 1);
    assert_eq!(
        page(&service, "").await.0.len(),
        2,
        "without a cursor, the page starts at the oldest stored event"
    );
}

#[apply(both_engines)]
async fn stream_resumes_after_the_last_event(engine: Engine) {
    let service = Service::start(engine).await;
    sign_up(&service, "user_0").await;
    let mut stream = EventStream::open(get_changes(&service, "/v1/changes")).await;
    assert_eq!(stream.last_id, "1", "without a cursor, the stream starts with the next event");
    for number in 1..=3 {
        sign_up(&service, &format!("user_{number}")).await;
        let received = stream.next().await.unwrap();
        assert_eq!(received["id"], format!("user_{number}"));
    }
    let last = stream.last_id.clone();
    drop(stream);
    for number in 4..=6 {
        sign_up(&service, &format!("user_{number}")).await;
    }
    // A browser reconnects with the original URL and the header.
    let reconnect = get_changes(&service, "/v1/changes?after=1").header("last-event-id", &last);
    let mut stream = EventStream::open(reconnect).await;
    for number in 4..=6 {
        assert_eq!(stream.next().await.unwrap()["id"], format!("user_{number}"));
    }
    let mut stream = EventStream::open(get_changes(&service, "/v1/changes?after=2")).await;
    for number in 2..=6 {
        assert_eq!(stream.next().await.unwrap()["id"], format!("user_{number}"));
    }
    sign_up(&service, "user_7").await;
    assert_eq!(stream.next().await.unwrap()["id"], "user_7");
}

/// Compares a stream that was opened before the changes with one that starts at the beginning of
/// the log.
#[apply(both_engines)]
async fn streams_deliver_each_change_once_under_load(engine: Engine) {
    let service = Service::start(engine).await;
    let early = EventStream::open(get_changes(&service, "/v1/changes")).await;
    let send = async {
        let (service, ids) = (&service, (0..600).map(|n| format!("user_{n:04}")));
        let all: Vec<_> = ids.collect();
        for batch in all.chunks(50) {
            let sent = batch.iter().map(|user| sign_up(service, user));
            futures_util::future::join_all(sent).await;
        }
    };
    let read = async |mut stream: EventStream| {
        let mut received = Vec::new();
        while received.len() < 600 {
            let change = stream.next().await.unwrap();
            received.push(change["cursor"].as_str().unwrap().parse::<u64>().unwrap());
        }
        received
    };
    let late =
        async { read(EventStream::open(get_changes(&service, "/v1/changes?after=0")).await).await };
    let ((), early, late) = tokio::join!(send, read(early), late);
    assert!(early.is_sorted_by(|a, b| a < b), "each change once, in order");
    assert_eq!(early, late);
}

#[apply(both_engines)]
async fn streams_over_the_limit_get_503(engine: Engine) {
    let limits = [("MEETVO__API__MAX_STREAMS", "2"), ("MEETVO__API__KEY_SHARE_PERCENT", "100")];
    let service = Service::start_with(engine, limits).await;
    let first = EventStream::open(get_changes(&service, "/v1/changes")).await;
    let _second = EventStream::open(get_changes(&service, "/v1/changes")).await;
    let third =
        || get_changes(&service, "/v1/changes").header("accept", "text/event-stream").send();
    let rejected = third().await.unwrap();
    assert_eq!(
        (rejected.status().as_u16(), rejected.headers().contains_key("retry-after")),
        (503, true)
    );
    assert_eq!(page(&service, "").await.0, Vec::<Value>::new(), "pages are not limited");
    drop(first);
    let wait_until_free = async {
        while third().await.unwrap().status() != 200 {
            // The service notices the closed connection when it sends a change.
            service.send(&fixtures::user_event("user.updated", "user_1", 0)).await;
        }
    };
    timeout(TEST_TIMEOUT, wait_until_free).await.expect("the closed stream is released");
}

/// One key uses its half of the limit. Another key still gets a stream.
#[apply(both_engines)]
async fn one_key_cannot_occupy_all_streams(engine: Engine) {
    let other = "another_key_for_tests_0123456789abcdef";
    let keys = format!("tests:read:{KEY},other:read:{other}");
    let limits = [("MEETVO__API__MAX_STREAMS", "4"), ("MEETVO_API_KEYS", &*keys)];
    let service = Service::start_with(engine, limits).await;
    let _first = EventStream::open(get_changes(&service, "/v1/changes")).await;
    let _second = EventStream::open(get_changes(&service, "/v1/changes")).await;
    let third = get_changes(&service, "/v1/changes").header("accept", "text/event-stream");
    let rejected = ApiResponse::fetch(third).await;
    assert_eq!(rejected.problem(), (429, "too_many_at_once"));
    assert!(rejected.header("retry-after").is_some());
    let by_other = service.client.get(service.url_for("/v1/changes")).bearer_auth(other);
    EventStream::open(by_other).await;
}

/// A client that does not read its stream is disconnected. Until then it does not affect other
/// clients.
#[apply(both_engines)]
async fn client_that_does_not_read_is_disconnected(engine: Engine) {
    let overrides = [
        ("MEETVO__API__MAX_STREAMS", "2"),
        ("MEETVO__API__KEY_SHARE_PERCENT", "100"),
        // Until it has passed, the third stream must be rejected.
        ("MEETVO__SERVER__WRITE_TIMEOUT_MS", "10000"),
    ];
    let service = Service::start_with(engine, overrides).await;
    sign_up(&service, "user_1").await;
    // More changes than the socket buffers can hold.
    let insert_events = format!(
        "WITH RECURSIVE numbers (n) AS \
         (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 60000) \
         INSERT INTO webhook_events (id, subject, object_id, decision, payload, received_at) \
         SELECT 'old_' || n, 'user_1', 'user_1', 'applied', '{{}}', {NOW} FROM numbers"
    );
    service.tables().await.run(&insert_events).await;
    let all_changes =
        || get_changes(&service, "/v1/changes?after=0").header("accept", "text/event-stream");
    let mut other = EventStream::open(get_changes(&service, "/v1/changes")).await;
    let unread = all_changes().send().await.unwrap();
    assert_eq!(all_changes().send().await.unwrap().status(), 503, "both streams are in use");
    sign_up(&service, "user_2").await;
    assert_eq!(other.next().await.unwrap()["id"], "user_2", "another stream is not affected");
    let wait_until_free = async { while all_changes().send().await.unwrap().status() != 200 {} };
    timeout(TEST_TIMEOUT, wait_until_free)
        .await
        .expect("the stream of the slow client is released");
    let body = unread.bytes().await;
    assert!(body.is_err(), "the response is cut off: {body:?}");
}

#[apply(both_engines)]
async fn shutdown_ends_open_streams(engine: Engine) {
    let service = Service::start(engine).await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(EventStream::open(get_changes(&service, "/v1/changes")).await);
    }
    // The shutdown does not wait for the streams, so it takes less time than the limit for requests
    // in progress.
    timeout(Duration::from_secs(30), service.stop()).await.expect("the service stops");
    for mut stream in streams {
        assert_eq!(stream.next().await, None);
    }
}

/// Two services use one database. A stream of either delivers the commits of both, also after a
/// restart.
#[apply(both_engines)]
async fn stream_delivers_commits_of_another_replica(engine: Engine) {
    let database = Arc::new(Database::new(engine).await);
    let start = || Service::start_on(Arc::clone(&database), Clock::manual(NOW), []);
    let (first, second) = (start().await, start().await);
    let mut stream = EventStream::open(get_changes(&first, "/v1/changes")).await;
    let mut received = BTreeSet::new();
    for number in 0..10 {
        let service = if number % 2 == 0 { &first } else { &second };
        sign_up(service, &format!("user_{number}")).await;
        received.insert(stream.next().await.unwrap()["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(received.len(), 10);
    first.stop().await;
    assert_eq!(stream.next().await, None);
    sign_up(&second, "user_while_stopped").await;
    let first = start().await;
    let reconnect = get_changes(&first, "/v1/changes").header("last-event-id", &stream.last_id);
    let mut stream = EventStream::open(reconnect).await;
    assert_eq!(stream.next().await.unwrap()["id"], "user_while_stopped");
    sign_up(&second, "user_after").await;
    assert_eq!(stream.next().await.unwrap()["id"], "user_after");
}

/// Events that were accepted before a crash are delivered after it.
#[apply(both_engines)]
async fn killed_service_leaves_no_gap(engine: Engine) {
    let database = Database::new(engine).await;
    let client = client();
    let keys = format!("tests:read+admin:{KEY}");
    let start = || Process::serve(&database, [("MEETVO_API_KEYS", &*keys)]);
    let (mut last, mut received) = ("0".to_owned(), Vec::new());
    for round in 0..3 {
        let mut process = start();
        let url = format!("{}/v1/changes?after={last}", process.url);
        let mut stream = EventStream::open(client.get(url).bearer_auth(KEY)).await;
        for number in 0..5 {
            let user = fixtures::user_event("user.created", &format!("user_{round}_{number}"), 0);
            let now = Clock::system().now();
            let delivery =
                Delivery::signed(SECRET, &format!("msg_{round}_{number}"), now, user.to_string());
            assert_eq!(
                ApiResponse::fetch(delivery.request(&client, &process.url)).await.status,
                200
            );
            // The last two events of a round are delivered after the kill.
            if number < 3 || round == 2 {
                while received.len() < round * 5 + number + 1 {
                    received.push(stream.next().await.unwrap()["id"].as_str().unwrap().to_owned());
                }
                last.clone_from(&stream.last_id);
            }
        }
        process.kill();
    }
    let expected: Vec<_> =
        (0..3).flat_map(|round| (0..5).map(move |n| format!("user_{round}_{n}"))).collect();
    assert_eq!(received, expected);
}
