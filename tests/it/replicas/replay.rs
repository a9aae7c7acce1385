//! Everything in a random order, three times each, to two services at once.

use serde_json::Value;

use crate::harness::{Database, Engine, Process, apply, both_engines};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

/// Replays to services of a database, and ends them; what is in it then.
fn digest(database: &Database, services: usize, how: &[&str]) -> Value {
    let services: Vec<_> = (0..services).map(|_| Process::serve(database, [])).collect();
    let to: Vec<_> = services.iter().flat_map(|service| ["--to", &service.url]).collect();
    let replay = ["replay", FIXTURES, "--count", "1000", "--seed", "1"];
    let replayed = Process::run(database, [], &[&replay, &to[..], how].concat());
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
    let wild = ["--shuffle", "--duplicate", "3", "--concurrency", "64"];
    assert_eq!(digest(&database, 2, &wild), expected);
    let mut tables = database.tables().await;
    let kept = "SELECT COUNT(*) || ' ' || COUNT(DISTINCT id) FROM webhook_events";
    assert_eq!(tables.column(kept).await, ["1000 1000"]);
    assert_eq!(tables.deadlocks().await, "0");
}
