//! Writing rules that a program can check. CONTRIBUTING.md has the others.

use std::{collections::BTreeSet, env, process::Command};

use crate::harness::{
    repository::{documents, files, has_extension, texts},
    violations::{Violation, assert_none},
};

/// Maximum width of a line of prose.
const COLUMNS: usize = 100;

/// Maximum number of words in the name of a test.
const WORDS: usize = 7;

/// Words that do not name a subject, so that no doc comment begins with them.
const OPENERS: [&str; 12] =
    ["What", "Who", "Whom", "Whose", "Whoever", "Where", "Why", "It", "They", "Of", "How", "That"];

/// Phrases that the plain term has replaced, and this term.
const PHRASES: [(&str, &str); 13] = [
    ("in step", "in sync, or up to date"),
    ("mend", "fix, correct, repair or remediation"),
    ("mends", "fixes, corrects or repairs"),
    ("mended", "fixed, corrected or repaired"),
    ("mending", "fixing, correcting or repairing"),
    ("the house", "the project, or the layers"),
    ("the law", "the merge rules"),
    ("whoever", "the caller, user, operator or client"),
    ("somebody", "a user, caller or operator"),
    ("what became of", "the decision for"),
    ("let go", "purged, expired or released"),
    ("buried", "tombstoned"),
    ("doomed", "deleted"),
];

/// A line without the targets of its links: `[text](target)` → `[text]`.
fn without_targets(line: &str) -> String {
    let mut parts = line.split("](");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push(']');
        kept.push_str(part.split_once(')').map_or(part, |(_, after)| after));
    }
    kept
}

/// Lines of prose that are too long. Tables, code, HTML and the targets of links are left out.
fn long_lines(document: &str) -> Vec<(usize, usize)> {
    let (mut is_code, mut found) = (false, Vec::new());
    for (at, line) in document.lines().enumerate() {
        let start = line.trim_start();
        if start.starts_with("```") || start.starts_with("~~~") {
            is_code = !is_code;
            continue;
        }
        let is_exempt = is_code
            || start.starts_with(['|', '<'])
            || without_targets(start).split_whitespace().count() < 2;
        let width = without_targets(line).chars().count();
        if !is_exempt && width > COLUMNS {
            found.push((at + 1, width));
        }
    }
    found
}

#[test]
fn documents_wrap_at_100_columns() {
    let mut violations = Vec::new();
    for (file, text) in documents() {
        for (line, width) in long_lines(&text) {
            let reason = format!("{width} columns, {COLUMNS} are allowed");
            violations.push(Violation { file: file.clone(), line, reason });
        }
    }
    assert_none(&violations);
}

/// The first line of a code block names at most its language. Anything else there is not shown.
#[test]
fn code_blocks_begin_on_their_own_line() {
    let mut violations = Vec::new();
    for (file, text) in documents() {
        for (index, line) in text.lines().enumerate() {
            let fence = line.trim_start().strip_prefix("```");
            if fence.is_some_and(|language| language.contains(' ')) {
                let reason = "text beside the opening of a code block".to_owned();
                violations.push(Violation { file: file.clone(), line: index + 1, reason });
            }
        }
    }
    assert_none(&violations);
}

#[test]
fn only_prose_has_to_wrap() {
    let long = "word ".repeat(30);
    let document =
        format!("| {long} |\n```sh\n{long}\n```\n[a b](https://{})\n{long}", "x".repeat(99));
    assert_eq!(long_lines(&document), [(6, 150)]);
}

/// Doc comments: the line on which each begins, and its first paragraph.
fn doc_comments(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::<(usize, String)>::new();
    let (mut is_inside, mut is_over) = (false, false);
    for (at, line) in source.lines().map(str::trim).enumerate() {
        let text = line.strip_prefix("//!").or_else(|| line.strip_prefix("///")).map(str::trim);
        match text {
            None => is_inside = false,
            Some(text) if !is_inside => {
                found.push((at + 1, text.to_owned()));
                (is_inside, is_over) = (true, text.is_empty());
            }
            Some(text) if is_over || text.is_empty() => is_over = true,
            Some(text) => {
                let (_, paragraph) = found.last_mut().unwrap();
                paragraph.push(' ');
                paragraph.push_str(text);
            }
        }
    }
    found
}

/// The reason why the first paragraph of a doc comment breaks the rules, if it does. The help of a
/// command is a doc comment too, and has no period.
fn fault_of_opening(paragraph: &str, is_help: bool) -> Option<String> {
    let first: String = paragraph.chars().take_while(|c| c.is_alphanumeric()).collect();
    if OPENERS.contains(&&*first) {
        let remedy = "begin with a third-person verb or a noun phrase";
        return Some(format!("the doc comment begins with `{first}`: {remedy}"));
    }
    let has_sentence = is_help || paragraph.ends_with('.') || paragraph.contains(". ");
    let reason = "the first sentence of the doc comment does not end with a period";
    (!has_sentence).then(|| reason.to_owned())
}

#[test]
fn doc_comments_open_with_a_sentence() {
    let mut violations = Vec::new();
    for (file, source) in files("src").into_iter().filter(|(file, _)| has_extension(file, "rs")) {
        let lines: Vec<_> = source.lines().map(str::trim).collect();
        for (line, paragraph) in doc_comments(&source) {
            let is_help = source.contains("clap::") && lines[line - 1].starts_with("///");
            let reason = fault_of_opening(&paragraph, is_help);
            violations.extend(reason.map(|reason| Violation { file: file.clone(), line, reason }));
        }
    }
    assert_none(&violations);
}

#[test]
fn openings_are_read_correctly() {
    let source =
        "//! What it is.\n\n/// Returns the\n/// key. See\n///\n/// It.\nfn f() {}\n/// Offset";
    let comments = doc_comments(source);
    let lines: Vec<_> = comments.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 3, 8]);
    let faulty: Vec<_> =
        comments.iter().map(|(_, it)| fault_of_opening(it, false).is_some()).collect();
    assert_eq!(faulty, [true, false, true], "`Offset` lacks a period, and is not `Of`");
}

/// Lines on which a phrase begins, in any case, also across a line break in a comment or in prose.
fn occurrences(text: &str, phrase: &str) -> Vec<usize> {
    let (mut joined, mut starts) = (String::new(), Vec::new());
    for line in text.lines() {
        starts.push(joined.len());
        let line = line.trim_start_matches([' ', '\t', '/', '!', '#', '*', '>', '|', '-']);
        joined.push_str(line.trim_end().to_lowercase().as_str());
        joined.push(' ');
    }
    let is_letter = |c: char| c.is_alphanumeric();
    let found = joined.match_indices(phrase).filter(|(at, _)| {
        let before = joined[..*at].chars().next_back();
        let after = joined[at + phrase.len()..].chars().next();
        !before.is_some_and(is_letter) && !after.is_some_and(is_letter)
    });
    found.map(|(at, _)| starts.partition_point(|start| *start <= at)).collect()
}

#[test]
fn replaced_phrases_do_not_come_back() {
    let scope = ["src", "docs", "README.md", "CONTRIBUTING.md", "config", "deploy"];
    let mut violations = Vec::new();
    for (file, text) in texts(&scope) {
        for (phrase, better) in PHRASES {
            for line in occurrences(&text, phrase) {
                let reason = format!("`{phrase}`: write {better}");
                violations.push(Violation { file: file.clone(), line, reason });
            }
        }
    }
    assert_none(&violations);
}

#[test]
fn phrases_are_found_across_lines() {
    let text = "/// It is in\n/// step. Recommended.\nfn mend_all() {}";
    assert_eq!(occurrences(text, "in step"), [1]);
    assert_eq!(occurrences(text, "mend"), [3]);
}

/// Attributes that make a function a test.
const ATTRIBUTES: [&str; 4] =
    ["#[test]", "#[tokio::test", "#[actix_web::test", "#[apply(both_engines"];

/// Functions that follow a test attribute, with their lines.
fn tests(source: &str) -> Vec<(usize, String)> {
    let (mut is_test, mut found) = (false, Vec::new());
    for (at, line) in source.lines().map(str::trim).enumerate() {
        is_test |= ATTRIBUTES.iter().any(|attribute| line.starts_with(attribute));
        let Some((before, name)) = line.split_once("fn ") else { continue };
        if is_test && matches!(before, "" | "async " | "pub " | "pub async ") {
            let name = name.split(|c: char| !(c.is_alphanumeric() || c == '_')).next();
            found.push((at + 1, name.unwrap_or_default().to_owned()));
            is_test = false;
        }
    }
    found
}

/// Names of the tests in this binary, without module and engine.
fn listed() -> BTreeSet<String> {
    let listed = Command::new(env::current_exe().unwrap()).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names = listed.lines().filter_map(|line| line.strip_suffix(": test"));
    let names = names.map(|name| name.trim_end_matches("::sqlite").trim_end_matches("::postgres"));
    names.map(|name| name.rsplit("::").next().unwrap().to_owned()).collect()
}

#[test]
fn test_names_have_seven_words() {
    let (mut violations, mut seen) = (Vec::new(), BTreeSet::new());
    for (file, source) in texts(&["src", "tests/it"]) {
        if !has_extension(&file, "rs") {
            continue;
        }
        for (line, name) in tests(&source) {
            let words = name.split('_').filter(|word| !word.is_empty()).count();
            if words > WORDS {
                let reason =
                    format!("the test name `{name}` has {words} words, {WORDS} are allowed");
                violations.push(Violation { file: file.clone(), line, reason });
            }
            seen.insert(name);
        }
    }
    let unseen: Vec<_> = listed().difference(&seen).cloned().collect();
    assert!(unseen.is_empty(), "tests are not found in the sources: {unseen:?}");
    assert_none(&violations);
}
