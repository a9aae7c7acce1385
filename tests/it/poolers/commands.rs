//! The service and all commands that use the database, through each kind of pool.

use serde_json::Value;
use tokio::task::block_in_place;

use super::{SUPPORTED, assert_nothing_left, start};
use crate::harness::{
    Database, Delivery, EventStream, KEY, NOW, Process, Service,
    fake_clerk::{FakeClerk, INSTANCE, SECRET_KEY},
    fixtures, retried,
};

/// Runs a command that must succeed, and returns what it prints.
fn run(database: &Database, clerk: &FakeClerk, words: &[&str]) -> String {
    let settings = [
        ("CLERK_SECRET_KEY", SECRET_KEY),
        ("MEETVO__CLERK__API_URL", &*clerk.url),
        ("MEETVO__CLERK__INSTANCE_ID", INSTANCE),
    ];
    let output = block_in_place(|| Process::run(database, settings, words));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs every command that uses the database.
fn run_commands(database: &Database) {
    let clerk = FakeClerk::start();
    (0..3).for_each(|number| {
        let mut user = fixtures::user(&format!("user_{number}"), 0);
        user["created_at"] = (NOW + number).into();
        clerk.put_user(&user);
    });
    run(database, &clerk, &["migrate", "run"]);
    run(database, &clerk, &["backfill"]);
    run(database, &clerk, &["drift"]);
    run(database, &clerk, &["rebuild", "--check"]);
    run(database, &clerk, &["rebuild"]);
    run(database, &clerk, &["migrate", "info"]);
    let key = run(database, &clerk, &["keys", "new", "--name", "web", "--json"]);
    let key: Value = serde_json::from_str(&key).unwrap();
    assert!(key["key"].is_string(), "{key}");
    assert!(run(database, &clerk, &["keys", "list"]).contains("web"));
    assert!(run(database, &clerk, &["why", "user_1"]).contains("user_1"));
    run(database, &clerk, &["erase", "user_2", "--yes"]);
    let through_pooler = run(database, &clerk, &["digest"]);
    let direct = database.directly();
    assert_eq!(run(&direct, &clerk, &["digest"]), through_pooler);
}

async fn serve(database: Database) {
    let service = Service::start_on(database.into(), meetvo::clock::Clock::manual(NOW), []).await;
    let changes = service.client.get(service.url_for("/v1/changes")).bearer_auth(KEY);
    let mut changes = EventStream::open(changes).await;
    for number in 0..20 {
        let id = format!("user_{number}");
        let created = fixtures::user_event("user.created", &id, 0);
        assert_eq!(service.send(&created).await, "applied");
        let change = changes.next().await.unwrap();
        assert_eq!((&change["id"], &change["operation"]), (&id.into(), &"created".into()));
    }
    let repeated = Delivery::new(&fixtures::user_deleted("user_1", 5), NOW);
    assert_eq!(service.deliver(&repeated).await, "applied");
    assert_eq!(service.deliver(&repeated).await, "duplicate");
    assert_eq!(service.list("/v1/users").await.len(), 19);
    let found = service.list("/v1/users?email=user_2@example.com").await;
    assert_eq!(found.len(), 1);
    for path in ["/readyz", "/v1/status", "/v1/events", "/v1/decisions", "/metrics"] {
        let get = || service.client.get(service.url_for(path)).bearer_auth(KEY);
        assert_eq!(retried(get).await.status, 200, "{path}");
    }
    let database = service.stop().await;
    assert_nothing_left(&database).await;
}

/// Only on PostgreSQL, which has poolers.
#[tokio::test(flavor = "multi_thread")]
async fn service_works_through_each_pool() {
    for pool in SUPPORTED {
        let pooler = start(pool);
        serve(Database::behind(&pooler).await).await;
    }
}

/// Only on PostgreSQL, which has poolers.
#[tokio::test(flavor = "multi_thread")]
async fn commands_work_through_each_pool() {
    for pool in SUPPORTED {
        let pooler = start(pool);
        let database = Database::behind(&pooler).await;
        run_commands(&database);
        assert_nothing_left(&database).await;
    }
}
