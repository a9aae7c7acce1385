//! The house rules that no compiler knows: who may know whom, and how long a file may be.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    path::{Path, PathBuf},
    process::Command,
};

use crate::harness::repository::{files, path};

/// Who may know whom. `clock` is a leaf that is handed to whoever needs the time.
const ARROWS: [(&str, &[&str]); 12] = [
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
    ("config", &[]),
    ("telemetry", &[]),
    ("clock", &[]),
];

/// Two screens of one idea are a file; more are two.
const MAX_LINES: usize = 400;

fn sources() -> Vec<(PathBuf, String)> {
    let files = files("src");
    assert!(files.len() > 20, "the sources are there");
    files
}

/// `src/http/users/get.rs` → `http`
fn room(file: &Path) -> String {
    let below = file.strip_prefix(path("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that a source names: `crate::store::…`, `crate::{store::…, clock::…}`, and
/// `meetvo::…` in the program.
fn known_by(source: &str) -> BTreeSet<String> {
    let code: String = source
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
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

/// The first names in a braced list: `{a::{b, c}, d}` → `a`, `d`.
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
fn only_the_arrows_that_are_drawn() {
    let mut crossed = 0;
    for (path, source) in sources() {
        let from = room(&path);
        if from == "lib" {
            continue;
        }
        let (_, allowed) = ARROWS
            .iter()
            .find(|(room, _)| *room == from)
            .unwrap_or_else(|| panic!("{} stands in a room that is not drawn", path.display()));
        for to in known_by(&source).into_iter().filter(|to| *to != from) {
            assert!(allowed.contains(&&*to), "{}: {from} must not know {to}", path.display());
            crossed += 1;
        }
    }
    assert!(crossed > 40, "the arrows are seen: {crossed}");
}

#[test]
fn the_arrows_are_read_right() {
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
fn a_file_is_one_idea() {
    for (path, source) in sources() {
        let lines = source.lines().count();
        assert!(lines <= MAX_LINES, "{}: {lines} lines", path.display());
    }
}

#[test]
fn only_the_driver_names_the_engines() {
    for (path, source) in sources() {
        if path.components().any(|part| part.as_os_str() == "driver") {
            continue;
        }
        for name in ["sqlx::sqlite", "sqlx::postgres", "SqlitePool", "PgPool", "SqliteConnection"] {
            assert!(!source.contains(name), "{} names {name}", path.display());
        }
    }
}

#[test]
fn every_behaviour_is_tested_on_both_engines() {
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
fn what_is_tested_on_one_engine_says_which_and_why() {
    for (path, source) in files("tests/it") {
        let lines: Vec<_> = source.lines().map(str::trim).collect();
        let tests = lines.iter().enumerate().filter(|(_, line)| line.starts_with("#[tokio::test"));
        for (at, _) in tests.filter(|_| !path.ends_with("harness/engine.rs")) {
            let above = lines[..at].iter().rev().take_while(|line| line.starts_with("///"));
            let said = above.copied().collect::<Vec<_>>().join(" ");
            let named = said.contains("SQLite") || said.contains("PostgreSQL");
            assert!(named, "{}: {}", path.display(), lines[at + 1]);
        }
    }
}
