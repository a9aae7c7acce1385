//! Replays every event three times, in random order, to two services at once.

use serde_json::Value;

use crate::harness::{Database, Engine, Process, apply, both_engines};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

/// Replays to services of a database, stops them, and returns the digest of the database.
fn digest(database: &Database, services: usize, options: &[&str]) -> Value {
    let services: Vec<_> = (0..services).map(|_| Process::serve(database, [])).collect();
    let targets: Vec<_> = services.iter().flat_map(|service| ["--to", &service.url]).collect();
    let replay = ["replay", FIXTURES, "--count", "1000", "--seed", "1"];
    let replayed = Process::run(database, [], &[&replay, &targets[..], options].concat());
    assert!(replayed.status.success(), "{replayed:?}");
    for service in services {
        service.terminate();
        let (status, log) = service.wait();
        assert!(status.success(), "{log}");
    }
    let digest = Process::run(database, [], &["digest", "--json"]);
    serde_json::from_slice(&digest.stdout).unwrap()
}

#[apply(both_engines)]
async fn shuffled_replay_to_two_replicas_matches_one(engine: Engine) {
    let in_order = ["--concurrency", "1"];
    let expected = digest(&Database::new(Engine::Sqlite).await, 1, &in_order);
    for table in ["users", "sessions", "accounts", "verifications"] {
        assert!(expected["tables"][table]["rows"].as_u64() > Some(100), "{expected}");
    }
    let database = Database::new(engine).await;
    let shuffled = ["--shuffle", "--duplicate", "3", "--concurrency", "64"];
    assert_eq!(digest(&database, 2, &shuffled), expected);
    let mut tables = database.tables().await;
    let counts = "SELECT COUNT(*) || ' ' || COUNT(DISTINCT id) FROM webhook_events \
                  WHERE type NOT LIKE 'meetvo.%'";
    assert_eq!(tables.column(counts).await, ["1000 1000"]);
    assert_eq!(tables.deadlocks().await, "0");
}
