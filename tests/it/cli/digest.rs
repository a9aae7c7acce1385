//! `meetvo digest`: equal for equal content, regardless of order and engine.

use std::fs;

use serde_json::Value;
use tempfile::tempdir;

use super::{printed, stderr};
use crate::harness::{Database, Engine, Process, Workspace, apply, both_engines, synced_tables};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

fn digest(workspace: impl Workspace, words: &[&str]) -> String {
    printed(&Process::run(workspace, [], &[&["digest"], words].concat()))
}

/// Returns a new database with a service, after a replay of the fixtures.
async fn replayed(engine: Engine, words: &[&str]) -> (Database, Process) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let replay = ["replay", FIXTURES, "--to", &process.url];
    printed(&Process::run(&database, [], &[&replay, words].concat()));
    (database, process)
}

/// Compares SQLite with PostgreSQL, so it is not run per engine.
#[tokio::test(flavor = "multi_thread")]
async fn digest_is_independent_of_order_and_engine() {
    let (database, process) = replayed(Engine::Sqlite, &["--concurrency", "1"]).await;
    let plain = digest(&database, &[]);
    assert_eq!(plain.lines().count(), synced_tables().count() + 2, "{plain}");
    let empty: Vec<_> = plain.lines().filter(|line| line.contains(" 0  ")).collect();
    assert!(
        empty.len() == 1 && empty[0].starts_with("plans "),
        "no event has a plan, and every other table has rows: {plain}"
    );
    for words in [["--duplicate", "3", "--seed", "7"], ["--duplicate", "2", "--seed", "8"]] {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let words = [&["--shuffle"], &words[..]].concat();
            let (database, _process) = replayed(engine, &words).await;
            assert_eq!(digest(&database, &[]), plain, "{engine:?} {words:?}");
        }
    }
    process.terminate();
    assert!(process.wait().0.success());
    assert_eq!(digest(&database, &[]), plain, "the digest needs no running service");
}

#[apply(both_engines)]
async fn output_formats_agree(engine: Engine) {
    let (database, _process) = replayed(engine, &[]).await;
    let object: Value = serde_json::from_str(&digest(&database, &["--json"])).unwrap();
    let list = digest(&database, &["--rows"]);
    for line in digest(&database, &[]).lines().skip(1) {
        let [name, rows, sha256] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let (listed, object) = match name {
            "projection" => (list.lines().count(), &object),
            table => {
                let of_table = list.lines().filter(|it| it.split(' ').nth(2) == Some(table));
                (of_table.count(), &object["tables"][table])
            }
        };
        assert_eq!((sha256, sha256.len()), (object["sha256"].as_str().unwrap(), 64), "{name}");
        assert_eq!(rows, listed.to_string(), "{name}");
    }

    let rows: Value = serde_json::from_str(&digest(&database, &["--rows", "--json"])).unwrap();
    let with_key = |row: &Value| {
        let key: Vec<_> =
            row["key"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
        let [sha256, table] = ["sha256", "table"].map(|name| row[name].as_str().unwrap());
        format!("{sha256}  {table} {}", key.join(" "))
    };
    let listed: Vec<_> = rows["rows"].as_array().unwrap().iter().map(with_key).collect();
    assert_eq!(listed, list.lines().collect::<Vec<_>>());
    assert_eq!((&rows["sha256"], &rows["tables"]), (&object["sha256"], &object["tables"]));

    let mut tables = database.tables().await;
    let [user] = &tables.column("SELECT clerk_id FROM users WHERE first_name = 'Greta'").await[..]
    else {
        panic!("one user is named Greta");
    };
    tables.run(&format!("UPDATE users SET banned = TRUE WHERE clerk_id = '{user}'")).await;
    let changed = digest(&database, &["--rows"]);
    let differ: Vec<_> = changed.lines().filter(|line| !list.contains(line)).collect();
    assert!(differ.len() == 1 && differ[0].ends_with(&format!("  users {user}")), "{differ:?}");
}

#[test]
fn missing_file_is_reported_and_not_created() {
    let folder = tempdir().unwrap();
    let cause = "file not found; run `meetvo migrate run` to create it, or correct DATABASE_URL";
    assert_rejected(folder.path(), cause);
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
    fs::write(folder.path().join("meetvo.db"), "").unwrap();
    assert_rejected(folder.path(), OUTDATED);
    assert_eq!(fs::read(folder.path().join("meetvo.db")).unwrap(), b"", "the file is unchanged");
}

const OUTDATED: &str = "the schema is not up to date; run `meetvo migrate run`";

fn assert_rejected(workspace: impl Workspace, cause: &str) {
    let output = Process::run(workspace, [], &["digest"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let stderr = stderr(&output);
    assert!(stderr.starts_with("meetvo: the database "), "{stderr}");
    assert!(stderr.ends_with(&format!("cannot be used: {cause}\n")), "{stderr}");
}

#[apply(both_engines)]
async fn outdated_schema_is_reported(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&Process::run(&database, [], &["migrate", "run"]));
    digest(&database, &[]);
    printed(&Process::run(&database, [], &["migrate", "revert", "--yes"]));
    assert_rejected(&database, OUTDATED);
}

/// An older program does not know the columns that a newer one has added.
#[apply(both_engines)]
async fn newer_schema_is_rejected(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&Process::run(&database, [], &["migrate", "run"]));
    let future = "INSERT INTO _sqlx_migrations \
                  (version, description, success, checksum, execution_time) \
                  SELECT 9999, 'the future', success, checksum, 0 FROM _sqlx_migrations \
                  WHERE version = 1";
    database.tables().await.run(future).await;
    let output = Process::run(&database, [], &["digest"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("migration 9999"), "{}", stderr(&output));
}
