//! `deploy/systemd/meetvo.service`

use std::{collections::BTreeMap, time::Duration};

use super::settings;
use crate::harness::{Process, SECRET, Variables, repository::read};

const UNIT: &str = "deploy/systemd/meetvo.service";

/// What `[Service]` says, in its order.
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
fn it_runs_the_service_with_settings_that_it_reads() {
    let command = one("ExecStart");
    let words: Vec<_> = command.split(' ').collect();
    assert_eq!(words, ["/usr/local/bin/meetvo", "serve"]);
    assert!(Process::knows(&words[1..]));
    let mut given = variables();
    given.insert("CLERK_WEBHOOK_SIGNING_SECRET".to_owned(), SECRET.to_owned());
    let settings = settings(&given);
    settings.can_serve().unwrap();
    assert_eq!(settings.environment.to_string(), "production");
    let state = format!("sqlite:/var/lib/{}/meetvo.db", one("StateDirectory"));
    assert_eq!(settings.database.url.to_string(), state, "in what is its own to write to");
    // What the head of the file asks for is what it reads.
    assert_eq!(one("EnvironmentFile"), "/etc/meetvo/meetvo.env");
    let head = read(UNIT);
    for name in ["CLERK_WEBHOOK_SIGNING_SECRET=", "DATABASE_URL=", "/etc/meetvo/meetvo.env"] {
        assert!(head.contains(&format!("#   {name}")) || head.contains(name), "{name}");
    }
}

#[test]
fn it_has_the_time_that_it_takes_to_end_and_is_not_started_in_vain() {
    let given = one("TimeoutStopSec");
    let given = Duration::from_secs(given.strip_suffix('s').unwrap().parse().unwrap());
    assert!(given > 2 * settings(&variables()).server.shutdown_timeout, "{given:?}");
    assert_eq!(
        (one("Restart"), one("RestartSec"), one("RestartPreventExitStatus")),
        ("on-failure".into(), "5s".into(), "78".into())
    );
}

#[test]
fn it_has_no_rights_that_it_does_not_need() {
    let said: BTreeMap<_, _> = service().into_iter().collect();
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
        assert_eq!(said.get(name).map(String::as_str), Some(value), "{name}");
    }
}
