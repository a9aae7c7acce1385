//! `meetvo rebuild`: from the events alone the tables come out as they are, however they were damaged;
//! and what the events no longer tell is not lost.

mod damage;
mod feed;
mod gaps;
mod histories;
mod kills;
mod load;
mod pages;
mod refusals;

use std::process::Output;

use serde_json::Value;

use crate::harness::{Database, Process, Tables};

/// Says that something differs.
const DIFFERS: i32 = 3;

fn rebuild(database: &Database, words: &[&str]) -> Output {
    Process::run(database, [], &[&["rebuild"], words].concat())
}

/// What a rebuild reports that goes well; the code is that of `--check`.
fn report(database: &Database, words: &[&str]) -> (i32, Value) {
    let output = rebuild(database, &[&["--json"], words].concat());
    let told = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap();
    assert!(code == 0 || code == DIFFERS, "{told}");
    (code, serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}")))
}

/// Makes sure that nothing differs.
fn assert_same(database: &Database) {
    let (code, report) = report(database, &["--check"]);
    assert_eq!((code, &report["rows"]), (0, &Value::Array(Vec::new())), "{report}");
}

/// All of the projection, with the terms by which users are found.
async fn everything(tables: &mut Tables) -> Value {
    let mut all = tables.synced_tables().await;
    all["user_terms"] = tables.rows("user_terms").await.into();
    all
}
