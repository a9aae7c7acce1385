//! `GET /v1/users?limit=&cursor=`

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Engine, Service, apply, both_engines, fixtures, ids};

async fn add(service: &Service, id: &str) {
    let event = fixtures::user_event("user.created", id, 0);
    assert_eq!(service.send(&event).await, "applied", "{id}");
}

#[apply(both_engines)]
async fn cursors_return_each_user_once(engine: Engine) {
    let service = Service::start(engine).await;
    let mut expected = BTreeSet::new();
    // The IDs have mixed case, as Clerk's do: cursors use byte order.
    for name in ["a", "B", "c", "D", "0", "z", "Z"] {
        for number in 0..3 {
            let id = format!("user_{name}{number}");
            add(&service, &id).await;
            expected.insert(id);
        }
    }
    // 21 users fill three pages of seven. After a deletion, 20 users fill two pages and a part of
    // the third.
    let users = service.walk("/v1/users", 7).await;
    assert_eq!(ids(&users), expected.iter().collect::<Vec<_>>());
    service.send(&fixtures::user_deleted("user_B1", 1)).await;
    expected.remove("user_B1");
    for limit in [1, 7, 19, 20, 21, 500] {
        let users = service.walk("/v1/users", limit).await;
        assert_eq!(ids(&users), expected.iter().collect::<Vec<_>>(), "limit {limit}");
    }
}

#[apply(both_engines)]
async fn last_full_page_has_no_cursor(engine: Engine) {
    let service = Service::start(engine).await;
    for id in ["user_1", "user_2", "user_3", "user_4"] {
        add(&service, id).await;
    }
    let first = service.get("/v1/users?limit=2").await.body;
    assert_eq!(first["next_cursor"], "user_2");
    let last = service.get("/v1/users?limit=2&cursor=user_2").await.body;
    assert_eq!(ids(last["data"].as_array().unwrap()), ["user_3", "user_4"]);
    assert_eq!(last["next_cursor"], Value::Null);
    let beyond = service.get("/v1/users?cursor=user_9").await.body;
    assert_eq!(beyond, serde_json::json!({ "data": [], "next_cursor": null }));
}

#[apply(both_engines)]
async fn default_page_has_fifty_users(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 0..51 {
        add(&service, &format!("user_{number:02}")).await;
    }
    let response = service.get("/v1/users").await;
    assert_eq!(response.body["data"].as_array().unwrap().len(), 50);
    assert_eq!(response.body["next_cursor"], "user_49");
}

/// A user who exists during the complete walk is returned exactly once. Of the users who are added
/// meanwhile, only those behind the cursor are returned.
#[apply(both_engines)]
async fn pagination_survives_concurrent_changes(engine: Engine) {
    let service = Service::start(engine).await;
    for number in 10..40 {
        add(&service, &format!("user_{number}")).await;
    }
    let (mut returned, mut cursor) = (Vec::new(), String::new());
    for page in 0..4 {
        let response = service.get(&format!("/v1/users?limit=7{cursor}")).await;
        returned.extend(response.body["data"].as_array().unwrap().clone());
        let next = response.body["next_cursor"].as_str().unwrap();
        cursor = format!("&cursor={next}");
        add(&service, &format!("user_0{page}")).await;
        add(&service, &format!("{next}_right_behind")).await;
        add(&service, &format!("user_9{page}")).await;
    }
    service.send(&fixtures::user_deleted("user_39", 1)).await;
    let response = service.get(&format!("/v1/users?limit=500{cursor}")).await;
    assert_eq!(response.body["next_cursor"], Value::Null);
    returned.extend(response.body["data"].as_array().unwrap().clone());
    let returned = ids(&returned);
    // Each page has seven users. One of them was added right behind the cursor.
    let added_behind =
        ["user_16", "user_22", "user_28", "user_34"].map(|it| format!("{it}_right_behind"));
    let present = (10..39).map(|it| format!("user_{it}"));
    let added_at_end = (0..4).map(|it| format!("user_9{it}"));
    let expected: BTreeSet<_> = present.chain(added_behind).chain(added_at_end).collect();
    assert_eq!(returned, expected.iter().collect::<Vec<_>>());
}

/// A page scans a bounded number of users for recent changes. It may have fewer users than its
/// limit, or none, and still have a next page.
#[apply(both_engines)]
async fn updated_after_finds_few_among_many(engine: Engine) {
    let service = Service::start(engine).await;
    let users = "WITH RECURSIVE numbers (n) AS (\
                     SELECT 10001 UNION ALL SELECT n + 1 FROM numbers WHERE n < 17000) \
                 INSERT INTO users (clerk_id, updated_at, version_updated_at) \
                 SELECT 'user_' || n, \
                     CASE WHEN n IN (10007, 10008, 16999) THEN 2000 ELSE 1000 END, 1 \
                 FROM numbers";
    service.tables().await.run(users).await;
    let changed = "updated_after=1970-01-01T00:00:01.5Z";
    let expected = ["user_10007", "user_10008", "user_16999"];
    service.assert_pages_find(&format!("/v1/users?{changed}"), &expected).await;
    // The filter by ID needs no scan.
    let found = service.list(&format!("/v1/users?{changed}&id=user_16999")).await;
    assert_eq!(ids(&found), ["user_16999"]);
}
