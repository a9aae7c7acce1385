//! Runs the console blocks of the documentation, and compares their output with the text.
//! `TRYCMD=overwrite cargo test --test it transcripts` replaces the text with the actual output.

use std::{collections::BTreeSet, fs, path::Path};

use tempfile::tempdir;
use trycmd::TestCases;

use super::printed;
use crate::harness::{KEY, Process, SECRET, repository::read};

/// Runs the commands of a document in order, with a new database and some environment variables.
fn run(document: &str, variables: &[(&str, &str)]) {
    let folder = tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("meetvo.db").display());
    let cases = TestCases::new();
    cases.register_bin("meetvo", Path::new(env!("CARGO_BIN_EXE_meetvo")));
    cases.env("COLUMNS", "100").env("DATABASE_URL", database);
    for (name, value) in variables {
        cases.env(*name, *value);
    }
    cases.case(document).run();
}

#[test]
fn command_reference_matches_program() {
    run("docs/reference/commands.md", &[]);
}

/// Runs a text whose commands use a service at the default address. The service of the test has
/// another port, so `--to` is inserted.
fn run_with_a_service(text: &str) {
    let folder = tempdir().unwrap();
    let process = Process::serve(folder.path(), []);
    let mut text = text.to_owned();
    for command in ["trigger", "replay"] {
        let prefix = format!("\n$ meetvo {command} ");
        text = text.replace(&prefix, &format!("{prefix}--to {} ", process.url));
    }
    let copy = folder.path().join("document.md");
    fs::write(&copy, text).unwrap();
    run(copy.to_str().unwrap(), &[("CLERK_WEBHOOK_SIGNING_SECRET", SECRET)]);
}

#[test]
fn trigger_guide_matches_program() {
    run_with_a_service(&read("docs/how-to/trigger-test-events.md"));
}

#[test]
fn reading_guide_matches_program() {
    let folder = tempdir().unwrap();
    let process = Process::serve(folder.path(), []);
    let variables = [
        ("CLERK_WEBHOOK_SIGNING_SECRET", SECRET),
        ("MEETVO_API_KEY", KEY),
        ("MEETVO_TO", &*process.url),
    ];
    run("docs/how-to/read-on-the-command-line.md", &variables);
}

#[test]
fn replay_guide_matches_program() {
    let folder = tempdir().unwrap();
    let (text, ada) = (read("docs/how-to/replay-payloads.md"), folder.path().join("ada.json"));
    let (_, payload) = text.split_once("```json\n").unwrap();
    fs::write(&ada, payload.split("```").next().unwrap()).unwrap();
    run_with_a_service(&text.replace(" ada.json", &format!(" {}", ada.display())));
}

/// Every option of the guide exists, and the guide mentions every option.
#[test]
fn replay_options_are_documented() {
    let folder = tempdir().unwrap();
    let help = printed(&Process::run(folder.path(), [], &["replay", "--help"]));
    let options = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        words.filter(|word| word.starts_with("--") && word.len() > 2).map(str::to_owned).collect()
    };
    let document = read("docs/how-to/replay-payloads.md");
    let commands = document.lines().filter(|line| line.contains("meetvo replay"));
    let used: BTreeSet<_> = commands.flat_map(options).collect();
    let known = options(&help);
    assert!(used.is_subset(&known), "{used:?} {known:?}");
    let global = ["--help", "--config"].map(str::to_owned).into();
    let missing = &(&known - &global) - &options(&document);
    assert!(missing.is_empty(), "docs/how-to/replay-payloads.md lacks {missing:?}");
}

#[test]
fn tutorial_matches_program() {
    run_with_a_service(&read("docs/getting-started.md"));
}

/// Returns the names of a command's subcommands, from its help.
fn commands(words: &[&str]) -> Vec<String> {
    let folder = tempdir().unwrap();
    let help = printed(&Process::run(folder.path(), [], &[words, &["--help"]].concat()));
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = listed.take_while(|line| !line.is_empty());
    // A line with a deeper indentation continues the previous one.
    let names = names.filter_map(|line| line.strip_prefix("  ").filter(|it| !it.starts_with(' ')));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn all_commands_are_documented() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/commands.md");
    let document = fs::read_to_string(document).unwrap();
    let top = commands(&[]);
    assert!(top.len() > 5, "{top:?}");
    for command in top {
        let below = commands(&[&command]).into_iter().map(|name| format!("{command} {name}"));
        for command in below.chain([command.clone()]) {
            let shown = format!("\n$ meetvo {command} --help\n");
            assert!(
                document.contains(&shown),
                "docs/reference/commands.md lacks `meetvo {command} --help`"
            );
        }
    }
}

/// Commands that print no result: services, scripts for shells, and the migrations.
const WITHOUT_JSON: [&str; 6] =
    ["serve", "dev", "completions", "migrate run", "migrate revert", "migrate move"];

#[test]
fn every_result_is_available_as_json() {
    let folder = tempdir().unwrap();
    let below = |command: &String| {
        let names = commands(&[command]);
        match names.is_empty() {
            true => vec![command.clone()],
            false => names.into_iter().map(|name| format!("{command} {name}")).collect(),
        }
    };
    let all: Vec<String> = commands(&[]).iter().flat_map(below).collect();
    assert!(all.len() > 15, "{all:?}");
    for command in all.iter().filter(|command| !WITHOUT_JSON.contains(&&***command)) {
        let words: Vec<_> = command.split(' ').chain(["--help"]).collect();
        let help = printed(&Process::run(folder.path(), [], &words));
        assert!(help.contains("--json"), "`meetvo {command}` has no --json");
    }
}
