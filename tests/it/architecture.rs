//! Verifies the architecture: the dependencies between modules, the length of files, and the
//! engines of tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::harness::repository::{files, path};

/// Top-level modules, each with the modules that it can depend on. `clock` is passed in where the
/// time is needed.
const DEPENDENCIES: [(&str, &[&str]); 15] = [
    ("main", &["cli"]),
    (
        "cli",
        &[
            "app",
            "sync",
            "push",
            "ingest",
            "store",
            "objects",
            "clerk",
            "domain",
            "config",
            "telemetry",
            "clock",
        ],
    ),
    (
        "app",
        &[
            "http",
            "sync",
            "push",
            "ingest",
            "store",
            "objects",
            "clerk",
            "domain",
            "config",
            "sealing",
            "telemetry",
            "clock",
        ],
    ),
    (
        "http",
        &[
            "sync",
            "push",
            "ingest",
            "store",
            "objects",
            "clerk",
            "domain",
            "sealing",
            "telemetry",
            "clock",
        ],
    ),
    ("sync", &["ingest", "store", "objects", "clerk", "domain", "sealing"]),
    ("push", &["store", "objects", "domain", "sealing", "clock"]),
    ("ingest", &["store", "objects", "domain"]),
    ("store", &["objects", "domain"]),
    ("objects", &["clerk", "domain"]),
    ("clerk", &["domain", "telemetry"]),
    ("domain", &[]),
    ("config", &["domain"]),
    ("sealing", &[]),
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
    let mut layers = BTreeSet::new();
    for root in ["crate::", "meetvo::"] {
        for (at, _) in code.match_indices(root) {
            let path = &code[at + root.len()..];
            let names = if path.starts_with('{') { first_names(path) } else { vec![name(path)] };
            layers.extend(names);
        }
    }
    layers
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

/// Returns the full paths of a `use` tree: `a::{b, c::{d, e}}` → `a::b`, `a::c::d`, `a::c::e`.
fn expanded(tree: &str) -> Vec<String> {
    let Some((prefix, list)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in list.trim_end().trim_end_matches(',').strip_suffix('}').unwrap().chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        items.last_mut().unwrap().push(c);
    }
    let items = items.iter().filter(|item| !item.trim().is_empty());
    items.flat_map(|item| expanded(item)).map(|path| format!("{}{path}", prefix.trim())).collect()
}

/// Returns the paths that a source contains, in `use` declarations and elsewhere. Comments and unit
/// tests are ignored.
fn paths(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let code: String =
        source.lines().flat_map(|line| [line.split("//").next().unwrap(), "\n"]).collect();
    let in_tree = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_:{},*".contains(c);
    let trees = code.split(';').filter_map(|it| it.rsplit_once("use ")).map(|(_, tree)| tree);
    let used = trees.filter(|tree| tree.chars().all(in_tree)).flat_map(expanded);
    let others = code.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
    used.chain(others.map(str::to_owned)).collect()
}

/// Returns the module below `crate::http` that a path of the module `from` leads to. `from` is the
/// module's own path below `crate::http`.
fn http_module<'p>(from: &[&str], path: &'p str) -> Option<&'p str> {
    let supers = "super::".repeat(from.len());
    let relative = || path.strip_prefix(&*supers).filter(|rest| !rest.starts_with("super::"));
    let rest = path.strip_prefix("crate::http::").or_else(relative)?;
    rest.split("::").next().filter(|module| !module.is_empty())
}

#[test]
fn http_modules_form_no_cycle() {
    let folder = path("src/http");
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, source) in files("src/http") {
        let below = file.strip_prefix(&folder).unwrap().with_extension("");
        let below: Vec<_> = below.iter().map(|part| part.to_str().unwrap()).collect();
        let below: Vec<_> = below.into_iter().filter(|part| *part != "mod").collect();
        // The root is the module that names all others.
        let Some(module) = below.first() else { continue };
        let paths = paths(&source);
        let named = paths.iter().filter_map(|path| http_module(&below, path));
        imports.entry((*module).to_owned()).or_default().extend(named.map(str::to_owned));
    }
    let modules: BTreeSet<_> = imports.keys().cloned().collect();
    for (module, named) in &mut imports {
        named.retain(|it| it != module && modules.contains(it));
    }
    let edges: usize = imports.values().map(BTreeSet::len).sum();
    assert!(edges > 60, "the imports are found: {imports:?}");
    // Without cycles, removing the modules that import none of the others removes all.
    loop {
        let left: BTreeSet<_> = imports.keys().cloned().collect();
        imports.retain(|_, named| named.iter().any(|it| left.contains(it)));
        if imports.len() == left.len() {
            break;
        }
    }
    assert!(imports.is_empty(), "a cycle among, or below: {imports:#?}");
}

#[test]
fn import_paths_are_resolved() {
    let source = "use super::{\n    State, // super::a\n    auth::{self, Key},\n};\n\
                  pub use crate::{clock::Clock, http::users::User};\n\
                  fn f() -> super::super::caching::Cached { super::wait::user() }\n\
                  #[cfg(test)]\nmod tests { use super::list; }";
    let found = |from: &[&str]| -> BTreeSet<String> {
        let paths = paths(source);
        paths.iter().filter_map(|path| http_module(from, path)).map(str::to_owned).collect()
    };
    assert_eq!(found(&["me"]), ["State", "auth", "users", "wait"].map(str::to_owned).into());
    assert_eq!(found(&["a", "b"]), ["caching", "users"].map(str::to_owned).into());
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

/// The driver knows the domain at most. `super` leads out of it in `mod.rs`, and twice from
/// elsewhere.
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
