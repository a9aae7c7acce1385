//! Query plans: no statement reads an amount of data that grows with a table.

use std::collections::BTreeSet;

use super::{
    commit, event, every_read::call_every_read, large_tables::fill, migrated,
    statements::Statements,
};
use crate::harness::{Engine, Tables, apply, both_engines, fixtures, synced_tables};

/// Tables that grow, besides the synced tables.
const OTHER_TABLES: [&str; 6] = [
    "user_terms",
    "account_tokens",
    "organization_terms",
    "webhook_events",
    "push_attempts",
    "push_messages",
];

/// Returns the tables that grow.
pub(super) fn growing_tables() -> impl Iterator<Item = &'static str> {
    synced_tables().chain(OTHER_TABLES)
}

fn is_growing(table: &str) -> bool {
    growing_tables().any(|it| it == table)
}

/// Name of `organization_memberships` in a subquery.
const ALIAS: &str = "newest";

/// Access of a plan to one of these tables.
#[derive(Debug, PartialEq)]
enum Access {
    /// Search in an index for equal keys.
    Lookup,
    /// Scan of an index between two keys.
    Range,
    /// Scan of an index in one direction, until the limit is reached.
    OpenRange,
    /// Scan of the whole table.
    FullScan,
}

impl Access {
    /// Returns the access with this index condition. Without one, it is a full scan.
    fn from_condition(condition: Option<&str>) -> Self {
        let Some(condition) = condition else { return Self::FullScan };
        let condition = condition.replace("<=", "<").replace(">=", ">");
        let has = |sign| condition.contains(sign);
        match (has('='), has('<') && has('>')) {
            (true, _) => Self::Lookup,
            (false, true) => Self::Range,
            (false, false) => Self::OpenRange,
        }
    }
}

/// Returns the accesses of a plan of SQLite. Each step is a line, for example
/// `SEARCH users USING INDEX … (clerk_id=?)`.
fn sqlite_accesses(plan: &[String]) -> Vec<Access> {
    let step = |step: &String| {
        let words: Vec<_> = step.split_whitespace().collect();
        let reads =
            matches!(words[0], "SCAN" | "SEARCH") && (is_growing(words[1]) || words[1] == ALIAS);
        let condition = step.split_once('(').map(|(_, condition)| condition);
        reads.then(|| Access::from_condition(condition))
    };
    plan.iter().filter_map(step).collect()
}

/// Returns the accesses of a plan of PostgreSQL. The lines after a step contain its details, for
/// example `Index Scan … on users` and `Index Cond: (clerk_id = $1)`.
fn postgres_accesses(plan: &[String]) -> Vec<Access> {
    let step = |(index, step): (usize, &String)| {
        let (kind, table) = step.split_once(" on ")?;
        let table = table.split_whitespace().next()?;
        if !kind.contains("Scan") || !is_growing(table) {
            return None;
        }
        let mut details = plan[index + 1..].iter().take_while(|detail| !detail.contains("->"));
        let condition = details.find_map(|detail| detail.split_once(" Cond: "));
        Some(match Access::from_condition(condition.map(|(_, condition)| condition)) {
            // A bitmap scan reads the whole range before the limit applies.
            Access::OpenRange if kind.contains("Bitmap") => Access::FullScan,
            access => access,
        })
    };
    plan.iter().enumerate().filter_map(step).collect()
}

/// Ends of the statements that can use an open range. They are the end of a bounded scan, the change
/// feed, and the first or last event.
const OPEN_RANGES: [&str; 5] = [
    "SELECT seq, received_at FROM webhook_events WHERE seq >= 1 ORDER BY seq DESC LIMIT 1",
    "SELECT seq, received_at FROM webhook_events WHERE seq >= $1 ORDER BY seq LIMIT 1",
    "LIMIT 1 OFFSET $2",
    "FROM webhook_events WHERE seq > $1 ORDER BY seq LIMIT $2",
    "WHERE seq > 0 ORDER BY seq DESC LIMIT 1) AS last",
];

/// Returns whether the cost of a plan grows with a table.
fn grows(engine: Engine, sql: &str, plan: &[String]) -> bool {
    let accesses = match engine {
        Engine::Sqlite => sqlite_accesses(plan),
        Engine::Postgres => postgres_accesses(plan),
    };
    let is_limited = OPEN_RANGES.iter().any(|end| sql.ends_with(end));
    let grows = |access: &Access| match access {
        Access::Lookup | Access::Range => false,
        Access::OpenRange => !is_limited,
        Access::FullScan => true,
    };
    accesses.is_empty() || accesses.iter().any(grows)
}

async fn assert_bounded(tables: &mut Tables, statements: &BTreeSet<String>) {
    for sql in statements {
        let plan = tables.plan(sql).await;
        assert!(!grows(tables.engine(), sql, &plan), "{sql}\n{plan:#?}");
    }
}

#[apply(both_engines)]
async fn read_cost_is_independent_of_table_size(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let statements = Statements::capture(call_every_read(&store)).await;
    assert!(statements.len() > 40, "{statements:#?}");
    assert_bounded_at_every_size(&mut tables, &statements).await;
}

/// Checks the reads, updates and deletions of a commit.
#[apply(both_engines)]
async fn commit_cost_is_independent_of_table_size(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let commit_all = async {
        for fixture in fixtures::all() {
            commit(&store, &[event(&fixture.name, &fixture.json)]).await;
        }
    };
    let mut statements = Statements::capture(commit_all).await;
    // An insert finds existing rows by their keys.
    statements.retain(|sql| !sql.contains("INSERT INTO "));
    assert!(statements.len() > 8, "{statements:#?}");
    assert_bounded_at_every_size(&mut tables, &statements).await;
}

async fn assert_bounded_at_every_size(tables: &mut Tables, statements: &BTreeSet<String>) {
    // The server keeps plans, so that the plan for a small table must suit a large one.
    if tables.engine() == Engine::Postgres {
        tables.run("SET enable_seqscan = off").await;
    }
    assert_bounded(tables, statements).await;
    fill(tables).await;
    assert_bounded(tables, statements).await;
    // With statistics of the tables, the planner must choose such plans without the setting.
    if tables.engine() == Engine::Postgres {
        tables.run("RESET enable_seqscan").await;
    }
    tables.run("ANALYZE").await;
    assert_bounded(tables, statements).await;
}
