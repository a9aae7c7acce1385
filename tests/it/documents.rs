//! The documents name only files, headings, commands, make targets, settings and tests that exist.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use meetvo::{
    config::{Settings, Sources},
    objects::change_kind::ChangeKind,
};

use crate::harness::{
    Process,
    repository::{documents, path, read},
    violations::{Violation, assert_none},
};

const DOCUMENTS: [&str; 3] = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

/// Returns the code between backticks, without code blocks.
fn code(document: &str) -> Vec<String> {
    read(document).split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns the targets of `[text](target)`.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).map(|link| link.split(')').next().unwrap_or_default())
}

/// Returns the targets that are files.
fn links(page: &Path, text: &str) -> Vec<PathBuf> {
    let links = targets(text).map(|link| link.split('#').next().unwrap_or_default());
    let links = links.filter(|link| !link.is_empty() && !link.contains("://"));
    links.map(|link| page.parent().unwrap().join(link)).collect()
}

fn is_file(code: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let kinds = [".md", ".rs", ".toml", ".yaml"];
    code.chars().all(name)
        && !code.starts_with('/')
        && (code.contains('/') || kinds.iter().any(|kind| code.ends_with(kind)))
}

/// Returns whether the code is the name of a setting, such as `server.port`, in contrast to
/// `user.*` and to types of messages, such as `user.created`.
fn is_setting(code: &str) -> bool {
    let word = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    code.split_once('.').is_some_and(|(section, key)| {
        let is_message = ChangeKind::named(section).is_some();
        !section.is_empty() && !key.is_empty() && word(section) && word(key) && !is_message
    })
}

#[test]
fn named_files_exist() {
    let mut found = 0;
    for document in DOCUMENTS {
        for file in code(document).into_iter().filter(|code| is_file(code)) {
            assert!(path(&file).exists(), "{document} names {file}");
            found += 1;
        }
    }
    assert!(found > 20, "too few file names: {found}");
}

#[test]
fn links_lead_to_files() {
    let mut found = 0;
    for (page, text) in documents() {
        for link in links(&page, &text) {
            assert!(link.exists(), "{} links to {}", page.display(), link.display());
            found += 1;
        }
    }
    assert!(found > 10, "too few links: {found}");
}

#[test]
fn named_commands_exist() {
    let makefile = read("Makefile");
    let mut found = 0;
    for document in DOCUMENTS {
        for code in code(document) {
            let words: Vec<_> = code.split_whitespace().collect();
            let known = match &words[..] {
                ["make", target] => makefile.contains(&format!("\n{target}: ## ")),
                ["meetvo", words @ ..] => Process::has_command(words),
                _ => continue,
            };
            assert!(known, "{document} names {code}");
            found += 1;
        }
    }
    assert!(found > 10, "too few commands: {found}");
}

#[test]
fn named_settings_exist() {
    let settings = Settings::load(&Sources::default()).unwrap().effective();
    let mut found = 0;
    for document in DOCUMENTS {
        for code in code(document).iter().filter(|code| !is_file(code) && is_setting(code)) {
            assert!(settings.contains_key(code.as_str()), "{document} names {code}");
            found += 1;
        }
    }
    assert!(found > 0, "no settings found");
}

/// `## The title` → `the-title`, as GitHub makes anchors.
fn anchors(document: &str) -> BTreeSet<String> {
    let (mut is_code, mut found) = (false, BTreeSet::new());
    for line in document.lines() {
        is_code ^= line.trim_start().starts_with("```");
        let title = line.trim_start_matches('#');
        if is_code || title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let title = title.trim().to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        found.insert(kept.collect::<String>().replace(' ', "-"));
    }
    found
}

#[test]
fn links_name_existing_anchors() {
    let (mut violations, mut found) = (Vec::new(), 0);
    for (file, text) in documents() {
        for (at, line) in text.lines().enumerate() {
            for link in targets(line) {
                let Some((target, anchor)) = link.split_once('#') else { continue };
                if target.contains("://") {
                    continue;
                }
                let page = match target {
                    "" => file.clone(),
                    _ => file.parent().unwrap().join(target),
                };
                found += 1;
                let known = fs::read_to_string(&page).is_ok_and(|it| anchors(&it).contains(anchor));
                if !known {
                    let reason = format!("no heading of {target} has the anchor #{anchor}");
                    violations.push(Violation { file: file.clone(), line: at + 1, reason });
                }
            }
        }
    }
    assert!(found > 5, "links are found: {found}");
    assert_none(&violations);
}

/// Paths of the repository in inline code: `src/…`, `tests/…`.
#[test]
fn documents_name_existing_paths() {
    let folders =
        ["src/", "tests/", "docs/", "deploy/", "config/", "benches/", "migrations/", "fuzz/"];
    let (mut violations, mut found) = (Vec::new(), 0);
    for (file, text) in documents() {
        let mut is_block = false;
        for (at, line) in text.lines().enumerate() {
            is_block ^= line.trim_start().starts_with("```");
            for code in line.split('`').skip(1).step_by(2).filter(|_| !is_block) {
                let is_path = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
                let is_ours = folders.iter().any(|folder| code.starts_with(folder));
                if !is_ours || !code.chars().all(is_path) {
                    continue;
                }
                found += 1;
                if !path(code).exists() {
                    let reason = format!("{code} does not exist");
                    violations.push(Violation { file: file.clone(), line: at + 1, reason });
                }
            }
        }
    }
    assert!(found > 20, "paths are found: {found}");
    assert_none(&violations);
}

/// The commands of the reliability page run at least one test each.
#[test]
fn documented_test_filters_match_tests() {
    let listed = Command::new(env::current_exe().unwrap()).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut violations = Vec::new();
    for file in ["docs/reliability.md", "CONTRIBUTING.md"] {
        for (at, line) in read(file).lines().enumerate() {
            for command in line.split("cargo test --test it ").skip(1) {
                let filter = command.split([' ', '`']).next().unwrap_or_default();
                if !listed.contains(filter) {
                    let reason = format!("no test matches `{filter}`");
                    violations.push(Violation { file: path(file), line: at + 1, reason });
                }
            }
        }
    }
    assert_none(&violations);
}
