//! Client for Clerk's Backend API: pages, retries, rate limits and errors.

use meetvo::clerk::backend::{self, BackendError, PAGE_SIZE, RetryPolicy};
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use crate::harness::fake_clerk::{FakeClerk, INSTANCE, SECRET_KEY, ScriptedResponse, error};

fn client(clerk: &FakeClerk) -> backend::Backend {
    backend::Backend::new(&clerk.url, SECRET_KEY).unwrap()
}

fn user(number: i64) -> Value {
    json!({ "id": format!("user_{number}"), "created_at": 1_700_000_000_000 + number })
}

fn ids(users: &[backend::ApiObject]) -> Vec<String> {
    let id = |user: &backend::ApiObject| {
        serde_json::from_str::<Value>(user.get()).unwrap()["id"].as_str().unwrap().to_owned()
    };
    users.iter().map(id).collect()
}

/// Uses neither SQLite nor PostgreSQL.
#[tokio::test]
async fn user_pages_follow_creation_order() {
    let clerk = FakeClerk::start();
    (0..507).for_each(|number| clerk.put_user(&user(number)));
    let client = client(&clerk);
    let first = ids(&client.users(None).await.unwrap());
    assert_eq!((first.len(), &*first[0], &*first[499]), (PAGE_SIZE, "user_0", "user_499"));
    let second = ids(&client.users(first.last().map(String::as_str)).await.unwrap());
    assert_eq!((second.len(), &*second[0]), (7, "user_500"));
    assert_eq!(client.count_users(RetryPolicy::None).await.unwrap(), 507);
    assert_eq!(client.instance(RetryPolicy::None).await.unwrap().id, INSTANCE);
    assert_eq!(clerk.requests()[0], "/v1/users?limit=500&order_by=%2Bcreated_at");
}

/// Uses neither SQLite nor PostgreSQL.
#[tokio::test]
async fn only_clerks_404_means_user_missing() {
    let clerk = FakeClerk::start();
    clerk.put_user(&user(1));
    let client = client(&clerk);
    assert_eq!(
        ids(&[client.user("user_1", RetryPolicy::None).await.unwrap().unwrap()]),
        ["user_1"]
    );
    assert!(client.user("user_2", RetryPolicy::None).await.unwrap().is_none());
    clerk.script_responses([ScriptedResponse::Status(404, "<html>nginx</html>".to_owned(), None)]);
    let error = client.user("user_2", RetryPolicy::None).await.unwrap_err();
    assert!(matches!(error, BackendError::Rejected(_)), "{error}");
}

/// Uses neither SQLite nor PostgreSQL.
#[tokio::test]
async fn transient_errors_are_retried() {
    let clerk = FakeClerk::start();
    clerk.put_user(&user(1));
    clerk.script_responses([
        ScriptedResponse::Status(500, String::new(), None),
        ScriptedResponse::Truncated,
        ScriptedResponse::Status(429, error("too_many_requests").to_string(), Some(1)),
    ]);
    let started = Instant::now();
    let users = client(&clerk).users(None).await.unwrap();
    assert_eq!((ids(&users).len(), clerk.requests().len()), (1, 4));
    assert!(started.elapsed() >= Duration::from_secs(1), "the pause follows Retry-After");
}

/// Uses neither SQLite nor PostgreSQL.
#[tokio::test]
async fn permanent_error_is_reported_without_key() {
    let clerk = FakeClerk::start();
    let wrong = backend::Backend::new(&clerk.url, "sk_live_wrong").unwrap();
    let error = wrong.users(None).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "Clerk rejected the request: 401 clerk_key_invalid (clerk_trace_id 5ad9f8a1b2c3); check that \
         CLERK_SECRET_KEY is an active key of this instance"
    );
    assert_eq!(clerk.requests().len(), 1);
    assert!(!format!("{wrong:?}").contains("sk_live_wrong"));
    clerk.script_responses([ScriptedResponse::Status(200, "[{\"id\":".to_owned(), None)]);
    let shape = client(&clerk).users(None).await.unwrap_err().to_string();
    assert!(shape.starts_with("unexpected response from Clerk's Backend API"), "{shape}");
}

/// Uses neither SQLite nor PostgreSQL.
#[tokio::test]
async fn waiting_request_is_not_retried() {
    let clerk = FakeClerk::start();
    clerk.script_responses([ScriptedResponse::Status(503, String::new(), None)]);
    let failing = client(&clerk).user("user_1", RetryPolicy::None).await.unwrap_err();
    assert!(matches!(failing, BackendError::ServerError(503)), "{failing}");
    let nowhere = backend::Backend::new("http://127.0.0.1:9", SECRET_KEY).unwrap();
    let unreachable = nowhere.user("user_1", RetryPolicy::None).await.unwrap_err().to_string();
    assert!(unreachable.starts_with("Clerk's Backend API is unreachable"), "{unreachable}");
    assert!(!unreachable.contains("user_1"), "{unreachable}");
}

/// Uses neither SQLite nor PostgreSQL.
#[tokio::test]
async fn user_id_is_escaped_in_path() {
    let clerk = FakeClerk::start();
    let client = client(&clerk);
    let odd = "user_1/../../x?y#z";
    assert!(client.user(odd, RetryPolicy::None).await.unwrap().is_none());
    assert_eq!(clerk.requests(), ["/v1/users/user_1%2F..%2F..%2Fx%3Fy%23z"]);
}
