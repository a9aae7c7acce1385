//! Verifies the supply chain: every dependency is documented, every build uses the lock file, and
//! the package has no unsafe code.

use std::{collections::BTreeSet, fs};

use serde_json::{Map, Value};

use crate::harness::repository::{path, read};

/// Cargo commands that build no dependencies.
const NON_BUILD_COMMANDS: [&str; 2] = ["fmt", "metadata"];

/// Lint that forbids unsafe code. Unlike `deny`, no attribute in a source can override `forbid`.
const UNSAFE_LINT: &str = "unsafe_code = \"forbid\"";

/// Returns the names in a section of Cargo.toml.
fn declared(section: &str) -> BTreeSet<String> {
    let manifest = read("Cargo.toml");
    let (_, after) = manifest.split_once(&format!("\n[{section}]\n")).unwrap();
    let lines = after.lines().take_while(|line| !line.starts_with('['));
    let names = lines.filter_map(|line| line.split_once(" = "));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// Returns the names that the table after a line documents.
fn documented(heading: &str) -> BTreeSet<String> {
    let document = read("docs/dependencies.md");
    let (_, after) = document.split_once(heading).unwrap();
    let rows = after.trim_start().lines().take_while(|line| line.starts_with('|'));
    let reasons = rows.filter_map(|row| row.strip_prefix("| `")?.split_once("` | "));
    let reasons = reasons.inspect(|(name, reason)| {
        assert!(reason.trim_end_matches('|').trim().len() > 3, "{name} has no reason");
    });
    reasons.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_direct_dependency_is_documented() {
    for (section, heading) in [
        ("dependencies", "Dependencies of the program:"),
        ("dev-dependencies", "Dependencies of the tests:"),
    ] {
        let (declared, documented) = (declared(section), documented(heading));
        assert!(declared.len() > 5, "{declared:?}");
        // A dependency of both program and tests is documented only once.
        let anywhere = &documented | &self::documented("Dependencies of the program:");
        let missing: Vec<_> = declared.difference(&anywhere).collect();
        assert!(missing.is_empty(), "missing in docs/dependencies.md: {missing:?}");
        let removed: Vec<_> = documented.difference(&declared).collect();
        assert!(removed.is_empty(), "in docs/dependencies.md but not in Cargo.toml: {removed:?}");
    }
}

/// The packages of types have the names of what they describe.
#[test]
fn npm_packages_are_documented() {
    let document = read("docs/dependencies.md");
    for manifest in ["clients/typescript/package.json", "tests/openapi/package.json"] {
        let parsed: Value = serde_json::from_str(&read(manifest)).unwrap();
        let sections = ["dependencies", "devDependencies"].map(|section| &parsed[section]);
        let names = sections.into_iter().filter_map(Value::as_object).flat_map(Map::keys);
        let names: Vec<_> = names.filter(|name| !name.starts_with("@types/")).collect();
        assert!(!names.is_empty(), "{manifest} has no dependencies");
        for name in names {
            assert!(document.contains(&format!("| `{name}` |")), "{manifest}: {name}");
        }
    }
}

/// Returns the scripts of the repository with their texts.
fn scripts() -> Vec<(String, String)> {
    let mut scripts: Vec<_> =
        ["Makefile", "Dockerfile"].map(|name| (name.to_owned(), read(name))).into();
    for folder in [".ci", "tests", "benches", "examples", "packaging"] {
        for entry in fs::read_dir(path(folder)).unwrap() {
            let file = entry.unwrap().path();
            let text = fs::read_to_string(&file).unwrap_or_default();
            if text.starts_with("#!") {
                scripts.push((file.display().to_string(), text));
            }
        }
    }
    scripts
}

/// Returns the cargo commands in a script, such as `build --release --locked`.
fn commands(script: &str) -> Vec<String> {
    let code: Vec<_> = script.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let code = code.join("\n").replace("\\\n", " ").replace("$(CARGO) ", "cargo ");
    let lines = code.lines().flat_map(|line| line.split("cargo ").skip(1));
    lines.map(str::to_owned).collect()
}

#[test]
fn every_build_uses_the_lock_file() {
    let mut builds = 0;
    for (name, text) in scripts() {
        for command in commands(&text) {
            let word = command.split_whitespace().next().unwrap_or_default();
            // Skips text that mentions cargo, and version checks.
            let is_word = word.chars().all(|c| c.is_ascii_lowercase());
            if !is_word || NON_BUILD_COMMANDS.contains(&word) || command.contains("--version") {
                continue;
            }
            assert!(command.contains("--locked"), "{name}: cargo {command}");
            builds += 1;
        }
    }
    assert!(builds > 10, "builds are found: {builds}");
}

#[test]
fn cargo_commands_are_parsed() {
    let script = "# cargo build\n\t$(CARGO) fmt\ncargo x --version || cargo build \\\n  --locked";
    assert_eq!(commands(script), ["fmt", "x --version || ", "build    --locked"]);
}

/// With this lint the compiler rejects unsafe code in every target of the package.
#[test]
fn unsafe_code_is_forbidden() {
    let manifest = read("Cargo.toml");
    let (_, lints) = manifest.split_once("\n[lints.rust]\n").unwrap();
    assert!(lints.lines().take_while(|line| !line.is_empty()).any(|line| line == UNSAFE_LINT));
}
