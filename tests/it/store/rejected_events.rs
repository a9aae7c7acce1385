//! What the database refuses is the event's own trouble; everything else is ours.

use std::time::Duration;

use futures_util::future::join_all;
use meetvo::{
    clock::Clock,
    domain::event::{Decision, Outcome},
    ingest::{Limits, Writer},
};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{event, migrated};
use crate::harness::{
    ApiResponse, Database, Delivery, Engine, NOW, Process, SECRET, Service, Tables, apply, both_engines,
    client, fixtures,
};

/// What the database is made to refuse.
const POISON: &str = "NEW.username = 'poison'";

/// The reason: the code, the place where the engine tells it, and nothing of the message.
fn why(engine: Engine) -> &'static str {
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

/// A row of `webhook_events`.
async fn kept(tables: &mut Tables, id: &str) -> Value {
    let rows = tables.rows("webhook_events").await;
    rows.into_iter().find(|row| row["id"] == id).unwrap_or_default()
}

#[apply(both_engines)]
async fn an_event_that_the_database_refuses_fails_alone(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    tables.reject_inserts("users", POISON).await;
    let limits = Limits { queue_capacity: 64, batch_size: 64, timeout: Duration::from_secs(30) };
    let (queue, writers) = Writer::new(vec![store], limits, None);
    // All of them wait before the writer starts: one batch.
    let submissions = (0..9).map(|at| {
        let user = format!("user_{at}");
        let body = match at {
            4 => poisoned(&user),
            _ => fixtures::user_event("user.created", &user, 0),
        };
        let (queue, event) = (queue.clone(), event(&format!("msg_{at}"), &body));
        async move { queue.submit(event).await.unwrap() }
    });
    let submissions = join_all(submissions);
    drop(queue);
    let (outcomes, ()) = tokio::join!(submissions, Writer::run_all(writers));
    let mut expected = vec![Outcome::Recorded(Decision::Applied); 9];
    expected[4] = Outcome::Recorded(Decision::Failed);
    assert_eq!(outcomes, expected);

    let users = tables.column("SELECT clerk_id FROM users ORDER BY clerk_id").await;
    assert_eq!(users.len(), 8, "no stub of the refused one: {users:?}");
    let refused = kept(&mut tables, "msg_4").await;
    assert_eq!((&refused["decision"], &refused["reason"]), (&json!("failed"), &json!(why(engine))));
    assert_eq!((&refused["subject"], &refused["type"]), (&json!("user_4"), &json!("user.created")));
    let payload = refused["payload"].as_str().unwrap();
    assert!(payload.contains("poison") && !payload.contains("s-1"), "{payload}");
}

#[apply(both_engines)]
async fn deliveries_beside_a_refused_one_are_applied_and_nothing_is_a_server_error(engine: Engine) {
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

    // Refused again: it stays what it is. Taken at last: it is applied.
    assert_eq!(service.deliver(&deliveries[3]).await, "duplicate");
    assert_eq!(kept(&mut tables, "msg_3").await["reason"], why(engine));
    tables.accept_inserts("users").await;
    assert_eq!(service.deliver(&deliveries[3]).await, "applied");
    assert_eq!(kept(&mut tables, "msg_3").await["reason"], Value::Null);
    assert_eq!(kept(&mut tables, "meetvo.event.reprocessed:msg_3").await["decision"], "applied");
}

#[apply(both_engines)]
async fn a_payload_that_is_refused_is_left_out_in_the_end(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    tables.reject_inserts("webhook_events", "NEW.payload LIKE '%poison%'").await;
    assert_eq!(service.deliver(&signed("msg_1", &poisoned("user_1"))).await, "failed");
    let refused = kept(&mut tables, "msg_1").await;
    let reason = refused["reason"].as_str().unwrap();
    assert!(reason.starts_with("rejected by the database: code "), "{reason}");
    assert_eq!(refused["payload"], Value::Null);
    assert!(tables.rows("users").await.is_empty());
}

/// The last way out: Svix keeps it, and sends it again.
#[apply(both_engines)]
async fn an_event_of_which_nothing_can_be_kept_is_to_be_sent_again(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    tables.reject_inserts("webhook_events", "NEW.id = 'msg_1'").await;
    let refused = signed("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    let beside = signed("msg_2", &fixtures::user_event("user.created", "user_2", 0));
    let (answer, decision) = tokio::join!(service.post(&refused), service.deliver(&beside));
    assert_unavailable(&answer);
    assert_eq!(decision, "applied");
    tables.accept_inserts("webhook_events").await;
    assert_eq!(service.deliver(&refused).await, "applied");
}

fn assert_unavailable(answer: &ApiResponse) {
    assert_eq!(answer.problem(), (503, "database_unavailable"));
    assert_eq!(answer.header("retry-after"), Some("5"));
}

#[apply(both_engines)]
async fn a_missing_table_is_our_trouble_and_no_events_fault(engine: Engine) {
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
    assert!(tables.column(decisions).await.is_empty(), "nothing is kept, least of all as failed");
    assert_eq!(tables.rows("users").await[0]["deleted_at"], Value::Null, "all or nothing");

    tables.run("ALTER TABLE elsewhere RENAME TO sessions").await;
    for delivery in &deliveries {
        assert_eq!(service.deliver(delivery).await, "applied", "once the table is back");
    }
}

#[apply(both_engines)]
async fn a_database_that_is_locked_is_answered_in_time_and_heals(engine: Engine) {
    let settings = [("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "100")];
    let service = Service::start_with(engine, settings).await;
    let delivery = signed("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    let mut tables = service.tables().await;
    tables.block_writers().await;
    let asked = Instant::now();
    let answer = service.post(&delivery).await;
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    let expected = match engine {
        Engine::Sqlite => "database_unavailable",
        // Rows are locked one by one: the statement waits, and the delivery does not.
        Engine::Postgres => "commit_late",
    };
    assert_eq!(answer.problem(), (503, expected));
    assert_eq!(answer.header("retry-after"), Some("5"));
    tables.release().await;
    // What waited on may be through in the meantime.
    let decision = service.deliver(&delivery).await;
    assert!(["applied", "duplicate"].contains(&&*decision), "{decision}");
    assert_eq!(tables.rows("users").await.len(), 1);
}

#[apply(both_engines)]
async fn more_than_may_wait_are_told_to_come_again_and_nothing_is_lost(engine: Engine) {
    let few = [("MEETVO__INGEST__QUEUE_CAPACITY", "2"), ("MEETVO__INGEST__BATCH_SIZE", "1")];
    let service = Service::start_with(engine, few).await;
    let deliveries: Vec<_> = (0..12)
        .map(|at| {
            let body = fixtures::user_event("user.created", &format!("user_{at}"), 0);
            signed(&format!("msg_{at}"), &body)
        })
        .collect();
    let mut tables = service.tables().await;
    tables.block_writers().await;
    // Two wait, and as many more are being committed as there are writers, if those were quick: the others
    // find no room.
    let asked = Instant::now();
    let answers = join_all(deliveries.iter().map(|delivery| service.post(delivery))).await;
    // Two seconds are the promise; the rest is for a machine that is busy.
    assert!(asked.elapsed() < Duration::from_millis(3_500), "{:?}", asked.elapsed());
    let full: Vec<_> = answers.iter().filter(|it| it.problem() == (503, "queue_full")).collect();
    assert!((8..=10).contains(&full.len()), "{answers:?}");
    assert!(full.iter().all(|answer| answer.header("retry-after") == Some("5")));
    tables.release().await;
    for delivery in &deliveries {
        let mut answer = service.post(delivery).await;
        // Those who waited may still be there.
        while answer.status == 503 {
            assert_eq!(answer.problem(), (503, "queue_full"));
            answer = service.post(delivery).await;
        }
        // And of those who were told to come again too late, some are through.
        let decision = answer.body["decision"].as_str().unwrap();
        assert!(["applied", "duplicate"].contains(&decision), "{decision}");
    }
    assert_eq!(tables.rows("users").await.len(), 12);
}

/// PostgreSQL alone: SQLite's triggers can raise no code but that of a constraint.
#[tokio::test(flavor = "multi_thread")]
async fn by_the_code_an_error_is_the_events_fault_or_ours() {
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
    for (at, (named, events_fault)) in cases.into_iter().enumerate() {
        let (code, _) = named.split_once(' ').unwrap();
        let raise = format!(
            "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 RAISE 'ada@example.com' USING ERRCODE = '{code}'; END $$; \
             CREATE TRIGGER fail BEFORE INSERT ON users FOR EACH ROW \
             WHEN (NEW.first_name IS NOT NULL) EXECUTE FUNCTION fail()",
        );
        tables.run(&raise).await;
        let (id, user) = (format!("msg_{at}"), format!("user_{at}"));
        let delivery = signed(&id, &fixtures::user_event("user.created", &user, 0));
        if events_fault {
            assert_eq!(service.deliver(&delivery).await, "failed", "{named}");
            let reason = kept(&mut tables, &id).await["reason"].clone();
            assert_eq!(reason, format!("rejected by the database: code {code}"));
        } else {
            assert_unavailable(&service.post(&delivery).await);
            assert_eq!(kept(&mut tables, &id).await, Value::Null, "{named}: nothing is kept");
        }
        tables.run("DROP TRIGGER fail ON users").await;
        assert_eq!(service.deliver(&delivery).await, "applied", "{named}");
    }
}

/// PostgreSQL alone, after a failover to a standby: on SQLite there is no other server.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_takes_no_writes_is_our_trouble_and_can_still_be_read() {
    let service = Service::start(Engine::Postgres).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let mut tables = service.tables().await;
    let delivery = signed("msg_1", &fixtures::user_event("user.updated", "user_1", 5));
    for read_only in ["on", "off"] {
        let database = tables.column("SELECT current_database()::text").await.remove(0);
        let setting = format!("ALTER DATABASE {database} SET default_transaction_read_only");
        // It holds for sessions that begin; the tests' own goes on as it was.
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        tables.run(&format!("{setting} = {read_only}")).await;
        tables.run(end).await;
        if read_only == "on" {
            assert_unavailable(&service.post(&delivery).await);
            // Each connection that is gone is found so by somebody who is told to come again.
            let mut read = service.get("/v1/users/user_1").await;
            for _ in 0..8 {
                if read.status == 503 {
                    read = service.get("/v1/users/user_1").await;
                }
            }
            assert_eq!(read.body["first_name"], "Ada 0");
            assert_eq!(kept(&mut tables, "msg_1").await, Value::Null);
        } else {
            assert_eq!(service.deliver(&delivery).await, "applied");
        }
    }
}

/// SQLite alone: a server has a disk of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_is_full_is_our_trouble_and_loses_nothing_that_was_answered() {
    let database = Database::new(Engine::Sqlite).await;
    let client = client();
    let delivery = |at: usize| {
        let body = fixtures::user_event("user.created", &format!("user_{at}"), 0).to_string();
        Delivery::signed(SECRET, &format!("msg_{at}"), Clock::system().now(), body)
    };
    // No file of its may grow beyond some megabytes.
    let limits = "trap '' XFSZ; ulimit -f 4000";
    let mut process = Process::start(Process::command_with_limits(limits, &database, []));
    let mut taken = 0;
    loop {
        let answer = ApiResponse::fetch(delivery(taken).request(&client, &process.url)).await;
        if answer.status != 200 {
            assert_unavailable(&answer);
            break;
        }
        assert_eq!(answer.body["decision"], "applied");
        taken += 1;
    }
    assert!(taken > 10, "{taken}");
    process.kill();

    let process = Process::serve(&database, []);
    for at in 0..=taken {
        let answer = ApiResponse::fetch(delivery(at).request(&client, &process.url)).await;
        let expected = if at < taken { "duplicate" } else { "applied" };
        assert_eq!(answer.body["decision"], expected, "{at} of {taken}");
    }
}
