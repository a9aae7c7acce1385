//! A locked SQLite file, which comes closest to an outage of a database server.

use tokio::time::timeout;

use super::{RECOVERY_TIME, becomes_ready, becomes_unready, load::Load};
use crate::harness::{DEFAULT_TIMEOUTS, Engine, Service};

/// Another process holds the write lock of the SQLite file for longer than the service waits. Reads
/// are not affected, but the service is not ready for deliveries.
#[tokio::test(flavor = "multi_thread")]
async fn locked_file_delays_only_deliveries() {
    let service = Service::start_with(Engine::Sqlite, DEFAULT_TIMEOUTS).await;
    let load = Load::start(&service);
    load.is_accepted().await;
    let mut other = service.tables().await;
    other.block_writers().await;
    load.deliveries_are_rejected().await;
    load.reads_are_accepted().await;
    becomes_unready(&service).await;
    other.release().await;
    let recovered = async {
        becomes_ready(&service).await;
        load.is_accepted_without_rejection().await;
    };
    timeout(RECOVERY_TIME, recovered).await.expect("the service recovers by itself");
    load.end(service).await;
}
