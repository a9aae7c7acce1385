//! Failures of the network between the service and the server, which neither is notified of.

use std::sync::Arc;

use futures_util::future::join_all;
use meetvo::clock::Clock;
use tokio::time::timeout;

use super::{load::send_in_time, survives_outage};
use crate::harness::{
    DEFAULT_TIMEOUTS, Database, Delivery, Engine, KEY, NOW, NetworkProxy, Service, TEST_TIMEOUT,
    fixtures,
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
    let (_database, proxy, service) = start([]).await;
    use_all_connections(&service).await;
    proxy.block();
    proxy.unblock();
    use_all_connections(&service).await;
}

/// Uses the maximum number of connections.
pub(super) async fn use_all_connections(service: &Service) {
    let event = fixtures::user_event("user.created", "user_1", 0);
    let delivery = Delivery::new(&event, NOW).request(&service.client, &service.url);
    let read = |_| service.client.get(service.url_for("/v1/users")).bearer_auth(KEY);
    let requests = (0..8).map(read).chain([delivery]);
    for answer in join_all(requests.map(send_in_time)).await {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// PostgreSQL is unreachable when the service shuts down. The shutdown succeeds, because no
/// accepted delivery is lost.
#[tokio::test(flavor = "multi_thread")]
async fn shutdown_succeeds_without_database() {
    let (_database, proxy, service) = start([]).await;
    use_all_connections(&service).await;
    proxy.block();
    let event = fixtures::user_event("user.created", "user_2", 0);
    let delivery = Delivery::new(&event, NOW).request(&service.client, &service.url);
    let read = service.client.get(service.url_for("/v1/users")).bearer_auth(KEY);
    let (delivered, read) = tokio::join!(send_in_time(delivery), send_in_time(read));
    assert_eq!((delivered.status.as_u16(), read.status.as_u16()), (503, 503));
    drop(timeout(TEST_TIMEOUT, service.stop()).await.expect("the shutdown ends"));
}
