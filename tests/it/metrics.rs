//! `GET /metrics`.

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

use serde_json::json;

use tokio::time::timeout;

use crate::harness::{
    Delivery, Engine, KEY, NOW, SECRET, Service, TEST_TIMEOUT, apply, both_engines, fixtures,
    promtool::promtool,
};

/// Returns every sample with its labels, such as
/// `meetvo_deliveries_total{decision="applied",type="user.created"}`, and its value.
async fn samples(service: &Service) -> BTreeMap<String, String> {
    let text = text(service).await;
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    let parts = samples.map(|line| line.rsplit_once(' ').unwrap());
    parts.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

async fn text(service: &Service) -> String {
    let request = service.client.get(service.url_for("/metrics")).bearer_auth(KEY);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    answer.text().await.unwrap()
}

/// Starts a service and sends deliveries with different outcomes.
async fn service_with_traffic(engine: Engine) -> Service {
    let service = Service::start(engine).await;
    let created = Delivery::new(&fixtures::user_event("user.created", "user_1", 0), NOW);
    assert_eq!(service.deliver(&created).await, "applied");
    assert_eq!(service.deliver(&created).await, "duplicate");
    let mut new = fixtures::user_event("user.updated", "user_1", 1);
    new["data"]["shoe_size"] = 38.into();
    assert_eq!(service.send(&new).await, "applied");
    let email = fixtures::event("email.created", json!({ "id": "ema_1" }), 0);
    assert_eq!(service.send(&email).await, "ignored");
    let renamed = fixtures::event("user.renamed", json!({ "id": "user_1" }), 0);
    assert_eq!(service.send(&renamed).await, "ignored");
    assert_eq!(service.send(&json!({ "type": "user.created", "data": {} })).await, "failed");
    let unreadable = Delivery::signed(SECRET, "msg_unreadable", NOW, "{".to_owned());
    assert_eq!(service.deliver(&unreadable).await, "failed");
    assert_eq!(service.post(&created.forged()).await.problem(), (400, "signature_mismatch"));
    service
}

#[apply(both_engines)]
async fn delivery_outcomes_are_counted(engine: Engine) {
    let service = service_with_traffic(engine).await;
    let samples = samples(&service).await;
    let expected = [
        (r#"meetvo_deliveries_total{decision="applied",type="user.created"}"#, "1"),
        (r#"meetvo_deliveries_total{decision="duplicate",type="user.created"}"#, "1"),
        (r#"meetvo_deliveries_total{decision="failed",type="user.created"}"#, "1"),
        (r#"meetvo_deliveries_total{decision="applied",type="user.updated"}"#, "1"),
        (r#"meetvo_deliveries_total{decision="ignored",type="email.created"}"#, "1"),
        (r#"meetvo_deliveries_total{decision="ignored",type="other"}"#, "1"),
        (r#"meetvo_deliveries_total{decision="failed",type="unreadable"}"#, "1"),
        (r#"meetvo_rejections_total{reason="signature_mismatch"}"#, "1"),
        (r#"meetvo_secret_matches_total{secret="primary"}"#, "7"),
        (r#"meetvo_unknown_types_total{type="user.renamed"}"#, "1"),
        (r#"meetvo_unknown_fields_total{field="shoe_size",type="user.updated"}"#, "1"),
        ("meetvo_delivery_duration_seconds_count", "7"),
        ("meetvo_batch_events_sum", "7"),
        ("meetvo_commit_duration_seconds_count", "7"),
        ("meetvo_commit_failures_total", "0"),
        ("meetvo_queue_events", "0"),
        ("meetvo_queue_capacity", "4096"),
        ("meetvo_pending_bytes_limit", "33554432"),
        ("meetvo_database_connections_limit", "8"),
        ("meetvo_database_up", "1"),
        ("meetvo_clock_offset_seconds", "0"),
        ("meetvo_newest_event_timestamp_seconds", "1786527000"),
        (r#"meetvo_secret_last_use_timestamp_seconds{secret="primary"}"#, "1786527000"),
        (r#"meetvo_status{light="amber"}"#, "1"),
        (r#"meetvo_status_reason{code="events_failed"}"#, "1"),
    ];
    for (name, value) in expected {
        assert_eq!(samples.get(name).map(String::as_str), Some(value), "{name}: {samples:#?}");
    }
    // The room of a body is free a moment after its answer.
    let is_free = async { while self::samples(&service).await["meetvo_pending_bytes"] != "0" {} };
    timeout(TEST_TIMEOUT, is_free).await.expect("no body is pending");
    let (revision, version) = (env!("MEETVO_REVISION"), env!("CARGO_PKG_VERSION"));
    let build = format!("meetvo_build_info{{revision=\"{revision}\",version=\"{version}\"}}");
    assert_eq!(samples.get(&build).map(String::as_str), Some("1"), "{build}");
    let kinds = samples.keys().filter(|name| name.starts_with("meetvo_deliveries_total")).count();
    assert_eq!(kinds, 7, "{samples:#?}");
}

/// A holder of the signing secret can send any number of type names, and the page of metrics must
/// stay small.
#[apply(both_engines)]
async fn unknown_type_labels_are_limited(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 0..130 {
        let made_up = fixtures::event(&format!("made.up{number}"), json!({ "id": "user_1" }), 0);
        assert_eq!(service.send(&made_up).await, "ignored");
    }
    let samples = samples(&service).await;
    let names = samples.keys().filter(|name| name.starts_with("meetvo_unknown_types_total"));
    assert_eq!(names.count(), 101);
    assert_eq!(samples[r#"meetvo_unknown_types_total{type="other"}"#], "30");
    assert_eq!(samples[r#"meetvo_deliveries_total{decision="ignored",type="other"}"#], "130");
}

#[apply(both_engines)]
async fn metrics_respond_without_database(engine: Engine) {
    let service = service_with_traffic(engine).await;
    service.tables().await.run("ALTER TABLE webhook_events RENAME TO elsewhere").await;
    let event = fixtures::user_event("user.updated", "user_1", 2);
    let rejected = service.post(&Delivery::new(&event, NOW)).await;
    assert_eq!(rejected.problem(), (503, "database_unavailable"));
    let samples = samples(&service).await;
    assert_eq!(samples["meetvo_database_up"], "0");
    assert_eq!(samples["meetvo_commit_failures_total"], "1");
    assert_eq!(samples[r#"meetvo_rejections_total{reason="database_unavailable"}"#], "1");
    assert_eq!(samples[r#"meetvo_status{light="red"}"#], "1");
    assert_eq!(samples[r#"meetvo_deliveries_total{decision="applied",type="user.updated"}"#], "1");
    assert!(!samples.contains_key("meetvo_newest_event_timestamp_seconds"), "{samples:#?}");
}

#[apply(both_engines)]
async fn metrics_need_key_except_own_listener(engine: Engine) {
    const READER: &str = "meetvo_key_that_only_reads_0123456789";
    let keys = format!("tests:read+admin:{KEY},reader:read:{READER}");
    let settings = [("MEETVO_API_KEYS", &*keys), ("MEETVO__METRICS__LISTEN", "127.0.0.1:0")];
    let service = Service::start_with(engine, settings).await;
    let get = async |url: String, key: Option<&str>| {
        let request = service.client.get(url);
        let request = key.map_or(request.try_clone().unwrap(), |key| request.bearer_auth(key));
        request.send().await.unwrap()
    };
    assert_eq!(get(service.url_for("/metrics"), None).await.status(), 401);
    assert_eq!(get(service.url_for("/metrics"), Some(READER)).await.status(), 403);
    assert_eq!(get(service.url_for("/metrics"), Some(KEY)).await.status(), 200);
    let listener = service.metrics.clone().expect("the metrics have their own listener");
    let metrics = get(format!("{listener}/metrics"), None).await;
    assert_eq!(metrics.status(), 200);
    assert!(metrics.text().await.unwrap().contains("\nmeetvo_queue_capacity 4096\n"));
    // The listener serves no other path.
    for path in ["/v1/status", "/v1/users", "/readyz", "/dashboard/", "/"] {
        assert_eq!(get(format!("{listener}{path}"), Some(KEY)).await.status(), 404, "{path}");
    }
    service.stop().await;
}

#[apply(both_engines)]
async fn promtool_accepts_metrics(engine: Engine) {
    let service = service_with_traffic(engine).await;
    let text = text(&service).await;
    let mut command = Command::new(promtool());
    let check = command.args(["check", "metrics"]).stdin(Stdio::piped());
    let mut check = check.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    check.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = check.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && output.stdout.is_empty(), "{stderr}");
    assert_eq!(stderr, "");
}
