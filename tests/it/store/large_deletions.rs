//! Deletions of users with very many events.

use meetvo::{domain::decision::Decision, store::commit::Batch};

use super::{commit, event, migrated, recorded};
use crate::harness::{Engine, Tables, apply, both_engines, fixtures};

/// Returns the number of payloads of each user.
async fn payload_counts(tables: &mut Tables) -> Vec<String> {
    let sql = "SELECT subject || ' ' || COUNT(*) FROM webhook_events WHERE payload IS NOT NULL \
               GROUP BY subject ORDER BY subject";
    tables.column(sql).await
}

/// Too many payloads for one transaction are purged in parts before the deletion. The parts stay
/// purged if the deletion fails. Payloads of other users stay.
#[apply(both_engines)]
async fn payloads_are_purged_in_parts_before_deletion(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let user = event("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    commit(&store, &[user]).await;
    for (user, events) in [("user_1", 44_999), ("user_2", 30_000)] {
        let rows = format!(
            "INSERT INTO webhook_events (id, subject, decision, payload, received_at) \
             WITH RECURSIVE numbers (n) AS \
             (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {events}) \
             SELECT '{user}_' || n, '{user}', 'applied', '{{}}', n FROM numbers"
        );
        tables.run(&rows).await;
    }
    assert_eq!(payload_counts(&mut tables).await, ["user_1 45000", "user_2 30000"]);
    let deletion = [event("msg_2", &fixtures::user_deleted("user_1", 9))];
    tables.run("ALTER TABLE verifications RENAME TO elsewhere").await;
    let failed = store.commit(Batch { events: &deletion, secrets_used: &[] }).await;
    assert!(failed.is_err(), "{failed:?}");
    assert_eq!(payload_counts(&mut tables).await, ["user_1 5000", "user_2 30000"]);
    tables.run("ALTER TABLE elsewhere RENAME TO verifications").await;
    assert_eq!(commit(&store, &deletion).await, recorded(&[Decision::Applied]));
    assert_eq!(payload_counts(&mut tables).await, ["user_2 30000"]);
}
