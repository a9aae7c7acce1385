//! `GET /v1/changes` and `/v1/me/changes`: pages and streams, with no gap and no repeat.

mod me;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, EventStream, NOW, Process, SECRET, Service, apply,
    both_engines, client, fixtures,
};
use meetvo::clock::Clock;

async fn sign_up(service: &Service, user: &str) {
    assert_eq!(service.send(&fixtures::user_event("user.created", user, 0)).await, "applied");
}

fn listen(service: &Service, path: &str) -> RequestBuilder {
    service.client.get(service.url_for(path)).bearer_auth(KEY)
}

/// The changes of a page, and where to go on.
async fn page(service: &Service, query: &str) -> (Vec<Value>, String, bool) {
    let ApiResponse { status, mut body, .. } = service.get(&format!("/v1/changes?{query}")).await;
    assert_eq!(status, 200, "{query}: {body}");
    let more = body["has_more"].as_bool().unwrap();
    let next = body["next_cursor"].as_str().unwrap_or_default().to_owned();
    (serde_json::from_value(body["data"].take()).unwrap(), next, more)
}

fn change(cursor: u32, kind: &str, id: &str, user_id: &str, deleted: bool) -> Value {
    json!({ "cursor": cursor.to_string(), "kind": kind, "id": id, "user_id": user_id, "deleted": deleted })
}

#[apply(both_engines)]
async fn page_lists_changes_without_their_content(engine: Engine) {
    let service = Service::start(engine).await;
    let answer = service.get("/v1/changes").await;
    let varies = answer.header("vary").unwrap();
    assert!(varies.starts_with("Authorization, Cookie, Accept, Origin"), "{varies}");
    let empty = answer.body;
    assert_eq!(empty, json!({ "data": [], "next_cursor": null, "has_more": false }));
    sign_up(&service, "user_1").await;
    sign_up(&service, "user_2").await;
    let old = fixtures::user_event("user.updated", "user_1", -5);
    assert_eq!(service.send(&old).await, "stale");
    service.send(&json!({ "type": "email.created", "data": { "id": "ema_1" } })).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    let (changes, next, more) = page(&service, "").await;
    let expected = [
        change(1, "user", "user_1", "user_1", false),
        change(2, "user", "user_2", "user_2", false),
        change(5, "session", "sess_1", "user_1", false),
    ];
    assert_eq!((&*changes, &*next, more), (&expected[..], "5", false));
    service.send(&fixtures::user_deleted("user_1", 9)).await;
    let (changes, next, _) = page(&service, "after=5").await;
    assert_eq!(changes, [change(6, "user", "user_1", "user_1", true)]);
    let (changes, again, more) = page(&service, &format!("after={next}")).await;
    assert_eq!((changes.len(), &*again, more), (0, "6", false), "it can be asked again");
    let (changes, ..) = page(&service, "after=1").await;
    let gone = [
        change(2, "user", "user_2", "user_2", false),
        change(5, "session", "sess_1", "user_1", true),
        change(6, "user", "user_1", "user_1", true),
    ];
    assert_eq!(changes, gone, "what is gone by now is said to be");
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
            let (changes, next, more) = page(&service, &query).await;
            assert!(changes.len() <= limit);
            ids.extend(changes.iter().map(|it| it["id"].as_str().unwrap().to_owned()));
            query = format!("limit={limit}&after={next}");
            if !more {
                break;
            }
        }
        let expected: Vec<_> = (0..12).map(|number| format!("user_{number:02}")).collect();
        assert_eq!(ids, expected, "by {limit}");
    }
}

#[apply(both_engines)]
async fn unknown_cursors_are_rejected(engine: Engine) {
    let service = Service::start(engine).await;
    for after in ["5", "1"] {
        let answer = service.get(&format!("/v1/changes?after={after}")).await;
        assert_eq!(answer.problem(), (410, "cursor_expired"), "nothing is kept yet");
    }
    sign_up(&service, "user_1").await;
    assert_eq!(page(&service, "after=0").await.0.len(), 1, "0 is the beginning");
    let answer = service.get("/v1/changes?after=7").await;
    assert_eq!(answer.problem(), (410, "cursor_expired"), "of another database, or a later state");
    for query in [
        "after=x",
        "after=-1",
        "after=1.5",
        "after=99999999999999999999",
        "after=",
        "limit=0",
        "x=1",
    ] {
        let answer = service.get(&format!("/v1/changes?{query}")).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{query}");
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
        let stream = listen(&service, &path).header("accept", "text/event-stream");
        assert_eq!(ApiResponse::fetch(stream).await.problem(), (410, "cursor_expired"), "{after}");
    }
    assert_eq!(page(&service, "after=4").await.0.len(), 1);
    assert_eq!(page(&service, "").await.0.len(), 2, "who begins anew begins with what is there");
}

#[apply(both_engines)]
async fn stream_resumes_after_the_last_event(engine: Engine) {
    let service = Service::start(engine).await;
    sign_up(&service, "user_0").await;
    let mut stream = EventStream::open(listen(&service, "/v1/changes")).await;
    assert_eq!(stream.last_id, "1", "it begins with what comes");
    for number in 1..=3 {
        sign_up(&service, &format!("user_{number}")).await;
        let told = stream.next().await.unwrap();
        assert_eq!(told["id"], format!("user_{number}"));
    }
    let last = stream.last_id.clone();
    drop(stream);
    for number in 4..=6 {
        sign_up(&service, &format!("user_{number}")).await;
    }
    // As a browser does: the address as it was, and the header.
    let again = listen(&service, "/v1/changes?after=1").header("last-event-id", &last);
    let mut stream = EventStream::open(again).await;
    for number in 4..=6 {
        assert_eq!(stream.next().await.unwrap()["id"], format!("user_{number}"));
    }
    let mut stream = EventStream::open(listen(&service, "/v1/changes?after=2")).await;
    for number in 2..=6 {
        assert_eq!(stream.next().await.unwrap()["id"], format!("user_{number}"));
    }
    sign_up(&service, "user_7").await;
    assert_eq!(stream.next().await.unwrap()["id"], "user_7");
}

/// Many change while somebody listens who began anywhere: as many as are not told by ear.
#[apply(both_engines)]
async fn streams_deliver_each_change_once_under_load(engine: Engine) {
    let service = Service::start(engine).await;
    let early = EventStream::open(listen(&service, "/v1/changes")).await;
    let send = async {
        let (service, bodies) = (&service, (0..600).map(|n| format!("user_{n:04}")));
        let all: Vec<_> = bodies.collect();
        for some in all.chunks(50) {
            let sent = some.iter().map(|user| sign_up(service, user));
            futures_util::future::join_all(sent).await;
        }
    };
    let read = async |mut stream: EventStream| {
        let mut told = Vec::new();
        while told.len() < 600 {
            let change = stream.next().await.unwrap();
            told.push(change["cursor"].as_str().unwrap().parse::<u64>().unwrap());
        }
        told
    };
    let late = async { read(EventStream::open(listen(&service, "/v1/changes?after=0")).await).await };
    let ((), early, late) = tokio::join!(send, read(early), late);
    assert!(early.is_sorted_by(|a, b| a < b), "in order, each once");
    assert_eq!(early, late);
}

#[apply(both_engines)]
async fn streams_over_the_limit_get_503(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__API__MAX_STREAMS", "2")]).await;
    let first = EventStream::open(listen(&service, "/v1/changes")).await;
    let _second = EventStream::open(listen(&service, "/v1/changes")).await;
    let third = || listen(&service, "/v1/changes").header("accept", "text/event-stream").send();
    let refused = third().await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), refused.headers().contains_key("retry-after")),
        (503, true)
    );
    assert_eq!(page(&service, "").await.0, Vec::<Value>::new(), "pages are for everybody");
    drop(first);
    let free = async {
        while third().await.unwrap().status() != 200 {
            // Only what is told can be noticed not to be heard.
            service.send(&fixtures::user_event("user.updated", "user_1", 0)).await;
        }
    };
    timeout(Duration::from_secs(30), free).await.expect("who has gone makes room");
}

/// Whoever takes nothing of what there is for them loses the connection, and harms nobody until then.
#[apply(both_engines)]
async fn client_that_does_not_read_is_disconnected(engine: Engine) {
    let differ = [("MEETVO__API__MAX_STREAMS", "2"), ("MEETVO__SERVER__WRITE_TIMEOUT_MS", "1000")];
    let service = Service::start_with(engine, differ).await;
    sign_up(&service, "user_1").await;
    // More than the buffers on the way hold.
    let many = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 60000) \
        INSERT INTO webhook_events (id, subject, object_id, decision, payload, received_at) \
        SELECT 'old_' || n, 'user_1', 'user_1', 'applied', '{}', n FROM numbers";
    service.tables().await.run(many).await;
    let all = || listen(&service, "/v1/changes?after=0").header("accept", "text/event-stream");
    let unread = all().send().await.unwrap();
    let mut other = EventStream::open(listen(&service, "/v1/changes")).await;
    assert_eq!(all().send().await.unwrap().status(), 503, "both places are taken");
    sign_up(&service, "user_2").await;
    assert_eq!(other.next().await.unwrap()["id"], "user_2", "others hear as ever");
    let free = async { while all().send().await.unwrap().status() != 200 {} };
    timeout(Duration::from_secs(30), free).await.expect("its place is free again");
    let taken = unread.bytes().await;
    assert!(taken.is_err(), "it was cut off in the middle: {taken:?}");
}

#[apply(both_engines)]
async fn shutdown_ends_open_streams(engine: Engine) {
    let service = Service::start(engine).await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        streams.push(EventStream::open(listen(&service, "/v1/changes")).await);
    }
    // Well before the time that requests under way may take.
    timeout(Duration::from_secs(10), service.stop()).await.expect("it stops");
    for mut stream in streams {
        assert_eq!(stream.next().await, None);
    }
}

/// Two services on one database: a reader of either hears of what both commit, through a restart.
#[apply(both_engines)]
async fn stream_delivers_commits_of_another_replica(engine: Engine) {
    let database = Arc::new(Database::new(engine).await);
    let start = || Service::start_on(Arc::clone(&database), Clock::manual(NOW), []);
    let (first, second) = (start().await, start().await);
    let mut stream = EventStream::open(listen(&first, "/v1/changes")).await;
    let mut told = BTreeSet::new();
    for number in 0..10 {
        let service = if number % 2 == 0 { &first } else { &second };
        sign_up(service, &format!("user_{number}")).await;
        told.insert(stream.next().await.unwrap()["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(told.len(), 10);
    first.stop().await;
    assert_eq!(stream.next().await, None);
    sign_up(&second, "user_while_away").await;
    let first = start().await;
    let again = listen(&first, "/v1/changes").header("last-event-id", &stream.last_id);
    let mut stream = EventStream::open(again).await;
    assert_eq!(stream.next().await.unwrap()["id"], "user_while_away");
    sign_up(&second, "user_after").await;
    assert_eq!(stream.next().await.unwrap()["id"], "user_after");
}

/// What was answered before a crash is told after it.
#[apply(both_engines)]
async fn killed_service_leaves_no_gap(engine: Engine) {
    let database = Database::new(engine).await;
    let client = client();
    let keys = format!("tests:read+admin:{KEY}");
    let start = || Process::serve(&database, [("MEETVO_API_KEYS", &*keys)]);
    let (mut last, mut told) = ("0".to_owned(), Vec::new());
    for round in 0..3 {
        let mut process = start();
        let url = format!("{}/v1/changes?after={last}", process.url);
        let mut stream = EventStream::open(client.get(url).bearer_auth(KEY)).await;
        for number in 0..5 {
            let user = fixtures::user_event("user.created", &format!("user_{round}_{number}"), 0);
            let now = Clock::system().now();
            let delivery =
                Delivery::signed(SECRET, &format!("msg_{round}_{number}"), now, user.to_string());
            assert_eq!(ApiResponse::fetch(delivery.request(&client, &process.url)).await.status, 200);
            // The last two of a round are told of after the crash.
            if number < 3 || round == 2 {
                while told.len() < round * 5 + number + 1 {
                    told.push(stream.next().await.unwrap()["id"].as_str().unwrap().to_owned());
                }
                last.clone_from(&stream.last_id);
            }
        }
        process.kill();
    }
    let expected: Vec<_> =
        (0..3).flat_map(|round| (0..5).map(move |n| format!("user_{round}_{n}"))).collect();
    assert_eq!(told, expected);
}
