//! The documents name only files, commands, make targets and settings that exist.

use std::{
    fs,
    path::{Path, PathBuf},
};

use meetvo::{
    config::{Settings, Sources},
    objects::change_kind::ChangeKind,
};

use crate::harness::{
    Process,
    repository::{path, read},
};

const DOCUMENTS: [&str; 3] = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

/// Returns the code between backticks, without code blocks.
fn code(document: &str) -> Vec<String> {
    read(document).split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns the paths of all pages, including those in subfolders of `docs/`.
fn pages() -> Vec<PathBuf> {
    let folders = ["", "docs", "docs/how-to", "docs/reference", "fixtures"];
    let folders = folders.map(|folder| fs::read_dir(path(folder)).unwrap());
    let files = folders.into_iter().flatten().map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|it| it == "md")).collect()
}

/// Returns the targets of `[text](target)` that are files.
fn links(page: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(page).unwrap();
    let links = text.split("](").skip(1).map(|link| link.split([')', '#']).next().unwrap());
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
    for page in pages() {
        for link in links(&page) {
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
