//! Operation, time, event and source of a change, and the filters by kind and operation.

use meetvo::objects::ChangeKind;
use serde_json::{Value, json};

use super::get_changes;
use crate::harness::{
    ApiResponse, Delivery, Engine, EventStream, NOW, SECRET, Service, apply, both_engines, fixtures,
};

async fn changes(service: &Service, query: &str) -> Vec<Value> {
    let page = service.get(&format!("/v1/changes?{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.body);
    page.body["data"].as_array().unwrap().clone()
}

/// Returns these fields of changes.
fn fields<'c>(changes: &'c [Value], names: [&str; 2]) -> Vec<[&'c str; 2]> {
    let fields = |it: &'c Value| names.map(|name| it[name].as_str().unwrap());
    changes.iter().map(fields).collect()
}

async fn send(service: &Service, id: &str, body: &Value) {
    let delivery = Delivery::signed(SECRET, id, NOW, body.to_string());
    service.deliver(&delivery).await;
}

/// Adds a user whose session came first, changes the user, and deletes it twice.
async fn add_history(service: &Service) {
    send(service, "msg_1", &fixtures::session_event("session.created", "sess_1", "user_1", 0))
        .await;
    send(service, "msg_2", &fixtures::user_event("user.updated", "user_1", 5)).await;
    send(service, "msg_3", &fixtures::user_event("user.created", "user_1", 0)).await;
    send(service, "msg_4", &fixtures::user_event("user.updated", "user_1", 9)).await;
    send(service, "msg_5", &fixtures::user_deleted("user_1", 20)).await;
    send(service, "msg_6", &fixtures::user_deleted("user_1", 10)).await;
    send(service, "msg_7", &fixtures::user_deleted("user_unseen", 10)).await;
}

#[apply(both_engines)]
async fn entry_has_operation_time_event_and_source(engine: Engine) {
    let service = Service::start(engine).await;
    add_history(&service).await;
    let entries = changes(&service, "").await;
    let operations = fields(&entries, ["event_id", "operation"]);
    let expected = [
        ["msg_1", "created"],
        ["msg_2", "created"],
        ["msg_4", "updated"],
        ["msg_5", "deleted"],
        ["msg_7", "deleted"],
    ];
    assert_eq!(operations, expected, "the earlier event came later, and one deletion counts");
    let expected = json!({
        "cursor": "2", "kind": "user", "id": "user_1", "operation": "created",
        "at": entries[1]["at"], "event_id": "msg_2", "source": "webhook", "user_id": "user_1",
        "organization_id": null, "deleted": true,
    });
    assert_eq!(entries[1], expected);
    let event = service.get("/v1/events/msg_2").await.body;
    assert_eq!(event["occurred_at"], entries[1]["at"]);
    assert_eq!(event["seq"].to_string(), entries[1]["cursor"].as_str().unwrap());
}

#[apply(both_engines)]
async fn filters_apply_to_pages_and_streams(engine: Engine) {
    let service = Service::start(engine).await;
    add_history(&service).await;
    for (query, expected) in [
        ("kind=session", &["msg_1"][..]),
        ("kind=user&operation=created", &["msg_2"]),
        ("kind=user&kind=session&operation=created", &["msg_1", "msg_2"]),
        ("operation=updated&operation=deleted", &["msg_4", "msg_5", "msg_7"]),
        ("kind=role", &[]),
    ] {
        let page = changes(&service, query).await;
        let found: Vec<_> = page.iter().map(|it| it["event_id"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{query}");
        let mut stream =
            EventStream::open(get_changes(&service, &format!("/v1/changes?after=0&{query}"))).await;
        for id in expected {
            assert_eq!(stream.next().await.unwrap()["event_id"], *id, "{query}");
        }
    }
    let kinds: Vec<_> = ChangeKind::all().map(|kind| format!("`{kind}`")).collect();
    let unknown = &*format!("kind: expected one of {}", kinds.join(", "));
    for (query, detail) in [
        ("kind=user&kind=users", unknown),
        ("kind=users", unknown),
        (
            "operation=create",
            "operation: expected one of `created`, `updated`, `deleted`, `changed`",
        ),
        ("after=latest", "after: expected a cursor of this service, or now"),
    ] {
        for accept in ["application/json", "text/event-stream"] {
            let get = get_changes(&service, &format!("/v1/changes?{query}"));
            let response = ApiResponse::fetch(get.header("accept", accept)).await;
            assert_eq!(response.problem(), (400, "parameter_invalid"), "{query}");
            assert_eq!(response.body["detail"], detail, "{query}");
        }
    }
}

/// With a filter, the limit counts changes, and the cursor passes the events between them.
#[apply(both_engines)]
async fn filtered_pages_continue_after_last_change(engine: Engine) {
    let service = Service::start(engine).await;
    let insert = format!(
        "WITH RECURSIVE numbers (n) AS \
         (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 5000) \
         INSERT INTO webhook_events (id, type, subject, object_id, object_kind, operation, \
             decision, received_at) \
         SELECT 'msg_' || n, 'user.updated', 'user_' || n, 'user_' || n, 'user', \
             CASE WHEN n % 1000 = 0 THEN 'created' ELSE 'updated' END, 'applied', {NOW} FROM numbers"
    );
    service.tables().await.run(&insert).await;
    let (mut found, mut pages, mut after) = (Vec::new(), 0, "0".to_owned());
    loop {
        let query = format!("/v1/changes?operation=created&limit=1&after={after}");
        let page = service.get(&query).await.body;
        found.extend(page["data"].as_array().unwrap().iter().map(|it| it["cursor"].to_string()));
        page["next_cursor"].as_str().unwrap().clone_into(&mut after);
        pages += 1;
        if page["has_more"] == false {
            break;
        }
    }
    assert_eq!(found, [1, 2, 3, 4, 5].map(|n| format!("\"{n}000\"")));
    assert!(pages <= 6, "{pages}");
    assert_eq!(after, "5000");
}

#[apply(both_engines)]
async fn now_starts_after_newest_change(engine: Engine) {
    let service = Service::start(engine).await;
    let empty = json!({ "data": [], "next_cursor": "0", "has_more": false });
    assert_eq!(service.get("/v1/changes?after=now").await.body, empty, "the cursor is usable");
    add_history(&service).await;
    let page = service.get("/v1/changes?after=now").await.body;
    assert_eq!(page, json!({ "data": [], "next_cursor": "7", "has_more": false }));
    let mut stream = EventStream::open(get_changes(&service, "/v1/changes?after=now")).await;
    assert_eq!(stream.last_id, "7");
    send(&service, "msg_8", &fixtures::user_event("user.created", "user_2", 0)).await;
    assert_eq!(stream.next().await.unwrap()["event_id"], "msg_8");
    assert_eq!(changes(&service, "after=7").await.len(), 1);
}

/// Events of a version that did not record operations and sources. They are not old enough to be
/// removed by the retention.
#[apply(both_engines)]
async fn older_events_are_never_creations(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    for (id, kind) in [
        ("msg_1", "user.created"),
        ("msg_2", "user.deleted"),
        ("meetvo.user.fetched:user_1:5", "meetvo.user.fetched"),
        ("meetvo.user.erased:user_1", "meetvo.user.erased"),
    ] {
        let insert = format!(
            "INSERT INTO webhook_events (id, type, subject, object_id, decision, received_at) \
             VALUES ('{id}', '{kind}', 'user_1', 'user_1', 'applied', {NOW})"
        );
        tables.run(&insert).await;
    }
    let entries = changes(&service, "").await;
    let expected = [
        ["updated", "webhook"],
        ["deleted", "webhook"],
        ["updated", "backfill"],
        ["deleted", "erasure"],
    ];
    assert_eq!(fields(&entries, ["operation", "source"]), expected);
}
