//! What the planners make of the statements.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex},
};

use meetvo::{
    domain::event::Decision,
    store::{PageRequest, Store, decisions::Steps, events::EventFilter, search::SearchTerm, users::UserFilter},
};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    layer::{Context, Layer, SubscriberExt},
    registry,
};

use super::{commit, event, migrated};
use crate::harness::{Engine, Tables, apply, both_engines, fixtures, repository};

/// The statements that the store tells of.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<BTreeSet<String>>>);

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut self.clone());
    }
}

impl Visit for Statements {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            self.0.lock().unwrap().insert(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl Statements {
    /// Those of some work, which is done in this thread.
    async fn of(work: impl Future<Output = ()>) -> BTreeSet<String> {
        let statements = Self::default();
        let watching = tracing::subscriber::set_default(registry().with(statements.clone()));
        work.await;
        drop(watching);
        statements.0.lock().unwrap().clone()
    }
}

/// Every call, with everything that can be left out there and left out.
pub(super) async fn ask_everything(store: &Store) {
    store.ping().await.unwrap();
    store.token_account("user_1", "eac_1").await.unwrap();
    store.user("user_1").await.unwrap();
    store.user_exists("user_1").await.unwrap();
    store.session("sess_1").await.unwrap();
    store.session_validity("sess_1", "user_1").await.unwrap();
    for user_id in [None, Some("user_1")] {
        store.changes(user_id, 0, 50).await.unwrap();
    }
    store.newest_seq().await.unwrap();
    store.can_resume_after(1).await.unwrap();
    // What is heard is read by those above: store.subscribe(), store.subscribe_after(after). There are as many
    // signing secrets as somebody named, and one row of checks: store.secret_usage(), store.drift_check()
    store.event("msg_1").await.unwrap();
    store.decisions(&Steps { first: 0, length: 1, count: 1 }).await.unwrap();
    store.count_events_since(0).await.unwrap();
    for after in [None, Some("x".to_owned())] {
        let page = PageRequest { after, limit: 50 };
        store.sessions("user_1", &page).await.unwrap();
        store.accounts("user_1", &page).await.unwrap();
        store.verifications("user_1", &page).await.unwrap();
        let after = page.after.clone().map(|text| SearchTerm { text, user_id: "user_1".to_owned() });
        let words = PageRequest { after, limit: 50 };
        store.search("x", &UserFilter::default(), &words).await.unwrap();
        for choice in 0_u8..32 {
            let text = |bit: u8| (choice & (1 << bit) != 0).then(|| "x".to_owned());
            let filter = UserFilter {
                ids: text(0).into_iter().cycle().take(3).collect(),
                email: text(1),
                username: text(2),
                external_id: text(3),
                updated_after: text(4).map(|_| 1),
            };
            store.users(&filter, &page).await.unwrap();
        }
    }
    for after in [None, Some(9)] {
        store.unresolved_events(Decision::Failed, &PageRequest { after, limit: 50 }).await.unwrap();
    }
    for decision in Decision::ALL.into_iter().map(Some).chain([None]) {
        for subject in [None, Some("user_1".to_owned())] {
            for (choice, after) in (0_u8..8).flat_map(|it| [(it, None), (it, Some(9))]) {
                let time = |bit: u8| (choice & (1 << bit) != 0).then_some(1);
                let filter = EventFilter {
                    decision,
                    subject: subject.clone(),
                    kind: time(0).map(|_| "user.created".to_owned()),
                    received_after: time(1),
                    received_before: time(2),
                };
                store.events(&filter, &PageRequest { after, limit: 50 }).await.unwrap();
            }
        }
    }
}

/// Some thousand rows in each table.
async fn fill(tables: &mut Tables) {
    let numbers = |most: usize| {
        format!(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {most})"
        )
    };
    for (table, rows, most) in [
        (
            "users (clerk_id, external_id, username, email, email_verified, updated_at, version_updated_at)",
            "'user_' || n, 'crm_' || n, 'name_' || n, n % 4000 || '@example.com', n % 3 = 0, n, n",
            5_000,
        ),
        (
            "sessions (id, user_id, status, version_updated_at, version_occurred_at, version_event_id)",
            "'sess_' || n, 'user_' || (n % 5000 + 1), 'active', n, n, 'msg_' || n",
            15_000,
        ),
        ("user_terms (term, user_id)", "'name_' || n, 'user_' || (n % 5000 + 1)", 15_000),
        ("accounts (user_id, id)", "'user_' || (n % 5000 + 1), 'eac_' || n", 10_000),
        (
            "account_tokens (user_id, account_id, access_token, key_id, fetched_at)",
            "'user_' || (n % 5000 + 1), 'eac_' || n, 'x', 'first', n",
            10_000,
        ),
        (
            "verifications (user_id, id, kind)",
            "'user_' || (n % 5000 + 1), 'idn_' || n, 'email'",
            10_000,
        ),
        (
            "webhook_events (id, subject, decision, payload, received_at)",
            "'msg_' || n, 'user_' || (n % 5000 + 1), CASE WHEN n % 100 = 0 THEN 'failed' \
             WHEN n % 70 = 0 THEN 'stale' WHEN n % 5 = 0 THEN 'ignored' ELSE 'applied' END, 'x', n",
            30_000,
        ),
    ] {
        tables
            .run(&format!("INSERT INTO {table} {} SELECT {rows} FROM numbers", numbers(most)))
            .await;
    }
}

/// The tables that grow.
pub(super) const TABLES: [&str; 7] = [
    "users",
    "user_terms",
    "sessions",
    "accounts",
    "account_tokens",
    "verifications",
    "webhook_events",
];

/// How a plan finds its way in one of them.
#[derive(Debug, PartialEq)]
enum Way {
    /// By an index, from one row to the next that has what is asked for.
    Found,
    /// By an index, along a stretch of it that ends.
    Stretch,
    /// By an index, for as long as the page has room.
    Walk,
    /// Through all of it.
    Whole,
}

impl Way {
    /// By what an index is asked for; none where none is.
    fn by(condition: Option<&str>) -> Self {
        let Some(condition) = condition else { return Self::Whole };
        let condition = condition.replace("<=", "<").replace(">=", ">");
        let has = |sign| condition.contains(sign);
        match (has('='), has('<') && has('>')) {
            (true, _) => Self::Found,
            (false, true) => Self::Stretch,
            (false, false) => Self::Walk,
        }
    }
}

/// The ways of a plan, of which each step is a line: `SEARCH users USING INDEX … (clerk_id=?)`
fn ways_of_sqlite(plan: &[String]) -> Vec<Way> {
    let step = |step: &String| {
        let words: Vec<_> = step.split_whitespace().collect();
        let reads = matches!(words[0], "SCAN" | "SEARCH") && TABLES.contains(&words[1]);
        reads.then(|| Way::by(step.split_once('(').map(|(_, condition)| condition)))
    };
    plan.iter().filter_map(step).collect()
}

/// The ways of a plan, of which each step has its details below it: `Index Scan … on users`,
/// `Index Cond: (clerk_id = $1)`
fn ways_of_postgres(plan: &[String]) -> Vec<Way> {
    let step = |(at, step): (usize, &String)| {
        let (kind, table) = step.split_once(" on ")?;
        let table = table.split_whitespace().next()?;
        if !kind.contains("Scan") || !TABLES.contains(&table) {
            return None;
        }
        let mut details = plan[at + 1..].iter().take_while(|detail| !detail.contains("->"));
        let condition = details.find_map(|detail| detail.split_once(" Cond: "));
        Some(match Way::by(condition.map(|(_, condition)| condition)) {
            // What is gathered first and sorted then is gathered whole.
            Way::Walk if kind.contains("Bitmap") => Way::Whole,
            way => way,
        })
    };
    plan.iter().enumerate().filter_map(step).collect()
}

/// Lists that leave out no more than stubs and tombstones, and ways that are as long as they are told:
/// to the end of a stretch, a look at the changes, the first and the last event.
const WALKS: [&str; 6] = [
    "WHERE (version_updated_at, version_occurred_at, version_event_id) > (0, 0, '') \
     AND clerk_id > $1 ORDER BY clerk_id LIMIT $2",
    "SELECT seq, received_at FROM webhook_events WHERE seq >= 1 ORDER BY seq DESC LIMIT 1",
    "SELECT seq, received_at FROM webhook_events WHERE seq >= $1 ORDER BY seq LIMIT 1",
    "LIMIT 1 OFFSET $2",
    "FROM webhook_events WHERE seq > $1 ORDER BY seq LIMIT $2",
    "WHERE seq > 0 ORDER BY seq DESC LIMIT 1) AS last",
];

/// Whether a plan takes a time that grows with a table.
fn grows(engine: Engine, sql: &str, plan: &[String]) -> bool {
    let ways = match engine {
        Engine::Sqlite => ways_of_sqlite(plan),
        Engine::Postgres => ways_of_postgres(plan),
    };
    let may_walk = WALKS.iter().any(|walk| sql.ends_with(walk));
    let grows = |way: &Way| match way {
        Way::Found | Way::Stretch => false,
        Way::Walk => !may_walk,
        Way::Whole => true,
    };
    ways.is_empty() || ways.iter().any(grows)
}

async fn assert_bounded(tables: &mut Tables, statements: &BTreeSet<String>) {
    for sql in statements {
        let plan = tables.plan(sql).await;
        assert!(!grows(tables.engine(), sql, &plan), "{sql}\n{plan:#?}");
    }
}

#[apply(both_engines)]
async fn no_read_takes_a_time_that_grows_with_a_table(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let statements = Statements::of(ask_everything(&store)).await;
    assert!(statements.len() > 40, "{statements:#?}");
    assert_bounded_in_every_size(&mut tables, &statements).await;
}

/// Nor do the reads of a commit, what it deletes and what it empties.
#[apply(both_engines)]
async fn no_commit_takes_a_time_that_grows_with_a_table(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let commit_all = async {
        for fixture in fixtures::all() {
            commit(&store, &[event(&fixture.name, &fixture.json)]).await;
        }
    };
    let mut statements = Statements::of(commit_all).await;
    // These find their rows by the keys that they write.
    statements.retain(|sql| !sql.starts_with("INSERT"));
    assert!(statements.len() > 8, "{statements:#?}");
    assert_bounded_in_every_size(&mut tables, &statements).await;
}

async fn assert_bounded_in_every_size(tables: &mut Tables, statements: &BTreeSet<String>) {
    // Plans are kept: those of small tables have to be good for large ones.
    if tables.engine() == Engine::Postgres {
        tables.run("SET enable_seqscan = off").await;
    }
    assert_bounded(tables, statements).await;
    fill(tables).await;
    assert_bounded(tables, statements).await;
    // And where the planner knows the tables, it has to find the same of itself.
    if tables.engine() == Engine::Postgres {
        tables.run("RESET enable_seqscan").await;
    }
    tables.run("ANALYZE").await;
    assert_bounded(tables, statements).await;
}

#[test]
fn every_read_of_the_http_side_is_asked_for_its_plan() {
    let mut calls = BTreeSet::new();
    for (_, source) in repository::files("src/http") {
        let code: String = source.split_whitespace().collect();
        for behind in code.split("store.").skip(1) {
            let name: String =
                behind.chars().take_while(|c| *c == '_' || c.is_alphabetic()).collect();
            calls.insert(format!("store.{name}("));
        }
    }
    assert!(calls.len() > 8, "{calls:?}");
    let asked = include_str!("query_plans.rs");
    // That one is answered from memory.
    calls.remove("store.connections(");
    let missing: Vec<_> = calls.iter().filter(|call| !asked.contains(*call)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
