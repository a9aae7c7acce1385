//! Verifies `deploy/systemd/meetvo.service`.

use std::{collections::BTreeMap, time::Duration};

use super::settings;
use crate::harness::{Process, SECRET, Variables, repository::read};

const UNIT: &str = "deploy/systemd/meetvo.service";

/// Returns the options of the section `[Service]` in their order.
fn service() -> Vec<(String, String)> {
    let text = read(UNIT);
    let (_, rest) = text.split_once("\n[Service]\n").unwrap();
    let lines = rest.lines().take_while(|line| !line.starts_with('['));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pairs = lines.map(|line| line.split_once('=').unwrap());
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn one(name: &str) -> String {
    let all: Vec<_> = service().into_iter().filter(|it| it.0 == name).collect();
    assert_eq!(all.len(), 1, "{name}");
    all[0].1.clone()
}

fn variables() -> Variables {
    let given = service().into_iter().filter(|it| it.0 == "Environment");
    given
        .map(|it| it.1.split_once('=').map(|(name, it)| (name.into(), it.into())).unwrap())
        .collect()
}

#[test]
fn unit_has_valid_command_and_settings() {
    let command = one("ExecStart");
    let words: Vec<_> = command.split(' ').collect();
    assert_eq!(words, ["/usr/local/bin/meetvo", "serve"]);
    assert!(Process::has_command(&words[1..]));
    let mut given = variables();
    given.insert("CLERK_WEBHOOK_SIGNING_SECRET".to_owned(), SECRET.to_owned());
    let settings = settings(&given);
    settings.require_signing_secret().unwrap();
    assert_eq!(settings.environment.to_string(), "production");
    let state = format!("sqlite:/var/lib/{}/meetvo.db", one("StateDirectory"));
    assert_eq!(settings.database.url.to_string(), state, "in the state directory");
    // The comment at the top documents the environment file.
    assert_eq!(one("EnvironmentFile"), "/etc/meetvo/meetvo.env");
    let unit = read(UNIT);
    for name in ["CLERK_WEBHOOK_SIGNING_SECRET=", "DATABASE_URL=", "/etc/meetvo/meetvo.env"] {
        assert!(unit.contains(&format!("#   {name}")) || unit.contains(name), "{name}");
    }
}

#[test]
fn unit_stop_timeout_covers_drain() {
    let timeout = one("TimeoutStopSec");
    let timeout = Duration::from_secs(timeout.strip_suffix('s').unwrap().parse().unwrap());
    assert!(timeout > settings(&variables()).server.shutdown_timeout, "{timeout:?}");
    // An invalid configuration (exit status 78) is not restarted.
    assert_eq!(
        (one("Restart"), one("RestartSec"), one("RestartPreventExitStatus")),
        ("on-failure".into(), "5s".into(), "78".into())
    );
}

#[test]
fn unit_has_least_privileges() {
    let options: BTreeMap<_, _> = service().into_iter().collect();
    for (name, value) in [
        ("CapabilityBoundingSet", ""),
        ("DynamicUser", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("NoNewPrivileges", "yes"),
        ("PrivateDevices", "yes"),
        ("ProtectHome", "yes"),
        ("ProtectSystem", "strict"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("StateDirectoryMode", "0700"),
        ("UMask", "0077"),
    ] {
        assert_eq!(options.get(name).map(String::as_str), Some(value), "{name}");
    }
}
