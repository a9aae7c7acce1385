//! Refused deliveries in `GET /v1/status`.

use serde_json::{Value, json};

use crate::harness::{Delivery, Engine, NOW, Service, apply, both_engines, fixtures};

const HOUR: i64 = 3_600_000;

async fn refused(service: &Service) -> Value {
    service.status().await["refused_deliveries"].take()
}

fn forged(now: i64) -> Delivery {
    Delivery::new(&fixtures::user_event("user.created", "user_1", 0), now).forged()
}

#[apply(both_engines)]
async fn refused_deliveries_are_counted_by_reason(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__SERVER__MAX_BODY_BYTES", "2048")]).await;
    assert_eq!(refused(&service).await, json!({ "counts": {}, "hours": [], "newest": [] }));
    let forged = forged(NOW);
    service.post(&forged).await;
    service.clock.set(NOW + HOUR);
    let large =
        Delivery { body: vec![b'x'; 4096], id: forged.id.clone(), ..self::forged(NOW + HOUR) };
    assert_eq!(service.post(&large).await.status, 413);
    let status = refused(&service).await;
    assert_eq!(status["counts"], json!({ "payload_too_large": 1, "signature_mismatch": 1 }));
    let hours = status["hours"].as_array().unwrap();
    assert_eq!(
        hours[0],
        json!({
            "from": "2026-08-12T09:00:00.000Z", "counts": { "signature_mismatch": 1 },
        })
    );
    assert_eq!(hours[1]["counts"], json!({ "payload_too_large": 1 }));
    let newest = json!({
        "at": "2026-08-12T10:30:00.000Z", "reason": "payload_too_large", "peer": "127.0.0.1",
        "message_id": forged.id, "path": null,
    });
    assert_eq!(status["newest"][0], newest, "the newest comes first, without its body");
    service.clock.set(NOW + 25 * HOUR);
    assert_eq!(refused(&service).await["counts"], json!({}), "a day later, nothing is counted");
}

/// The URL in Clerk's dashboard has another path, or the request is no delivery.
#[apply(both_engines)]
async fn delivery_to_wrong_path_is_counted(engine: Engine) {
    let service = Service::start(engine).await;
    let delivery = Delivery::new(&fixtures::user_event("user.created", "user_1", 0), NOW);
    let paths = ["/webhook", "/api/webhooks/clerk", "/webhooks/clerk/", "/", "/v1/users"];
    for path in paths {
        let request = service.client.post(service.url_for(path)).header("svix-id", &delivery.id);
        let status = request.body(delivery.body.clone()).send().await.unwrap().status();
        assert!(status.is_client_error(), "{path}: {status}");
        let other = service.client.post(service.url_for(path)).send().await.unwrap();
        assert!(other.status().is_client_error(), "{path}");
    }
    let standard = service.client.post(service.url_for("/hook")).header("webhook-id", "msg_2");
    standard.send().await.unwrap();
    let status = refused(&service).await;
    assert_eq!(status["counts"], json!({ "wrong_path": 6 }));
    let newest: Vec<_> =
        status["newest"].as_array().unwrap().iter().map(|it| &it["path"]).collect();
    let expected: Vec<_> = paths.into_iter().chain(["/hook"]).rev().collect();
    assert_eq!(newest, expected);
    assert_eq!(status["newest"][1]["message_id"], delivery.id.as_str());
    let request = service.client.get(service.url_for("/metrics")).bearer_auth(crate::harness::KEY);
    let metrics = request.send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("meetvo_rejections_total{reason=\"wrong_path\"} 6"), "{metrics}");
}

#[apply(both_engines)]
async fn refusal_of_everything_turns_status_amber(engine: Engine) {
    let service = Service::start(engine).await;
    for _ in 0..4 {
        service.post(&forged(NOW)).await;
    }
    assert_eq!(service.status().await["status"], "green");
    service.post(&forged(NOW)).await;
    let status = service.status().await;
    assert_eq!(
        (&status["status"], &status["reasons"][0]["code"]),
        (&json!("amber"), &json!("all_refused"))
    );
    let detail = status["reasons"][0]["detail"].as_str().unwrap();
    assert!(detail.contains("signature_mismatch"), "{detail}");
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    assert_eq!(service.status().await["status"], "green", "one was accepted");
}

/// A flood changes neither the size of the response nor its reasons.
#[apply(both_engines)]
async fn newest_refused_deliveries_are_limited(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 0..30 {
        let long = format!("/{}", "x".repeat(1000));
        let request = service.client.post(service.url_for(&long));
        request.header("svix-id", format!("msg_{number}")).send().await.unwrap();
    }
    let status = refused(&service).await;
    let newest = status["newest"].as_array().unwrap();
    assert_eq!((newest.len(), &newest[0]["message_id"]), (20, &json!("msg_29")));
    assert_eq!(newest[0]["path"].as_str().unwrap().len(), 128);
    assert_eq!(status["counts"], json!({ "wrong_path": 30 }));
}
