//! `meetvo backup` and `meetvo restore`.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Output,
};

use meetvo::clock::Clock;
use tokio::task::block_in_place;

use super::{printed, stderr};
use crate::harness::{Database, Delivery, Engine, Process, client, fixtures, retried};

/// Suffixes of a file and its log.
const LOG_SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

/// A database with one user, and no running service.
async fn filled() -> Database {
    let database = Database::new(Engine::Sqlite).await;
    let process = block_in_place(|| Process::serve(&database, []));
    send(&process, "user_1").await;
    stop(process);
    database
}

async fn send(process: &Process, user: &str) {
    let body = fixtures::user_event("user.created", user, 0);
    let delivery = Delivery::new(&body, Clock::system().now());
    let response = retried(|| delivery.request(&client(), &process.url)).await;
    assert_eq!(response.status, 200, "{}", response.body);
}

fn stop(process: Process) {
    process.terminate();
    let (status, log) = block_in_place(|| process.wait());
    assert!(status.success(), "{log}");
}

fn run(database: &Database, words: &[&str]) -> Output {
    block_in_place(|| Process::run(database, [], words))
}

/// Runs a command that fails, and returns its message.
fn refused(database: &Database, words: &[&str]) -> String {
    let output = run(database, words);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    stderr(&output)
}

fn digest(database: &Database) -> String {
    let digest = printed(&run(database, &["digest", "--json"]));
    let digest: serde_json::Value = serde_json::from_str(&digest).unwrap();
    digest["sha256"].as_str().unwrap().to_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
    let mut names: Vec<_> = names.map(|it| it.into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

fn file_of(database: &Database) -> PathBuf {
    database.url().strip_prefix("sqlite:").unwrap().into()
}

/// SQLite is copied while the service commits. The copy is private, and restores its state.
#[tokio::test(flavor = "multi_thread")]
async fn running_service_is_backed_up() {
    let database = Database::new(Engine::Sqlite).await;
    let process = block_in_place(|| Process::serve(&database, []));
    send(&process, "user_1").await;
    let (first, copied) = (digest(&database), run(&database, &["backup", "copy.db"]));
    let expected = format!("the copy has the digest of the database: {first}\n");
    assert!(printed(&copied).ends_with(&expected), "{copied:?}");
    let copy = database.folder().join("copy.db");
    assert!(!names(database.folder()).contains(&"copy.db.partial".to_owned()));
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    send(&process, "user_2").await;
    let message = refused(&database, &["restore", "copy.db"]);
    assert!(message.contains("is in use by the process"), "{message}");
    stop(process);
    let second = digest(&database);
    assert_ne!(first, second);
    let restored = printed(&run(&database, &["restore", "copy.db"]));
    assert!(restored.contains(&format!("its digest is {first}\n")), "{restored}");
    assert_eq!(digest(&database), first);
    assert!(copy.exists(), "the backup stays");
    let own = file_of(&database);
    for suffix in LOG_SUFFIXES {
        let (kept, to) =
            (format!("{}.replaced{suffix}", own.display()), format!("{}{suffix}", own.display()));
        // A database that was closed has no log.
        drop(fs::rename(kept, to));
    }
    assert_eq!(digest(&database), second, "the former database is complete");
    let process = block_in_place(|| Process::serve(&database, []));
    send(&process, "user_3").await;
}

/// SQLite is copied during commits, which change it before and after the copy.
#[tokio::test(flavor = "multi_thread")]
async fn copies_during_commits_are_undamaged() {
    let database = Database::new(Engine::Sqlite).await;
    let process = block_in_place(|| Process::serve(&database, []));
    let sending = async {
        for number in 0.. {
            send(&process, &format!("user_{number}")).await;
        }
    };
    let copying = async {
        for number in 0..5 {
            let name = format!("copy_{number}.db");
            let mut command = Process::command(&database, []);
            command.args(["backup", &name]);
            let output = tokio::task::spawn_blocking(move || Process::output(&mut command)).await;
            printed(&output.unwrap());
        }
    };
    tokio::select! {
        () = sending => {},
        () = copying => {},
    }
    stop(process);
    for number in 0..5 {
        let copy = database.folder().join(format!("copy_{number}.db"));
        let copy = Database::at_url(format!("sqlite:{}", copy.display()));
        let checked = printed(&run(&copy, &["rebuild", "--check"]));
        assert!(!checked.contains("differ from"), "{checked}");
    }
}

/// SQLite's files are never overwritten, and a wrong file is refused before anything changes.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_files_are_refused() {
    let database = filled().await;
    let own = file_of(&database);
    let own = own.to_str().unwrap();
    let before = digest(&database);
    printed(&run(&database, &["backup", "copy.db"]));
    let folder = database.folder();
    fs::write(folder.join("text.db"), "no database").unwrap();
    fs::write(folder.join("empty.db"), "").unwrap();
    let mut damaged = fs::read(folder.join("copy.db")).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle..].fill(0xff);
    fs::write(folder.join("damaged.db"), damaged).unwrap();
    let listed = names(folder);
    for (words, message) in [
        (["backup", "copy.db"], "copy.db already exists; choose another name"),
        (["backup", own], "already exists"),
        (["backup", "missing/copy.db"], "choose another folder"),
        (["restore", "missing.db"], "missing.db is not a file; correct the path"),
        (["restore", "text.db"], "text.db is not a database of this program"),
        (["restore", "empty.db"], "empty.db is not a database of this program"),
        (["restore", "damaged.db"], "damaged.db"),
        (["restore", own], "is the database itself; name a copy of it"),
    ] {
        let refused = refused(&database, &words);
        assert!(refused.contains(message), "{words:?}: {refused}");
        assert_eq!(names(folder), listed, "{words:?}");
    }
    assert_eq!(digest(&database), before);
    printed(&run(&database, &["restore", "copy.db"]));
    let refused = refused(&database, &["restore", "copy.db"]);
    assert!(refused.contains("of an earlier restore exists; move or remove it"), "{refused}");
    assert_eq!(digest(&database), before);
}

/// SQLite's file can be lost or damaged, also with a log. The copy takes its place.
#[tokio::test(flavor = "multi_thread")]
async fn lost_and_damaged_databases_are_restored() {
    let database = filled().await;
    let (own, before) = (file_of(&database), digest(&database));
    let owner = own.metadata().unwrap().uid();
    printed(&run(&database, &["backup", "copy.db"]));
    fs::remove_file(&own).unwrap();
    let restored = printed(&run(&database, &["restore", "copy.db"]));
    assert!(!restored.contains("former database"), "{restored}");
    assert_eq!((digest(&database), own.metadata().unwrap().uid()), (before.clone(), owner));
    for suffix in LOG_SUFFIXES {
        fs::write(format!("{}{suffix}", own.display()), "damaged").unwrap();
    }
    printed(&run(&database, &["restore", "copy.db"]));
    assert_eq!(digest(&database), before);
    for suffix in LOG_SUFFIXES {
        let kept = format!("{}.replaced{suffix}", own.display());
        assert_eq!(fs::read(kept).unwrap(), b"damaged", "nothing is lost");
    }
}

/// SQLite's copy of an interrupted command is replaced by the next one.
#[tokio::test(flavor = "multi_thread")]
async fn interrupted_backup_can_be_repeated() {
    let database = filled().await;
    for name in ["copy.db.partial", "meetvo.db.restoring"] {
        fs::write(database.folder().join(name), "half").unwrap();
    }
    printed(&run(&database, &["backup", "copy.db"]));
    printed(&run(&database, &["restore", "copy.db"]));
    let left: Vec<_> = names(database.folder());
    assert!(
        !left.iter().any(|it| it.ends_with(".partial") || it.ends_with(".restoring")),
        "{left:?}"
    );
}

/// SQLite's file of an earlier version is backed up before it is migrated.
#[tokio::test(flavor = "multi_thread")]
async fn older_schema_is_backed_up() {
    let database = filled().await;
    printed(&run(&database, &["migrate", "revert", "--yes", "--delete-data"]));
    let copied = run(&database, &["backup", "copy.db"]);
    assert!(printed(&copied).ends_with("the copy is undamaged\n"), "{copied:?}");
    assert!(stderr(&copied).contains("the schema is not that of this version"), "{copied:?}");
    printed(&run(&database, &["restore", "copy.db"]));
    let process = block_in_place(|| Process::serve(&database, []));
    let client = client();
    let ready = retried(|| client.get(format!("{}/readyz", process.url))).await;
    assert_eq!(ready.status, 200);
}

/// PostgreSQL has tools of its own, which the message names.
#[tokio::test(flavor = "multi_thread")]
async fn server_is_backed_up_with_its_tools() {
    let database = Database::new(Engine::Postgres).await;
    for words in [["backup", "copy.db"], ["restore", "copy.db"]] {
        let refused = refused(&database, &words);
        let expected = "use pg_dump and pg_restore, see docs/how-to/back-up-and-restore.md";
        assert!(refused.contains(expected), "{refused}");
    }
}
