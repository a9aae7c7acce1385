//! `meetvo migrate revert`, which asks, and the locks that a migration waits for.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Output, Stdio},
};

use tokio::task::block_in_place;

use super::{printed, stderr};
use crate::harness::{Database, Engine, Process, apply, both_engines, repeated};

/// Time limit for locks, in milliseconds.
const LIMIT: (&str, &str) = ("MEETVO__DATABASE__MIGRATION_LOCK_TIMEOUT_MS", "1000");

fn run(database: &Database, words: &[&str]) -> Output {
    Process::run(database, [LIMIT], &[&["migrate"], words].concat())
}

/// Runs a command that waits for a lock, until its error names the holder. On a busy machine, the time
/// limit can pass before the command has found the holder.
fn run_locked(run: impl Fn() -> Output) -> Output {
    repeated(run, |output| !stderr(output).contains("held by another connection"))
}

/// Asserts a failure with some words, after which all migrations are still applied.
fn assert_refused(database: &Database, words: &[&str], expected: &[&str]) {
    let output = run_locked(|| run(database, words));
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{words:?}: {text}");
    assert!(output.stdout.is_empty(), "{words:?}");
    for word in expected {
        assert!(text.contains(word), "{words:?}: {word}: {text}");
    }
    let info = printed(&run(database, &["info"]));
    assert!(!info.contains("pending"), "{words:?}: {info}");
}

/// Returns the number and the name of the newest migration.
fn newest(database: &Database) -> String {
    let info = printed(&run(database, &["info"]));
    let line = info.lines().last().unwrap();
    line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

#[apply(both_engines)]
async fn revert_asks_for_confirmation(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&run(&database, &["run"]));
    let newest = newest(&database);
    let named = [&*newest, "was not confirmed", "it deletes", "--yes"];
    assert_refused(&database, &["revert"], &named);
    assert_refused(&database, &["revert", "--delete-data"], &named);
    let text = printed(&run(&database, &["revert", "--yes"]));
    assert!(text.starts_with(&format!("reverted {newest}\n")), "{text}");
}

/// The first migration drops the users, which no backup may have.
#[apply(both_engines)]
async fn revert_refuses_to_delete_data(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&run(&database, &["run"]));
    let mut tables = database.tables().await;
    tables.run("INSERT INTO users (clerk_id) VALUES ('user_1'), ('user_2')").await;
    let expected = ["the database has data: users (2 rows)", &newest(&database), "--delete-data"];
    for words in [&["revert"][..], &["revert", "--yes"]] {
        assert_refused(&database, words, &expected);
    }
    assert_eq!(tables.column("SELECT clerk_id FROM users").await, ["user_1", "user_2"]);
    while newest_applied(&database) != "1 projection" {
        printed(&run(&database, &["revert", "--yes", "--delete-data"]));
    }
    let output = run(&database, &["revert", "--yes"]);
    for word in ["1 projection", "deletes ", "sessions (0 rows)", "users (2 rows)"] {
        assert!(stderr(&output).contains(word), "{word}: {}", stderr(&output));
    }
    printed(&run(&database, &["revert", "--yes", "--delete-data"]));
    assert!(!printed(&run(&database, &["info"])).contains("applied"));
}

/// Returns the number and the name of the newest migration that is applied.
fn newest_applied(database: &Database) -> String {
    let info = printed(&run(database, &["info"]));
    let line = info.lines().rfind(|line| line.ends_with(" applied")).unwrap();
    line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

/// A transaction that was left open must not block a deployment for ever.
#[apply(both_engines)]
async fn wait_for_locks_is_limited(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&run(&database, &["run"]));
    let mut other = database.tables().await;
    let (table, schema) = match engine {
        Engine::Sqlite => ("BEGIN IMMEDIATE", "BEGIN IMMEDIATE"),
        Engine::Postgres => (
            "BEGIN; LOCK TABLE _sqlx_migrations IN SHARE MODE",
            "BEGIN; SELECT pg_advisory_xact_lock(x'6d656574'::int, 3)",
        ),
    };
    if engine == Engine::Postgres {
        other.run("SET application_name = 'psql of ops'").await;
    }
    let setting = "database.migration_lock_timeout_ms";
    let named = match engine {
        Engine::Sqlite => ["kept the write lock of the file for 1s", setting],
        Engine::Postgres => ["(psql of ops, role postgres, idle in transaction for ", setting],
    };
    for lock in [table, schema] {
        other.run(lock).await;
        assert_refused(&database, &["revert", "--yes"], &named);
        other.release().await;
    }
    printed(&run(&database, &["revert", "--yes"]));
    for lock in [table, schema] {
        other.run(lock).await;
        for command in [&["migrate", "run"][..], &["serve"]] {
            let output = run_locked(|| Process::run(&database, [LIMIT], command));
            assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
            for word in named {
                assert!(stderr(&output).contains(word), "{word}: {}", stderr(&output));
            }
        }
        other.release().await;
    }
    printed(&run(&database, &["run"]));
}

/// PostgreSQL: another replica migrates, and the service is stopped before it is ready.
#[tokio::test(flavor = "multi_thread")]
async fn waiting_start_logs_and_obeys_sigterm() {
    let database = Database::new(Engine::Postgres).await;
    let (mut other, mut watcher) = (database.tables().await, database.tables().await);
    other.run("SET application_name = 'another replica'").await;
    other.run("BEGIN; SELECT pg_advisory_xact_lock(x'6d656574'::int, 3)").await;
    let limit = [("MEETVO__DATABASE__MIGRATION_LOCK_TIMEOUT_MS", "60000")];
    let mut command = Process::command(&database, limit);
    let mut child = command.arg("serve").stderr(Stdio::piped()).spawn().unwrap();
    watcher.wait_for_lock_waiters(1).await;
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let waits =
        |line: &String| line.contains("waits for a lock") && line.contains("another replica");
    let logged = block_in_place(|| lines.by_ref().map(Result::unwrap).find(waits));
    assert!(logged.is_some(), "the log names the holder");
    let stopped = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(stopped.unwrap().success());
    let rest: Vec<_> = block_in_place(|| lines.map(Result::unwrap).collect());
    assert!(rest.iter().any(|line| line.contains("stopped during the start")), "{rest:?}");
    assert_eq!(block_in_place(|| child.wait()).unwrap().code(), Some(0));
}
