//! The view `entitlements` has the same plans as the API.

use serde_json::{Value, json};

use super::{ORGANIZATION, USER, access::store_plans, apply_all, entitlement};
use crate::harness::{
    Engine, NOW, Service, Tables, apply,
    billing_events::{Item, Payer, plan, subscription_event},
    both_engines, organization_events, repository,
};

#[apply(both_engines)]
async fn view_has_same_plans_as_api(engine: Engine) {
    let service = Service::start(engine).await;
    // The view uses the time of the database. In 2026, all periods end later.
    let later = Some(4_000_000_000_000 - NOW);
    let free = Item::new("csub_item_0", USER, "free", "active", 1);
    let canceled = Item { end: later, ..Item::new("csub_item_1", USER, "pro", "canceled", 5) };
    let team = Item { end: later, ..Item::new("csub_item_2", ORGANIZATION, "team", "active", 5) };
    let newer = Item { start: 3, ..Item::new("csub_item_3", ORGANIZATION, "scale", "active", 5) };
    let ended = Item::new("csub_item_4", Payer::User("user_2"), "pro", "ended", 5);
    let over = Item {
        end: Some(-1_000_000_000_000),
        ..Item::new("csub_item_5", Payer::User("user_3"), "pro", "canceled", 5)
    };
    apply_all(
        &service,
        &[
            free.event("active"),
            canceled.event("canceled"),
            subscription_event("pastDue", ORGANIZATION, "past_due", &[team, newer], 6),
            ended.event("ended"),
            over.event("canceled"),
        ],
    )
    .await;
    store_plans(&service, &[plan("pro", "user", &["sso"]), plan("free", "user", &[])]).await;
    let mut tables = service.tables().await;
    let rows = tables.rows("entitlements").await;
    assert_eq!(rows.len(), 2, "{rows:?}");
    for payer in [USER, ORGANIZATION] {
        let row = rows.iter().find(|row| {
            [&row["user_id"], &row["organization_id"]].contains(&&Value::from(payer.id()))
        });
        let (row, shown) = (row.unwrap(), entitlement(&service, payer).await);
        for (column, field) in [
            ("plan_id", "plan_id"),
            ("plan", "plan"),
            ("plan_name", "plan_name"),
            ("subscription_item_id", "subscription_item_id"),
            ("status", "status"),
        ] {
            assert_eq!(row[column], shown[field], "{column}: {row} {shown}");
        }
        let flag = |value: &Value| value.as_bool().or(value.as_i64().map(|it| it != 0));
        for (column, field) in
            [("is_past_due", "past_due"), ("is_trial", "trial"), ("is_default", "is_default")]
        {
            assert_eq!(flag(&row[column]), shown[field].as_bool(), "{column}: {row} {shown}");
        }
    }
}

/// Returns the statements of the guide for an engine, in the order of the page. `organization` is
/// the ID in them.
fn guide(engine: Engine, organization: &str) -> Vec<String> {
    let page = repository::read("docs/how-to/gate-a-feature-on-a-plan.md");
    let (own, other) = match engine {
        Engine::Sqlite => ("-- SQLite\n", "-- PostgreSQL\n"),
        Engine::Postgres => ("-- PostgreSQL\n", "-- SQLite\n"),
    };
    let blocks = page.split("```sql\n").skip(1).map(|it| it.split_once("```").unwrap().0);
    let blocks = blocks.filter(|sql| !sql.starts_with(other));
    let blocks = blocks.map(|sql| sql.strip_prefix(own).unwrap_or(sql));
    blocks.map(|sql| sql.replace("org_38Tl…", organization)).collect()
}

/// Returns a column of the rows that a statement finds.
async fn found(tables: &mut Tables, sql: &str, column: &str) -> Vec<String> {
    let sql = sql.trim().trim_end_matches(';');
    let text = format!("COALESCE(CAST({column} AS TEXT), 'none')");
    tables.column(&format!("SELECT {text} FROM ({sql}) AS found")).await
}

#[apply(both_engines)]
async fn statements_of_guide_find_plans(engine: Engine) {
    let service = Service::start(engine).await;
    let end = Some(4_000_000_000_000 - NOW);
    let team = Item { end, ..Item::new("csub_item_1", ORGANIZATION, "team", "active", 5) };
    let mut with_seats = team.event("active");
    with_seats["data"]["seats"] = json!({ "quantity": 1 });
    let due = Item { end, ..Item::new("csub_item_2", USER, "pro", "past_due", 5) };
    apply_all(&service, &[with_seats, due.event("pastDue")]).await;
    let plans = [plan("team", "org", &["sso"]), plan("free_org", "org", &["audit_log"])];
    store_plans(&service, &plans).await;
    for (member, user) in [("orgmem_1", "user_1"), ("orgmem_2", "user_2")] {
        let kind = "organizationMembership.created";
        let joined = organization_events::membership_event(kind, member, "org_1", user, 1);
        apply_all(&service, &[joined]).await;
    }
    let mut tables = service.tables().await;
    let yes = if engine == Engine::Sqlite { "1" } else { "true" };
    let [allowed, list, seats, over, past_due] = &guide(engine, "org_1")[..] else {
        panic!("the page has other statements");
    };
    assert_eq!(found(&mut tables, allowed, "allowed").await, [yes]);
    assert_eq!(found(&mut tables, list, "organization_id").await, ["org_1"]);
    assert_eq!(found(&mut tables, seats, "seats").await, ["1"]);
    assert_eq!(found(&mut tables, seats, "members").await, ["2"]);
    assert_eq!(found(&mut tables, over, "organization_id").await, ["org_1"]);
    assert_eq!(found(&mut tables, past_due, "user_id").await, ["user_1"]);
    // A payer without an item has the default plan.
    let of_default = &guide(engine, "org_9")[0];
    assert_ne!(found(&mut tables, of_default, "allowed").await, [yes]);
    let audit_log = of_default.replace("sso", "audit_log");
    assert_eq!(found(&mut tables, &audit_log, "allowed").await, [yes]);
}
