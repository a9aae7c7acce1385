//! Output of the commands on terminals: text from outside, and secrets in URLs.

use serde_json::{Value, json};
use tempfile::tempdir;

use super::stderr;
use crate::harness::{
    ApiResponse, Database, Delivery, Engine, Process, ReservedPort, SECRET, apply, both_engines,
    client, fixtures, repository,
};

/// Text that clears a screen, imitates a line and reorders text.
const HOSTILE: &str = "user_\u{1b}[2J\u{9b}31m\nmeetvo: ok\r\u{202e}\u{7f}";

/// Asserts that a terminal shows every character of an output.
fn assert_harmless(output: &[u8], of: &str) {
    let text = str::from_utf8(output).unwrap();
    let is_harmful = |char: char| {
        (char.is_control() && char != '\n') || ('\u{202a}'..='\u{202e}').contains(&char)
    };
    assert!(!text.contains(is_harmful), "{of}: {text:?}");
    assert!(!text.lines().any(|line| line.trim_start() == "meetvo: ok"), "{of}: {text}");
}

async fn send(process: &Process, id: &str, event: &Value) {
    let now = meetvo::clock::Clock::system().now();
    let delivery = Delivery::signed(SECRET, id, now, event.to_string());
    let response = ApiResponse::fetch(delivery.request(&client(), &process.url)).await;
    assert_eq!(response.status, 200, "{}", response.body);
}

#[apply(both_engines)]
async fn ids_and_names_are_escaped_everywhere(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, []);
    let mut event = fixtures::user_event("user.created", HOSTILE, 0);
    event["data"]["first_name"] = json!(HOSTILE);
    send(&process, "msg_user", &event).await;
    let mut unknown = fixtures::user_event("user.created", HOSTILE, 1);
    unknown["type"] = json!(HOSTILE);
    send(&process, "msg_type", &unknown).await;
    send(&process, "msg_odd", &json!({ "type": "user.created", "data": { "id": HOSTILE } })).await;
    // The row differs from the event log.
    database.tables().await.run("UPDATE users SET first_name = 'x'").await;

    let commands: [&[&str]; 9] = [
        &["why", HOSTILE],
        &["why", "msg_user"],
        &["why", "msg_type"],
        &["why", "nobody\u{1b}[2J"],
        &["digest", "--rows"],
        &["rebuild", "--check"],
        &["reprocess", "--decision", "failed"],
        &["reprocess", HOSTILE],
        &["keys", "revoke", HOSTILE],
    ];
    for words in commands {
        for json in [&[][..], &["--json"]] {
            let words = [words, json].concat();
            let output = Process::run(&database, [], &words);
            assert_harmless(&output.stdout, &format!("{words:?}"));
            assert_harmless(&output.stderr, &format!("{words:?}"));
            assert!(output.stdout.len() + output.stderr.len() > 0, "{words:?}");
            if !json.is_empty() && !output.stdout.is_empty() {
                serde_json::from_slice::<Value>(&output.stdout).unwrap();
            }
        }
    }
    let history = Process::run(&database, [], &["why", HOSTILE, "--json"]);
    let history: Value = serde_json::from_slice(&history.stdout).unwrap();
    assert_eq!(history["id"], HOSTILE, "JSON contains the ID itself");
}

#[test]
fn usage_errors_are_escaped_without_passwords() {
    let folder = tempdir().unwrap();
    let commands: [&[&str]; 5] = [
        &["trigger", HOSTILE],
        &["trigger", "user.created", "--user", HOSTILE],
        &["keys", "new", "--name", HOSTILE],
        &["doctor", "--to", "http://ada:c4n4ry@exa mple.com/\u{1b}[2J"],
        &["replay", HOSTILE, "--to", "http://ada:c4n4ry@exa mple.com/"],
    ];
    for words in commands {
        let output = Process::run(folder.path(), [], words);
        assert_ne!(output.status.code(), Some(0), "{words:?}");
        assert_harmless(&output.stderr, &format!("{words:?}"));
        assert!(!stderr(&output).contains("c4n4ry"), "{}", stderr(&output));
    }
}

#[test]
fn urls_are_printed_without_secrets() {
    let folder = tempdir().unwrap();
    let port = ReservedPort::new();
    let free = port.address;
    let url = format!("http://ada:c4n4ry@{free}/hook?key=c4n4ry");
    for words in [
        ["trigger", "user.created", "--to", &url].as_slice(),
        &["trigger", "user.created", "--to", &url, "--json"],
        &["doctor", "--to", &url],
        &["doctor", "--to", &url, "--json"],
    ] {
        let output = Process::run(folder.path(), [], words);
        assert_eq!(output.status.code(), Some(1), "{words:?}");
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(!text.contains("c4n4ry"), "{words:?}: {text}");
        assert!(text.contains(&free.to_string()), "{words:?}: {text}");
    }
}

/// Only the module `terminal` writes to the standard streams, because it escapes.
#[test]
fn commands_print_through_the_escaping_writer() {
    for (path, source) in repository::files("src/cli") {
        let name = path.display().to_string();
        if name.ends_with("cli/terminal.rs") {
            continue;
        }
        let code: String = source.split_whitespace().collect::<Vec<_>>().join(" ");
        for macro_name in ["print!(", "println!(", "dbg!("] {
            assert!(!code.contains(macro_name), "{name}: {macro_name}");
        }
        let imports = code.split("use std::").skip(1).filter_map(|rest| rest.split_once(';'));
        assert!(imports.clone().all(|(import, _)| !import.contains("stdout")), "{name}");
        assert!(!code.contains("io::stdout"), "{name}");
        let takes_stderr = imports.clone().any(|(import, _)| import.contains("stderr"));
        let uses = code.matches("stderr()").count();
        let checks = code.matches("stderr().is_terminal()").count();
        assert!(!takes_stderr || uses == checks, "{name} writes to the standard error");
    }
}
