//! `POST /v1/events/{id}/reprocess` and `POST /v1/events/reprocess`: events that were not applied.

use std::sync::Arc;

use meetvo::clock::Clock;
use serde_json::{Value, json};

use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, NOW, SECRET, Service, apply, both_engines,
    fixtures, ids,
};

/// Starts a service that quarantines these events, because another instance is pinned.
async fn with_quarantined(engine: Engine, events: &[(&str, Value)]) -> Service {
    let service = Service::start_with(engine, [("MEETVO__CLERK__INSTANCE_ID", "ins_other")]).await;
    for (id, body) in events {
        let delivery = Delivery::signed(SECRET, id, service.clock.now(), body.to_string());
        assert_eq!(service.deliver(&delivery).await, "quarantined", "{id}");
    }
    service
}

fn user(id: &str, later: i64) -> Value {
    fixtures::user_event("user.updated", id, later)
}

async fn post(service: &Service, path: &str) -> ApiResponse {
    ApiResponse::fetch(service.client.post(service.url_for(path)).bearer_auth(KEY)).await
}

/// Reprocesses an event. Returns the decision, whether it changed, and the reason if it did not.
async fn reprocess(service: &Service, id: &str) -> (String, bool, Value) {
    let answer = post(service, &format!("/v1/events/{id}/reprocess")).await;
    assert_eq!(answer.status, 200, "{id}: {}", answer.body);
    assert_eq!(answer.body["id"], id);
    let decision = answer.body["decision"].as_str().unwrap().to_owned();
    let changed = answer.body["changed"].as_bool().unwrap();
    assert_eq!(changed, answer.body["was"] != answer.body["decision"], "{}", answer.body);
    (decision, changed, answer.body["reason"].clone())
}

#[apply(both_engines)]
async fn quarantined_event_is_applied_after_settings_change(engine: Engine) {
    let service = with_quarantined(engine, &[("msg_1", user("user_1", 5))]).await;
    let (decision, changed, reason) = reprocess(&service, "msg_1").await;
    assert_eq!((&*decision, changed), ("quarantined", false));
    assert!(reason.as_str().unwrap().contains("ins_other"), "{reason}");
    let service = service.restart_with([]).await;
    assert_eq!(service.get("/v1/users/user_1").await.status, 404);
    let cursor = service.get("/v1/changes").await.body["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(reprocess(&service, "msg_1").await, ("applied".into(), true, Value::Null));
    assert_eq!(service.get("/v1/users/user_1").await.status, 200);
    let event = service.get("/v1/events/msg_1").await.body;
    assert_eq!((&event["decision"], &event["reason"]), (&json!("applied"), &Value::Null));
    let page = service.get(&format!("/v1/changes?after={cursor}")).await.body;
    assert_eq!(ids(page["data"].as_array().unwrap()), ["user_1"], "the change is in the feed");
    let (decision, changed, reason) = reprocess(&service, "msg_1").await;
    assert_eq!((&*decision, changed, &reason), ("applied", false, &json!("applied is final")));
    let delivery = Delivery::signed(SECRET, "msg_1", NOW, user("user_1", 5).to_string());
    assert_eq!(service.deliver(&delivery).await, "duplicate");
    assert_eq!(service.list("/v1/events?type=meetvo.event.reprocessed").await.len(), 1);
}

/// The merge rules apply as they do to a late delivery.
#[apply(both_engines)]
async fn reprocessing_follows_merge_rules(engine: Engine) {
    let events = [("msg_1", user("user_1", 5)), ("msg_2", user("user_2", 5))];
    let service = with_quarantined(engine, &events).await.restart_with([]).await;
    service.send(&user("user_1", 9)).await;
    service.send(&fixtures::user_deleted("user_2", 9)).await;
    let newer = service.get("/v1/users/user_1").await.body;
    assert_eq!(reprocess(&service, "msg_1").await.0, "stale");
    // The deletion of the user emptied the payload.
    let reason = json!("the payload is no longer stored");
    assert_eq!(reprocess(&service, "msg_2").await, ("quarantined".to_owned(), false, reason));
    assert_eq!(service.get("/v1/users/user_1").await.body, newer);
    assert_eq!(service.get("/v1/users/user_2").await.status, 404);
}

/// The rows are those of events that an older version could not decode.
#[apply(both_engines)]
async fn incomplete_state_never_overwrites_complete_state(engine: Engine) {
    let mut cut = user("user_3", 5);
    cut["data"]["public_metadata"] = json!({ "token_count": "[redacted]" });
    let events = [
        ("msg_whole", user("user_1", 5)),
        ("msg_ignored", user("user_2", 5)),
        ("msg_cut", cut),
        ("msg_gone", user("user_4", 5)),
        ("msg_end", fixtures::user_deleted("user_5", 5)),
        ("msg_strange", json!({ "type": "user.created", "data": {} })),
    ];
    let service = with_quarantined(engine, &events).await.restart_with([]).await;
    let mut tables = service.tables().await;
    for change in [
        "decision = 'failed' WHERE id IN ('msg_whole', 'msg_cut', 'msg_gone', 'msg_strange')",
        "decision = 'ignored' WHERE id IN ('msg_ignored', 'msg_end')",
        "payload = NULL WHERE id = 'msg_gone'",
    ] {
        tables.run(&format!("UPDATE webhook_events SET {change}")).await;
    }
    let lost =
        json!("the parts that were redacted before the payload was stored cannot be restored");
    let expected = [
        ("msg_whole", "applied", Value::Null),
        ("msg_ignored", "ignored", lost.clone()),
        ("msg_cut", "failed", lost),
        ("msg_gone", "failed", json!("the payload is no longer stored")),
        ("msg_end", "applied", Value::Null),
    ];
    for (id, decision, reason) in expected {
        let changed = decision == "applied";
        assert_eq!(reprocess(&service, id).await, (decision.to_owned(), changed, reason), "{id}");
    }
    assert_eq!(reprocess(&service, "msg_strange").await.0, "failed");
    let there = service.list("/v1/users").await;
    assert_eq!(ids(&there), ["user_1"]);
}

#[apply(both_engines)]
async fn decision_is_reprocessed_page_by_page(engine: Engine) {
    let events: Vec<_> =
        (0..7).map(|n| (format!("msg_{n}"), user(&format!("user_{n}"), 5))).collect();
    let events: Vec<_> = events.iter().map(|(id, body)| (&**id, body.clone())).collect();
    let service = with_quarantined(engine, &events).await.restart_with([]).await;
    let (mut done, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/events/reprocess?decision=quarantined&limit=3{cursor}");
        let answer = post(&service, &path).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let page: Vec<Value> = serde_json::from_value(answer.body["data"].clone()).unwrap();
        assert!(page.iter().all(|it| it["decision"] == "applied" && it["was"] == "quarantined"));
        done.extend(page);
        let Some(next) = answer.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(ids(&done), events.iter().map(|(id, _)| *id).collect::<Vec<_>>());
    assert_eq!(service.list("/v1/users").await.len(), 7);
    let rest = post(&service, "/v1/events/reprocess?decision=quarantined").await;
    assert_eq!(rest.body, json!({ "data": [], "next_cursor": null }));
}

/// Two replicas reprocess the same events concurrently, and each event is applied once.
#[apply(both_engines)]
async fn concurrent_reprocessing_applies_once(engine: Engine) {
    let events: Vec<_> =
        (0..20).map(|n| (format!("msg_{n:02}"), user(&format!("user_{n}"), 5))).collect();
    let events: Vec<_> = events.iter().map(|(id, body)| (&**id, body.clone())).collect();
    let database: Arc<Database> = with_quarantined(engine, &events).await.stop().await;
    let start = || Service::start_on(Arc::clone(&database), Clock::manual(NOW), []);
    let (first, second) = (start().await, start().await);
    let path = "/v1/events/reprocess?decision=quarantined";
    let (one, other, third) =
        tokio::join!(post(&first, path), post(&second, path), post(&second, path));
    for answer in [one, other, third] {
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    assert_eq!(first.list("/v1/events?decision=applied&subject=user_7").await.len(), 2);
    let sql = "SELECT COUNT(*) || '' FROM webhook_events WHERE type = 'meetvo.event.reprocessed'";
    assert_eq!(first.tables().await.column(sql).await, ["20"]);
    assert_eq!(first.list("/v1/users").await.len(), 20);
}

#[apply(both_engines)]
async fn unauthorized_and_invalid_requests_are_rejected(engine: Engine) {
    let service = with_quarantined(engine, &[("msg_1", user("user_1", 5))]).await;
    let reader = "reader_key_of_the_tests_0123456789abcdef";
    let keys = format!("tests:read+admin:{KEY},reader:read:{reader}");
    let service = service.restart_with([("MEETVO_API_KEYS", &*keys)]).await;
    let paths = ["/v1/events/msg_1/reprocess", "/v1/events/reprocess?decision=quarantined"];
    for path in paths {
        let request = || service.client.post(service.url_for(path));
        assert_eq!(ApiResponse::fetch(request()).await.problem(), (401, "credentials_missing"));
        let answer = ApiResponse::fetch(request().bearer_auth(reader)).await;
        assert_eq!(answer.problem(), (403, "scope_missing"));
        let answer = service.get(path.split('?').next().unwrap()).await;
        assert_eq!(answer.problem().0, 405, "{path}");
        assert_eq!(answer.header("allow"), Some("POST"));
    }
    assert_eq!(service.list("/v1/events?decision=quarantined").await.len(), 1, "no change");
    let unknown = post(&service, "/v1/events/msg_9/reprocess").await;
    assert_eq!(unknown.problem(), (404, "not_found"));
    let open = "decision: expected failed, quarantined, ignored or dismissed; the others are final";
    for (query, detail) in [
        ("", "missing parameter `decision`"),
        ("?decision=applied", open),
        ("?decision=x", open),
        ("?decision=failed&limit=0", "limit: expected 1 to 500"),
        ("?x=1", "unknown parameter `x`: expected one of `decision`, `limit`, `cursor`"),
    ] {
        let answer = post(&service, &format!("/v1/events/reprocess{query}")).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{query}");
        assert_eq!(answer.body["detail"], detail, "{query}");
    }
}

#[apply(both_engines)]
async fn page_can_exceed_queue_capacity(engine: Engine) {
    let ids: Vec<_> = (0..20).map(|at| format!("msg_{at:02}")).collect();
    let events: Vec<_> = ids.iter().map(|id| (&**id, user(&format!("user_{id}"), 5))).collect();
    let service = with_quarantined(engine, &events).await;
    let service = service.restart_with([("MEETVO__INGEST__QUEUE_CAPACITY", "2")]).await;
    let page = post(&service, "/v1/events/reprocess?decision=quarantined").await;
    assert_eq!(page.status, 200, "{}", page.body);
    let decisions = page.body["data"].as_array().unwrap().iter().map(|it| &it["decision"]);
    assert_eq!(decisions.collect::<Vec<_>>(), ["applied"; 20]);
}
