//! `kill -9` at any moment, again and again, and the database is kept: every event that was answered
//! is there, no event is without its effect, and no effect without its event.

use std::{collections::BTreeSet, process::Stdio, time::Duration};

use futures_util::{StreamExt, stream};
use tokio::time::sleep;

use super::{cycles, dice, senders::Senders};
use crate::harness::{
    Database, Delivery, Dice, Engine, NOW, Process, SECRET, Service, Tables, apply, both_engines,
};

/// Within a batch and the time between two.
const MOMENT_US: usize = 20_000;

/// Within the start of a process.
const START_US: usize = 200_000;

/// What a cycle is killed after, at the most.
const ANSWERS: usize = 150;

#[apply(both_engines)]
async fn killed_at_any_moment_it_keeps_what_it_answered_and_each_event_whole(engine: Engine) {
    let mut dice = dice();
    let database = Database::new(engine).await;
    let mut senders = Senders::new(&mut dice);
    let (cycles, mut kills) = (cycles(5), 0);
    for _ in 0..cycles {
        if dice.below(3) == 0 {
            kill_at_start(&database, &mut dice).await;
            kills += 1;
        }
        let mut process = Process::serve(&database, []);
        // What the one before left behind, and nobody but the service has recovered.
        assert_whole(&mut database.tables().await, &senders).await;
        let load = senders.start(&[&process.url]);
        load.goes_on(dice.below(ANSWERS)).await;
        // No condition is waited for: in the middle of whatever it is at.
        sleep(Duration::from_micros(dice.below(MOMENT_US) as u64)).await;
        process.kill();
        kills += 1;
        senders = load.end().await;
    }
    let process = Process::serve(&database, []);
    assert_whole(&mut database.tables().await, &senders).await;
    let senders = senders.start(&[&process.url]).finish().await;
    assert_whole(&mut database.tables().await, &senders).await;
    let events = senders.answered().count();
    eprintln!(
        "{engine:?}: {cycles} cycles, {kills} kills, {events} events, answered {:?}",
        senders.decisions()
    );
    assert!(events > 10 * cycles, "{events}: it was no load");
    assert_as_if_nothing_had_happened(&database, &senders).await;
}

/// Kills a process that has just been started, and is recovering from what happened to the last.
async fn kill_at_start(database: &Database, dice: &mut Dice) {
    let mut command = Process::command(database, []);
    let command = command.arg("serve").stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    sleep(Duration::from_micros(dice.below(START_US) as u64)).await;
    child.kill().unwrap();
    child.wait().unwrap();
}

/// What no row may be found by.
const HALVES: [(&str, &str); 9] = [
    (
        "a state of a user that did not come in",
        "SELECT id FROM webhook_events AS it WHERE decision = 'applied' \
         AND type IN ('user.created', 'user.updated') AND NOT EXISTS (SELECT 1 FROM users \
         WHERE clerk_id = it.subject AND (deleted_at IS NOT NULL \
         OR version_occurred_at >= it.occurred_at))",
    ),
    (
        "a deletion that deleted nobody",
        "SELECT id FROM webhook_events AS it WHERE decision = 'applied' \
         AND type = 'user.deleted' AND NOT EXISTS (SELECT 1 FROM users \
         WHERE clerk_id = it.subject AND deleted_at <= it.occurred_at)",
    ),
    (
        "a session that did not come in",
        "SELECT id FROM webhook_events AS it WHERE decision = 'applied' AND type LIKE 'session.%' \
         AND NOT EXISTS (SELECT 1 FROM sessions WHERE id = it.object_id) \
         AND NOT EXISTS (SELECT 1 FROM users WHERE clerk_id = it.subject \
         AND deleted_at IS NOT NULL)",
    ),
    (
        "a user of no event",
        "SELECT clerk_id FROM users WHERE version_event_id <> '' AND version_event_id NOT IN \
         (SELECT id FROM webhook_events WHERE decision = 'applied')",
    ),
    (
        "a session of no event",
        "SELECT id FROM sessions WHERE version_event_id NOT IN \
         (SELECT id FROM webhook_events WHERE decision = 'applied') OR sign_in_event_id NOT IN \
         (SELECT id FROM webhook_events WHERE decision = 'applied')",
    ),
    (
        "a tombstone of no event",
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
        "half a user",
        "SELECT clerk_id FROM users AS it WHERE version_event_id <> '' AND \
         ((SELECT COUNT(*) FROM accounts WHERE user_id = it.clerk_id) <> 1 OR \
         (SELECT COUNT(*) FROM verifications WHERE user_id = it.clerk_id) <> 2 OR \
         (SELECT COUNT(*) FROM user_terms WHERE user_id = it.clerk_id) = 0)",
    ),
    (
        "what is left of a deleted user",
        "SELECT clerk_id FROM users AS it WHERE deleted_at IS NOT NULL AND \
         (EXISTS (SELECT 1 FROM accounts WHERE user_id = it.clerk_id) OR \
         EXISTS (SELECT 1 FROM verifications WHERE user_id = it.clerk_id) OR \
         EXISTS (SELECT 1 FROM sessions WHERE user_id = it.clerk_id) OR \
         EXISTS (SELECT 1 FROM user_terms WHERE user_id = it.clerk_id) OR \
         EXISTS (SELECT 1 FROM webhook_events WHERE subject = it.clerk_id \
         AND payload IS NOT NULL))",
    ),
];

/// Looks past the service at what it has made of the events, while nobody sends any.
async fn assert_whole(tables: &mut Tables, senders: &Senders) {
    if tables.engine() == Engine::Sqlite {
        assert_eq!(tables.column("PRAGMA integrity_check").await, ["ok"]);
        let lost = "SELECT \"table\" FROM pragma_foreign_key_check";
        assert!(tables.column(lost).await.is_empty());
    }
    let kept = tables.column("SELECT id FROM webhook_events").await;
    let kept: BTreeSet<&str> = kept.iter().map(String::as_str).collect();
    let lost: Vec<_> = senders.answered().filter(|it| !kept.contains(&*it.id)).collect();
    assert!(lost.is_empty(), "{} events were answered and are gone", lost.len());
    for (what, sql) in HALVES {
        let found = tables.column(sql).await;
        assert!(found.is_empty(), "{what}: {found:?}");
    }
}

/// The same events once more, by a service that nothing happens to.
async fn assert_as_if_nothing_had_happened(database: &Database, senders: &Senders) {
    let untroubled = Service::start(Engine::Sqlite).await;
    let deliver = async |(id, body): (String, String)| {
        untroubled.deliver(&Delivery::signed(SECRET, &id, NOW, body)).await
    };
    let events = senders.answered().map(|it| (it.id.clone(), it.body.to_string()));
    let mut delivered = stream::iter(events).map(deliver).buffer_unordered(16);
    while delivered.next().await.is_some() {}
    let digest = |of: &Database| {
        let output = Process::run(of, [], &["digest"]);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(digest(database), digest(&untroubled.database));
}
