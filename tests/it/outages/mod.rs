//! Outages of the database: the service answers in time, recovers by itself, and loses no delivery
//! that it answered with 200.
//!
//! Most tests use PostgreSQL only, because a SQLite file cannot stop, hang or move to another
//! machine.

mod failover;
mod load;
mod locked_file;
mod network;
mod server;
mod sessions;
mod writes;

use std::{collections::BTreeSet, time::Duration};

use tokio::time::{sleep, timeout};

use self::load::{Load, get_public};
use crate::harness::{BUSY_MACHINE, Service, TEST_TIMEOUT};

/// Pause between a response and the next request of the same client. It models the backoff of a
/// rejected client, and leaves CPU time to other tests.
const PAUSE: Duration = Duration::from_millis(40);

/// Time from the recovery of the database to the recovery of the service. It guarantees five seconds.
const RECOVERY_TIME: Duration = BUSY_MACHINE.saturating_add(Duration::from_secs(5));

/// Runs a load while the database becomes unavailable and recovers. Returns the problem codes of
/// the rejected requests.
async fn survives_outage(
    service: Service,
    interrupt: impl AsyncFnOnce(),
    restore: impl AsyncFnOnce(),
) -> BTreeSet<String> {
    let load = Load::start(&service);
    load.is_accepted().await;
    interrupt().await;
    load.is_rejected().await;
    becomes_unready(&service).await;
    restore().await;
    let recovered = async {
        becomes_ready(&service).await;
        load.is_accepted_without_rejection().await;
    };
    timeout(RECOVERY_TIME, recovered).await.expect("the service recovers by itself");
    load.end(service).await
}

async fn becomes_unready(service: &Service) {
    timeout(TEST_TIMEOUT, readiness(service, 503)).await.expect("the service becomes unready");
    assert_eq!(get_public(service, "/healthz").await.status, 200, "a restart does not help");
}

async fn becomes_ready(service: &Service) {
    timeout(TEST_TIMEOUT, readiness(service, 200)).await.expect("the service becomes ready");
}

async fn readiness(service: &Service, status: u16) {
    while get_public(service, "/readyz").await.status != status {
        sleep(PAUSE).await;
    }
}
