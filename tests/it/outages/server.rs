//! Outages of a PostgreSQL server that the test owns.

use meetvo::clock::Clock;
use tokio::task::block_in_place;

use super::survives_outage;
use crate::harness::{DEFAULT_TIMEOUTS, NOW, PostgresServer, Service};

async fn start<const N: usize>(differ: [(&str, &str); N]) -> (PostgresServer, Service) {
    let cluster = block_in_place(PostgresServer::start);
    let settings = DEFAULT_TIMEOUTS.into_iter().chain(differ);
    let service = Service::start_on(cluster.database(), Clock::manual(NOW), settings).await;
    (cluster, service)
}

/// PostgreSQL is stopped for maintenance, and started again.
#[tokio::test(flavor = "multi_thread")]
async fn service_recovers_from_server_restart() {
    let (cluster, service) = start([]).await;
    let stop = async || block_in_place(|| cluster.stop("fast"));
    survives_outage(service, stop, async || block_in_place(|| cluster.start_again())).await;
}

/// PostgreSQL crashes under load, and recovers.
#[tokio::test(flavor = "multi_thread")]
async fn service_recovers_from_server_crash() {
    let (cluster, service) = start([]).await;
    let crash = async || block_in_place(|| cluster.stop("immediate"));
    survives_outage(service, crash, async || block_in_place(|| cluster.start_again())).await;
}

/// PostgreSQL accepts connections and does not respond. The queue stays bounded, and its events are
/// committed after the recovery.
#[tokio::test(flavor = "multi_thread")]
async fn service_recovers_from_hanging_server() {
    let (cluster, service) = start([("MEETVO__INGEST__QUEUE_CAPACITY", "4")]).await;
    let hang = async || block_in_place(|| cluster.pause());
    let resume = async || block_in_place(|| cluster.resume());
    let codes = survives_outage(service, hang, resume).await;
    assert!(codes.contains("queue_full"), "{codes:?}");
}
