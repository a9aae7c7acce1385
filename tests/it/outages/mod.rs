//! The database goes away and comes back: what is asked in the meantime is answered in time, the
//! service heals by itself, and nothing that was answered 200 is lost.
//!
//! Most of it is PostgreSQL's alone: a file does not stop, hang or move to another machine.

mod file;
mod load;
mod network;
mod server;
mod sessions;

use std::{collections::BTreeSet, time::Duration};

use tokio::time::{sleep, timeout};

use self::load::{Load, open};
use crate::harness::Service;

/// Ends a test that would hang.
const PATIENCE: Duration = Duration::from_mins(1);

/// Between an answer and the next request of the same client: nobody who is turned away comes again
/// at once, and the others leave some of the machine to other tests.
const PAUSE: Duration = Duration::from_millis(40);

/// The promise: once the database is back, the service is.
const HEALED: Duration = Duration::from_secs(5);

/// Sends a service its load while the database goes away and comes back.
/// Returns the codes of what was turned away.
async fn outlives(
    service: Service,
    goes: impl AsyncFnOnce(),
    comes: impl AsyncFnOnce(),
) -> BTreeSet<String> {
    let load = Load::start(&service);
    load.is_taken().await;
    goes().await;
    load.is_turned_away().await;
    becomes_unready(&service).await;
    comes().await;
    let healed = async {
        becomes_ready(&service).await;
        load.is_taken_again().await;
    };
    timeout(HEALED, healed).await.expect("it heals by itself");
    load.end(service).await
}

async fn becomes_unready(service: &Service) {
    timeout(PATIENCE, readiness(service, 503)).await.expect("it says that it cannot work");
    assert_eq!(open(service, "/healthz").await.status, 200, "a restart would not help");
}

async fn becomes_ready(service: &Service) {
    readiness(service, 200).await;
}

async fn readiness(service: &Service, status: u16) {
    while open(service, "/readyz").await.status != status {
        sleep(PAUSE).await;
    }
}
