//! `GET /v1/decisions`.

use serde_json::{Value, json};

use crate::harness::{Engine, NOW, Service, apply, both_engines, fixtures};

const DECISIONS: [&str; 7] =
    ["applied", "stale", "tombstoned", "ignored", "quarantined", "failed", "dismissed"];

async fn get_decisions(service: &Service, query: &str) -> Value {
    let answer = service.get(&format!("/v1/decisions?{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.body);
    answer.body
}

/// Returns the start and the non-zero counts of each step.
fn steps(answer: &Value) -> Vec<(&str, Vec<(&str, u64)>)> {
    let step = |step: &'_ Value| -> Vec<(&'static str, u64)> {
        let counts = DECISIONS.map(|decision| (decision, step[decision].as_u64().unwrap()));
        counts.into_iter().filter(|(_, count)| *count > 0).collect()
    };
    let data = answer["data"].as_array().unwrap().iter();
    data.map(|it| (it["from"].as_str().unwrap(), step(it))).collect()
}

/// Returns the sum over all steps.
fn sum(answer: &Value, decision: &str) -> u64 {
    let data = answer["data"].as_array().unwrap();
    data.iter().map(|step| step[decision].as_u64().unwrap()).sum()
}

#[apply(both_engines)]
async fn events_are_counted_per_step(engine: Engine) {
    let service = Service::start(engine).await;
    let empty = get_decisions(&service, "").await;
    assert_eq!(empty["data"].as_array().unwrap().len(), 48);
    assert!(steps(&empty).iter().all(|(_, counts)| counts.is_empty()), "{empty}");

    let created = |minutes| fixtures::user_event("user.created", "user_1", minutes);
    let failed = json!({ "type": "user.created", "data": {} });
    let unsynced = json!({ "type": "email.created", "data": { "id": "ema_1" } });
    let sent = [
        (-3_600_001, created(1), "applied"),
        (-3_600_000, created(2), "applied"),
        (-1, created(1), "stale"),
        (0, failed, "failed"),
        (0, created(3), "applied"),
        (1_799_999, unsynced, "ignored"),
    ];
    for (at, body, decision) in sent {
        service.clock.set(NOW + at);
        assert_eq!(service.send(&body).await, decision, "{at}");
    }
    let answer = get_decisions(&service, "step=1800&steps=3").await;
    assert_eq!((&answer["step_seconds"], &answer["estimated"]), (&json!(1800), &json!([])));
    let expected = [
        ("2026-08-12T08:30:00.000Z", vec![("applied", 1)]),
        ("2026-08-12T09:00:00.000Z", vec![("stale", 1)]),
        ("2026-08-12T09:30:00.000Z", vec![("applied", 1), ("ignored", 1), ("failed", 1)]),
    ];
    assert_eq!(steps(&answer), expected);
    let day = get_decisions(&service, "step=86400&steps=1").await;
    let all = vec![("applied", 3), ("stale", 1), ("ignored", 1), ("failed", 1)];
    assert_eq!(steps(&day), [("2026-08-12T00:00:00.000Z", all)]);
}

#[apply(both_engines)]
async fn large_counts_are_estimated(engine: Engine) {
    let service = Service::start(engine).await;
    // One event per second, the last one now. Every fourth event has expired.
    let first = NOW - 40_000_000;
    let events = format!(
        "WITH RECURSIVE numbers (n) AS \
             (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 40000) \
         INSERT INTO webhook_events (id, decision, received_at) \
         SELECT 'msg_' || n, CASE WHEN n % 1000 = 1 THEN 'failed' WHEN n % 10 = 3 THEN 'ignored' \
             WHEN n % 10 = 7 THEN 'stale' ELSE 'applied' END, {first} + n * 1000 FROM numbers",
    );
    service.tables().await.run(&events).await;
    service.tables().await.run("DELETE FROM webhook_events WHERE seq % 4 = 0").await;
    let answer = get_decisions(&service, "step=3600&steps=12").await;
    assert_eq!(answer["estimated"], json!(["applied", "stale", "ignored"]));
    assert_eq!(sum(&answer, "failed"), 40, "small numbers are exact");
    let near = |decision, expected: u64| {
        let found = sum(&answer, decision);
        assert!(found.abs_diff(expected) < expected / 5, "{decision}: {found} and not {expected}");
    };
    near("applied", 21_960);
    near("stale", 4_000);
    near("ignored", 4_000);
    // A shorter period has few enough events for exact numbers.
    let exact = get_decisions(&service, "step=60&steps=10").await;
    assert_eq!(exact["estimated"], json!([]));
    let inner = steps(&exact);
    let full: u64 = inner[4].1.iter().map(|(_, count)| count).sum();
    assert_eq!(full, 45, "{inner:?}");
}

#[apply(both_engines)]
async fn step_limits_are_enforced(engine: Engine) {
    let service = Service::start(engine).await;
    for query in ["step=2592000&steps=200", "step=1&steps=1"] {
        get_decisions(&service, query).await;
    }
    let answer = service.get("/v1/decisions?step=1h").await;
    assert_eq!(answer.body["detail"], "step: expected 1 to 2592000");
    let invalid =
        ["step=0", "step=2592001", "step=-1", "step=1h", "steps=0", "steps=201", "steps=", "to=1"];
    for query in invalid {
        let answer = service.get(&format!("/v1/decisions?{query}")).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{query}");
    }
}
