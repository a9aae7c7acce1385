//! A standby is promoted after its primary has crashed. Both are hosts of the URL.

use meetvo::clock::Clock;
use tokio::task::block_in_place;

use crate::{
    harness::{
        DEFAULT_TIMEOUTS, Database, Delivery, KEY, NOW, PostgresServer, Process, Rng, Service,
        Tables, fixtures, report_work, retried,
    },
    torture::{invariants, load::Senders, seed},
};

/// Number of accepted deliveries before and after the promotion.
const DELIVERIES: usize = 200;

/// Returns the URL with the hosts of both servers. Each URL has the folder of a socket as its host.
fn url_of_both(primary: &PostgresServer, standby: &PostgresServer) -> String {
    let host = |server: &PostgresServer| {
        let (_, rest) = server.url().split_once('@').unwrap();
        rest.split_once('/').unwrap().0.to_owned()
    };
    let (first, second) = (host(primary), host(standby));
    primary.url().replacen(&first, &format!("{first},{second}"), 1)
}

/// Starts a primary and a standby. The service has both hosts, and the tests connect to the standby.
fn start() -> (PostgresServer, PostgresServer, Database) {
    let (primary, standby) = block_in_place(|| {
        let primary = PostgresServer::start_primary();
        let standby = primary.start_standby();
        (primary, standby)
    });
    let url = url_of_both(&primary, &standby);
    let database = Database::at_url(standby.url().to_owned()).with_service_url(url);
    (primary, standby, database)
}

/// Default timeouts, except those that a busy machine reaches: the hosts share the time for a connection,
/// and the service must not take the standby for the primary because that is late.
fn timeouts() -> [(&'static str, &'static str); 4] {
    let [_, commit, _, api] = DEFAULT_TIMEOUTS;
    let acquire = ("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "10000");
    [acquire, commit, ("MEETVO__INGEST__TIMEOUT_MS", "60000"), api]
}

/// Waits until the standby follows the primary.
async fn wait_for_standby(primary: &mut Tables, state: &str) {
    let sql = "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'";
    while primary.column(sql).await != [state] {}
}

/// Waits until the standby has what the primary has written so far.
async fn wait_for_replay(primary: &mut Tables, standby: &mut Tables) {
    let written = primary.column("SELECT pg_current_wal_lsn()::text").await;
    let sql = format!("SELECT (pg_last_wal_replay_lsn() >= '{}')::text", written[0]);
    while standby.column(&sql).await != ["true"] {}
}

/// PostgreSQL with synchronous replication: no event that was answered with 200 is lost.
#[tokio::test(flavor = "multi_thread")]
async fn synchronous_standby_loses_no_event() {
    let (primary, standby, database) = start();
    let mut tables = Tables::connect(primary.url()).await;
    tables.run("ALTER SYSTEM SET synchronous_standby_names = '*'").await;
    tables.run("SELECT pg_reload_conf()").await;
    wait_for_standby(&mut tables, "sync").await;
    let process = block_in_place(|| Process::serve(&database, timeouts()));
    let seed = seed();
    let load = Senders::new(&mut Rng(seed)).start(&[&process.url]);
    load.wait_for_accepted(DELIVERIES).await;
    block_in_place(|| {
        primary.stop("immediate");
        standby.promote();
    });
    load.wait_for_accepted(DELIVERIES).await;
    let senders = load.finish().await;
    let events = senders.accepted().count();
    invariants::assert_same_as_undisturbed_service(&database, &senders).await;
    report_work(database.engine, Some(seed), &format!("{events} events with a promotion"));
}

/// PostgreSQL with asynchronous replication: events that the standby lacked are applied when they
/// are sent again, and are no duplicates.
#[tokio::test(flavor = "multi_thread")]
async fn asynchronous_standby_accepts_lost_events_again() {
    let (primary, standby, database) = start();
    let service = Service::start_on(database.into(), Clock::manual(NOW), timeouts()).await;
    let mut tables = Tables::connect(primary.url()).await;
    wait_for_standby(&mut tables, "async").await;
    let created = |user: &str| Delivery::new(&fixtures::user_event("user.created", user, 0), NOW);
    let (kept, lost) = (created("user_1"), created("user_2"));
    assert_eq!(service.deliver(&kept).await, "applied");
    wait_for_replay(&mut tables, &mut service.tables().await).await;
    drop(tables);
    block_in_place(|| standby.stop("fast"));
    assert_eq!(service.deliver(&lost).await, "applied");
    block_in_place(|| {
        primary.stop("immediate");
        standby.start_again();
        standby.promote();
    });
    assert_eq!(service.deliver_with_retries(&kept).await, "duplicate");
    let mut tables = service.tables().await;
    assert_eq!(tables.column("SELECT clerk_id FROM clerk.users").await, ["user_1"]);
    assert_eq!(service.deliver_with_retries(&lost).await, "applied");
    let users = || service.client.get(service.url_for("/v1/users")).bearer_auth(KEY);
    let users = retried(users).await.body["data"].as_array().unwrap().len();
    assert_eq!(users, 2, "reads follow to the new primary");
}
