//! Room for bodies and events.

use std::net::IpAddr;

use futures_util::future::FutureExt;

use super::{BodyReservation, BudgetFull, ByteBudget, network};

/// Capacity of the budget. Each class has a quarter.
const CAPACITY: usize = 4_000_000;

const LARGE: usize = 500_000;

fn peer(address: &str) -> IpAddr {
    address.parse().unwrap()
}

/// Reserves a body of which all but one byte has arrived.
async fn stalled(budget: &ByteBudget, address: &str) -> BodyReservation {
    let mut body = budget.receive(Some(peer(address)), Some(LARGE));
    body.grow(LARGE).await.unwrap();
    body
}

fn is_evicted(body: &BodyReservation) -> bool {
    body.evicted().now_or_never().is_some()
}

#[tokio::test]
async fn bytes_are_released_on_drop() {
    let budget = ByteBudget::new(CAPACITY);
    let mut body = budget.receive(None, None);
    body.grow(1_000).await.unwrap();
    body.grow(2_000).await.unwrap();
    assert_eq!(budget.used(), 3_000);
    body.complete();
    let mut event = body.into_verified();
    assert_eq!(budget.used(), 3_000, "the event keeps the bytes");
    event.grow(&budget, 500).unwrap();
    assert_eq!(budget.used(), 3_500);
    assert_eq!(event.grow(&budget, CAPACITY), Err(BudgetFull));
    drop(event);
    assert_eq!(budget.used(), 0);
}

/// The class has room for two bodies. The third takes the room of the oldest.
#[tokio::test]
async fn oldest_stalled_body_makes_room() {
    let budget = ByteBudget::new(CAPACITY);
    let oldest = stalled(&budget, "192.0.2.1").await;
    let newer = stalled(&budget, "192.0.2.1").await;
    let mut newest = budget.receive(Some(peer("192.0.2.1")), Some(LARGE));
    let mut growing = Box::pin(newest.grow(LARGE));
    assert!(growing.as_mut().now_or_never().is_none());
    assert!(is_evicted(&oldest) && !is_evicted(&newer));
    drop(oldest);
    assert_eq!(growing.await, Ok(()));
}

/// A sender with two bodies makes room for a sender with one, although its bodies are newer.
#[tokio::test]
async fn network_with_most_bytes_makes_room() {
    let budget = ByteBudget::new(CAPACITY * 3 / 2);
    let other = stalled(&budget, "192.0.2.1").await;
    let heavy = [stalled(&budget, "2001:db8::1").await, stalled(&budget, "2001:db8::2").await];
    let mut newest = budget.receive(Some(peer("192.0.2.9")), Some(LARGE));
    let mut growing = Box::pin(newest.grow(LARGE));
    assert!(growing.as_mut().now_or_never().is_none());
    assert_eq!(
        (is_evicted(&other), is_evicted(&heavy[0]), is_evicted(&heavy[1])),
        (false, true, false)
    );
    drop(heavy);
    assert_eq!(growing.await, Ok(()));
}

#[tokio::test]
async fn complete_bodies_do_not_make_room() {
    let budget = ByteBudget::new(CAPACITY);
    let mut complete = [stalled(&budget, "192.0.2.1").await, stalled(&budget, "192.0.2.1").await];
    complete.iter_mut().for_each(BodyReservation::complete);
    let mut newest = budget.receive(Some(peer("192.0.2.2")), Some(LARGE));
    assert_eq!(newest.grow(LARGE).await, Err(BudgetFull));
    assert!(!complete.iter().any(is_evicted));
    drop(complete);
    assert_eq!(newest.grow(LARGE).await, Ok(()));
}

#[tokio::test]
async fn few_bodies_wait_for_room() {
    let budget = ByteBudget::new(CAPACITY);
    let mut complete = [stalled(&budget, "192.0.2.1").await, stalled(&budget, "192.0.2.1").await];
    complete.iter_mut().for_each(BodyReservation::complete);
    let mut bodies: Vec<_> =
        (0..3).map(|_| budget.receive(Some(peer("192.0.2.2")), Some(LARGE))).collect();
    let mut growing: Vec<_> = bodies.iter_mut().map(|body| Box::pin(body.grow(LARGE))).collect();
    let outcomes: Vec<_> = growing.iter_mut().map(|it| it.as_mut().now_or_never()).collect();
    assert_eq!(outcomes, [None, None, Some(Err(BudgetFull))]);
}

#[tokio::test]
async fn classes_and_events_keep_their_room() {
    let budget = ByteBudget::new(CAPACITY);
    let large = [stalled(&budget, "192.0.2.1").await, stalled(&budget, "192.0.2.1").await];
    let mut small = budget.receive(Some(peer("192.0.2.1")), Some(2_000));
    assert_eq!(small.grow(2_000).await, Ok(()), "large bodies leave room for small ones");
    assert!(!large.iter().any(is_evicted));
    let event = budget.reserve(CAPACITY / 2).await;
    assert_eq!(budget.used(), CAPACITY / 2 + 2 * LARGE + 2_000);
    // Events use more than their half. No body without a verified signature is received.
    let more = budget.reserve(CAPACITY - budget.used()).await;
    assert_eq!(small.grow(1).await, Err(BudgetFull));
    drop((event, more));
    assert_eq!(small.grow(1).await, Ok(()));
}

/// Bodies that were told to make room are counted once.
#[tokio::test]
async fn eviction_makes_no_more_room_than_needed() {
    let budget = ByteBudget::new(CAPACITY);
    let stalled = [stalled(&budget, "192.0.2.1").await, stalled(&budget, "192.0.2.1").await];
    let mut bodies: Vec<_> =
        (0..4).map(|_| budget.receive(Some(peer("192.0.2.2")), Some(LARGE))).collect();
    let mut growing: Vec<_> =
        bodies.iter_mut().map(|body| Box::pin(body.grow(LARGE / 4))).collect();
    assert!(growing.iter_mut().all(|it| it.as_mut().now_or_never().is_none()));
    assert_eq!(stalled.iter().filter(|body| is_evicted(body)).count(), 1);
}

#[test]
fn one_ipv6_host_is_one_network() {
    let of = |address: &str| network(peer(address));
    assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1:2:3"));
    assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
    assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
}
