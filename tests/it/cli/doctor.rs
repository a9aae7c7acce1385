//! `meetvo doctor`, against each fault.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::Output,
    thread,
};

use serde_json::{Value, json};
use tempfile::tempdir;
use tokio::task::block_in_place;

use super::{stderr, printed};
use crate::harness::{
    Database, Engine, Process, apply,
    fake_clerk::{self, FakeClerk, SECRET_KEY},
    both_engines,
};

/// A finding, as its grade and what it says.
fn found(output: &Output, what: &str) -> (String, String) {
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    let finding = findings.as_array().unwrap().iter().find(|it| it["what"] == what);
    let finding = finding.unwrap_or_else(|| panic!("{what}: {findings:#}"));
    let mend = finding["mend"].as_str().unwrap_or_default();
    let word = |name: &str| finding[name].as_str().unwrap();
    (word("grade").to_owned(), format!("{}; {mend}", word("says")))
}

fn assert_found(output: &Output, what: &str, grade: &str, words: &[&str]) {
    let (is, says) = found(output, what);
    assert_eq!(is, grade, "{what}: {says}");
    for word in words {
        assert!(says.contains(word), "{word}: {says}");
    }
}

#[apply(both_engines)]
async fn a_service_that_is_well_is_found_so_and_keeps_one_event(engine: Engine) {
    let database = Database::new(engine).await;
    let pinned = [("MEETVO__CLERK__INSTANCE_ID", "ins_tests")];
    let process = Process::serve(&database, pinned);
    for _ in 0..2 {
        let text = printed(&Process::run(&database, pinned, &["doctor", "--to", &process.url]));
        let grades: Vec<_> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(
            grades,
            ["good", "good", "good", "good", "open", "open", "open", "good"],
            "{text}"
        );
    }
    let rows = database.tables().await.rows("webhook_events").await;
    assert_eq!((rows.len(), &rows[0]["decision"]), (1, &json!("ignored")));
    let used = database.tables().await.column("SELECT label FROM webhook_secrets").await;
    assert_eq!(used, [""; 0], "nothing came from Clerk");
    let other = [("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_b3RoZXIgc2VjcmV0IG9mIGFub3RoZXIgb25l")];
    let words = ["doctor", "--json", "--to", &process.url];
    let output = Process::run(&database, other, &words);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("1 of these are wrong"), "{}", stderr(&output));
    assert_found(&output, "way in", "bad", &["signing secret is another"]);
    let wrong = format!("{}/webhook", process.url);
    let output = Process::run(&database, [], &["doctor", "--json", "--to", &wrong]);
    assert_found(&output, "way in", "bad", &["no path of anything", "/webhooks/clerk"]);
}

#[apply(both_engines)]
async fn a_database_without_its_tables_is_not_ready(engine: Engine) {
    let database = Database::new(engine).await;
    printed(&Process::run(&database, [], &["migrate", "run"]));
    printed(&Process::run(&database, [], &["migrate", "revert"]));
    let output = Process::run(&database, [], &["doctor", "--json"]);
    assert_found(&output, "schema", "bad", &["1 migrations are to be run", "meetvo migrate run"]);
    assert_found(&output, "database", "good", &["answers"]);
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("none.db");
    let url = format!("sqlite:{}", file.display());
    let output = Process::run(folder.path(), [("DATABASE_URL", &*url)], &["doctor", "--json"]);
    assert_found(&output, "database", "warning", &["is not there yet", "meetvo serve"]);
    assert!(!file.exists());
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://nobody:secret-of-nobody@{free}/none");
    let output = Process::run(folder.path(), [("DATABASE_URL", &*url)], &["doctor", "--json"]);
    assert_found(&output, "database", "bad", &["cannot be used", "DATABASE_URL"]);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("secret-of-nobody"));
}

#[test]
fn settings_that_do_not_do_are_told_with_their_names() {
    let folder = tempdir().unwrap();
    let differ = [("PORT", "many"), ("MEETVO__LOG__FORMAT", "xml")];
    let output = Process::run(folder.path(), differ, &["doctor", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    let says: Vec<_> =
        findings.as_array().unwrap().iter().map(|it| it["says"].to_string()).collect();
    assert_eq!(says.len(), 2, "{says:?}");
    assert!(says.iter().any(|it| it.contains("server.port")), "{says:?}");
    let none = [("CLERK_WEBHOOK_SIGNING_SECRET", "")];
    let output = Process::run(folder.path(), none, &["doctor", "--json"]);
    assert_found(
        &output,
        "signing secrets",
        "bad",
        &["there is none", "CLERK_WEBHOOK_SIGNING_SECRET"],
    );
}

/// Stands in the way, and answers one request after the other as it is told to.
fn in_the_way(answers: &[&str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/webhooks/clerk", listener.local_addr().unwrap());
    let answers: Vec<_> = answers.iter().map(|it| (*it).to_owned()).collect();
    thread::spawn(move || {
        for answer in answers {
            let mut connection = BufReader::new(listener.accept().unwrap().0);
            let (mut line, mut length) = (String::new(), 0);
            while connection.read_line(&mut line).unwrap() > 2 {
                let header = line.trim_end().to_ascii_lowercase();
                if let Some(value) = header.strip_prefix("content-length: ") {
                    length = value.parse().unwrap();
                }
                line.clear();
            }
            connection.read_exact(&mut vec![0; length]).unwrap();
            let (head, body) = answer.split_once("\n\n").unwrap_or((&answer, ""));
            let answer = format!(
                "HTTP/1.1 {}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                head.replace('\n', "\r\n"),
                body.len()
            );
            connection.get_mut().write_all(answer.as_bytes()).unwrap();
        }
    });
    url
}

#[test]
fn what_stands_in_the_way_is_named() {
    let folder = tempdir().unwrap();
    let mismatch = "400 Bad Request\n\n{\"code\":\"signature_mismatch\",\"detail\":\"none\"}";
    let stripped = "400 Bad Request\n\n{\"code\":\"header_missing\",\"detail\":\"the header svix-id is missing\"}";
    let late = "400 Bad Request\n\n{\"code\":\"timestamp_out_of_tolerance\",\"detail\":\"late\"}";
    let away = "503 Service Unavailable\n\n{\"code\":\"database_unavailable\",\"detail\":\"away\"}";
    for (answers, words) in [
        (
            &[mismatch, "200 OK\n\n{\"decision\":\"ignored\"}"][..],
            &["changes bodies", "byte by byte"][..],
        ),
        (&[mismatch, mismatch], &["signing secret is another"]),
        (&[stripped], &["the header svix-id is missing", "svix-signature"]),
        (&[late], &["another time"]),
        (&[away], &["cannot do its work: away"]),
        (&["200 OK\n\n<html>Welcome</html>"], &["is not this service", "answered and lost"]),
        (
            &["308 Permanent Redirect\nlocation: https://www.example.com/x"],
            &["https://www.example.com/x"],
        ),
        (&["401 Unauthorized\n\nlog in"], &["wants a login"]),
        (&["403 Forbidden"], &["wants a login"]),
        (&["502 Bad Gateway\n\n<html>"], &["does not reach the service"]),
        (&["413 Content Too Large"], &["413", "limits, filters"]),
    ] {
        let to = in_the_way(answers);
        let output = Process::run(folder.path(), [], &["doctor", "--json", "--to", &to]);
        assert_found(&output, "way in", "bad", words);
    }
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let to = format!("http://{free}");
    let output = Process::run(folder.path(), [], &["doctor", "--json", "--to", &to]);
    assert_found(&output, "way in", "bad", &["/webhooks/clerk is not reached", "refused"]);
}

/// No database has a part in it: SQLite's file is not even there.
#[tokio::test(flavor = "multi_thread")]
async fn clerk_is_asked_whose_key_it_is_and_what_time() {
    let (clerk, folder) = (FakeClerk::start(), tempdir().unwrap());
    let with = |key: &str, pinned: &str| {
        let differ = [
            ("CLERK_SECRET_KEY", key),
            ("MEETVO__CLERK__API_URL", &*clerk.url),
            ("MEETVO__CLERK__INSTANCE_ID", pinned),
        ];
        block_in_place(|| Process::run(folder.path(), differ, &["doctor", "--json"]))
    };
    let output = with(SECRET_KEY, fake_clerk::INSTANCE);
    assert_found(&output, "secret key", "good", &[fake_clerk::INSTANCE, "production"]);
    assert_found(&output, "clock", "good", &["is Clerk's"]);
    assert_found(&with(SECRET_KEY, "ins_other"), "secret key", "bad", &["names ins_other"]);
    assert_found(&with(SECRET_KEY, ""), "secret key", "warning", &["set clerk.instance_id to"]);
    let refused = with("sk_live_anotherOne", fake_clerk::INSTANCE);
    assert_found(&refused, "secret key", "bad", &["401", "CLERK_SECRET_KEY"]);
    assert!(!String::from_utf8_lossy(&refused.stdout).contains("sk_live_anotherOne"));
}
