//! Backfill, drift check and repair of plans, subscriptions and items.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ORGANIZATION, USER, apply_all, entitlement, summary};
use crate::harness::{
    Database, Engine, Process, Service, apply,
    billing_events::{Item, Payer, fetched_subscription, plan},
    both_engines, env_number,
    fake_clerk::{FakeClerk, INSTANCE, SECRET_KEY},
    fixtures, report_work,
};

/// Time limit of a command. Clerk allows 100 requests per second, and a check sends one for each payer
/// who pays: with `TORTURE_PAYERS=20000`, it takes more than three minutes.
const LIMIT: Duration = Duration::from_mins(30);

/// Runs a command with JSON output against Clerk's fake.
fn run(database: &Database, clerk: &FakeClerk, words: &[&str], status: i32) -> Value {
    let settings = [
        ("CLERK_SECRET_KEY", SECRET_KEY),
        ("MEETVO__CLERK__API_URL", &clerk.url),
        ("MEETVO__CLERK__INSTANCE_ID", INSTANCE),
    ];
    let output = tokio::task::block_in_place(|| {
        let mut command = Process::command(database, settings);
        Process::output_within(command.args([words, &["--json"]].concat()), LIMIT)
    });
    assert_eq!(output.status.code(), Some(status), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let last = text.lines().last().unwrap_or_default();
    serde_json::from_str(last).or_else(|_| serde_json::from_str(&text)).unwrap()
}

fn of_type<'r>(printed: &'r Value, name: &str) -> &'r Value {
    &printed["report"]["types"][name]
}

#[apply(both_engines)]
async fn backfill_imports_billing(engine: Engine) {
    let service = Service::start(engine).await;
    let clerk = FakeClerk::start();
    clerk.enable_billing(&[plan("pro", "user", &["sso"]), plan("free", "user", &[])]);
    let items = [Item::new("csub_item_1", USER, "pro", "canceled", 5)];
    clerk.put_subscription("user_1", &fetched_subscription(USER, "active", &items, 5));
    let items = [Item::new("csub_item_2", ORGANIZATION, "free", "active", 5)];
    clerk.put_subscription("org_1", &fetched_subscription(ORGANIZATION, "active", &items, 5));
    run(&service.database, &clerk, &["backfill"], 0);
    let user = entitlement(&service, USER).await;
    assert_eq!(
        (&user["plan"], &user["status"], &user["features"]),
        (&json!("pro"), &json!("canceled"), &json!(["sso"])),
        "Clerk returns a canceled item as an active one with a time"
    );
    let organization = entitlement(&service, ORGANIZATION).await;
    assert_eq!(summary(&organization), (json!("free"), json!(true), json!("active")));
    let subscriptions = service.list("/v1/subscriptions").await;
    assert_eq!(subscriptions.len(), 1, "payers who do not pay take no request");
    // Plans have no time of their last change. The second fetch stores nothing.
    let before = service.tables().await.rows("webhook_events").await.len();
    run(&service.database, &clerk, &["backfill"], 0);
    assert_eq!(service.tables().await.rows("webhook_events").await.len(), before);
    clerk.enable_billing(&[plan("pro", "user", &["sso", "export"]), plan("free", "user", &[])]);
    run(&service.database, &clerk, &["backfill"], 0);
    let features = &entitlement(&service, USER).await["features"];
    assert_eq!(*features, json!(["sso", "export"]));
}

#[apply(both_engines)]
async fn differences_of_payers_are_named_and_repaired(engine: Engine) {
    let payers = usize::try_from(env_number("TORTURE_PAYERS").unwrap_or(60)).unwrap();
    let service = Service::start(engine).await;
    let clerk = FakeClerk::start();
    clerk.enable_billing(&[plan("pro", "user", &["sso"])]);
    let ids: Vec<String> = (0..payers).map(|index| format!("user_{index:06}")).collect();
    let subscription = |id: &str, status: &str, updated: i64| {
        let payer = Payer::User(id);
        let item = Item::new(&format!("csub_item_{id}"), payer, "pro", status, updated);
        fetched_subscription(payer, "active", &[item], updated)
    };
    for id in &ids {
        clerk.put_user(&fixtures::user(id, 0));
        clerk.put_subscription(id, &subscription(id, "active", 5));
    }
    run(&service.database, &clerk, &["backfill"], 0);
    run(&service.database, &clerk, &["drift"], 0);
    // Webhooks are lost: every tenth payer changes, ends, or has none any more.
    let (mut changed, mut ended, mut gone) = (0, 0, 0);
    for (index, id) in ids.iter().enumerate().step_by(10) {
        match index / 10 % 3 {
            0 => {
                clerk.put_subscription(id, &subscription(id, "past_due", 6));
                changed += 1;
            }
            1 => {
                clerk.put_subscription(id, &subscription(id, "ended", 6));
                ended += 1;
            }
            _ => {
                clerk.remove_subscription(id);
                gone += 1;
            }
        }
    }
    let report = run(&service.database, &clerk, &["drift"], 3);
    let items = of_type(&report, "subscription_item");
    assert_eq!(items["found"]["different"], json!(changed + ended), "{items}");
    assert_eq!(items["found"]["extra"], json!(gone), "{items}");
    let repair = ["drift", "--repair", "--yes"];
    run(&service.database, &clerk, &repair, 0);
    run(&service.database, &clerk, &["drift"], 0);
    for (index, id) in ids.iter().enumerate().step_by(10) {
        let plan = entitlement(&service, Payer::User(id)).await;
        let is_kept = index / 10 % 3 == 0;
        assert_eq!(plan["is_default"], !is_kept, "{id}: {plan}");
        assert_eq!(plan["past_due"], is_kept, "{id}: {plan}");
    }
    report_work(engine, None, &format!("{payers} payers, {} differences", changed + ended + gone));
}

/// An item that a webhook canceled is the same at Clerk.
#[apply(both_engines)]
async fn canceled_item_is_in_sync(engine: Engine) {
    let service = Service::start(engine).await;
    let clerk = FakeClerk::start();
    clerk.enable_billing(&[]);
    let item = Item::new("csub_item_1", USER, "pro", "canceled", 5);
    apply_all(&service, &[item.event("canceled")]).await;
    clerk.put_subscription("user_1", &fetched_subscription(USER, "active", &[item], 5));
    let report = run(&service.database, &clerk, &["drift"], 3);
    let found = |name: &str| of_type(&report, name)["found"].clone();
    assert_eq!(found("subscription_item")["different"], json!(0), "{report}");
    assert_eq!(found("subscription")["missing"], json!(1), "{report}");
}
