//! Beside services that take deliveries: they lose nothing, and what is damaged is mended all the same.

use std::collections::BTreeSet;

use super::{assert_same, report};
use crate::{
    harness::{Database, Rng, Engine, Process, Tables, apply, both_engines, report_work},
    torture::{cycles, seed, load::Senders, invariants},
};

/// How many deliveries are taken before and between.
const ANSWERS: usize = 60;

/// Something of everything, of those who are there just now.
async fn damage(tables: &mut Tables, cycle: usize) {
    let some = "ORDER BY clerk_id DESC LIMIT 5";
    for sql in [
        format!(
            "UPDATE users SET first_name = 'damaged {cycle}' WHERE clerk_id IN \
             (SELECT clerk_id FROM users WHERE deleted_at IS NULL {some})"
        ),
        // What comes later of them seems to be old.
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
        tables.run(&sql).await;
    }
}

#[apply(both_engines)]
async fn services_go_on_and_end_as_if_nothing_had_happened(engine: Engine) {
    let seed = seed();
    let mut rng = Rng(seed);
    let database = Database::new(engine).await;
    // Several processes on a file take turns, and only answer later.
    let services: Vec<_> = (0..2).map(|_| Process::serve(&database, [])).collect();
    let urls: Vec<&str> = services.iter().map(|service| &*service.url).collect();
    let load = Senders::new(&mut rng).start(&urls);
    let mut tables = database.tables().await;
    let mut mended = 0;
    for cycle in 0..cycles(3) {
        load.wait_for_accepted(ANSWERS).await;
        damage(&mut tables, cycle).await;
        let (_, report) = report(&database, &[]);
        mended += report["rows"].as_array().unwrap().len();
    }
    load.wait_for_accepted(ANSWERS).await;
    let senders = load.finish().await;
    assert_same(&database);
    assert!(mended > 5, "{mended} rows");
    let kept = tables.column("SELECT id FROM webhook_events").await;
    let kept: BTreeSet<&str> = kept.iter().map(String::as_str).collect();
    assert!(
        senders.accepted().all(|event| kept.contains(&*event.id)),
        "what was answered is there"
    );
    let events = senders.accepted().count();
    invariants::assert_same_as_undisturbed_service(&database, &senders).await;
    report_work(engine, Some(seed), &format!("{mended} rows mended beside {events} events"));
}
