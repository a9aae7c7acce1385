//! `meetvo rebuild` restores damaged synced tables from the event log, and keeps rows whose events
//! are purged or expired.

mod change_feed;
mod damage;
mod histories;
mod kills;
mod load;
mod missing_events;
mod page_size;
mod rejections;

use std::process::Output;

use serde_json::Value;

use crate::harness::{Database, Process, Tables};

/// Exit code of `--check` if rows differ.
const DIFFERS: i32 = 3;

fn rebuild(database: &Database, arguments: &[&str]) -> Output {
    Process::run(database, [], &[&["rebuild"], arguments].concat())
}

/// Runs a rebuild that must succeed, and returns its exit code and JSON report.
fn report(database: &Database, arguments: &[&str]) -> (i32, Value) {
    let output = rebuild(database, &[&["--json"], arguments].concat());
    let stderr = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap();
    assert!(code == 0 || code == DIFFERS, "{stderr}");
    (code, serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}")))
}

/// Asserts that no row differs from the event log.
fn assert_same(database: &Database) {
    let (code, report) = report(database, &["--check"]);
    assert_eq!((code, &report["rows"]), (0, &Value::Array(Vec::new())), "{report}");
}

/// Reads all rows of the synced tables and of the search terms.
async fn all_rows(tables: &mut Tables) -> Value {
    let mut rows = tables.synced_tables().await;
    for table in ["user_terms", "organization_terms"] {
        rows[table] = tables.rows(table).await.into();
    }
    rows
}
