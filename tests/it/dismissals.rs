//! `POST /v1/events/{id}/dismiss`, `POST /v1/events/dismiss` and `GET /v1/events/reasons`.

use serde_json::{Value, json};

use crate::harness::{
    ApiResponse, Delivery, Engine, KEY, NOW, SECRET, Service, apply, both_engines, fixtures, ids,
};

async fn post(service: &Service, path: &str) -> ApiResponse {
    ApiResponse::fetch(service.client.post(service.url_for(path)).bearer_auth(KEY)).await
}

/// Posts an event without a user ID, which fails, or with a list of email addresses that is text.
async fn fail(service: &Service, id: &str, body: &Value) {
    let delivery = Delivery::signed(SECRET, id, NOW, body.to_string());
    assert_eq!(service.deliver(&delivery).await, "failed", "{id}");
}

fn without_id() -> Value {
    json!({ "type": "user.created", "data": {} })
}

fn session_without_user() -> Value {
    json!({ "type": "session.created", "data": { "id": "sess_1", "status": "active" } })
}

async fn color(service: &Service) -> Value {
    service.status().await["status"].take()
}

#[apply(both_engines)]
async fn dismissed_event_leaves_status_green(engine: Engine) {
    let service = Service::start(engine).await;
    fail(&service, "msg_1", &without_id()).await;
    assert_eq!(color(&service).await, "amber");
    let answer = post(&service, "/v1/events/msg_1/dismiss").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let at = "2026-08-12T09:30:00.000Z";
    let dismissed = json!({ "was": "failed", "by": "tests", "at": at });
    let expected = json!({
        "id": "msg_1", "decision": "dismissed", "was": "failed", "changed": true,
        "reason": null, "dismissed": dismissed,
    });
    assert_eq!(answer.body, expected);
    assert_eq!(color(&service).await, "green");
    let event = service.get("/v1/events/msg_1").await.body;
    assert_eq!((&event["decision"], &event["dismissed"]), (&json!("dismissed"), &dismissed));
    assert_eq!(event["reason"], "data.id is missing", "the reason is kept");
    assert_eq!(ids(&service.list("/v1/events?decision=dismissed").await), ["msg_1"]);
    let steps = service.get("/v1/decisions?step=60&steps=1").await.body;
    assert_eq!(
        (&steps["data"][0]["dismissed"], &steps["data"][0]["failed"]),
        (&json!(1), &json!(0))
    );

    // A second dismissal changes nothing, and the first operator is kept.
    service.clock.set(NOW + 5_000);
    let again = post(&service, "/v1/events/msg_1/dismiss").await.body;
    assert_eq!((&again["changed"], &again["dismissed"]), (&json!(false), &dismissed));
    assert_eq!(again["reason"], "the event is already dismissed");
}

#[apply(both_engines)]
async fn final_event_cannot_be_dismissed(engine: Engine) {
    let service = Service::start(engine).await;
    let delivery = Delivery::new(&fixtures::user_event("user.created", "user_1", 0), NOW);
    service.deliver(&delivery).await;
    let answer = post(&service, &format!("/v1/events/{}/dismiss", delivery.id)).await;
    assert_eq!((answer.status.as_u16(), &answer.body["changed"]), (200, &json!(false)));
    assert_eq!(answer.body["decision"], "applied");
    let reason = "only failed and quarantined events can be dismissed, not applied";
    assert_eq!(answer.body["reason"], reason);
    let unknown = post(&service, "/v1/events/msg_9/dismiss").await;
    assert_eq!(unknown.problem(), (404, "not_found"));
}

#[apply(both_engines)]
async fn events_are_grouped_and_dismissed_by_reason(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 0..7 {
        fail(&service, &format!("msg_{number}"), &without_id()).await;
    }
    fail(&service, "msg_session", &session_without_user()).await;
    let reasons = service.get("/v1/events/reasons?decision=failed").await.body;
    assert_eq!(reasons["is_complete"], true);
    let groups = reasons["data"].as_array().unwrap();
    let summary: Vec<_> =
        groups.iter().map(|it| (it["count"].as_u64().unwrap(), it["newest_id"].clone())).collect();
    assert_eq!(summary, [(1, json!("msg_session")), (7, json!("msg_6"))]);
    assert_eq!(groups[1]["reason"], "data.id is missing");

    // Several pages, of which the last one ends the list.
    let path = "/v1/events/dismiss?decision=failed&reason=data.id%20is%20missing&limit=3";
    let (mut dismissed, mut cursor, mut pages) = (0, String::new(), 0);
    loop {
        let answer = post(&service, &format!("{path}{cursor}")).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        dismissed += answer.body["dismissed"].as_u64().unwrap();
        pages += 1;
        let Some(next) = answer.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!((dismissed, pages), (7, 3));
    assert_eq!(ids(&service.list("/v1/events?decision=failed").await), ["msg_session"]);
    assert_eq!(service.list("/v1/events?decision=dismissed").await.len(), 7);
    assert_eq!(post(&service, path).await.body["dismissed"], 0);
    let quarantined = service.get("/v1/events/reasons?decision=quarantined").await.body;
    assert_eq!(quarantined, json!({ "data": [], "is_complete": true }));
}

/// The second delivery of the event, or its reprocessing, is tried. If it fails again, it stays
/// dismissed.
#[apply(both_engines)]
async fn dismissed_event_can_be_reprocessed(engine: Engine) {
    let pinned = [("MEETVO__CLERK__INSTANCE_ID", "ins_other")];
    let service = Service::start_with(engine, pinned).await;
    let user = fixtures::user_event("user.created", "user_1", 0).to_string();
    let good = Delivery::signed(SECRET, "msg_good", NOW, user);
    assert_eq!(service.deliver(&good).await, "quarantined");
    assert_eq!(post(&service, "/v1/events/msg_good/dismiss").await.body["changed"], true);
    assert_eq!(service.deliver(&good).await, "duplicate", "it is still quarantined");
    let answer = post(&service, "/v1/events/msg_good/reprocess").await.body;
    assert_eq!((&answer["decision"], &answer["changed"]), (&json!("dismissed"), &json!(false)));
    assert!(answer["remediation"].as_str().unwrap().contains("clerk.instance_id"), "{answer}");

    let service = service.restart_with([]).await;
    fail(&service, "msg_bad", &without_id()).await;
    assert_eq!(post(&service, "/v1/events/msg_bad/dismiss").await.body["changed"], true);
    let again = Delivery::signed(SECRET, "msg_bad", NOW, without_id().to_string());
    assert_eq!(service.deliver(&again).await, "duplicate", "it fails again, and stays dismissed");
    let answer = post(&service, "/v1/events/msg_bad/reprocess").await.body;
    assert_eq!(
        (&answer["decision"], &answer["reason"]),
        (&json!("dismissed"), &json!("data.id is missing"))
    );
    assert!(answer["remediation"].as_str().unwrap().contains("fails in the same way"), "{answer}");

    let answer = post(&service, "/v1/events/reprocess?decision=dismissed").await.body;
    let decisions: Vec<_> =
        answer["data"].as_array().unwrap().iter().map(|it| it["decision"].clone()).collect();
    assert_eq!(decisions, ["applied", "dismissed"]);
    assert_eq!(service.get("/v1/users/user_1").await.status, 200);
    let event = service.get("/v1/events/msg_good").await.body;
    assert_eq!(event["decision"], "applied");
    assert_eq!(event["dismissed"]["was"], "quarantined", "the dismissal is kept");
    assert_eq!(color(&service).await, "green");
}

/// The payload is gone, so that only a dismissal helps.
#[apply(both_engines)]
async fn reprocessing_says_when_it_cannot_help(engine: Engine) {
    let service = Service::start(engine).await;
    fail(&service, "msg_1", &without_id()).await;
    let same = post(&service, "/v1/events/msg_1/reprocess").await.body;
    assert_eq!(same["reason"], "data.id is missing");
    assert!(same["remediation"].as_str().unwrap().contains("meetvo dismiss"), "{same}");
    service.tables().await.run("UPDATE webhook_events SET payload = NULL").await;
    let purged = post(&service, "/v1/events/msg_1/reprocess").await.body;
    assert_eq!(purged["reason"], "the payload is no longer stored");
    let remediation = purged["remediation"].as_str().unwrap();
    assert!(remediation.contains("can never be applied"), "{remediation}");
    let delivery = Delivery::new(&fixtures::user_event("user.created", "user_1", 0), NOW);
    service.deliver(&delivery).await;
    let applied = post(&service, &format!("/v1/events/{}/reprocess", delivery.id)).await.body;
    assert_eq!(applied["remediation"], "the event needs no reprocessing");
}

#[apply(both_engines)]
async fn invalid_dismissals_are_rejected(engine: Engine) {
    let reader = "reader_key_of_the_tests_0123456789abcdef";
    let keys = format!("tests:read+admin:{KEY},reader:read:{reader}");
    let service = Service::start_with(engine, [("MEETVO_API_KEYS", &*keys)]).await;
    fail(&service, "msg_1", &without_id()).await;
    for path in ["/v1/events/msg_1/dismiss", "/v1/events/dismiss?decision=failed&reason=x"] {
        let request = || service.client.post(service.url_for(path));
        assert_eq!(ApiResponse::fetch(request()).await.problem(), (401, "credentials_missing"));
        let answer = ApiResponse::fetch(request().bearer_auth(reader)).await;
        assert_eq!(answer.problem(), (403, "scope_missing"));
    }
    for (query, detail) in [
        ("?decision=failed", "missing parameter `reason`"),
        ("?decision=applied&reason=x", "decision: expected failed or quarantined"),
        ("?decision=dismissed&reason=x", "decision: expected failed or quarantined"),
    ] {
        let answer = post(&service, &format!("/v1/events/dismiss{query}")).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{query}");
        assert_eq!(answer.body["detail"], detail, "{query}");
    }
    let applied = service.get("/v1/events/reasons?decision=applied").await.body;
    assert_eq!(applied, json!({ "data": [], "is_complete": true }), "no reason, no group");
    for query in ["decision=x", "x=1"] {
        let answer = service.get(&format!("/v1/events/reasons?{query}")).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{query}");
    }
    assert_eq!(service.list("/v1/events?decision=failed").await.len(), 1, "no change");
}

/// The down migration restores the decisions that an older program knows.
#[apply(both_engines)]
async fn reverted_migration_restores_decision(engine: Engine) {
    let service = Service::start(engine).await;
    fail(&service, "msg_1", &without_id()).await;
    post(&service, "/v1/events/msg_1/dismiss").await;
    let script = |engine: &str| {
        crate::harness::repository::read(&format!("migrations/{engine}/0007_dismissals.down.sql"))
    };
    let sql = match engine {
        Engine::Sqlite => script("sqlite"),
        Engine::Postgres => script("postgres"),
    };
    let mut tables = service.tables().await;
    tables.run(&sql).await;
    assert_eq!(tables.column("SELECT decision FROM webhook_events").await, ["failed"]);
}
