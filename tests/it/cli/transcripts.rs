//! What the documentation shows is what the program prints: every block of commands in these files
//! is run, line by line. `TRYCMD=overwrite cargo test --test it transcripts` writes anew what is to be
//! shown.

use std::{fs, path::Path};

use tempfile::tempdir;
use trycmd::TestCases;

use super::printed;
use crate::harness::{Process, SECRET};

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
    run("docs/cli.md", &[]);
}

/// With a service in the usual place: only the test knows that its port is another one.
#[test]
fn events_that_are_made_up() {
    let folder = tempdir().unwrap();
    let process = Process::serve(folder.path(), []);
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/triggering.md");
    let document = fs::read_to_string(document).unwrap();
    let elsewhere = format!("\n$ meetvo trigger --to {} ", process.url);
    let copy = folder.path().join("triggering.md");
    fs::write(&copy, document.replace("\n$ meetvo trigger ", &elsewhere)).unwrap();
    run(copy.to_str().unwrap(), &[("CLERK_WEBHOOK_SIGNING_SECRET", SECRET)]);
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
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    let document = fs::read_to_string(document).unwrap();
    let top = commands(&[]);
    assert!(top.len() > 5, "{top:?}");
    for command in top {
        let below = commands(&[&command]).into_iter().map(|name| format!("{command} {name}"));
        for command in below.chain([command.clone()]) {
            let shown = format!("\n$ meetvo {command} --help\n");
            assert!(document.contains(&shown), "docs/cli.md lacks `meetvo {command} --help`");
        }
    }
}
