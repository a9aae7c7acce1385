//! `meetvo digest`: the same for what is the same, whichever way it came.

use std::{fs, path::Path};

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use super::{complaint, printed};
use crate::harness::{File, Process};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");

fn digest(folder: &Path, words: &[&str]) -> String {
    printed(&Process::run(folder, [], &[&["digest"], words].concat()))
}

/// A service on a database of its own, into which the fixtures were replayed.
fn replayed(words: &[&str]) -> (TempDir, Process) {
    let folder = tempdir().unwrap();
    let process = Process::serve(folder.path(), []);
    let replay = ["replay", FIXTURES, "--to", &process.url];
    printed(&Process::run(folder.path(), [], &[&replay, words].concat()));
    (folder, process)
}

#[test]
fn any_order_and_any_repetition_of_the_fixtures_have_one_digest() {
    let (folder, process) = replayed(&["--concurrency", "1"]);
    let plain = digest(folder.path(), &[]);
    assert!(plain.lines().count() == 6 && !plain.contains(" 0  "), "{plain}");
    for words in [["--duplicate", "3", "--seed", "7"], ["--duplicate", "2", "--seed", "8"]] {
        let (folder, _process) = replayed(&[&["--shuffle"], &words[..]].concat());
        assert_eq!(digest(folder.path(), &[]), plain, "{words:?}");
    }
    process.terminate();
    assert!(process.wait().0.success());
    assert_eq!(digest(folder.path(), &[]), plain, "nor does it need the service");
}

#[tokio::test]
async fn the_table_the_object_and_the_list_say_the_same() {
    let (folder, _process) = replayed(&[]);
    let object: Value = serde_json::from_str(&digest(folder.path(), &["--json"])).unwrap();
    let list = digest(folder.path(), &["--rows"]);
    for line in digest(folder.path(), &[]).lines().skip(1) {
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

    let mut file = File::open(&folder.path().join("meetvo.db")).await;
    let [user] = &file.column("SELECT clerk_id FROM users WHERE first_name = 'Greta'").await[..]
    else {
        panic!("one Greta");
    };
    file.run(&format!("UPDATE users SET banned = 1 WHERE clerk_id = '{user}'")).await;
    let changed = digest(folder.path(), &["--rows"]);
    let differ: Vec<_> = changed.lines().filter(|line| !list.contains(line)).collect();
    assert!(differ.len() == 1 && differ[0].ends_with(&format!("  users {user}")), "{differ:?}");
}

#[test]
fn a_database_that_is_not_there_or_not_ready_is_told_with_the_mend() {
    let folder = tempdir().unwrap();
    let refused = |why: &str| {
        let output = Process::run(folder.path(), [], &["digest"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let complaint = complaint(&output);
        assert!(complaint.starts_with("meetvo: the database sqlite:"), "{complaint}");
        assert!(complaint.ends_with(&format!("cannot be used: {why}\n")), "{complaint}");
    };
    refused("there is no such file; `meetvo migrate run` makes it, if its name is right");
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "and none is made");
    fs::write(folder.path().join("meetvo.db"), "").unwrap();
    let outdated = "its schema is not up to date; `meetvo migrate run` brings it up";
    refused(outdated);
    assert_eq!(fs::read(folder.path().join("meetvo.db")).unwrap(), b"", "it stays as it was");
    printed(&Process::run(folder.path(), [], &["migrate", "run"]));
    digest(folder.path(), &[]);
    printed(&Process::run(folder.path(), [], &["migrate", "revert"]));
    refused(outdated);
}

/// An older program would leave out what the newer one added.
#[tokio::test]
async fn a_database_from_the_future_is_refused() {
    let folder = tempdir().unwrap();
    printed(&Process::run(folder.path(), [], &["migrate", "run"]));
    let mut file = File::open(&folder.path().join("meetvo.db")).await;
    file.run(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'the future', TRUE, x'00', 0)",
    )
    .await;
    let output = Process::run(folder.path(), [], &["digest"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("migration 9999"), "{}", complaint(&output));
}
