//! `GET /v1/status`.

use serde_json::{Value, json};
use tokio::task::block_in_place;

use crate::harness::{
    ApiResponse, Delivery, Engine, KEY, NOW, Process, SECRET, Service, apply, both_engines,
    fixtures,
};

const HOUR: i64 = 3_600_000;

/// Returns the color and the codes of the findings.
fn color_and_findings(status: &Value) -> (&str, Vec<&str>) {
    let reasons = status["reasons"].as_array().unwrap().iter();
    (status["status"].as_str().unwrap(), reasons.map(|it| it["code"].as_str().unwrap()).collect())
}

#[apply(both_engines)]
async fn healthy_service_is_green(engine: Engine) {
    let service = Service::start(engine).await;
    let idle = service.status().await;
    assert_eq!(color_and_findings(&idle), ("green", vec![]));
    assert_eq!(idle["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(idle["revision"], env!("MEETVO_REVISION"));
    assert_eq!(idle["clock_offset_seconds"], Value::Null);
    assert_eq!(idle["queue"], json!({ "waiting": 0, "capacity": 4096 }));
    let no_events = json!({ "newest_received_at": null, "newest_failed_at": null, "secrets": [] });
    assert_eq!(idle["events"], no_events);
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    let now = json!("2026-08-12T09:30:00.000Z");
    let expected = json!({
        "newest_received_at": now, "newest_failed_at": null,
        "secrets": [{ "label": "primary", "last_used_at": now }],
    });
    assert_eq!(service.status().await["events"], expected);
}

#[apply(both_engines)]
async fn failed_event_turns_status_amber(engine: Engine) {
    let service = Service::start(engine).await;
    service.send(&json!({ "type": "user.created", "data": {} })).await;
    let amber = service.status().await;
    assert_eq!(color_and_findings(&amber), ("amber", vec!["events_failed"]));
    assert_eq!(amber["events"]["newest_failed_at"], "2026-08-12T09:30:00.000Z");
}

/// Inserts one received event per hour.
async fn insert_hourly_events(service: &Service, hours: std::ops::Range<i64>) {
    let mut tables = service.tables().await;
    for hour in hours.clone() {
        let at = NOW + hour * HOUR;
        let sql = format!(
            "INSERT INTO webhook_events (id, type, decision, received_at) \
             VALUES ('msg_{at}', 'user.updated', 'applied', {at})"
        );
        tables.run(&sql).await;
    }
    let newest = NOW + (hours.end - 1) * HOUR;
    let sql = format!(
        "INSERT INTO webhook_secrets (label, last_used_at) VALUES ('primary', {newest}) \
         ON CONFLICT (label) DO UPDATE SET last_used_at = excluded.last_used_at"
    );
    tables.run(&sql).await;
}

#[apply(both_engines)]
async fn unusual_silence_turns_status_amber(engine: Engine) {
    let service = Service::start(engine).await;
    // The longest usual silence is four hours.
    insert_hourly_events(&service, -60..-30).await;
    insert_hourly_events(&service, -26..1).await;
    service.clock.set(NOW + 5 * HOUR);
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));
    service.clock.set(NOW + 5 * HOUR + 1_000);
    assert_eq!(color_and_findings(&service.status().await), ("amber", vec!["silence"]));
    // An event of the service itself is no delivery. A long silence does not become usual.
    let fetched = format!(
        "INSERT INTO webhook_events (id, type, decision, received_at) \
         VALUES ('fetched', 'user.updated', 'applied', {})",
        NOW + 20 * 24 * HOUR
    );
    service.tables().await.run(&fetched).await;
    service.clock.set(NOW + 20 * 24 * HOUR);
    assert_eq!(color_and_findings(&service.status().await), ("amber", vec!["silence"]));
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));
}

#[apply(both_engines)]
async fn mostly_failing_hour_turns_status_red(engine: Engine) {
    let service = Service::start(engine).await;
    let fail = async || service.send(&json!({ "type": "user.created", "data": {} })).await;
    for _ in 0..9 {
        assert_eq!(fail().await, "failed");
    }
    assert_eq!(color_and_findings(&service.status().await), ("amber", vec!["events_failed"]));
    fail().await;
    let failing = vec!["events_failing", "events_failed"];
    assert_eq!(color_and_findings(&service.status().await), ("red", failing));
    for user in 0..11 {
        let event = fixtures::user_event("user.created", &format!("user_{user}"), 0);
        assert_eq!(service.send(&event).await, "applied");
    }
    assert_eq!(color_and_findings(&service.status().await), ("amber", vec!["events_failed"]));
}

/// More events have failed than are counted, after many more applied ones.
#[apply(both_engines)]
async fn many_failures_turn_status_red(engine: Engine) {
    let service = Service::start(engine).await;
    let insert_many = |decision: &str, count: u32| {
        format!(
            "INSERT INTO webhook_events (id, type, decision, received_at) \
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             SELECT '{decision}_' || i, 'user.updated', '{decision}', {NOW} FROM n"
        )
    };
    let mut tables = service.tables().await;
    tables.run(&insert_many("applied", 6_000)).await;
    tables.run(&insert_many("failed", 3_000)).await;
    let failing = vec!["events_failing", "events_failed"];
    assert_eq!(color_and_findings(&service.status().await), ("red", failing));
}

#[apply(both_engines)]
async fn clock_offset_turns_status_amber(engine: Engine) {
    let service = Service::start(engine).await;
    let sent = async |at: i64| {
        let event = fixtures::user_event("user.updated", "user_1", 0);
        service.deliver(&Delivery::new(&event, at)).await;
        service.status().await
    };
    let behind = sent(NOW + 90_000).await;
    assert_eq!(color_and_findings(&behind), ("amber", vec!["clock_offset"]));
    assert_eq!(behind["clock_offset_seconds"], -90.0);
    service.clock.set(NOW + HOUR);
    assert_eq!(service.status().await["clock_offset_seconds"], Value::Null);
    // A delivery with a long delay has no effect after one with a short delay.
    assert_eq!(color_and_findings(&sent(NOW + HOUR - 90_000).await).0, "amber");
    assert_eq!(color_and_findings(&sent(NOW + HOUR - 1_000).await).0, "green");
}

#[apply(both_engines)]
async fn status_responds_without_database(engine: Engine) {
    let service = Service::start(engine).await;
    service.tables().await.run("ALTER TABLE webhook_events RENAME TO elsewhere").await;
    let red = service.status().await;
    assert_eq!(color_and_findings(&red), ("red", vec!["database_unavailable"]));
    assert_eq!(red["events"], Value::Null);
    service.tables().await.run("ALTER TABLE elsewhere RENAME TO webhook_events").await;
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));
}

/// Returns the only finding of a status: its color, its code and its detail.
async fn only_finding(service: &Service) -> (String, String, String) {
    let status = service.status().await;
    let (color, codes) = color_and_findings(&status);
    assert_eq!(codes.len(), 1, "{codes:?}");
    let detail = status["reasons"][0]["detail"].as_str().unwrap();
    (color.to_owned(), codes[0].to_owned(), detail.to_owned())
}

#[apply(both_engines)]
async fn quarantine_of_everything_turns_status_amber(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__CLERK__INSTANCE_ID", "ins_2fDev")]).await;
    for number in 0..40 {
        let mut event = fixtures::user_event("user.created", &format!("user_{number}"), 0);
        event["instance_id"] = "ins_2fProd".into();
        assert_eq!(service.send(&event).await, "quarantined");
    }
    let (color, code, detail) = only_finding(&service).await;
    assert_eq!((&*color, &*code), ("amber", "all_quarantined"));
    for text in ["ins_2fDev", "ins_2fProd", "newest 40", "MEETVO__CLERK__INSTANCE_ID"] {
        assert!(detail.contains(text), "{text}: {detail}");
    }
    // With the correct instance, the events are reprocessed, and the status is green again.
    let service = service.restart_with([("MEETVO__CLERK__INSTANCE_ID", "ins_2fProd")]).await;
    let detail = only_finding(&service).await.2;
    assert!(detail.contains("meetvo reprocess --decision quarantined"), "{detail}");
    let path = "/v1/events/reprocess?decision=quarantined&limit=500";
    let reprocess = service.client.post(service.url_for(path)).bearer_auth(KEY);
    assert_eq!(ApiResponse::fetch(reprocess).await.status, 200);
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));
}

#[apply(both_engines)]
async fn unsynced_types_turn_status_amber(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 0..5 {
        assert_eq!(color_and_findings(&service.status().await), ("green", vec![]), "{number}");
        let email = fixtures::event("email.created", json!({ "id": format!("ema_{number}") }), 0);
        assert_eq!(service.send(&email).await, "ignored");
    }
    let (color, code, detail) = only_finding(&service).await;
    assert_eq!((&*color, &*code), ("amber", "all_ignored"));
    assert!(
        detail.contains("(email.created)") && detail.contains("subscribe the endpoint"),
        "{detail}"
    );
    // A user event shows that the endpoint is subscribed to a synced type.
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));
    // A day later, the old deliveries do not count.
    for number in 0..40 {
        let email = fixtures::event("email.created", json!({ "id": format!("ema_{number}") }), 0);
        service.send(&email).await;
    }
    assert_eq!(only_finding(&service).await.1, "all_ignored");
    service.clock.set(NOW + 24 * HOUR + 1);
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));
}

#[apply(both_engines)]
async fn only_stale_events_turn_status_amber(engine: Engine) {
    let service = Service::start(engine).await;
    assert_eq!(service.send(&fixtures::user_event("user.updated", "user_1", 50)).await, "applied");
    for late in 0..19 {
        let event = fixtures::user_event("user.updated", "user_1", late);
        assert_eq!(service.send(&event).await, "stale");
    }
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]), "some are late");
    service.send(&fixtures::user_event("user.updated", "user_1", 20)).await;
    let (color, code, detail) = only_finding(&service).await;
    assert_eq!((&*color, &*code), ("amber", "all_stale"));
    assert!(detail.contains("meetvo drift"), "{detail}");
    service.send(&fixtures::user_event("user.updated", "user_1", 60)).await;
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));
}

#[apply(both_engines)]
async fn only_duplicates_turn_status_amber(engine: Engine) {
    let service = Service::start(engine).await;
    let delivery = Delivery::new(&fixtures::user_event("user.created", "user_1", 0), NOW);
    assert_eq!(service.deliver(&delivery).await, "applied");
    for _ in 0..19 {
        assert_eq!(service.deliver(&delivery).await, "duplicate");
    }
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));
    service.deliver(&delivery).await;
    let (color, code, detail) = only_finding(&service).await;
    assert_eq!((&*color, &*code), ("amber", "all_duplicate"));
    assert!(detail.contains("newest 20 deliveries"), "{detail}");
    service.send(&fixtures::user_event("user.created", "user_2", 0)).await;
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));
}

/// Returns the codes of the steps of the set-up that are done, and of the others.
fn steps(status: &Value) -> (Vec<String>, Vec<String>) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let steps = status["setup"].as_array().unwrap();
    let (done, open): (Vec<_>, Vec<_>) = steps.iter().partition(|step| step["done"] == true);
    let codes = |steps: Vec<&'_ Value>| -> Vec<String> {
        steps.iter().map(|it| text(&it["code"])).collect()
    };
    (codes(done), codes(open))
}

#[apply(both_engines)]
async fn empty_installation_shows_checklist(engine: Engine) {
    let service = Service::start(engine).await;
    let owned =
        |codes: &[&str]| -> Vec<String> { codes.iter().map(|it| (*it).to_owned()).collect() };
    let open = owned(&["first_delivery", "delivery_path", "instance_id", "existing_users"]);
    assert_eq!(steps(&service.status().await), (owned(&["signing_secret"]), open));

    // The test delivery of `meetvo doctor` is no delivery of Clerk.
    let probe = json!({ "type": "meetvo.probe", "data": { "id": "probe" } }).to_string();
    let probe = Delivery::signed(SECRET, "meetvo_doctor", NOW, probe);
    assert_eq!(service.deliver(&probe).await, "ignored");
    let user = "INSERT INTO users (clerk_id, version_updated_at) VALUES ('user_9', 1)";
    service.tables().await.run(user).await;
    let service = service.restart_with([("MEETVO__CLERK__INSTANCE_ID", "ins_1")]).await;
    let done = owned(&["signing_secret", "delivery_path", "instance_id", "existing_users"]);
    assert_eq!(steps(&service.status().await), (done, owned(&["first_delivery"])));

    let mut event = fixtures::user_event("user.created", "user_1", 0);
    event["instance_id"] = "ins_1".into();
    assert_eq!(service.send(&event).await, "applied");
    assert_eq!(service.status().await["setup"], Value::Null);
}

/// A foreign key of another program prevents the deletion of a session. Personal data stays, so that
/// the status names the key.
#[apply(both_engines)]
async fn blocking_foreign_key_turns_status_red(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    let (table, name) = match engine {
        Engine::Sqlite => ("notes", "that of notes to sessions"),
        Engine::Postgres => ("public.notes", "notes_session_id_fkey of public.notes to sessions"),
    };
    let collation = if engine == Engine::Postgres { "COLLATE \"C\"" } else { "" };
    tables
        .run(&format!(
            "CREATE TABLE {table} (session_id TEXT {collation} REFERENCES sessions (id), \
             owner_id TEXT {collation} REFERENCES users (clerk_id))"
        ))
        .await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    tables.run(&format!("INSERT INTO {table} VALUES ('sess_1', 'user_1')")).await;
    let doctor = || {
        let output = block_in_place(|| Process::run(&*service.database, [], &["doctor"]));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(doctor().contains(name), "{}", doctor());
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));

    assert_eq!(service.send(&fixtures::user_deleted("user_1", 5)).await, "failed");
    let red = service.status().await;
    assert_eq!(color_and_findings(&red), ("red", vec!["deletions_blocked", "events_failed"]));
    let detail = red["reasons"][0]["detail"].as_str().unwrap();
    assert!(detail.contains(name) && !detail.contains("users"), "{detail}");

    tables.run(&format!("DROP TABLE {table}")).await;
    let reprocessed = ["reprocess", "--decision", "failed"];
    let output = block_in_place(|| Process::run(&*service.database, [], &reprocessed));
    assert!(output.status.success(), "{output:?}");
    assert_eq!(color_and_findings(&service.status().await), ("green", vec![]));
    assert_eq!(tables.column("SELECT id FROM sessions").await, [""; 0]);
    assert!(!doctor().contains("foreign keys"), "{}", doctor());
}
