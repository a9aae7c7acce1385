//! What the documentation shows is what the program prints: every block of commands in these files
//! is run, line by line. `TRYCMD=overwrite cargo test --test it transcripts` writes anew what is to be
//! shown.

use std::{collections::BTreeSet, fs, path::Path};

use tempfile::tempdir;
use trycmd::TestCases;

use super::printed;
use crate::harness::{Process, SECRET, repository::read};

/// Runs the commands of a file of the repository, each where the one before it left things, with
/// a database of its own and these variables.
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
fn the_help_of_every_command() {
    run("docs/reference/commands.md", &[]);
}

/// Runs a text whose commands talk to a service in the usual place: only the test knows that its
/// port is another one.
fn run_with_a_service(text: &str) {
    let folder = tempdir().unwrap();
    let process = Process::serve(folder.path(), []);
    let mut text = text.to_owned();
    for command in ["trigger", "replay"] {
        let here = format!("\n$ meetvo {command} ");
        text = text.replace(&here, &format!("{here}--to {} ", process.url));
    }
    let copy = folder.path().join("document.md");
    fs::write(&copy, text).unwrap();
    run(copy.to_str().unwrap(), &[("CLERK_WEBHOOK_SIGNING_SECRET", SECRET)]);
}

#[test]
fn events_that_are_made_up() {
    run_with_a_service(&read("docs/how-to/trigger-test-events.md"));
}

#[test]
fn payloads_that_are_replayed() {
    let folder = tempdir().unwrap();
    let (text, ada) = (read("docs/how-to/replay-payloads.md"), folder.path().join("ada.json"));
    let (_, payload) = text.split_once("```json\n").unwrap();
    fs::write(&ada, payload.split("```").next().unwrap()).unwrap();
    run_with_a_service(&text.replace(" ada.json", &format!(" {}", ada.display())));
}

/// Also in the commands that are not run, and no option is left out.
#[test]
fn the_options_of_replay_are_explained() {
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
    let everywhere = ["--help", "--config"].map(str::to_owned).into();
    let left_out = &(&known - &everywhere) - &options(&document);
    assert!(left_out.is_empty(), "docs/how-to/replay-payloads.md lacks {left_out:?}");
}

#[test]
fn the_first_steps() {
    for page in ["README.md", "docs/getting-started.md"] {
        run_with_a_service(&read(page));
    }
}

/// The names of the commands below this one, from its help.
fn commands(words: &[&str]) -> Vec<String> {
    let folder = tempdir().unwrap();
    let help = printed(&Process::run(folder.path(), [], &[words, &["--help"]].concat()));
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = listed.take_while(|line| !line.is_empty());
    // A longer indent goes on with the line before.
    let names = names.filter_map(|line| line.strip_prefix("  ").filter(|it| !it.starts_with(' ')));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn no_command_is_left_out() {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/commands.md");
    let document = fs::read_to_string(document).unwrap();
    let top = commands(&[]);
    assert!(top.len() > 5, "{top:?}");
    for command in top {
        let below = commands(&[&command]).into_iter().map(|name| format!("{command} {name}"));
        for command in below.chain([command.clone()]) {
            let shown = format!("\n$ meetvo {command} --help\n");
            assert!(document.contains(&shown), "docs/reference/commands.md lacks `meetvo {command} --help`");
        }
    }
}
