//! Duplicate deliveries of an event, and the recorded use of signing secrets.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::{
    ApiResponse, Delivery, Engine, NOW, SECRET, Service, Tables, apply, both_engines, client,
    fixtures,
};

#[apply(both_engines)]
async fn ten_thousand_duplicates_are_applied_once(engine: Engine) {
    const CONNECTIONS: usize = 64;
    const DELIVERIES: usize = 10_000;
    let service = Service::start(engine).await;
    let body = fixtures::user_event("user.created", "user_1", 0).to_string();
    let delivery = Delivery::signed(SECRET, "msg_1", NOW, body);
    let connections = (0..CONNECTIONS).map(async |at| {
        // Each client sends its requests one after the other, so it uses one connection.
        let client = client();
        let mut decisions = Vec::new();
        for _ in (at..DELIVERIES).step_by(CONNECTIONS) {
            let response = ApiResponse::fetch(delivery.request(&client, &service.url)).await;
            assert_eq!((response.status.as_u16(), &response.body["id"]), (200, &json!("msg_1")));
            decisions.push(response.body["decision"].as_str().unwrap().to_owned());
        }
        decisions
    });
    let mut counts = BTreeMap::new();
    for response in join_all(connections).await.into_iter().flatten() {
        *counts.entry(response).or_insert(0) += 1;
    }
    assert_eq!(
        counts,
        [("applied".to_owned(), 1), ("duplicate".to_owned(), DELIVERIES - 1)].into()
    );
    let mut tables = service.tables().await;
    let events = tables.rows("webhook_events").await;
    assert_eq!(events.len(), 1);
    assert_eq!((&events[0]["id"], &events[0]["decision"]), (&json!("msg_1"), &json!("applied")));
    assert_eq!(tables.rows("users").await.len(), 1);
}

/// The ID alone identifies a message: Svix sends one message under one ID.
#[apply(both_engines)]
async fn same_id_with_another_body_is_duplicate(engine: Engine) {
    let service = Service::start(engine).await;
    let signed = |later| {
        let body = fixtures::user_event("user.updated", "user_1", later).to_string();
        Delivery::signed(SECRET, "msg_1", NOW, body)
    };
    assert_eq!(service.deliver(&signed(0)).await, "applied");
    let before = service.tables().await.synced_tables().await;
    assert_eq!(service.deliver(&signed(5)).await, "duplicate");
    assert_eq!(service.tables().await.synced_tables().await, before);
}

/// Svix can redeliver for 90 days, with a new timestamp and signature each time.
#[apply(both_engines)]
async fn redelivery_after_months_and_restart_is_duplicate(engine: Engine) {
    let service = Service::start(engine).await;
    let body = fixtures::user_event("user.created", "user_1", 0).to_string();
    let at = |now| Delivery::signed(SECRET, "msg_1", now, body.clone());
    assert_eq!(service.deliver(&at(NOW)).await, "applied");
    let before = service.tables().await.rows("webhook_events").await;
    let service = service.restart_with([]).await;
    let later = NOW + 90 * 86_400_000;
    service.clock.set(later);
    assert_eq!(service.deliver(&at(later)).await, "duplicate");
    assert_eq!(service.tables().await.rows("webhook_events").await, before);
}

/// `svix-id`s have mixed case, and are compared case-sensitively.
#[apply(both_engines)]
async fn ids_that_differ_in_case_are_distinct(engine: Engine) {
    let service = Service::start(engine).await;
    for (id, user) in [("msg_aB", "user_1"), ("msg_Ab", "user_2")] {
        let body = fixtures::user_event("user.created", user, 0).to_string();
        let delivery = Delivery::signed(SECRET, id, NOW, body);
        assert_eq!(service.deliver(&delivery).await, "applied");
        assert_eq!(service.deliver(&delivery).await, "duplicate");
    }
}

/// Returns the last use of each secret, in milliseconds after `NOW`.
async fn last_uses(tables: &mut Tables) -> Vec<(String, i64)> {
    let rows = tables.rows("webhook_secrets").await;
    let read = |row: &serde_json::Value| {
        let label = row["label"].as_str().unwrap().to_owned();
        (label, row["last_used_at"].as_i64().unwrap() - NOW)
    };
    rows.iter().map(read).collect()
}

#[apply(both_engines)]
async fn secret_use_is_recorded_once_per_minute(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    assert!(last_uses(&mut tables).await.is_empty());
    let body = fixtures::user_deleted("user_1", 0).to_string();
    let use_at = async |after: i64, id: &str| {
        service.clock.set(NOW + after);
        let delivery = Delivery::signed(SECRET, id, NOW + after, body.clone());
        service.deliver(&delivery).await
    };
    for (after, id, decision, last_used) in [
        (0, "msg_1", "applied", 0),
        (59_999, "msg_2", "stale", 0),
        (59_999, "msg_1", "duplicate", 0),
        (60_000, "msg_1", "duplicate", 60_000),
        (119_999, "msg_3", "stale", 60_000),
        (180_000, "msg_3", "duplicate", 180_000),
        // A clock that was set back does not decrease the last use.
        (90_000, "msg_4", "stale", 180_000),
    ] {
        assert_eq!(use_at(after, id).await, decision, "{after}");
        assert_eq!(last_uses(&mut tables).await, [("primary".to_owned(), last_used)], "{after}");
    }
}

#[apply(both_engines)]
async fn forged_delivery_is_no_secret_use(engine: Engine) {
    let new = "whsec_dGhlIG5ldyBzZWNyZXQgb2Ygb3VyIHRlc3Rz";
    let secrets = format!("old={SECRET},new={new}");
    let service = Service::start_with(engine, [("CLERK_WEBHOOK_SIGNING_SECRET", &*secrets)]).await;
    let mut tables = service.tables().await;
    let signed = |secret, id, after| {
        service.clock.set(NOW + after);
        let body = fixtures::user_deleted("user_1", 0).to_string();
        Delivery::signed(secret, id, NOW + after, body)
    };
    service.deliver(&signed(new, "msg_1", 0)).await;
    assert_eq!(last_uses(&mut tables).await, [("new".to_owned(), 0)]);
    // The same message from the old endpoint is a duplicate. It still counts as use of the old
    // secret.
    assert_eq!(service.deliver(&signed(SECRET, "msg_1", 1_000)).await, "duplicate");
    let uses = [("new".to_owned(), 0), ("old".to_owned(), 1_000)];
    assert_eq!(last_uses(&mut tables).await, uses);

    let forged = Delivery { body: b"{}".to_vec(), ..signed(new, "msg_2", 120_000) };
    assert_eq!(service.post(&forged).await.problem(), (400, "signature_mismatch"));
    assert_eq!(last_uses(&mut tables).await, uses, "a forged delivery uses no secret");
}
