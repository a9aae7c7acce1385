//! `meetvo digest`: the same for what is the same, whichever way it came.

use std::fs;

use serde_json::Value;
use tempfile::tempdir;

use super::{stderr, printed};
use crate::harness::{Database, Engine, Workspace, Process, apply, both_engines};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

fn digest(home: impl Workspace, words: &[&str]) -> String {
    printed(&Process::run(home, [], &[&["digest"], words].concat()))
}

/// A service on a database of its own, into which the fixtures were replayed.
async fn replayed(engine: Engine, words: &[&str]) -> (Database, Process) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let replay = ["replay", FIXTURES, "--to", &process.url];
    printed(&Process::run(&database, [], &[&replay, words].concat()));
    (database, process)
}

/// SQLite beside PostgreSQL: they have one digest too.
#[tokio::test(flavor = "multi_thread")]
async fn any_order_any_repetition_and_any_engine_have_one_digest() {
    let (database, process) = replayed(Engine::Sqlite, &["--concurrency", "1"]).await;
    let plain = digest(&database, &[]);
    assert!(plain.lines().count() == 6 && !plain.contains(" 0  "), "{plain}");
    for words in [["--duplicate", "3", "--seed", "7"], ["--duplicate", "2", "--seed", "8"]] {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let words = [&["--shuffle"], &words[..]].concat();
            let (database, _process) = replayed(engine, &words).await;
            assert_eq!(digest(&database, &[]), plain, "{engine:?} {words:?}");
        }
    }
    process.terminate();
    assert!(process.wait().0.success());
    assert_eq!(digest(&database, &[]), plain, "nor does it need the service");
}

#[apply(both_engines)]
async fn the_table_the_object_and_the_list_say_the_same(engine: Engine) {
    let (database, _process) = replayed(engine, &[]).await;
    let object: Value = serde_json::from_str(&digest(&database, &["--json"])).unwrap();
    let list = digest(&database, &["--rows"]);
    for line in digest(&database, &[]).lines().skip(1) {
        let [name, rows, sha256] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let (listed, told) = match name {
            "projection" => (list.lines().count(), &object),
            table => {
                let of_table = list.lines().filter(|it| it.split(' ').nth(2) == Some(table));
                (of_table.count(), &object["tables"][table])
            }
        };
        assert_eq!((sha256, sha256.len()), (told["sha256"].as_str().unwrap(), 64), "{name}");
        assert_eq!(rows, listed.to_string(), "{name}");
    }

    let mut tables = database.tables().await;
    let [user] = &tables.column("SELECT clerk_id FROM users WHERE first_name = 'Greta'").await[..]
    else {
        panic!("one Greta");
    };
    tables.run(&format!("UPDATE users SET banned = TRUE WHERE clerk_id = '{user}'")).await;
    let changed = digest(&database, &["--rows"]);
    let differ: Vec<_> = changed.lines().filter(|line| !list.contains(line)).collect();
    assert!(differ.len() == 1 && differ[0].ends_with(&format!("  users {user}")), "{differ:?}");
}

#[test]
fn a_file_that_is_not_there_is_told_with_the_mend_and_none_is_made() {
    let folder = tempdir().unwrap();
    let why = "there is no such file; `meetvo migrate run` makes it, if its name is right";
    assert_refused(folder.path(), why);
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none());
    fs::write(folder.path().join("meetvo.db"), "").unwrap();
    assert_refused(folder.path(), OUTDATED);
    assert_eq!(fs::read(folder.path().join("meetvo.db")).unwrap(), b"", "it stays as it was");
}

const OUTDATED: &str = "its schema is not up to date; `meetvo migrate run` brings it up";

fn assert_refused(home: impl Workspace, why: &str) {
    let output = Process::run(home, [], &["digest"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let stderr = stderr(&output);
    assert!(stderr.starts_with("meetvo: the database "), "{stderr}");
    assert!(stderr.ends_with(&format!("cannot be used: {why}\n")), "{stderr}");
}

#[apply(both_engines)]
async fn a_database_that_is_not_ready_is_told_with_the_mend(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&Process::run(&database, [], &["migrate", "run"]));
    digest(&database, &[]);
    printed(&Process::run(&database, [], &["migrate", "revert"]));
    assert_refused(&database, OUTDATED);
}

/// An older program would leave out what the newer one added.
#[apply(both_engines)]
async fn a_database_from_the_future_is_refused(engine: Engine) {
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
