//! `GET /healthz` and `GET /readyz`.

use meetvo::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{
    ApiResponse, Delivery, Engine, NOW, PostgresServer, Service, apply, both_engines, fixtures,
    retried,
};

async fn get_without_key(service: &Service, path: &str) -> ApiResponse {
    ApiResponse::fetch(service.client.get(service.url_for(path))).await
}

/// Waits until the service is ready. On a busy machine, a check can exceed its time limit.
async fn becomes_ready(service: &Service) {
    let ready = retried(|| service.client.get(service.url_for("/readyz"))).await;
    assert_eq!(ready.status, 200, "{}", ready.body);
}

#[apply(both_engines)]
async fn probes_need_no_key(engine: Engine) {
    let service = Service::start(engine).await;
    for (path, status) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let get = || service.client.get(service.url_for(path));
        let answer = retried(get).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.body, json!({ "status": status }), "{path}");
        // No key is needed, and an invalid key is ignored.
        assert_eq!(retried(|| get().bearer_auth("unknown")).await.status, 200, "{path}");
        let head = retried(|| service.client.head(service.url_for(path))).await;
        assert_eq!((head.status.as_u16(), head.body), (200, Value::Null), "{path}");
    }
}

/// A load balancer stops sending requests to the service. A supervisor does not restart it, because
/// a restart does not help.
#[apply(both_engines)]
async fn service_without_schema_is_unready(engine: Engine) {
    let service = Service::start(engine).await;
    service.tables().await.run("ALTER TABLE webhook_events RENAME TO elsewhere").await;
    let answer = get_without_key(&service, "/readyz").await;
    assert_eq!(answer.problem(), (503, "database_unavailable"));
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert!(!answer.body.to_string().contains("webhook_events"), "no internal details");
    assert_eq!(get_without_key(&service, "/healthz").await.status, 200);
    let read = service.get("/v1/events").await;
    assert_eq!(read.problem(), (503, "database_unavailable"));
    service.tables().await.run("ALTER TABLE elsewhere RENAME TO webhook_events").await;
    becomes_ready(&service).await;
}

#[apply(both_engines)]
async fn dropped_table_is_detected(engine: Engine) {
    let service = Service::start(engine).await;
    service.tables().await.run("DROP TABLE webhook_events").await;
    assert_eq!(get_without_key(&service, "/readyz").await.problem(), (503, "database_unavailable"));
    assert_eq!(get_without_key(&service, "/healthz").await.status, 200);
}

/// Only on PostgreSQL, because a SQLite file has no server that stops and starts.
#[tokio::test(flavor = "multi_thread")]
async fn server_outage_and_recovery_are_detected() {
    let cluster = PostgresServer::start();
    let service = Service::start_on(cluster.database(), Clock::manual(NOW), []).await;
    for mode in ["fast", "immediate"] {
        becomes_ready(&service).await;
        cluster.stop(mode);
        assert_eq!(
            get_without_key(&service, "/readyz").await.problem(),
            (503, "database_unavailable")
        );
        assert_eq!(get_without_key(&service, "/healthz").await.status, 200);
        let delivery = Delivery::new(&fixtures::user_event("user.updated", "user_1", 0), NOW);
        assert_eq!(service.post(&delivery).await.problem(), (503, "database_unavailable"));
        cluster.start_again();
        becomes_ready(&service).await;
        let decision = service.deliver_with_retries(&delivery).await;
        assert!(["applied", "duplicate"].contains(&&*decision), "{mode}: {decision}");
    }
}

#[apply(both_engines)]
async fn probes_reject_other_methods(engine: Engine) {
    let service = Service::start(engine).await;
    for path in ["/healthz", "/readyz"] {
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let request = service.client.request(method, service.url_for(path));
            let answer = ApiResponse::fetch(request).await;
            assert_eq!(answer.problem(), (405, "method_not_allowed"), "{path}");
            assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{path}");
        }
    }
}
