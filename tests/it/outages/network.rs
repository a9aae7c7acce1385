//! The network between the service and the server, which fails without a word to either.

use std::sync::Arc;

use futures_util::future::join_all;
use meetvo::clock::Clock;
use tokio::time::timeout;

use super::{PATIENCE, load::ask, outlives};
use crate::harness::{Database, Delivery, Engine, KEY, NOW, Service, Wire, fixtures};

/// A service at the end of a wire.
async fn start<const N: usize>(differ: [(&str, &str); N]) -> (Database, Wire, Service) {
    let database = Database::new(Engine::Postgres).await;
    let wire = Wire::lay(database.url()).await;
    let behind = Arc::new(Database::of_others(wire.url.clone()));
    let service = Service::start_on(behind, Clock::manual(NOW), differ).await;
    (database, wire, service)
}

/// PostgreSQL is later reached again over new connections alone: the cable was pulled, or another
/// machine has taken over its address.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_off() {
    let (_database, wire, service) = start([]).await;
    outlives(service, async || wire.cut(), async || wire.mend()).await;
}

/// PostgreSQL's connections go unused for a while, and something in between forgets them. Whoever
/// comes next gets new ones, and is not turned away.
#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_off_while_nobody_asks() {
    let (_database, wire, service) = start([]).await;
    use_all(&service).await;
    wire.cut();
    wire.mend();
    use_all(&service).await;
}

/// Uses as many connections as there may be.
pub(super) async fn use_all(service: &Service) {
    let event = fixtures::user_event("user.created", "user_1", 0);
    let delivery = Delivery::of(&event, NOW).request(&service.client, &service.url);
    let read = |_| service.client.get(service.at("/v1/users")).bearer_auth(KEY);
    let requests = (0..8).map(read).chain([delivery]);
    for answer in join_all(requests.map(ask)).await {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// PostgreSQL is away when the service is told to stop: that ends too, and without a fault, because
/// nobody was promised anything that is not kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_told_to_stop_while_it_is_cut_off() {
    let (_database, wire, service) = start([]).await;
    use_all(&service).await;
    wire.cut();
    let event = fixtures::user_event("user.created", "user_2", 0);
    let delivery = Delivery::of(&event, NOW).request(&service.client, &service.url);
    let read = service.client.get(service.at("/v1/users")).bearer_auth(KEY);
    let (delivered, read) = tokio::join!(ask(delivery), ask(read));
    assert_eq!((delivered.status.as_u16(), read.status.as_u16()), (503, 503));
    drop(timeout(PATIENCE, service.stop()).await.expect("it ends"));
}
