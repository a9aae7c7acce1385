//! `GET /v1/events` and `GET /v1/events/{id}`.

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::harness::{
    ApiResponse, Delivery, Engine, NOW, SECRET, Service, TEST_TIMEOUT, apply, both_engines,
    fixtures, ids,
};

/// Delivers a body with a message ID, signed now.
async fn deliver(service: &Service, id: &str, body: &Value) -> String {
    service.deliver(&Delivery::signed(SECRET, id, service.clock.now(), body.to_string())).await
}

/// Sends six events about two users, with four different decisions.
async fn send_six_events(service: &Service) {
    let created = |user: &str, later| fixtures::user_event("user.created", user, later);
    let unsynced = json!({ "type": "email.created", "data": { "id": "ema_1" } });
    let failed = json!({ "type": "user.created", "data": {} });
    let events = [
        ("msg_1", created("user_1", 5), "applied"),
        ("msg_2", created("user_2", 5), "applied"),
        ("msg_3", created("user_1", 4), "stale"),
        ("msg_4", unsynced, "ignored"),
        ("msg_5", failed, "failed"),
        ("msg_6", created("user_1", 6), "applied"),
    ];
    for (id, body, decision) in events {
        assert_eq!(deliver(service, id, &body).await, decision, "{id}");
    }
}

async fn list_ids(service: &Service, query: &str) -> Vec<String> {
    let events = service.list(&format!("/v1/events?{query}")).await;
    ids(&events).into_iter().map(str::to_owned).collect()
}

#[apply(both_engines)]
async fn list_is_newest_first_and_filtered(engine: Engine) {
    let service = Service::start(engine).await;
    send_six_events(&service).await;
    let cases: [(&str, &[&str]); 16] = [
        ("", &["msg_6", "msg_5", "msg_4", "msg_3", "msg_2", "msg_1"]),
        ("decision=applied", &["msg_6", "msg_2", "msg_1"]),
        ("decision=stale", &["msg_3"]),
        ("decision=ignored", &["msg_4"]),
        ("decision=failed", &["msg_5"]),
        ("decision=quarantined", &[]),
        ("subject=user_1", &["msg_6", "msg_3", "msg_1"]),
        ("subject=user_3", &[]),
        ("subject=user_1&decision=applied", &["msg_6", "msg_1"]),
        ("subject=user_2&decision=stale", &[]),
        ("type=user.created", &["msg_6", "msg_5", "msg_3", "msg_2", "msg_1"]),
        ("type=user.created&decision=failed", &["msg_5"]),
        ("type=user.created&decision=applied", &["msg_6", "msg_2", "msg_1"]),
        ("type=user.created&subject=user_2", &["msg_2"]),
        ("type=email.created", &["msg_4"]),
        ("type=user", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(list_ids(&service, query).await, expected, "{query}");
    }
    let seqs: Vec<_> =
        service.list("/v1/events").await.iter().map(|it| it["seq"].clone()).collect();
    assert_eq!(seqs, [6, 5, 4, 3, 2, 1]);
}

/// Sends an event per minute for an hour, and one from a replica with a slow clock. Some of the
/// events have expired.
#[apply(both_engines)]
async fn list_is_filtered_by_receipt_time(engine: Engine) {
    let service = Service::start(engine).await;
    let late = (28, "msg_late".to_owned());
    let mut sent: Vec<_> = (0..60).map(|minute| (minute, format!("msg_{minute:02}"))).collect();
    sent.insert(33, late);
    for (minute, id) in &sent {
        service.clock.set(NOW + minute * 60_000);
        deliver(&service, id, &fixtures::user_event("user.created", "user_1", *minute)).await;
    }
    service.tables().await.run("DELETE FROM webhook_events WHERE seq < 6 OR seq = 31").await;
    sent.remove(30);
    sent.drain(..5);
    // The clock starts at 09:30.
    let at = |minute: i64| {
        let minute = 9 * 60 + 30 + minute;
        format!("2026-08-12T{:02}:{:02}:00Z", minute / 60, minute % 60)
    };
    for (after, before) in [(-1, 99), (10, 13), (24, 40), (30, 31), (0, 6), (55, 99), (70, 80)] {
        let times = format!("received_after={}&received_before={}", at(after), at(before));
        let matching = sent.iter().rev().filter(|(minute, _)| after < *minute && *minute < before);
        let expected: Vec<_> = matching.map(|(_, id)| id.clone()).collect();
        for others in ["", "&type=user.created", "&subject=user_1"] {
            let query = format!("{times}{others}&limit=500");
            assert_eq!(list_ids(&service, &query).await, expected, "{after} to {before}{others}");
        }
    }
    let after = format!("received_after={}&decision=failed", at(30));
    assert_eq!(list_ids(&service, &after).await, Vec::<String>::new());
}

#[apply(both_engines)]
async fn foreign_and_tombstoned_events_are_listed(engine: Engine) {
    let service = Service::start_with(engine, [("MEETVO__CLERK__INSTANCE_ID", "ins_tests")]).await;
    let mut foreign = fixtures::user_event("user.created", "user_1", 0);
    foreign["instance_id"] = json!("ins_other");
    assert_eq!(deliver(&service, "msg_1", &foreign).await, "quarantined");
    assert_eq!(deliver(&service, "msg_2", &fixtures::user_deleted("user_1", 1)).await, "applied");
    let late = fixtures::user_event("user.updated", "user_1", 2);
    assert_eq!(deliver(&service, "msg_3", &late).await, "tombstoned");
    assert_eq!(list_ids(&service, "decision=quarantined").await, ["msg_1"]);
    assert_eq!(list_ids(&service, "decision=tombstoned").await, ["msg_3"]);
    // The deletion empties the payload and keeps the event.
    let event = service.get("/v1/events/msg_3").await.body;
    assert_eq!((&event["subject"], &event["payload"]), (&json!("user_1"), &Value::Null));
}

#[apply(both_engines)]
async fn cursors_visit_every_event_once(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 0..16 {
        let event = fixtures::user_event("user.created", &format!("user_{number}"), 0);
        deliver(&service, &format!("msg_{number:02}"), &event).await;
    }
    let expected: Vec<_> = (0..16).rev().map(|number| format!("msg_{number:02}")).collect();
    for limit in [1, 5, 8, 16, 500] {
        assert_eq!(ids(&service.walk("/v1/events", limit).await), expected, "by {limit}");
    }
    let first = service.get("/v1/events?limit=10").await.body;
    deliver(&service, "msg_16", &fixtures::user_event("user.created", "user_16", 0)).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = list_ids(&service, &format!("limit=10&cursor={cursor}")).await;
    assert_eq!([ids(first["data"].as_array().unwrap()).as_slice()].concat(), expected[..10]);
    assert_eq!(rest, expected[10..], "no gap, no repetition and no newer event");
    let filtered = format!("subject=user_0&cursor={cursor}");
    assert_eq!(list_ids(&service, &filtered).await, ["msg_00"], "a cursor works with a filter");
}

/// A page of applied or stale events scans a limited number of rows. It can have fewer items than
/// the limit, even none, and still have a next page. Other decisions are found by an index.
#[apply(both_engines)]
async fn rare_decisions_are_found_among_many(engine: Engine) {
    let service = Service::start(engine).await;
    // Received now, because retention deletes old events.
    let events = format!(
        "WITH RECURSIVE numbers (n) AS (\
             SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 7000) \
         INSERT INTO webhook_events (id, decision, received_at) \
         SELECT 'msg_' || n, CASE WHEN n IN (3, 4, 6999) THEN 'stale' \
         WHEN n IN (5, 6, 7) THEN 'failed' WHEN n < 100 THEN 'quarantined' \
         ELSE 'applied' END, {NOW} FROM numbers"
    );
    service.tables().await.run(&events).await;
    service.assert_pages_find("/v1/events?decision=stale", &["msg_6999", "msg_4", "msg_3"]).await;
    for limit in [1, 2, 3, 500] {
        let failed = service.pages(&format!("/v1/events?decision=failed&limit={limit}")).await;
        assert_eq!(ids(&failed.concat()), ["msg_7", "msg_6", "msg_5"], "{limit}");
        assert_eq!(failed.len(), 3_usize.div_ceil(limit));
    }
    assert_eq!(service.list("/v1/events?decision=ignored").await, [Value::Null; 0]);
}

#[apply(both_engines)]
async fn only_single_event_includes_payload(engine: Engine) {
    let service = Service::start(engine).await;
    let mut body = fixtures::user_event("user.created", "user_1", 3);
    body["data"]["private_metadata"] = json!({ "note": "for backends only" });
    service.clock.set(NOW + 2_500);
    assert_eq!(deliver(&service, "msg_1", &body).await, "applied");
    let mut expected = json!({
        "seq": 1,
        "id": "msg_1",
        "type": "user.created",
        "subject": "user_1",
        "organization_id": null, "object_id": "user_1",
        "instance_id": "ins_tests",
        "decision": "applied",
        "reason": null,
        "secret": "primary",
        "occurred_at": "2026-08-12T09:30:00.003Z",
        "received_at": "2026-08-12T09:30:02.500Z",
        "dismissed": null,
    });
    assert_eq!(service.list("/v1/events").await, [expected.clone()]);
    let response = service.get("/v1/events/msg_1").await;
    assert_eq!(response.status, 200);
    body["data"].as_object_mut().unwrap().remove("private_metadata");
    let mut payload = response.body["payload"].clone();
    let redacted = payload["data"].as_object_mut().unwrap().remove("private_metadata");
    assert!(!redacted.unwrap_or_default().to_string().contains("for backends only"));
    assert_eq!(payload, body, "the payload as sent");
    expected["payload"] = response.body["payload"].clone();
    assert_eq!(response.body, expected);
}

#[apply(both_engines)]
async fn retention_empties_then_deletes_events(engine: Engine) {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let retention =
        [("MEETVO__RETENTION__PAYLOAD_DAYS", "30"), ("MEETVO__RETENTION__EVENT_DAYS", "90")];
    let service = Service::start_with(engine, retention).await;
    let body = fixtures::user_event("user.created", "user_1", 0);
    deliver(&service, "msg_1", &body).await;
    let event = service.get("/v1/events/msg_1").await.body;
    service.clock.set(NOW + 1);
    deliver(&service, "msg_2", &fixtures::user_event("user.created", "user_2", 0)).await;
    let user = service.get("/v1/users/user_1").await.body;

    service.clock.set(NOW + 30 * DAY + 1);
    let service = service.restart_with(retention).await;
    let mut emptied = event.clone();
    emptied["payload"] = Value::Null;
    let response = wait_for_change(&service, "/v1/events/msg_1", &event).await;
    assert_eq!((response.status.as_u16(), &response.body), (200, &emptied));
    let newer = service.get("/v1/events/msg_2").await.body;
    assert!(newer["payload"].is_object(), "the newer payload is not purged yet");
    assert_eq!(deliver(&service, "msg_1", &body).await, "duplicate");

    service.clock.set(NOW + 90 * DAY + 1);
    let service = service.restart_with(retention).await;
    let response = wait_for_change(&service, "/v1/events/msg_1", &emptied).await;
    assert_eq!(response.problem(), (404, "not_found"));
    assert_eq!(service.get("/v1/users/user_1").await.body, user, "the user stays");
    assert_eq!(deliver(&service, "msg_1", &body).await, "stale", "the old state is not applied");
}

/// Repeats a request until the body of the response differs from `old`.
async fn wait_for_change(service: &Service, path: &str, old: &Value) -> ApiResponse {
    let changed = async {
        loop {
            let response = service.get(path).await;
            if response.body != *old {
                return response;
            }
        }
    };
    timeout(TEST_TIMEOUT, changed).await.expect("the response changes")
}

#[apply(both_engines)]
async fn session_event_has_its_user_as_subject(engine: Engine) {
    let service = Service::start(engine).await;
    let event = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    deliver(&service, "msg_1", &event).await;
    let shown = service.get("/v1/events/msg_1").await.body;
    assert_eq!(shown["subject"], "user_1");
    assert_eq!(shown["object_id"], "sess_1");
}

#[apply(both_engines)]
async fn failed_event_has_a_reason(engine: Engine) {
    let service = Service::start(engine).await;
    let body = json!({ "type": "user.created", "timestamp": NOW, "data": { "first_name": "Ada" } });
    assert_eq!(deliver(&service, "msg_1", &body).await, "failed");
    let shown = service.get("/v1/events/msg_1").await.body;
    assert!(shown["reason"].as_str().unwrap().contains("data.id"), "{shown}");
    assert!(!shown["reason"].as_str().unwrap().contains("Ada"), "no personal data");
    assert_eq!((&shown["type"], &shown["subject"]), (&json!("user.created"), &Value::Null));
}

#[apply(both_engines)]
async fn unknown_event_is_not_found(engine: Engine) {
    let service = Service::start(engine).await;
    send_six_events(&service).await;
    for id in ["msg_7", "MSG_1", "1", "msg_1%00"] {
        let answer = service.get(&format!("/v1/events/{id}")).await;
        assert_eq!(answer.problem(), (404, "not_found"), "{id}");
    }
}

/// `duplicate` is a decision about a delivery, and no event is stored with it.
#[apply(both_engines)]
async fn invalid_parameters_are_rejected(engine: Engine) {
    let service = Service::start(engine).await;
    let padded = service.get("/v1/events?type=+user.created&subject=+user_nobody+").await;
    assert_eq!((padded.status.as_u16(), &padded.body["data"]), (200, &json!([])));
    let invalid = [
        "subject=",
        "type=+",
        "decision=duplicate",
        "decision=Applied",
        "decision=",
        "decision=applied&decision=stale",
        "cursor=msg_1",
        "cursor=1.5",
        "cursor=99999999999999999999",
        "limit=0",
        "limit=501",
        "limit=x",
        "received_after=yesterday",
        "received_before=1780000000000",
        "kind=user.created",
    ];
    for query in invalid {
        let answer = service.get(&format!("/v1/events?{query}")).await;
        assert_eq!(answer.problem(), (400, "parameter_invalid"), "{query}");
    }
}
