//! Invariants of a database, whatever has happened to the services that use it.

use std::collections::BTreeSet;

use futures_util::{StreamExt, stream};

use super::load::Senders;
use crate::harness::{Database, Delivery, Engine, NOW, Process, SECRET, Service, Tables};

/// Descriptions of invalid rows, with queries that must find none.
const INVALID_ROWS: [(&str, &str); 9] = [
    (
        "an applied user event without effect",
        "SELECT id FROM webhook_events AS it WHERE decision = 'applied' \
         AND type IN ('user.created', 'user.updated') AND NOT EXISTS (SELECT 1 FROM users \
         WHERE clerk_id = it.subject AND (deleted_at IS NOT NULL \
         OR version_occurred_at >= it.occurred_at))",
    ),
    (
        "an applied deletion without effect",
        "SELECT id FROM webhook_events AS it WHERE decision = 'applied' \
         AND type = 'user.deleted' AND NOT EXISTS (SELECT 1 FROM users \
         WHERE clerk_id = it.subject AND deleted_at <= it.occurred_at)",
    ),
    (
        "an applied session event without effect",
        "SELECT id FROM webhook_events AS it WHERE decision = 'applied' AND type LIKE 'session.%' \
         AND NOT EXISTS (SELECT 1 FROM sessions WHERE id = it.object_id) \
         AND NOT EXISTS (SELECT 1 FROM users WHERE clerk_id = it.subject \
         AND deleted_at IS NOT NULL)",
    ),
    (
        "a user without an event",
        "SELECT clerk_id FROM users WHERE version_event_id <> '' AND version_event_id NOT IN \
         (SELECT id FROM webhook_events WHERE decision = 'applied')",
    ),
    (
        "a session without an event",
        "SELECT id FROM sessions WHERE version_event_id NOT IN \
         (SELECT id FROM webhook_events WHERE decision = 'applied') OR sign_in_event_id NOT IN \
         (SELECT id FROM webhook_events WHERE decision = 'applied')",
    ),
    (
        "a tombstone without an event",
        "SELECT clerk_id FROM users AS it WHERE deleted_at IS NOT NULL AND NOT EXISTS \
         (SELECT 1 FROM webhook_events WHERE subject = it.clerk_id \
         AND type = 'user.deleted' AND decision = 'applied')",
    ),
    (
        "a stub without a session",
        "SELECT clerk_id FROM users WHERE version_event_id = '' AND deleted_at IS NULL \
         AND clerk_id NOT IN (SELECT user_id FROM sessions)",
    ),
    (
        "an incomplete user",
        "SELECT clerk_id FROM users AS it WHERE version_event_id <> '' AND \
         ((SELECT COUNT(*) FROM accounts WHERE user_id = it.clerk_id) <> 1 OR \
         (SELECT COUNT(*) FROM verifications WHERE user_id = it.clerk_id) <> 2 OR \
         (SELECT COUNT(*) FROM user_terms WHERE user_id = it.clerk_id) = 0)",
    ),
    (
        "remaining data of a deleted user",
        "SELECT clerk_id FROM users AS it WHERE deleted_at IS NOT NULL AND \
         (EXISTS (SELECT 1 FROM accounts WHERE user_id = it.clerk_id) OR \
         EXISTS (SELECT 1 FROM verifications WHERE user_id = it.clerk_id) OR \
         EXISTS (SELECT 1 FROM sessions WHERE user_id = it.clerk_id) OR \
         EXISTS (SELECT 1 FROM user_terms WHERE user_id = it.clerk_id) OR \
         EXISTS (SELECT 1 FROM webhook_events WHERE subject = it.clerk_id \
         AND payload IS NOT NULL))",
    ),
];

/// Checks the tables without the service, while no events are sent: every accepted event is stored,
/// and no row is invalid.
pub async fn assert_invariants(tables: &mut Tables, senders: &Senders) {
    if tables.engine() == Engine::Sqlite {
        assert_eq!(tables.column("PRAGMA integrity_check").await, ["ok"]);
        let violations = "SELECT \"table\" FROM pragma_foreign_key_check";
        assert!(tables.column(violations).await.is_empty());
    }
    let stored_ids = tables.column("SELECT id FROM webhook_events").await;
    let stored_ids: BTreeSet<&str> = stored_ids.iter().map(String::as_str).collect();
    let lost: Vec<_> = senders.accepted().filter(|it| !stored_ids.contains(&*it.id)).collect();
    assert!(lost.is_empty(), "{} accepted events are not stored", lost.len());
    for (description, sql) in INVALID_ROWS {
        let found = tables.column(sql).await;
        assert!(found.is_empty(), "{description}: {found:?}");
    }
}

/// Sends the accepted events to a service without disturbance, and compares the synced tables.
pub async fn assert_same_as_undisturbed_service(database: &Database, senders: &Senders) {
    let undisturbed = Service::start(Engine::Sqlite).await;
    let deliver = async |(id, body): (String, String)| {
        undisturbed.deliver(&Delivery::signed(SECRET, &id, NOW, body)).await
    };
    let events = senders.accepted().map(|it| (it.id.clone(), it.body.to_string()));
    let mut delivered = stream::iter(events).map(deliver).buffer_unordered(16);
    while delivered.next().await.is_some() {}
    let digest = |database: &Database| {
        let output = Process::run(database, [], &["digest"]);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(digest(database), digest(&undisturbed.database));
}
