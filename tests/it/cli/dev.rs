//! `meetvo dev`: its output and its settings.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
};

use super::stderr;
use crate::harness::{Process, fixtures};

/// A process that is killed at the end of the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Runs `meetvo dev` in a folder without payloads, and returns its output until the last line. The
/// environment and `.env` have the secret, keys and instance of an operator, which the command must
/// ignore.
fn run_dev(folder: &Path) -> String {
    let operator =
        [("MEETVO__CLERK__INSTANCE_ID", "ins_of_others"), ("CLERK_JWT_KEY", "of no use alone")];
    fs::write(folder.join(".env"), "CLERK_SECRET_KEY=sk_of_no_use\nHOST=0.0.0.0\n").unwrap();
    let mut command = Process::command(folder, operator);
    command.arg("dev").stdout(Stdio::piped());
    let mut running = Running(command.spawn().unwrap());
    let mut printed = String::new();
    for line in BufReader::new(running.0.stdout.take().unwrap()).lines() {
        printed = printed + &line.unwrap() + "\n";
        if printed.ends_with("Ctrl-C stops it.\n") {
            return printed;
        }
    }
    panic!("the program ended: {printed}");
}

/// Returns the number in a row of the report.
fn count(printed: &str, name: &str) -> Option<u32> {
    let line = printed.lines().find_map(|line| line.strip_prefix(&format!("  {name} ")))?;
    line.trim().parse().ok()
}

#[test]
fn fixtures_are_shown_and_then_duplicates() {
    let folder = tempfile::tempdir().unwrap();
    let first = run_dev(folder.path());
    let fixtures = u32::try_from(fixtures::all().len()).ok();
    assert_eq!(count(&first, "200"), fixtures, "{first}");
    assert!(first.contains("ada.okafor@example.com"), "{first}");
    let organizations: Vec<&str> =
        first.lines().map(str::trim_start).filter(|line| line.starts_with("org_")).collect();
    assert!(organizations.len() > 1, "{first}");
    assert!(organizations.iter().any(|line| line.contains(" (org:")), "{organizations:?}");
    assert_shown_in_the_readme(&first);
    let second = run_dev(folder.path());
    assert_eq!(count(&second, "duplicate"), fixtures, "{second}");
    assert!(!folder.path().join("meetvo.db").exists(), "DATABASE_URL is ignored");
}

/// Checks that the README shows the output of `make dev`, except the lines that differ in every
/// run: port, file and duration.
fn assert_shown_in_the_readme(printed: &str) {
    let readme = include_str!("../../../README.md");
    let (_, block) = readme.split_once("```text\nresponse").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let differs = |line: &&str| line.contains("127.0.0.1") || line.contains(" deliveries in ");
    let mut rest = printed.lines().map(str::trim_end);
    for line in format!("response{block}").lines().filter(|it| it.trim() != "…" && !differs(it)) {
        assert!(rest.any(|printed| printed == line), "make dev does not print: {line}");
    }
}

#[test]
fn missing_folder_of_fixtures_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = Process::run(folder.path(), [], &["dev", "--port", "0", "--fixtures", "nowhere"]);
    assert_eq!(output.status.code(), Some(1));
    let error = stderr(&output);
    assert!(error.contains("the example payloads nowhere do not exist"), "{error}");
    assert!(error.contains("leave it out to use those of the program"), "{error}");
}
