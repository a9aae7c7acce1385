//! `GET /healthz` and `GET /readyz`

use reqwest::Method;
use serde_json::json;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::harness::{Answer, Service};

async fn open(service: &Service, path: &str) -> Answer {
    Answer::of(service.client.get(service.at(path))).await
}

/// Another connection to the service's database, as an operator's mishap would have.
async fn sql(service: &Service, statement: &'static str) {
    let options = SqliteConnectOptions::new().filename(&service.database);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_service_is_alive_and_ready_for_whoever_asks() {
    let service = Service::start().await;
    for (path, status) in [("/healthz", "ok"), ("/readyz", "ready")] {
        let answer = open(&service, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.body, json!({ "status": status }), "{path}");
        // A key is not asked for, and a wrong one is no hindrance.
        let with_key = service.client.get(service.at(path)).bearer_auth("nobody's");
        assert_eq!(Answer::of(with_key).await.status, 200, "{path}");
        let head = service.client.head(service.at(path)).send().await.unwrap();
        assert_eq!(head.status(), 200, "{path}");
        assert!(head.bytes().await.unwrap().is_empty(), "{path}");
    }
}

/// A balancer takes it out of its turn; a supervisor does not restart it, which would not help.
#[tokio::test]
async fn without_its_schema_a_service_is_alive_but_not_ready() {
    let service = Service::start().await;
    sql(&service, "ALTER TABLE webhook_events RENAME TO elsewhere").await;
    let answer = open(&service, "/readyz").await;
    assert_eq!(answer.problem(), (503, "database_unavailable"));
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert!(!answer.body.to_string().contains("webhook_events"), "what is ours is in the log");
    assert_eq!(open(&service, "/healthz").await.status, 200);
    let read = service.get("/v1/events").await;
    assert_eq!(read.problem(), (503, "database_unavailable"));
    sql(&service, "ALTER TABLE elsewhere RENAME TO webhook_events").await;
    assert_eq!(open(&service, "/readyz").await.status, 200, "time can heal it");
}

#[tokio::test]
async fn a_table_that_is_dropped_for_good_is_noticed() {
    let service = Service::start().await;
    sql(&service, "DROP TABLE webhook_events").await;
    assert_eq!(open(&service, "/readyz").await.problem(), (503, "database_unavailable"));
    assert_eq!(open(&service, "/healthz").await.status, 200);
}

#[tokio::test]
async fn they_are_only_read() {
    let service = Service::start().await;
    for path in ["/healthz", "/readyz"] {
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let answer = Answer::of(service.client.request(method, service.at(path))).await;
            assert_eq!(answer.problem(), (405, "method_not_allowed"), "{path}");
            assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{path}");
        }
    }
}
