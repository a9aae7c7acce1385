//! Rebuilds while services accept deliveries: no event is lost, and damaged rows are repaired.

use std::collections::BTreeSet;

use super::{assert_same, report};
use crate::{
    harness::{Database, Engine, Process, Rng, Tables, apply, both_engines, report_work},
    torture::{cycles, invariants, load::Senders, seed},
};

/// Number of accepted deliveries between two rebuilds.
const DELIVERIES_PER_CYCLE: usize = 60;

/// Damages rows of several tables, among the users that exist at the time.
async fn damage(tables: &mut Tables, cycle: usize) {
    let some = "ORDER BY clerk_id DESC LIMIT 5";
    for sql in [
        format!(
            "UPDATE users SET first_name = 'damaged {cycle}' WHERE clerk_id IN \
             (SELECT clerk_id FROM users WHERE deleted_at IS NULL {some})"
        ),
        // Later events of these users look stale.
        format!(
            "UPDATE users SET version_updated_at = version_updated_at + 1000000 WHERE clerk_id IN \
             (SELECT clerk_id FROM users WHERE first_name IS NOT NULL {some})"
        ),
        format!(
            "DELETE FROM users WHERE clerk_id IN (SELECT clerk_id FROM users {some}) \
             AND clerk_id NOT IN (SELECT clerk_id FROM users ORDER BY clerk_id DESC LIMIT 2)"
        ),
        "DELETE FROM accounts WHERE user_id IN (SELECT user_id FROM accounts LIMIT 3)".to_owned(),
        "UPDATE sessions SET status = 'revoked' WHERE id IN (SELECT id FROM sessions LIMIT 3)"
            .to_owned(),
    ] {
        tables.run_between_commits(&sql).await;
    }
}

#[apply(both_engines)]
async fn rebuild_under_load_loses_no_event(engine: Engine) {
    let seed = seed();
    let mut rng = Rng(seed);
    let database = Database::new(engine).await;
    // On SQLite, the processes take turns at the file and respond later.
    let services: Vec<_> = (0..2).map(|_| Process::serve(&database, [])).collect();
    let urls: Vec<&str> = services.iter().map(|service| &*service.url).collect();
    let load = Senders::new(&mut rng).start(&urls);
    let mut tables = database.tables().await;
    let mut repaired = 0;
    for cycle in 0..cycles(3) {
        load.wait_for_accepted(DELIVERIES_PER_CYCLE).await;
        damage(&mut tables, cycle).await;
        let (_, report) = report(&database, &[]);
        repaired += report["rows"].as_array().unwrap().len();
    }
    load.wait_for_accepted(DELIVERIES_PER_CYCLE).await;
    let senders = load.finish().await;
    assert_same(&database);
    assert!(repaired > 5, "{repaired} rows");
    let stored = tables.column("SELECT id FROM webhook_events").await;
    let stored: BTreeSet<&str> = stored.iter().map(String::as_str).collect();
    let mut accepted = senders.accepted();
    assert!(accepted.all(|event| stored.contains(&*event.id)), "accepted events are stored");
    let events = senders.accepted().count();
    invariants::assert_same_as_undisturbed_service(&database, &senders).await;
    report_work(engine, Some(seed), &format!("{repaired} rows repaired during {events} events"));
}
