//! Databases that cannot be used: every command names the cause and what to do about it.

use std::{
    fs::{self, Permissions},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use rustix::process::geteuid;
use serde_json::Value;
use tempfile::tempdir;

use super::{printed, stderr};
use crate::harness::{Database, Engine, Process, apply, both_engines, unique};

/// User and group without rights.
const NOBODY: u32 = 65_534;

/// Returns the URL of a file.
fn url(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

/// Asserts that `serve`, `migrate run` and `doctor` name a problem and its remediation.
fn assert_named(run: impl Fn(&[&str]) -> Output, words: &[&str]) {
    for command in [&["serve"][..], &["migrate", "run"]] {
        let output = run(command);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {text}");
        assert!(text.starts_with("meetvo: the database "), "{text}");
        assert_eq!(text.lines().count(), 1, "one line: {text}");
        for word in words {
            assert!(text.contains(word), "{command:?}: {word}: {text}");
        }
        for noise in ["is unavailable", "(code: 14)", "error communicating", "error returned"] {
            assert!(!text.contains(noise), "{noise}: {text}");
        }
    }
    let output = run(&["doctor", "--json"]);
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = findings.as_array().unwrap().iter().find(|it| it["check"] == "database").unwrap();
    assert_eq!(finding["grade"], "error", "{finding}");
    let text = format!("{}; {}", finding["message"], finding["remediation"]);
    for word in words {
        assert!(text.contains(word), "doctor: {word}: {text}");
    }
}

/// Returns the files in a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect()
}

#[test]
fn missing_folder_is_named() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let inside = folder.path().display().to_string();
    for (file, words) in [
        ("none/m.db", [&*format!("the folder {inside}/none does not exist"), "create it"]),
        ("none/none/m.db", [&*format!("{inside}/none/none does not exist"), "DATABASE_URL"]),
        ("file/m.db", [&*format!("{inside}/file is not a folder"), "correct DATABASE_URL"]),
        ("", [&*format!("{inside}/ is a folder"), &*format!("DATABASE_URL=sqlite:{inside}/")]),
    ] {
        let url = url(&folder.path().join(file));
        assert_named(|words| Process::run(folder.path(), [("DATABASE_URL", &url)], words), &words);
    }
    let relative = [("DATABASE_URL", "sqlite:none/m.db")];
    let words = [&*format!("{inside}/none does not exist")];
    assert_named(|words| Process::run(folder.path(), relative, words), &words);
    assert_eq!(files(folder.path()).len(), 1, "nothing is created");
}

/// Folder that the program may not write to, and the program as a user that it binds.
struct Unprivileged {
    folder: tempfile::TempDir,
    program: Option<PathBuf>,
}

impl Unprivileged {
    /// The rights of files do not bind root, so a test that runs as root starts the program as
    /// another user, from a place where that user can run it.
    fn new() -> Self {
        let folder = tempdir().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        let program = geteuid().is_root().then(|| {
            let program = folder.path().join("program");
            // Copied by another process: a child that this process starts at the same time would
            // inherit the open file, and an open file cannot be executed.
            let mut copy = Command::new("cp");
            copy.arg(env!("CARGO_BIN_EXE_meetvo")).arg(&program);
            assert!(copy.status().unwrap().success());
            program
        });
        fs::create_dir(folder.path().join("data")).unwrap();
        Self { folder, program }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn user(&self) -> u32 {
        if self.program.is_some() { NOBODY } else { geteuid().as_raw() }
    }

    /// Returns the command that makes a path writable: an owner needs the mode, and other users
    /// need to become the owner. In a container, it is a part of a longer command.
    fn remediation(&self, path: &Path) -> String {
        match self.program {
            Some(_) => format!("chown {} {}`", self.user(), path.display()),
            None => format!("chmod u+rwX {}`", path.display()),
        }
    }

    fn run(&self, words: &[&str]) -> Output {
        self.run_with(&url(&self.data().join("m.db")), words)
    }

    fn run_with(&self, url: &str, words: &[&str]) -> Output {
        let prepared = Process::command(self.folder.path(), []);
        let mut command = match &self.program {
            Some(program) => {
                let mut command = Command::new(program);
                command.uid(NOBODY).gid(NOBODY);
                command
            }
            None => Command::new(prepared.get_program()),
        };
        command.current_dir(self.folder.path()).env_clear();
        command.envs(prepared.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.env("DATABASE_URL", url);
        Process::output(command.args(words))
    }
}

#[test]
fn unwritable_folder_names_user_and_mode() {
    let program = Unprivileged::new();
    let data = program.data();
    fs::set_permissions(&data, Permissions::from_mode(0o555)).unwrap();
    let (user, shown) = (program.user(), data.display());
    let cannot = format!("the user {user} cannot write to the folder {shown} (owner ");
    let remediation = program.remediation(&data);
    assert_named(|words| program.run(words), &[&cannot, "mode 0555)", &remediation]);
    let output = program.run(&["migrate", "info"]);
    assert!(stderr(&output).contains(&cannot), "{}", stderr(&output));
    assert_eq!(files(&data).len(), 0);
    // The owner of a folder of the system must not change.
    let output = program.run_with("sqlite:/meetvo.db", &["serve"]);
    assert!(stderr(&output).contains("the folder / "), "{}", stderr(&output));
    assert!(!stderr(&output).contains("chown"), "{}", stderr(&output));
    assert!(stderr(&output).contains("; set DATABASE_URL to a file "), "{}", stderr(&output));
}

#[test]
fn unwritable_file_names_user_and_mode() {
    let program = Unprivileged::new();
    let (data, user) = (program.data(), program.user());
    fs::set_permissions(&data, Permissions::from_mode(0o777)).unwrap();
    printed(&program.run(&["migrate", "run"]));
    let file = data.join("m.db");
    fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
    if geteuid().is_root() {
        std::os::unix::fs::chown(&file, Some(0), Some(0)).unwrap();
    }
    let cannot = format!("the user {user} cannot write to the file {} (owner", file.display());
    let remediation = program.remediation(&file);
    assert_named(|words| program.run(words), &[&cannot, "mode 0444)", &remediation]);
}

/// Returns the tables of a database, and on SQLite the mode of its journal.
async fn tables(database: &Database) -> Vec<String> {
    let mut tables = database.tables().await;
    let sql = match database.engine {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_schema UNION ALL SELECT journal_mode FROM pragma_journal_mode"
        }
        Engine::Postgres => {
            "SELECT relname::text FROM pg_class \
             WHERE relnamespace IN ('public'::regnamespace, to_regnamespace('clerk')) \
             ORDER BY relname"
        }
    };
    tables.column(sql).await
}

/// Returns a database to which another program can connect.
async fn empty(engine: Engine) -> Database {
    let database = Database::new(engine).await;
    if engine == Engine::Sqlite {
        fs::write(database.folder().join("meetvo.db"), "").unwrap();
    }
    database
}

/// What an error offers on each engine.
const OWN: [&str; 2] = ["sqlite:meetvo.db", "set database.schema"];

#[apply(both_engines)]
async fn database_of_other_program_is_refused(engine: Engine) {
    let own = OWN[usize::from(engine == Engine::Postgres)];
    let migrations = "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, \
                      description TEXT NOT NULL, success BOOLEAN NOT NULL)";
    let row = "INSERT INTO _sqlx_migrations VALUES (20260102030405, 'init', true)";
    let users = "CREATE TABLE users (id INTEGER)";
    let sessions = "CREATE TABLE sessions (id INTEGER)";
    for (statements, words) in [
        (&[migrations, row][..], &["another program", "_sqlx_migrations", "20260102030405"][..]),
        (&[migrations, row, users], &["20260102030405 (init), and it has the table users", own]),
        (&[users], &["the table users, which this program did not create", own]),
        (&[users, sessions], &["the tables sessions, users, which this program", own]),
    ] {
        let database = empty(engine).await;
        if engine == Engine::Postgres {
            database.tables().await.run("CREATE SCHEMA clerk").await;
        }
        let mut connection = database.tables().await;
        for statement in statements {
            connection.run(statement).await;
        }
        let before = tables(&database).await;
        assert_named(|words| Process::run(&database, [], words), words);
        let digest = stderr(&Process::run(&database, [], &["digest"]));
        assert!(words.iter().all(|word| digest.contains(word)), "{digest}");
        assert_eq!(tables(&database).await, before, "the database is unchanged");
    }
}

/// Tables of others without a name of this program's tables are in nobody's way.
#[apply(both_engines)]
async fn tables_beside_are_no_obstacle(engine: Engine) {
    let database = empty(engine).await;
    database.tables().await.run("CREATE TABLE posts (id INTEGER)").await;
    printed(&Process::run(&database, [], &["migrate", "run"]));
    printed(&Process::run(&database, [], &["migrate", "run"]));
}

/// Only on PostgreSQL, because SQLite has no roles.
#[tokio::test(flavor = "multi_thread")]
async fn rejected_login_is_explained() {
    let database = Database::new(Engine::Postgres).await;
    let missing = database.url().replace(database.name(), "meetvo_test_none");
    let words = ["meetvo_test_none", "does not exist", "create it with CREATE DATABASE"];
    assert_named(|command| Process::run(&database, [("DATABASE_URL", &*missing)], command), &words);
    let stranger = database.url().replace("postgres@", "stranger:c4n4ry@");
    let output = Process::run(&database, [("DATABASE_URL", &*stranger)], &["serve"]);
    let text = stderr(&output);
    assert!(text.contains("stranger") && text.contains("correct the user and password"), "{text}");
    assert!(!text.contains("c4n4ry"), "{text}");
}

/// Only on PostgreSQL, because SQLite has no roles. Only the owner of a database can create schemas
/// in it.
#[tokio::test(flavor = "multi_thread")]
async fn missing_right_to_migrate_is_explained() {
    let database = Database::new(Engine::Postgres).await;
    let mut tables = database.tables().await;
    let role = unique(&format!("meetvo_role_{}_", std::process::id()));
    tables.run(&format!("CREATE ROLE {role} LOGIN")).await;
    let url = database.url().replace("postgres@", &format!("{role}@"));
    for command in [&["migrate", "run"][..], &["serve"]] {
        let output = Process::run(&database, [("DATABASE_URL", &*url)], command);
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        let words = "permission denied for database";
        assert!(text.contains(words) && text.contains("CREATE SCHEMA \"clerk\""), "{text}");
    }
    tables.run(&format!("CREATE SCHEMA clerk; GRANT USAGE ON SCHEMA clerk TO {role}")).await;
    let output = Process::run(&database, [("DATABASE_URL", &*url)], &["migrate", "run"]);
    let text = stderr(&output);
    let words = "permission denied for schema clerk; use the role that owns the tables";
    assert!(text.contains(words) && text.contains("GRANT CREATE ON SCHEMA"), "{text}");
    tables.run(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
}

/// The files contain personal data.
#[test]
fn new_files_are_private() {
    let folder = tempdir().unwrap();
    let process = Process::serve(folder.path(), []);
    let mode = |file: &Path| file.metadata().unwrap().permissions().mode() & 0o777;
    let created = files(folder.path());
    assert_eq!(created.len(), 3, "{created:?}");
    for file in &created {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    let doctor = |process: &Process| {
        let words = ["doctor", "--to", &process.url];
        String::from_utf8(Process::run(folder.path(), [], &words).stdout).unwrap()
    };
    assert!(!doctor(&process).contains("database files"), "{}", doctor(&process));
    let file = folder.path().join("meetvo.db");
    fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    // Nobody else can enter this folder, so the mode of the file does not matter.
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
    assert!(!doctor(&process).contains("database files"), "{}", doctor(&process));
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let text = doctor(&process);
    for word in ["warning  database files", "meetvo.db (mode 0640)", "chmod 600", "meetvo.db"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert_eq!(mode(&file), 0o640, "an existing file keeps its mode");
}
