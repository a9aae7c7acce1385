//! Failures of the network between the service and the server, which neither is notified of.

use std::sync::Arc;

use futures_util::future::join_all;
use meetvo::clock::Clock;
use tokio::time::timeout;

use super::{load::send_in_time, survives_outage};
use crate::harness::{
    ApiResponse, DEFAULT_TIMEOUTS, Database, Delivery, Engine, KEY, NOW, NetworkProxy, Service,
    TEST_TIMEOUT, fixtures,
};

/// Starts a service that reaches its database through a `NetworkProxy`.
async fn start<const N: usize>(differ: [(&str, &str); N]) -> (Database, NetworkProxy, Service) {
    let database = Database::new(Engine::Postgres).await;
    let proxy = NetworkProxy::start(database.url()).await;
    let behind = Arc::new(Database::at_url(proxy.url.clone()));
    let settings = DEFAULT_TIMEOUTS.into_iter().chain(differ);
    let service = Service::start_on(behind, Clock::manual(NOW), settings).await;
    (database, proxy, service)
}

/// PostgreSQL is later reachable only over new connections, as after a cable was unplugged or
/// another machine took over the address.
#[tokio::test(flavor = "multi_thread")]
async fn service_recovers_from_cut_connections() {
    let (_database, proxy, service) = start([]).await;
    survives_outage(service, async || proxy.block(), async || proxy.unblock()).await;
}

/// PostgreSQL's connections are idle, and a device in the network drops their state. The next
/// requests get new connections and are not rejected.
#[tokio::test(flavor = "multi_thread")]
async fn cut_idle_connections_are_replaced() {
    // A check of an idle connection lasts a third of the time for a connection.
    let acquire = ("MEETVO__DATABASE__ACQUIRE_TIMEOUT_MS", "9000");
    let answer = [("MEETVO__INGEST__TIMEOUT_MS", "60000"), ("MEETVO__API__TIMEOUT_MS", "60000")];
    let (_database, proxy, service) = start([acquire, answer[0], answer[1]]).await;
    use_all_connections(&service).await;
    proxy.block();
    proxy.unblock();
    use_all_connections(&service).await;
}

/// Opens the maximum number of connections. With the default timeouts, a busy machine can need several
/// attempts.
pub(super) async fn open_all_connections(service: &Service) {
    let open = async { while use_connections(service).await.iter().any(|it| it.status != 200) {} };
    timeout(TEST_TIMEOUT, open).await.expect("the service opens its connections");
}

/// Uses the maximum number of connections, and asserts that no request is rejected.
pub(super) async fn use_all_connections(service: &Service) {
    for answer in use_connections(service).await {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// Sends as many requests at once as the service has connections.
async fn use_connections(service: &Service) -> Vec<ApiResponse> {
    let event = fixtures::user_event("user.created", "user_1", 0);
    let delivery = Delivery::new(&event, NOW).request(&service.client, &service.url);
    let read = |_| service.client.get(service.url_for("/v1/users")).bearer_auth(KEY);
    let requests = (0..8).map(read).chain([delivery]);
    join_all(requests.map(send_in_time)).await
}

/// PostgreSQL is unreachable when the service shuts down. The shutdown succeeds, because no
/// accepted delivery is lost.
#[tokio::test(flavor = "multi_thread")]
async fn shutdown_succeeds_without_database() {
    let (_database, proxy, service) = start([]).await;
    open_all_connections(&service).await;
    proxy.block();
    let event = fixtures::user_event("user.created", "user_2", 0);
    let delivery = Delivery::new(&event, NOW).request(&service.client, &service.url);
    let read = service.client.get(service.url_for("/v1/users")).bearer_auth(KEY);
    let (delivered, read) = tokio::join!(send_in_time(delivery), send_in_time(read));
    assert_eq!((delivered.status.as_u16(), read.status.as_u16()), (503, 503));
    drop(timeout(TEST_TIMEOUT, service.stop()).await.expect("the shutdown ends"));
}
