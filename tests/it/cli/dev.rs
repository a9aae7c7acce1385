//! `meetvo dev`: its output and its settings.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Stdio},
};

use meetvo::config;
use serde_json::json;

use super::{printed, stderr};
use crate::harness::{BrowserPage, Process, fixtures, repository};

/// A process that is killed at the end of the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Runs `meetvo dev` in a folder without payloads, and returns its output until the last line.
fn run_dev(folder: &Path) -> String {
    start_dev(folder).1
}

/// Timeouts that a busy machine does not reach.
const CONFIGURATION: &str = "\
[database]
acquire_timeout_ms = 60000
commit_timeout_ms = 60000

[api]
timeout_ms = 60000
";

/// Starts `meetvo dev` in a folder without payloads, and returns it with its output until the last
/// line. The environment and `.env` have the secret, keys and instance of an operator, which the
/// command must ignore.
fn start_dev(folder: &Path) -> (Running, String) {
    let operator =
        [("MEETVO__CLERK__INSTANCE_ID", "ins_of_others"), ("CLERK_JWT_KEY", "of no use alone")];
    fs::write(folder.join(".env"), "CLERK_SECRET_KEY=sk_of_no_use\nHOST=0.0.0.0\n").unwrap();
    fs::create_dir_all(folder.join("config")).unwrap();
    fs::write(folder.join("config/development.toml"), CONFIGURATION).unwrap();
    let mut command = Process::command(folder, operator);
    command.arg("dev").stdout(Stdio::piped());
    let mut running = Running(command.spawn().unwrap());
    let mut printed = String::new();
    for line in BufReader::new(running.0.stdout.take().unwrap()).lines() {
        printed = printed + &line.unwrap() + "\n";
        if printed.ends_with("Ctrl-C stops it.\n") {
            return (running, printed);
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

/// Returns the address of the page that shows the messages.
fn listening_page(printed: &str) -> &str {
    let (_, rest) = printed.split_once("pushes about changes, open ").unwrap();
    rest.split_once(".\n").unwrap().0
}

/// Returns the address of the service.
fn service_url(printed: &str) -> &str {
    let (_, rest) = printed.split_once("Listening on ").unwrap();
    rest.split_once(',').unwrap().0
}

/// Triggers the event of a user who is not in the fixtures.
fn trigger_new_user(folder: &Path, service: &str) {
    let secret = config::development_signing_secret().unwrap();
    let secret = secret.secret.expose();
    let words = ["trigger", "user.created", "--seed", "1", "--to", service, "--secret", secret];
    printed(&Process::run(folder, [], &words));
}

/// The command always uses SQLite.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listening_page_shows_pushed_messages() {
    let folder = tempfile::tempdir().unwrap();
    let (running, printed) = start_dev(folder.path());
    let mut page = BrowserPage::open(listening_page(&printed)).await;
    for text in ["user.created", "membership.created", "waitlist_entry.created"] {
        page.wait_for_text(text).await;
    }
    page.evaluate("document.querySelector('summary').click()").await;
    page.wait_for_text("webhook-id: msg_").await;
    let problems = repository::read("tests/browser/contrast.js");
    assert_eq!(page.evaluate(&problems).await, json!([]));
    drop(running);
    page.wait_for_text("meetvo dev does not answer").await;
    // The next run uses the same endpoint, with another address.
    let (_running, printed) = start_dev(folder.path());
    page.navigate(listening_page(&printed)).await;
    trigger_new_user(folder.path(), service_url(&printed));
    page.wait_for_text("user_2u57AwQaG6EtWpGJFGZxneZ39FV").await;
    assert_eq!(page.errors, Vec::<String>::new());
}

/// The command always uses SQLite.
#[tokio::test]
async fn listening_page_rejects_other_names_and_signatures() {
    let folder = tempfile::tempdir().unwrap();
    let (_running, printed) = start_dev(folder.path());
    let url = listening_page(&printed);
    let client = crate::harness::client();
    let local = client.get(format!("{url}messages")).send().await.unwrap();
    assert_eq!(local.status(), 200);
    let foreign = client.get(format!("{url}messages")).header("host", "attacker.example");
    assert_eq!(foreign.send().await.unwrap().status(), 404);
    let unsigned = client.post(format!("{url}hooks")).body("{}").send().await.unwrap();
    assert_eq!(unsigned.status(), 400);
}
