//! A server of the test's own, which stops, crashes and hangs.

use meetvo::clock::Clock;
use tokio::task::block_in_place;

use super::outlives;
use crate::harness::{Cluster, NOW, Service};

async fn start<const N: usize>(differ: [(&str, &str); N]) -> (Cluster, Service) {
    let cluster = block_in_place(Cluster::start);
    let service = Service::start_on(cluster.database(), Clock::manual(NOW), differ).await;
    (cluster, service)
}

/// PostgreSQL is stopped for maintenance, and started again.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_stopped_and_started_again() {
    let (cluster, service) = start([]).await;
    let stop = async || block_in_place(|| cluster.stop("fast"));
    outlives(service, stop, async || block_in_place(|| cluster.start_again())).await;
}

/// PostgreSQL crashes in the middle of everything, and recovers.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_crashes_and_recovers() {
    let (cluster, service) = start([]).await;
    let crash = async || block_in_place(|| cluster.stop("immediate"));
    outlives(service, crash, async || block_in_place(|| cluster.start_again())).await;
}

/// PostgreSQL is there, takes connections, and answers none of them. No more than may wait for it
/// do, and what waited is worked off.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_hangs_and_goes_on() {
    let (cluster, service) = start([("MEETVO__INGEST__QUEUE_CAPACITY", "4")]).await;
    let hang = async || block_in_place(|| cluster.pause());
    let resume = async || block_in_place(|| cluster.resume());
    let codes = outlives(service, hang, resume).await;
    assert!(codes.contains("queue_full"), "{codes:?}");
}
