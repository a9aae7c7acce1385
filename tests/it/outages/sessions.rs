//! PostgreSQL sessions that the operator terminates, rejects or makes read-only.

use std::sync::Arc;

use futures_util::future::join_all;
use reqwest::StatusCode;
use tokio::time::{sleep, timeout};

use super::{
    PAUSE, RECOVERY_TIME, becomes_ready, becomes_unready,
    load::{Load, SENDERS, get_public, send_in_time},
    network::{open_all_connections, use_all_connections},
    survives_outage,
};
use crate::harness::{
    DEFAULT_TIMEOUTS, Database, Delivery, Engine, KEY, NOW, Service, TEST_TIMEOUT, Tables,
    fixtures, retried,
};

/// Maximum number of read connections of a service.
const READ_CONNECTIONS: usize = 8;

/// Default timeouts, except the one of a delivery: the answer names the failure of its commit.
fn timeouts() -> [(&'static str, &'static str); 4] {
    let [acquire, commit, _, api] = DEFAULT_TIMEOUTS;
    [acquire, commit, ("MEETVO__INGEST__TIMEOUT_MS", "60000"), api]
}

/// Terminates all sessions of a service, and waits until they have ended.
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

/// Idle PostgreSQL sessions are terminated. The next requests succeed.
#[tokio::test(flavor = "multi_thread")]
async fn terminated_idle_sessions_are_replaced() {
    let service = Service::start(Engine::Postgres).await;
    let mut server = service.database.server().await;
    for _ in 0..3 {
        use_all_connections(&service).await;
        end_sessions(&mut server, &service.database).await;
    }
    use_all_connections(&service).await;
    becomes_ready(&service).await;
}

/// All PostgreSQL sessions are terminated at once. Only the requests that use them fail.
#[tokio::test(flavor = "multi_thread")]
async fn service_survives_terminated_sessions_under_load() {
    let service = Service::start(Engine::Postgres).await;
    let mut server = service.database.server().await;
    let load = Load::start(&service);
    for round in 1..=3 {
        load.is_accepted().await;
        end_sessions(&mut server, &service.database).await;
        load.is_accepted_without_rejection().await;
        let (sent, read) = load.rejected();
        assert!(sent <= SENDERS * round && read <= READ_CONNECTIONS * round, "{sent} and {read}");
    }
    load.end(service).await;
}

/// PostgreSQL rejects connections, as during a move, or when no connection slot is free.
#[tokio::test(flavor = "multi_thread")]
async fn service_recovers_from_rejected_connections() {
    let service = Service::start_with(Engine::Postgres, DEFAULT_TIMEOUTS).await;
    let database = Arc::clone(&service.database);
    let (mut server, mut again) = (database.server().await, database.server().await);
    let reject = async || {
        alter(&mut server, &database, "ALLOW_CONNECTIONS false").await;
        end_sessions(&mut server, &database).await;
    };
    let accept = async || alter(&mut again, &database, "ALLOW_CONNECTIONS true").await;
    survives_outage(service, reject, accept).await;
}

/// PostgreSQL fails over, and the service is connected to a read-only server. No event is stored as
/// failed. When a writable server is available, the service replaces its connections.
#[tokio::test(flavor = "multi_thread")]
async fn service_recovers_from_read_only_server() {
    let service = Service::start_with(Engine::Postgres, timeouts()).await;
    let mut server = service.database.server().await;
    open_all_connections(&service).await;
    alter(&mut server, &service.database, "SET default_transaction_read_only = on").await;
    end_sessions(&mut server, &service.database).await;

    let deliveries: Vec<_> = (0..SENDERS)
        .map(|at| fixtures::user_event("user.created", &format!("user_read_only_{at}"), 0))
        .map(|event| Delivery::new(&event, NOW))
        .collect();
    let send = || {
        join_all(
            deliveries.iter().map(|it| send_in_time(it.request(&service.client, &service.url))),
        )
    };
    for answer in send().await {
        assert_eq!(answer.problem(), (503, "database_unavailable"));
    }
    becomes_unready(&service).await;
    let read = |_| retried(|| service.client.get(service.url_for("/v1/users")).bearer_auth(KEY));
    for answer in join_all((0..READ_CONNECTIONS).map(read)).await {
        assert_eq!(answer.status, 200, "reads succeed");
    }

    // Sessions started before the change stay read-only.
    alter(&mut server, &service.database, "RESET default_transaction_read_only").await;
    // New sessions can write.
    becomes_ready(&service).await;
    let recovered = async {
        while send().await.iter().any(|answer| answer.status != StatusCode::OK) {
            sleep(PAUSE).await;
        }
        becomes_ready(&service).await;
    };
    timeout(RECOVERY_TIME, recovered).await.expect("the service recovers by itself");
    let mut tables = service.tables().await;
    assert_eq!(tables.rows("users").await.len(), 1 + SENDERS);
    let failed = "SELECT id FROM webhook_events WHERE decision <> 'applied'";
    assert!(tables.column(failed).await.is_empty(), "no event is stored as failed");
}

/// PostgreSQL is read-only from the start, for example a standby. The service serves reads.
#[tokio::test(flavor = "multi_thread")]
async fn service_starts_on_read_only_server() {
    let writing = Service::start_with(Engine::Postgres, timeouts()).await;
    open_all_connections(&writing).await;
    let mut server = writing.database.server().await;
    alter(&mut server, &writing.database, "SET default_transaction_read_only = on").await;
    let reading =
        Service::start_on(Arc::clone(&writing.database), writing.clock.clone(), timeouts()).await;
    becomes_ready(&reading).await;
    let user = || reading.client.get(reading.url_for("/v1/users/user_1")).bearer_auth(KEY);
    assert_eq!(retried(user).await.status, 200);
    let becomes = async |code: &str| {
        let becomes = async {
            loop {
                let status = reading.get("/v1/status").await.body;
                if status["reasons"][0]["code"] == code {
                    return status;
                }
            }
        };
        timeout(TEST_TIMEOUT, becomes).await.expect(code)
    };
    assert_eq!(becomes("database_standby").await["status"], "amber");
    let delivery = Delivery::new(&fixtures::user_event("user.created", "user_2", 0), NOW);
    assert_eq!(reading.post(&delivery).await.problem(), (503, "database_unavailable"));
    // A service that receives deliveries is no standby on purpose.
    becomes("database_unavailable").await;
    assert_eq!(get_public(&reading, "/readyz").await.problem(), (503, "database_unavailable"));
    let decision = writing.deliver_with_retries(&delivery).await;
    assert_eq!(decision, "applied", "older sessions can write");

    // When the server becomes writable, the service accepts deliveries. When the server becomes
    // read-only again, the service becomes unready.
    alter(&mut server, &writing.database, "RESET default_transaction_read_only").await;
    let delivery = Delivery::new(&fixtures::user_event("user.created", "user_3", 0), NOW);
    assert_eq!(reading.deliver_with_retries(&delivery).await, "applied");
    becomes_ready(&reading).await;
    alter(&mut server, &writing.database, "SET default_transaction_read_only = on").await;
    end_sessions(&mut server, &writing.database).await;
    becomes_unready(&reading).await;
}
