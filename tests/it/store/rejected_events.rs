//! Events that the database rejects fail alone. Every other database error is answered with 503.

use std::time::Duration;

use futures_util::future::join_all;
use meetvo::{
    clock::Clock,
    domain::decision::{Decision, Outcome},
    ingest::{Limits, Writer},
};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{event, migrated};
use crate::harness::{
    ApiResponse, BUSY_MACHINE, Database, Delivery, Engine, NOW, Process, SECRET, Service, Tables,
    apply, both_engines, client, fixtures,
};

/// Maximum time to an answer. The service promises two seconds.
const ANSWER_LIMIT: Duration = BUSY_MACHINE.saturating_add(Duration::from_secs(2));

/// Condition of the rows that the database rejects.
const POISON: &str = "NEW.username = 'poison'";

/// Returns the stored reason: the code and, on PostgreSQL, the table. It must not contain the
/// database's message.
fn expected_reason(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "rejected by the database: code 1811",
        Engine::Postgres => "rejected by the database: code 23514 in users",
    }
}

fn poisoned(user: &str) -> Value {
    let mut body = fixtures::user_event("user.created", user, 0);
    body["data"]["username"] = "poison".into();
    body["data"]["unsafe_metadata"] = json!({ "api_token": "s-1" });
    body
}

fn signed(id: &str, body: &Value) -> Delivery {
    Delivery::signed(SECRET, id, NOW, body.to_string())
}

/// Returns a row of `webhook_events`.
async fn stored_event(tables: &mut Tables, id: &str) -> Value {
    let rows = tables.rows("webhook_events").await;
    rows.into_iter().find(|row| row["id"] == id).unwrap_or_default()
}

#[apply(both_engines)]
async fn rejected_event_of_batch_fails_alone(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    tables.reject_inserts("users", POISON).await;
    let limits = Limits {
        queue_capacity: 64,
        max_pending_bytes: 1 << 20,
        batch_size: 64,
        timeout: Duration::from_secs(30),
    };
    let (queue, writers) = Writer::new(vec![store], limits, None);
    // All events are in the queue before the writer starts, so that they are one batch.
    let submissions = (0..9).map(|index| {
        let user = format!("user_{index}");
        let body = match index {
            4 => poisoned(&user),
            _ => fixtures::user_event("user.created", &user, 0),
        };
        let (queue, event) = (queue.clone(), event(&format!("msg_{index}"), &body));
        async move { queue.submit(event).await.unwrap() }
    });
    let submissions = join_all(submissions);
    drop(queue);
    let (outcomes, ()) = tokio::join!(submissions, Writer::run_all(writers));
    let mut expected = vec![Outcome::Recorded(Decision::Applied); 9];
    expected[4] = Outcome::Recorded(Decision::Failed);
    assert_eq!(outcomes, expected);

    let users = tables.column("SELECT clerk_id FROM users ORDER BY clerk_id").await;
    assert_eq!(users.len(), 8, "the rejected event leaves no stub: {users:?}");
    let rejected = stored_event(&mut tables, "msg_4").await;
    let reason = json!(expected_reason(engine));
    assert_eq!((&rejected["decision"], &rejected["reason"]), (&json!("failed"), &reason));
    let (subject, kind) = (&rejected["subject"], &rejected["type"]);
    assert_eq!((subject, kind), (&json!("user_4"), &json!("user.created")));
    let payload = rejected["payload"].as_str().unwrap();
    assert!(payload.contains("poison") && !payload.contains("s-1"), "{payload}");
}

#[apply(both_engines)]
async fn rejected_delivery_does_not_affect_others(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    tables.reject_inserts("users", POISON).await;
    let deliveries: Vec<_> = (0..60)
        .map(|at| {
            let (id, user) = (format!("msg_{at}"), format!("user_{at}"));
            match at % 10 {
                3 => signed(&id, &poisoned(&user)),
                4 => signed(&id, &fixtures::session_event("session.created", &id, &user, 0)),
                _ => signed(&id, &fixtures::user_event("user.created", &user, 0)),
            }
        })
        .collect();
    let answers = join_all(deliveries.iter().map(|delivery| service.deliver(delivery))).await;
    for (at, decision) in answers.into_iter().enumerate() {
        assert_eq!(decision, if at % 10 == 3 { "failed" } else { "applied" }, "{at}");
    }
    assert_eq!(tables.rows("users").await.len(), 54);

    // If the redelivered event is rejected again, its row does not change. Later it is applied.
    assert_eq!(service.deliver(&deliveries[3]).await, "duplicate");
    let reason = &stored_event(&mut tables, "msg_3").await["reason"];
    assert_eq!(*reason, expected_reason(engine));
    tables.accept_inserts("users").await;
    assert_eq!(service.deliver(&deliveries[3]).await, "applied");
    assert_eq!(stored_event(&mut tables, "msg_3").await["reason"], Value::Null);
    let note = stored_event(&mut tables, "meetvo.event.reprocessed:msg_3").await;
    assert_eq!(note["decision"], "applied");
}

/// If the event log rejects the payload too, the event is stored without it.
#[apply(both_engines)]
async fn rejected_payload_is_left_out(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    tables.reject_inserts("webhook_events", "NEW.payload LIKE '%poison%'").await;
    assert_eq!(service.deliver(&signed("msg_1", &poisoned("user_1"))).await, "failed");
    let rejected = stored_event(&mut tables, "msg_1").await;
    let reason = rejected["reason"].as_str().unwrap();
    assert!(reason.starts_with("rejected by the database: code "), "{reason}");
    assert_eq!(rejected["payload"], Value::Null);
    assert!(tables.rows("users").await.is_empty());
}

/// If no row can be stored for an event, Svix must keep it and retry the delivery.
#[apply(both_engines)]
async fn event_that_cannot_be_stored_gets_503(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    tables.reject_inserts("webhook_events", "NEW.id = 'msg_1'").await;
    let rejected = signed("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    let other = signed("msg_2", &fixtures::user_event("user.created", "user_2", 0));
    let (response, decision) = tokio::join!(service.post(&rejected), service.deliver(&other));
    assert_unavailable(&response);
    assert_eq!(decision, "applied");
    tables.accept_inserts("webhook_events").await;
    assert_eq!(service.deliver(&rejected).await, "applied");
}

fn assert_unavailable(response: &ApiResponse) {
    assert_eq!(response.problem(), (503, "database_unavailable"));
    assert_eq!(response.header("retry-after"), Some("5"));
}

#[apply(both_engines)]
async fn missing_table_gets_503_and_loses_nothing(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    tables.run("ALTER TABLE sessions RENAME TO elsewhere").await;

    let session = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    let deliveries =
        [signed("msg_1", &session), signed("msg_2", &fixtures::user_deleted("user_1", 0))];
    for delivery in &deliveries {
        assert_unavailable(&service.post(delivery).await);
    }
    let decisions =
        "SELECT id FROM webhook_events WHERE decision <> 'applied' OR id LIKE 'msg\\__'";
    assert!(tables.column(decisions).await.is_empty(), "no event is stored, also not as failed");
    let deleted_at = &tables.rows("users").await[0]["deleted_at"];
    assert_eq!(*deleted_at, Value::Null, "the deletion is rolled back");

    tables.run("ALTER TABLE elsewhere RENAME TO sessions").await;
    for delivery in &deliveries {
        assert_eq!(service.deliver(delivery).await, "applied", "after the table is restored");
    }
}

#[apply(both_engines)]
async fn locked_database_gets_503_in_time(engine: Engine) {
    // SQLite waits for its lock, and PostgreSQL's statement for a row.
    let timeout = match engine {
        Engine::Sqlite => ("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "100"),
        Engine::Postgres => ("MEETVO__INGEST__TIMEOUT_MS", "1800"),
    };
    let service = Service::start_with(engine, [timeout]).await;
    let delivery = signed("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    let mut tables = service.tables().await;
    tables.block_writers().await;
    let start = Instant::now();
    let response = service.post(&delivery).await;
    assert!(start.elapsed() < ANSWER_LIMIT, "{:?}", start.elapsed());
    let expected = match engine {
        Engine::Sqlite => "database_unavailable",
        // Locks are per row. The statement waits for the lock longer than the delivery does.
        Engine::Postgres => "commit_late",
    };
    assert_eq!(response.problem(), (503, expected));
    assert_eq!(response.header("retry-after"), Some("5"));
    tables.release().await;
    // An earlier attempt may have been committed meanwhile.
    let decision = service.deliver_with_retries(&delivery).await;
    assert!(["applied", "duplicate"].contains(&&*decision), "{decision}");
    assert_eq!(tables.rows("users").await.len(), 1);
}

#[apply(both_engines)]
async fn full_queue_gets_503_and_loses_nothing(engine: Engine) {
    let settings = [
        ("MEETVO__INGEST__QUEUE_CAPACITY", "2"),
        ("MEETVO__INGEST__BATCH_SIZE", "1"),
        ("MEETVO__INGEST__TIMEOUT_MS", "1800"),
    ];
    let service = Service::start_with(engine, settings).await;
    let deliveries: Vec<_> = (0..12)
        .map(|index| {
            let body = fixtures::user_event("user.created", &format!("user_{index}"), 0);
            signed(&format!("msg_{index}"), &body)
        })
        .collect();
    let mut tables = service.tables().await;
    tables.block_writers().await;
    // Two events wait in the queue, and up to one for each writer is being committed. For the other
    // events, the queue is full.
    let start = Instant::now();
    let responses = join_all(deliveries.iter().map(|delivery| service.post(delivery))).await;
    assert!(start.elapsed() < ANSWER_LIMIT, "{:?}", start.elapsed());
    let full: Vec<_> = responses.iter().filter(|it| it.problem() == (503, "queue_full")).collect();
    assert!((8..=10).contains(&full.len()), "{responses:?}");
    assert!(full.iter().all(|response| response.header("retry-after") == Some("5")));
    tables.release().await;
    for delivery in &deliveries {
        // The queue can still be full of the first events. One whose delivery timed out may have
        // been committed meanwhile.
        let decision = service.deliver_with_retries(delivery).await;
        assert!(["applied", "duplicate"].contains(&&*decision), "{decision}");
    }
    assert_eq!(tables.rows("users").await.len(), 12);
}

/// The queue has room for many events, but not for their bytes.
#[apply(both_engines)]
async fn queued_bytes_get_503_beyond_their_limit(engine: Engine) {
    let settings =
        [("MEETVO__SERVER__MAX_PENDING_BYTES", "2097152"), ("MEETVO__INGEST__TIMEOUT_MS", "1800")];
    let service = Service::start_with(engine, settings).await;
    let deliveries: Vec<_> = (0..12)
        .map(|index| {
            let mut body = fixtures::user_event("user.created", &format!("user_{index}"), 0);
            body["data"]["public_metadata"] = json!({ "text": "x".repeat(300_000) });
            signed(&format!("msg_{index}"), &body)
        })
        .collect();
    let mut tables = service.tables().await;
    tables.block_writers().await;
    let start = Instant::now();
    let responses = join_all(deliveries.iter().map(|delivery| service.post(delivery))).await;
    assert!(start.elapsed() < ANSWER_LIMIT, "{:?}", start.elapsed());
    // Each event holds its body and its payload, so that three of them fit.
    let is_full = |response: &&ApiResponse| response.problem() == (503, "pending_bytes_full");
    let full: Vec<_> = responses.iter().filter(is_full).collect();
    assert!(full.len() >= 9, "{responses:?}");
    assert!(full.iter().all(|response| response.header("retry-after") == Some("5")));
    tables.release().await;
    for delivery in &deliveries {
        // The memory can still be full of the first events.
        let decision = service.deliver_with_retries(delivery).await;
        assert!(["applied", "duplicate"].contains(&&*decision), "{decision}");
    }
    assert_eq!(tables.rows("users").await.len(), 12);
}

/// Runs only on PostgreSQL, because a trigger of SQLite can only raise the code of a constraint.
#[tokio::test(flavor = "multi_thread")]
async fn error_code_decides_between_failed_and_503() {
    let service = Service::start(Engine::Postgres).await;
    let mut tables = service.tables().await;
    let cases = [
        ("22003 numeric_value_out_of_range", true),
        ("22021 character_not_in_repertoire", true),
        ("23505 unique_violation", true),
        ("54000 program_limit_exceeded", true),
        ("25006 read_only_sql_transaction", false),
        ("42501 insufficient_privilege", false),
        ("42P01 undefined_table", false),
        ("53100 disk_full", false),
        ("53200 out_of_memory", false),
        ("55P03 lock_not_available", false),
        ("57014 query_canceled", false),
        ("58030 io_error", false),
        ("XX001 data_corrupted", false),
    ];
    for (index, (case, is_rejection)) in cases.into_iter().enumerate() {
        let (code, _) = case.split_once(' ').unwrap();
        let raise = format!(
            "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE 'ada@example.com' USING ERRCODE = '{code}'; END $$; \
             CREATE TRIGGER fail BEFORE INSERT ON users FOR EACH ROW \
             WHEN (NEW.first_name IS NOT NULL) EXECUTE FUNCTION fail()",
        );
        tables.run(&raise).await;
        let (id, user) = (format!("msg_{index}"), format!("user_{index}"));
        let delivery = signed(&id, &fixtures::user_event("user.created", &user, 0));
        if is_rejection {
            assert_eq!(service.deliver(&delivery).await, "failed", "{case}");
            let reason = stored_event(&mut tables, &id).await["reason"].clone();
            assert_eq!(reason, format!("rejected by the database: code {code}"));
        } else {
            assert_unavailable(&service.post(&delivery).await);
            let stored = stored_event(&mut tables, &id).await;
            assert_eq!(stored, Value::Null, "{case}: the event is not stored");
        }
        tables.run("DROP TRIGGER fail ON users").await;
        assert_eq!(service.deliver(&delivery).await, "applied", "{case}");
    }
}

/// Simulates a failover to a standby. Runs only on PostgreSQL, because SQLite has no server.
#[tokio::test(flavor = "multi_thread")]
async fn read_only_database_still_serves_reads() {
    let service = Service::start(Engine::Postgres).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let mut tables = service.tables().await;
    let delivery = signed("msg_1", &fixtures::user_event("user.updated", "user_1", 5));
    for read_only in ["on", "off"] {
        let database = tables.column("SELECT current_database()::text").await.remove(0);
        let setting = format!("ALTER DATABASE {database} SET default_transaction_read_only");
        // The setting applies to new sessions. The session of the test continues without it.
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        tables.run(&format!("{setting} = {read_only}")).await;
        tables.run(end).await;
        if read_only == "on" {
            assert_unavailable(&service.post(&delivery).await);
            // A request that gets one of the ended connections is answered with 503.
            let mut read = service.get("/v1/users/user_1").await;
            for _ in 0..8 {
                if read.status == 503 {
                    read = service.get("/v1/users/user_1").await;
                }
            }
            assert_eq!(read.body["first_name"], "Ada 0");
            assert_eq!(stored_event(&mut tables, "msg_1").await, Value::Null);
        } else {
            assert_eq!(service.deliver(&delivery).await, "applied");
        }
    }
}

/// Runs only on SQLite, because a PostgreSQL server has its own disk.
#[tokio::test(flavor = "multi_thread")]
async fn full_disk_loses_no_acknowledged_event() {
    let database = Database::new(Engine::Sqlite).await;
    let client = client();
    let delivery = |index: usize| {
        let body = fixtures::user_event("user.created", &format!("user_{index}"), 0).to_string();
        Delivery::signed(SECRET, &format!("msg_{index}"), Clock::system().now(), body)
    };
    // Files of the process cannot grow beyond some megabytes.
    let limits = "trap '' XFSZ; ulimit -f 4000";
    let mut process = Process::start(Process::command_with_limits(limits, &database, []));
    let mut applied = 0;
    loop {
        let response = ApiResponse::fetch(delivery(applied).request(&client, &process.url)).await;
        if response.status != 200 {
            assert_unavailable(&response);
            break;
        }
        assert_eq!(response.body["decision"], "applied");
        applied += 1;
    }
    assert!(applied > 10, "{applied}");
    process.kill();

    let process = Process::serve(&database, []);
    for index in 0..=applied {
        let response = ApiResponse::fetch(delivery(index).request(&client, &process.url)).await;
        let expected = if index < applied { "duplicate" } else { "applied" };
        assert_eq!(response.body["decision"], expected, "{index} of {applied}");
    }
}
