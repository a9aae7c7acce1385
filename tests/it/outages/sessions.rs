//! A server that stays, and what its operator does to our sessions.

use std::sync::Arc;

use futures_util::future::join_all;
use reqwest::StatusCode;
use tokio::time::{sleep, timeout};

use super::{
    HEALED, PAUSE, becomes_ready, becomes_unready,
    load::{Load, SENDERS, ask, open},
    network::use_all,
    outlives,
};
use crate::harness::{Database, Delivery, Engine, KEY, NOW, Service, Tables, fixtures};

/// The connections for reading that a service has at the most.
const READING: usize = 8;

/// Ends every session of a service, and waits until they are gone.
async fn end_sessions(server: &mut Tables, database: &Database) {
    let sql = format!(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{}'",
        database.name(),
    );
    server.run(&sql).await;
}

async fn alter(server: &mut Tables, database: &Database, how: &str) {
    server.run(&format!("ALTER DATABASE {} {how}", database.name())).await;
}

/// PostgreSQL's sessions end while nothing is under way: whoever comes next does not notice.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_are_ended_while_nobody_asks() {
    let service = Service::start(Engine::Postgres).await;
    let mut server = service.database.server().await;
    for _ in 0..3 {
        use_all(&service).await;
        end_sessions(&mut server, &service.database).await;
    }
    use_all(&service).await;
    becomes_ready(&service).await;
}

/// PostgreSQL's sessions all end at once: what they were at fails, and nothing else.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_are_ended_under_load() {
    let service = Service::start(Engine::Postgres).await;
    let mut server = service.database.server().await;
    let load = Load::start(&service);
    for round in 1..=3 {
        load.is_taken().await;
        end_sessions(&mut server, &service.database).await;
        load.is_taken_again().await;
        let (sent, read) = load.turned_away();
        assert!(sent <= SENDERS * round && read <= READING * round, "{sent} and {read}");
    }
    load.end(service).await;
}

/// PostgreSQL takes no connections: it is being moved, or others have them all.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_refused() {
    let service = Service::start(Engine::Postgres).await;
    let database = Arc::clone(&service.database);
    let (mut server, mut again) = (database.server().await, database.server().await);
    let refuse = async || {
        alter(&mut server, &database, "ALLOW_CONNECTIONS false").await;
        end_sessions(&mut server, &database).await;
    };
    let accept = async || alter(&mut again, &database, "ALLOW_CONNECTIONS true").await;
    outlives(service, refuse, accept).await;
}

/// PostgreSQL fails over, and we are connected to one that only reads. That is no event's fault;
/// and when there is one again that writes, we do not stay with the other.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_has_become_read_only() {
    let service = Service::start(Engine::Postgres).await;
    let mut server = service.database.server().await;
    use_all(&service).await;
    alter(&mut server, &service.database, "SET default_transaction_read_only = on").await;
    end_sessions(&mut server, &service.database).await;

    let deliveries: Vec<_> = (0..SENDERS)
        .map(|at| fixtures::user_event("user.created", &format!("user_read_only_{at}"), 0))
        .map(|event| Delivery::of(&event, NOW))
        .collect();
    let send =
        || join_all(deliveries.iter().map(|it| ask(it.request(&service.client, &service.url))));
    for answer in send().await {
        assert_eq!(answer.problem(), (503, "database_unavailable"));
    }
    becomes_unready(&service).await;
    let read = |_| ask(service.client.get(service.at("/v1/users")).bearer_auth(KEY));
    for answer in join_all((0..READING).map(read)).await {
        assert_eq!(answer.status, 200, "what can be read is read");
    }

    // The sessions that were begun in the meantime stay what they are.
    alter(&mut server, &service.database, "RESET default_transaction_read_only").await;
    let ready = open(&service, "/readyz").await;
    assert_eq!(ready.status, 200, "whoever comes now may write: {}", ready.body);
    let healed = async {
        while send().await.iter().any(|answer| answer.status != StatusCode::OK) {
            sleep(PAUSE).await;
        }
        becomes_ready(&service).await;
    };
    timeout(HEALED, healed).await.expect("it heals by itself");
    let mut tables = service.tables().await;
    assert_eq!(tables.rows("users").await.len(), 1 + SENDERS);
    let failed = "SELECT id FROM webhook_events WHERE decision <> 'applied'";
    assert!(tables.column(failed).await.is_empty(), "nor is anything kept as failed");
}

/// PostgreSQL's standby, say: a service that is started on it is there for reading.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_read_only_from_the_start() {
    let writing = Service::start(Engine::Postgres).await;
    use_all(&writing).await;
    let mut server = writing.database.server().await;
    alter(&mut server, &writing.database, "SET default_transaction_read_only = on").await;
    let reading = Service::start_on(Arc::clone(&writing.database), writing.clock.clone(), []).await;
    assert_eq!(open(&reading, "/readyz").await.status, 200);
    assert_eq!(reading.get("/v1/users/user_1").await.status, 200);
    let delivery = Delivery::of(&fixtures::user_event("user.created", "user_2", 0), NOW);
    assert_eq!(reading.post(&delivery).await.problem(), (503, "database_unavailable"));
    assert_eq!(writing.deliver(&delivery).await, "applied", "whose sessions are older");

    // When it takes writes, it is one like any other: and not ready once it does not any more.
    alter(&mut server, &writing.database, "RESET default_transaction_read_only").await;
    let delivery = Delivery::of(&fixtures::user_event("user.created", "user_3", 0), NOW);
    assert_eq!(reading.post(&delivery).await.body["decision"], "applied");
    assert_eq!(open(&reading, "/readyz").await.status, 200);
    alter(&mut server, &writing.database, "SET default_transaction_read_only = on").await;
    end_sessions(&mut server, &writing.database).await;
    becomes_unready(&reading).await;
}
