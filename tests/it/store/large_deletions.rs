//! Deletions of users and organizations with very many events and rows.

use meetvo::{domain::decision::Decision, store::commit::Batch};

use super::{commit, event, migrated, recorded};
use crate::harness::{
    Engine, Tables, apply, both_engines, fixtures,
    organization_events::{organization_deleted, organization_event},
};

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

/// The rows of 50 000 memberships, and the payloads of as many events, are removed within the timeout
/// of a commit. Those of another organization stay.
#[apply(both_engines)]
async fn large_organization_is_deleted(engine: Engine) {
    const MEMBERS: usize = 50_000;
    let (_database, store, mut tables) = migrated(engine).await;
    for organization in ["org_1", "org_2"] {
        let body = organization_event("organization.created", organization, 0);
        commit(&store, &[event(&format!("msg_{organization}"), &body)]).await;
    }
    let numbers = |count: usize| {
        format!(
            "WITH RECURSIVE numbers (n) AS \
             (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
        )
    };
    let users = format!(
        "INSERT INTO users (clerk_id) {} SELECT 'user_' || n FROM numbers",
        numbers(MEMBERS)
    );
    tables.run(&users).await;
    for (organization, members) in [("org_1", MEMBERS), ("org_2", 3)] {
        let numbers = numbers(members);
        let memberships = format!(
            "INSERT INTO organization_memberships (id, organization_id, user_id, role, \
             version_updated_at) {numbers} SELECT 'orgmem_{organization}_' || n, \
             '{organization}', 'user_' || n, 'org:member', n FROM numbers"
        );
        tables.run(&memberships).await;
        let events = format!(
            "INSERT INTO webhook_events (id, subject, organization_id, object_id, object_kind, \
             decision, payload, received_at) {numbers} SELECT 'msg_{organization}_' || n, \
             'user_' || n, '{organization}', 'orgmem_{organization}_' || n, 'membership', \
             'applied', '{{}}', n FROM numbers"
        );
        tables.run(&events).await;
    }
    let deletion = [event("msg_deletion", &organization_deleted("org_1", 9))];
    assert_eq!(commit(&store, &deletion).await, recorded(&[Decision::Applied]));
    let left = "SELECT organization_id || ' ' || COUNT(*) FROM organization_memberships \
                GROUP BY organization_id";
    assert_eq!(tables.column(left).await, ["org_2 3"]);
    let payloads = "SELECT organization_id || ' ' || COUNT(*) FROM webhook_events \
                    WHERE payload IS NOT NULL GROUP BY organization_id";
    assert_eq!(tables.column(payloads).await, ["org_2 4"]);
    let users = "SELECT COUNT(*) || '' FROM users WHERE deleted_at IS NULL";
    assert_eq!(tables.column(users).await, [MEMBERS.to_string()]);
}
