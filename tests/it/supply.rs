//! What the program is made of: every dependency has a reason, every build takes those that were locked,
//! and nothing of ours is unsafe.

use std::{collections::BTreeSet, fs};

use crate::harness::repository::{path, read};

/// What of cargo's builds nothing of ours.
const BUILDS_NOTHING: [&str; 2] = ["fmt", "metadata"];

/// Unlike `deny`, nothing that is written in a source undoes it.
const FORBIDDEN: &str = "unsafe_code = \"forbid\"";

/// The names in a section of Cargo.toml.
fn declared(section: &str) -> BTreeSet<String> {
    let manifest = read("Cargo.toml");
    let (_, after) = manifest.split_once(&format!("\n[{section}]\n")).unwrap();
    let lines = after.lines().take_while(|line| !line.starts_with('['));
    let names = lines.filter_map(|line| line.split_once(" = "));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// The names that the table behind a line explains.
fn explained(before: &str) -> BTreeSet<String> {
    let document = read("docs/dependencies.md");
    let (_, after) = document.split_once(before).unwrap();
    let rows = after.trim_start().lines().take_while(|line| line.starts_with('|'));
    let reasons = rows.filter_map(|row| row.strip_prefix("| `")?.split_once("` | "));
    let reasons = reasons.inspect(|(name, reason)| {
        assert!(reason.trim_end_matches('|').trim().len() > 3, "{name} is there for nothing");
    });
    reasons.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_direct_dependency_has_its_reason_and_no_other_has() {
    for (section, before) in
        [("dependencies", "Of the program:"), ("dev-dependencies", "Of the tests alone:")]
    {
        let (declared, explained) = (declared(section), explained(before));
        assert!(declared.len() > 5, "{declared:?}");
        // What the program has as well is explained there.
        let anywhere = &explained | &self::explained("Of the program:");
        let missing: Vec<_> = declared.difference(&anywhere).collect();
        assert!(missing.is_empty(), "docs/dependencies.md does not say why: {missing:?}");
        let gone: Vec<_> = explained.difference(&declared).collect();
        assert!(gone.is_empty(), "docs/dependencies.md has what is not there: {gone:?}");
    }
}

/// The files that run something, with their texts.
fn scripts() -> Vec<(String, String)> {
    let mut scripts: Vec<_> =
        ["Makefile", "Dockerfile"].map(|name| (name.to_owned(), read(name))).into();
    for folder in [".ci", "tests", "benches", "examples"] {
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

/// The commands of cargo's in a script: `build --release --locked`.
fn commands(script: &str) -> Vec<String> {
    let code: Vec<_> = script.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let code = code.join("\n").replace("\\\n", " ").replace("$(CARGO) ", "cargo ");
    let lines = code.lines().flat_map(|line| line.split("cargo ").skip(1));
    lines.map(str::to_owned).collect()
}

#[test]
fn every_build_takes_what_was_locked() {
    let mut builds = 0;
    for (name, text) in scripts() {
        for command in commands(&text) {
            let word = command.split_whitespace().next().unwrap_or_default();
            // A sentence, or a question for the version.
            let is_word = word.chars().all(|c| c.is_ascii_lowercase());
            if !is_word || BUILDS_NOTHING.contains(&word) || command.contains("--version") {
                continue;
            }
            assert!(command.contains("--locked"), "{name}: cargo {command}");
            builds += 1;
        }
    }
    assert!(builds > 10, "builds are found: {builds}");
}

#[test]
fn commands_are_read_right() {
    let script = "# cargo build\n\t$(CARGO) fmt\ncargo x --version || cargo build \\\n  --locked";
    assert_eq!(commands(script), ["fmt", "x --version || ", "build    --locked"]);
}

/// The compiler refuses it in all that is built from here, as long as this stands.
#[test]
fn nothing_of_ours_is_unsafe() {
    let manifest = read("Cargo.toml");
    let (_, lints) = manifest.split_once("\n[lints.rust]\n").unwrap();
    assert!(lints.lines().take_while(|line| !line.is_empty()).any(|line| line == FORBIDDEN));
}
