//! Verifies the architecture: the dependencies between modules, the length of files, and the
//! engines of tests.

use std::{
    collections::BTreeSet,
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::harness::repository::{files, path};

/// Top-level modules, each with the modules that it can depend on. `clock` is passed in where the
/// time is needed.
const DEPENDENCIES: [(&str, &[&str]); 12] = [
    ("main", &["cli"]),
    ("cli", &["app", "sync", "ingest", "store", "clerk", "domain", "config", "telemetry", "clock"]),
    (
        "app",
        &["http", "sync", "ingest", "store", "clerk", "domain", "config", "telemetry", "clock"],
    ),
    ("http", &["sync", "ingest", "store", "clerk", "domain", "clock"]),
    ("sync", &["ingest", "store", "clerk", "domain"]),
    ("ingest", &["store", "domain"]),
    ("store", &["domain"]),
    ("clerk", &["domain"]),
    ("domain", &[]),
    ("config", &["domain"]),
    ("telemetry", &[]),
    ("clock", &[]),
];

/// Maximum length of a source file in lines.
const MAX_LINES: usize = 400;

fn sources() -> Vec<(PathBuf, String)> {
    let files = files("src");
    assert!(files.len() > 20, "the sources are found");
    files
}

/// Returns the top-level module of a source file: `http` for `src/http/users/get.rs`.
fn module(file: &Path) -> String {
    let below = file.strip_prefix(path("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Returns the top-level modules that a source names: `crate::store::…`, `crate::{store::…,
/// clock::…}`, and `meetvo::…` in the program.
fn known_by(source: &str) -> BTreeSet<String> {
    let code = code_of(source);
    let mut rooms = BTreeSet::new();
    for root in ["crate::", "meetvo::"] {
        for (at, _) in code.match_indices(root) {
            let path = &code[at + root.len()..];
            let names = if path.starts_with('{') { first_names(path) } else { vec![name(path)] };
            rooms.extend(names);
        }
    }
    rooms
}

fn name(path: &str) -> String {
    path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Returns the first names in a braced list: `a` and `d` for `{a::{b, c}, d}`.
fn first_names(list: &str) -> Vec<String> {
    let (mut depth, mut expecting, mut names) = (0, false, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => (depth, expecting) = (depth + 1, depth == 0),
            '}' if depth == 1 => break,
            '}' => depth -= 1,
            ',' => expecting = depth == 1,
            c if expecting && c.is_alphabetic() => {
                names.push(name(&list[at..]));
                expecting = false;
            }
            _ => {}
        }
    }
    names
}

#[test]
fn modules_depend_only_on_allowed_modules() {
    let mut found = 0;
    for (path, source) in sources() {
        let from = module(&path);
        if from == "lib" {
            continue;
        }
        let (_, allowed) = DEPENDENCIES
            .iter()
            .find(|(module, _)| *module == from)
            .unwrap_or_else(|| panic!("{}: DEPENDENCIES does not list {from}", path.display()));
        for to in known_by(&source).into_iter().filter(|to| *to != from) {
            assert!(allowed.contains(&&*to), "{}: {from} must not use {to}", path.display());
            found += 1;
        }
    }
    assert!(found > 40, "dependencies are found: {found}");
}

#[test]
fn named_modules_are_found() {
    let source = "use crate::{domain::{a, b}, store::{Store, driver::Pool}};\nfn f() { crate::clock::now() } // crate::http";
    assert_eq!(known_by(source), ["clock", "domain", "store"].map(str::to_owned).into());
}

#[test]
fn source_files_are_short() {
    for (path, source) in sources() {
        let lines = source.lines().count();
        assert!(lines <= MAX_LINES, "{}: {lines} lines", path.display());
    }
}

/// A source without its comments.
fn code_of(source: &str) -> String {
    let lines = source.lines().map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn only_the_driver_names_the_engines() {
    let (driver, store) = (path("src/store/driver"), path("src/store"));
    for (path, source) in sources() {
        if path.starts_with(&driver) {
            continue;
        }
        let code = code_of(&source);
        let everywhere =
            ["sqlx::sqlite", "sqlx::postgres", "SqlitePool", "PgPool", "SqliteConnection"];
        // The configuration has variants of these names, and the rest of the store none.
        let in_the_store = ["Sqlite", "Postgres", "SQLITE", "POSTGRES", "PgConnection"];
        let in_the_store = in_the_store.into_iter().filter(|_| path.starts_with(&store));
        for name in everywhere.into_iter().chain(in_the_store) {
            assert!(!code.contains(name), "{} names {name}", path.display());
        }
    }
}

/// The driver knows the domain at most. `super` leads out of it in `mod.rs`, and twice from elsewhere.
#[test]
fn driver_names_no_module_above_it() {
    let driver = path("src/store/driver");
    let mut files = 0;
    for (path, source) in sources().into_iter().filter(|(path, _)| path.starts_with(&driver)) {
        let code = code_of(&source).replace("pub(super)", "").replace("pub(in crate::", "");
        for (at, root) in code.match_indices("crate::") {
            let named = &code[at + root.len()..];
            let below = ["store::driver::", "domain::"];
            assert!(
                below.iter().any(|it| named.starts_with(it)),
                "{}: crate::{}",
                path.display(),
                named.lines().next().unwrap_or_default()
            );
        }
        let is_root = path == driver.join("mod.rs");
        let above = if is_root { "super::" } else { "super::super" };
        assert!(!code.contains(above), "{} names {above}", path.display());
        files += 1;
    }
    assert!(files > 10, "the driver's sources are there: {files}");
}

#[test]
fn tests_run_on_both_engines() {
    let listed = Command::new(env::current_exe().unwrap()).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let on = |engine: &str| -> BTreeSet<String> {
        let names = listed.lines().filter_map(|line| line.strip_suffix(": test"));
        names.filter_map(|name| name.strip_suffix(engine)).map(str::to_owned).collect()
    };
    let sqlite = on("::sqlite");
    assert!(sqlite.len() > 100, "{listed}");
    assert_eq!(sqlite, on("::postgres"));
}

#[test]
fn single_engine_tests_name_their_engine() {
    for (path, source) in files("tests/it") {
        let lines: Vec<_> = source.lines().map(str::trim).collect();
        let tests = lines.iter().enumerate().filter(|(_, line)| line.starts_with("#[tokio::test"));
        for (at, _) in tests.filter(|_| !path.ends_with("harness/engine.rs")) {
            let above = lines[..at].iter().rev().take_while(|line| line.starts_with("///"));
            let comment = above.copied().collect::<Vec<_>>().join(" ");
            let named = comment.contains("SQLite") || comment.contains("PostgreSQL");
            assert!(named, "{}: {}", path.display(), lines[at + 1]);
        }
    }
}
