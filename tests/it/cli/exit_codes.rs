//! Failures: a single message, and the exit code that belongs to the cause.

use std::{ffi::OsStr, fs, net::TcpListener, os::unix::ffi::OsStrExt, path::Path, process::Output};

use tempfile::tempdir;

use super::{printed, stderr};
use crate::harness::{KEY, Process, ReservedPort, SECRET};

fn serve<const N: usize>(folder: &Path, overrides: [(&str, &str); N]) -> Output {
    Process::run(folder, overrides, &["serve"])
}

/// Asserts the exit code and a single message of the program that contains some words.
fn assert_fails(output: &Output, code: i32, words: &[&str]) {
    let text = stderr(output);
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(output.stdout.is_empty());
    assert!(text.starts_with("meetvo: "), "{text}");
    assert_eq!(text.matches("meetvo: ").count(), 1, "one message: {text}");
    for word in words {
        assert!(text.contains(word), "{word}: {text}");
    }
    for noise in ["panicked", "backtrace", "Error {", "{\"timestamp\""] {
        assert!(!text.contains(noise), "{noise}: {text}");
    }
}

#[test]
fn unusable_settings_exit_with_78() {
    let folder = tempdir().unwrap();
    let cases = [
        ("CLERK_WEBHOOK_SIGNING_SECRET", "", "clerk.webhook_signing_secrets"),
        ("CLERK_WEBHOOK_SIGNING_SECRET", "whsec_!", "(from CLERK_WEBHOOK_SIGNING_SECRET)"),
        ("DATABASE_URL", "mysql://localhost/meetvo", "the unsupported scheme `mysql`"),
        ("MEETVO_ENV", "staging", "must be `production` or `development`, not `staging`"),
        ("MEETVO_API_KEYS", "tests:read:short", "at least 32 bytes"),
        ("MEETVO__SERVER__PROT", "1", "server.prot (from MEETVO__SERVER__PROT): is not a setting"),
    ];
    for (variable, value, word) in cases {
        let output = serve(folder.path(), [(variable, value)]);
        assert_fails(&output, 78, &[word]);
        assert_eq!(stderr(&output).lines().count(), 2, "{}", stderr(&output));
    }
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "no database is created");
}

#[test]
fn invalid_pem_key_exits_with_78() {
    let folder = tempdir().unwrap();
    let pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----";
    let overrides =
        [("MEETVO__CLERK__ISSUER", "https://clerk.example.com"), ("CLERK_JWT_KEY", pem)];
    let output = serve(folder.path(), overrides);
    assert_fails(&output, 78, &["clerk.jwt_key: is not an RSA public key in PEM"]);
    assert!(!stderr(&output).contains("AAAA"));
}

#[test]
fn all_faults_are_reported() {
    let folder = tempdir().unwrap();
    let faults =
        [("PORT", "none"), ("DATABASE_URL", "mysql://x"), ("CLERK_WEBHOOK_SIGNING_SECRET", "x")];
    let words = ["(from PORT)", "(from DATABASE_URL)", "(from CLERK_WEBHOOK_SIGNING_SECRET)"];
    let output = serve(folder.path(), faults);
    assert_fails(&output, 78, &words);
    assert_eq!(stderr(&output).lines().count(), 4);
    for command in [vec!["config"], vec!["config", "--json"], vec!["migrate", "info"]] {
        assert_fails(&Process::run(folder.path(), faults, &command), 78, &words);
    }
}

#[test]
fn unreadable_settings_file_is_named() {
    let folder = tempdir().unwrap();
    let settings = folder.path().join("config");
    fs::create_dir(&settings).unwrap();
    fs::create_dir(settings.join("default.toml")).unwrap();
    assert_fails(&serve(folder.path(), []), 78, &["config/default.toml", "cannot be read"]);
    fs::remove_dir(settings.join("default.toml")).unwrap();
    fs::write(settings.join("production.toml"), "[clerk\nkey = 'whsec_c4n4ry'\n").unwrap();
    let output = serve(folder.path(), []);
    assert_fails(&output, 78, &["config/production.toml", "line 1"]);
    assert!(!stderr(&output).contains("c4n4ry"));
    let missing = Process::run(folder.path(), [], &["serve", "--config", "nowhere"]);
    assert_fails(&missing, 78, &["nowhere: is not a folder", "--config"]);
}

#[test]
fn used_port_exits_with_1() {
    let folder = tempdir().unwrap();
    let used = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = used.local_addr().unwrap().port().to_string();
    let address = format!("127.0.0.1:{port}");
    assert_fails(&serve(folder.path(), [("PORT", &port)]), 1, &[&address, "HOST and PORT"]);
}

#[test]
fn unusable_database_exits_with_1() {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("folder.db")).unwrap();
    fs::write(folder.path().join("text.db"), "this is no database\n".repeat(100)).unwrap();
    for file in ["folder.db", "text.db", "nowhere/x.db"] {
        let url = format!("sqlite:{}", folder.path().join(file).display());
        let words = [&*url, "the database", "cannot be used"];
        assert_fails(&serve(folder.path(), [("DATABASE_URL", &url)]), 1, &words);
        let info = Process::run(folder.path(), [("DATABASE_URL", &url)], &["migrate", "info"]);
        assert_eq!(info.status.code(), Some(1), "{}", stderr(&info));
        assert!(stderr(&info).starts_with("meetvo: "), "{}", stderr(&info));
    }
    let text = fs::read_to_string(folder.path().join("text.db")).unwrap();
    assert_eq!(text, "this is no database\n".repeat(100), "the file is unchanged");
}

/// The message contains the address of the server, and not the password.
#[test]
fn unreachable_server_exits_with_1() {
    let folder = tempdir().unwrap();
    let port = ReservedPort::new();
    let free = port.address;
    for (login, suffix) in [("u:c4n4ry@", ""), ("u@", "?password=c4n4ry")] {
        let url = format!("postgres://{login}{free}/meetvo{suffix}");
        let output = serve(folder.path(), [("DATABASE_URL", &url)]);
        let words = ["the database postgres://u", &free.to_string(), "Connection refused"];
        assert_fails(&output, 1, &words);
        assert!(!stderr(&output).contains("c4n4ry"), "{}", stderr(&output));
    }
}

/// The service does not wait for the server, because a supervisor restarts the service.
#[test]
fn silent_server_exits_with_1() {
    let folder = tempdir().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://u@{}/meetvo", silent.local_addr().unwrap());
    let output = serve(folder.path(), [("DATABASE_URL", &*url)]);
    assert_fails(&output, 1, &[&url, "cannot be used", "no answer in time"]);
}

#[test]
fn wrong_usage_exits_with_2() {
    let folder = tempdir().unwrap();
    let wrong: [&[&str]; 9] = [
        &[],
        &["server"],
        &["serve", "--port", "1"],
        &["migrate"],
        &["migrate", "sideways"],
        &["keys", "new"],
        &["keys", "new", "--name", "a:b"],
        &["keys", "new", "--name", "a", "--scope", "write"],
        &["config", "extra"],
    ];
    for words in wrong {
        let output = Process::run(folder.path(), [], words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(output.stdout.is_empty(), "{words:?}");
        assert!(stderr(&output).contains("Usage:") || stderr(&output).contains("--help"));
    }
}

#[test]
fn development_secrets_are_rejected_in_production() {
    let folder = tempdir().unwrap();
    let secret = "whsec_bWVldHZvIGRldmVsb3BtZW50LCBub3QgYSBzZWNyZXQ=";
    let key = "development:read:meetvo_development_key_not_a_secret";
    let given = [("CLERK_WEBHOOK_SIGNING_SECRET", secret), ("MEETVO_API_KEYS", key)];
    let words = ["(from CLERK_WEBHOOK_SIGNING_SECRET): contains a value", "(from MEETVO_API_KEYS)"];
    assert_fails(&serve(folder.path(), given), 78, &words);
}

/// Other machines could sign deliveries and use the API.
#[test]
fn public_secrets_need_loopback_address() {
    let folder = tempdir().unwrap();
    let with = |host| {
        [
            ("MEETVO_ENV", "development"),
            ("HOST", host),
            ("CLERK_WEBHOOK_SIGNING_SECRET", ""),
            ("MEETVO_API_KEYS", ""),
        ]
    };
    let words = ["server.host: is 0.0.0.0", "CLERK_WEBHOOK_SIGNING_SECRET", "HOST=127.0.0.1"];
    assert_fails(&serve(folder.path(), with("0.0.0.0")), 78, &words);
    let doctor = Process::run(folder.path(), with("0.0.0.0"), &["doctor", "--json"]);
    assert_eq!(doctor.status.code(), Some(1));
    let findings = String::from_utf8_lossy(&doctor.stdout);
    assert!(findings.contains("server.host is 0.0.0.0"), "{findings}");
    // Other commands do not listen, and a shell can set HOST.
    printed(&Process::run(folder.path(), with("0.0.0.0"), &["config"]));
    Process::serve(folder.path(), with("127.0.0.1"));
    // With secrets of its own, it starts and warns.
    let own = [("MEETVO_ENV", "development"), ("HOST", "0.0.0.0")];
    let process = Process::serve(folder.path(), own);
    process.terminate();
    let (_, log) = process.wait();
    let warning = log.lines().find(|line| line.contains("WARN"));
    assert!(warning.is_some_and(|it| it.contains("MEETVO_ENV=production")), "{log}");
}

/// `.env` also belongs to other programs.
#[test]
fn foreign_dotenv_lines_stop_no_command() {
    let folder = tempdir().unwrap();
    let foreign = "\u{feff}NEXT_PUBLIC_APP_NAME=My App\nCRON=*/5 * * * *\nmy-var=1\nNAME=it's\n\
                   KEY=-----BEGIN PRIVATE KEY-----\nMIIB+/==\n-----END PRIVATE KEY-----\n";
    fs::write(folder.path().join(".env"), foreign).unwrap();
    for command in [&["config"][..], &["migrate", "run"], &["keys", "list"], &["migrate", "info"]] {
        printed(&Process::run(folder.path(), [], command));
    }
    for command in [["doctor", "--json"], ["health", "--ready"]] {
        let output = Process::run(folder.path(), [("PORT", "1")], &command);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    }
    let faulty = format!("{foreign}DATABASE_URL sqlite:m.db\n");
    fs::write(folder.path().join(".env"), faulty).unwrap();
    assert_fails(&serve(folder.path(), []), 78, &[".env, line 8 (DATABASE_URL): must be NAME="]);
}

/// The environment can contain variables of other programs, in any encoding.
#[test]
fn non_utf8_variables_are_tolerated() {
    let folder = tempdir().unwrap();
    let bytes = OsStr::from_bytes(b"c4n4ry\xff");
    let mut command = Process::command(folder.path(), []);
    let output = Process::output(command.arg("config").env("OTHER_PROGRAM", bytes).env(bytes, "x"));
    assert!(printed(&output).contains("server.port = 0"));
    let mut command = Process::command(folder.path(), []);
    let output = Process::output(command.arg("serve").env("CLERK_WEBHOOK_SIGNING_SECRET", bytes));
    assert_fails(&output, 78, &["(from CLERK_WEBHOOK_SIGNING_SECRET)"]);
    for secret in ["c4n4ry", KEY, SECRET] {
        assert!(!stderr(&output).contains(secret), "{}", stderr(&output));
    }
}
