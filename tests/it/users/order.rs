//! `GET /v1/users?sort=created_at|-created_at`

use serde_json::{Value, json};

use super::created;
use crate::harness::{Engine, NOW, Service, apply, both_engines, fixtures, ids};

/// Adds users whose order of creation differs from that of their IDs. Two are created at once.
async fn add_users(service: &Service) {
    for (id, minutes) in [("user_a", 3), ("user_b", 1), ("user_c", 2), ("user_d", 2), ("user_e", 0)]
    {
        let overrides = json!({
            "created_at": NOW + minutes * 60_000, "banned": id == "user_c", "username": id,
        });
        assert_eq!(service.send(&created(id, 0, &overrides)).await, "applied");
    }
    service.send(&fixtures::user_deleted("user_gone", 0)).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_stub", 0)).await;
}

/// Reads a list page by page.
async fn walk(service: &Service, query: &str, limit: usize) -> Vec<Value> {
    let (mut users, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/users?{query}&limit={limit}{cursor}");
        let page = service.get(&path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        users.extend(page.body["data"].as_array().unwrap().clone());
        let Some(next) = page.body["next_cursor"].as_str() else { return users };
        cursor = format!("&cursor={next}");
    }
}

#[apply(both_engines)]
async fn users_are_listed_in_order_of_creation(engine: Engine) {
    let service = Service::start(engine).await;
    add_users(&service).await;
    let minute = |minute: u8| format!("2026-08-12T09:3{minute}:00Z");
    let cases: [(String, &[&str]); 9] = [
        (String::new(), &["user_e", "user_b", "user_c", "user_d", "user_a"]),
        (format!("created_after={}", minute(1)), &["user_c", "user_d", "user_a"]),
        (format!("created_before={}", minute(2)), &["user_e", "user_b"]),
        (
            format!("created_after={}&created_before={}", minute(0), minute(3)),
            &["user_b", "user_c", "user_d"],
        ),
        (format!("created_after={}", minute(3)), &[]),
        ("banned=true".to_owned(), &["user_c"]),
        ("banned=false".to_owned(), &["user_e", "user_b", "user_d", "user_a"]),
        ("id=user_a&id=user_d&id=user_b".to_owned(), &["user_b", "user_d", "user_a"]),
        ("username=user_d".to_owned(), &["user_d"]),
    ];
    for (query, expected) in cases {
        let mut reversed = expected.to_vec();
        reversed.reverse();
        for limit in [1, 2, 500] {
            let found = walk(&service, &format!("sort=created_at&{query}"), limit).await;
            assert_eq!(ids(&found), expected, "{query}, limit {limit}");
            let found = walk(&service, &format!("sort=-created_at&{query}"), limit).await;
            assert_eq!(ids(&found), reversed, "{query}, limit {limit}");
        }
    }
}

/// A page scans a limited number of users that fail the other filters.
#[apply(both_engines)]
async fn sorted_list_passes_many_other_users(engine: Engine) {
    let service = Service::start(engine).await;
    let insert = "WITH RECURSIVE numbers (n) AS \
        (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 5000) \
        INSERT INTO users (clerk_id, created_at, updated_at, version_updated_at) \
        SELECT 'user_' || n, n, n, n FROM numbers";
    service.tables().await.run(insert).await;
    for (sort, expected) in
        [("created_at", ["user_4999", "user_5000"]), ("-created_at", ["user_5000", "user_4999"])]
    {
        let query = format!("sort={sort}&updated_after=1970-01-01T00:00:04.998Z");
        assert_eq!(ids(&walk(&service, &query, 50).await), expected);
    }
}
