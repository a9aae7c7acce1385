//! What comes closest to an outage where the database is a file.

use tokio::time::timeout;

use super::{
    HEALED,
    load::{Load, open},
};
use crate::harness::{Engine, Service};

/// SQLite's file is held by another process that writes, for longer than it is waited for. What is
/// read does not notice.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_another_process_holds() {
    let service = Service::start(Engine::Sqlite).await;
    let load = Load::start(&service);
    load.is_taken().await;
    let mut other = service.tables().await;
    other.hold_writers().await;
    load.deliveries_are_turned_away().await;
    for path in ["/readyz", "/healthz"] {
        assert_eq!(open(&service, path).await.status, 200, "{path}");
    }
    other.let_go().await;
    timeout(HEALED, load.is_taken_again()).await.expect("it heals by itself");
    assert_eq!(load.turned_away().1, 0, "no read");
    load.end(service).await;
}
