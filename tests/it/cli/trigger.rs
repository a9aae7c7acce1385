//! `meetvo trigger`: generated events and the decisions of the service.

use meetvo::objects::EventType;
use serde_json::{Value, json};

use super::{printed, stderr};
use crate::{
    fixtures::TYPES,
    harness::{
        ApiResponse, Database, Engine, KEY, Process, ReservedPort, apply, both_engines, client,
    },
};

/// A service with its database.
pub(super) struct Target {
    process: Process,
    database: Database,
}

impl Target {
    pub(super) async fn start(engine: Engine) -> Self {
        Self::start_with(engine, []).await
    }

    async fn start_with<const N: usize>(engine: Engine, differ: [(&str, &str); N]) -> Self {
        let database = Database::new(engine).await;
        Self { process: Process::serve(&database, differ), database }
    }

    fn run(&self, words: &[&str]) -> std::process::Output {
        let words = [&["trigger", "--to", &self.process.url], words].concat();
        Process::run(&self.database, [], &words)
    }

    /// Runs `meetvo trigger` and returns the events with their decisions.
    pub(super) fn trigger(&self, words: &[&str]) -> Vec<Value> {
        let output = printed(&self.run(&[words, &["--json"]].concat()));
        let mut report: Value = serde_json::from_str(&output).unwrap();
        serde_json::from_value(report["events"].take()).unwrap()
    }

    pub(super) async fn get(&self, path: &str) -> Value {
        let url = format!("{}/v1{path}", self.process.url);
        let answer = ApiResponse::fetch(client().get(url).bearer_auth(KEY)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    /// Returns a user with its sessions, accounts and verifications.
    async fn synced_user(&self, user: &str) -> [Value; 4] {
        let list = async |name| self.get(&format!("/users/{user}/{name}")).await["data"].take();
        let user = self.get(&format!("/users/{user}")).await;
        [user, list("sessions").await, list("accounts").await, list("verifications").await]
    }
}

/// Checks the types, the decisions and the order of events.
pub(super) fn assert_decisions(events: &[Value], expected: &[(&str, &str)]) {
    let text = |event: &Value, key: &str| event[key].as_str().unwrap().to_owned();
    let actual: Vec<_> = events.iter().map(|it| (text(it, "type"), text(it, "decision"))).collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(kind, decision)| ((*kind).to_owned(), (*decision).to_owned()))
        .collect();
    assert_eq!(actual, expected);
    let times: Vec<_> = events.iter().map(|it| it["payload"]["timestamp"].as_i64()).collect();
    assert!(times.is_sorted_by(|one, next| one < next), "{times:?}");
}

/// Checks events as [`assert_decisions`], and that all are about one user. Returns the user's ID.
fn assert_events<'e>(events: &'e [Value], expected: &[(&str, &str)]) -> &'e str {
    assert_decisions(events, expected);
    let user = events[0]["subject"].as_str().unwrap();
    assert!(events.iter().all(|event| event["subject"] == user));
    user
}

pub(super) const SIGN_UP: [(&str, &str); 3] =
    [("email.created", "ignored"), ("user.created", "applied"), ("session.created", "applied")];
const PROFILE_CHANGE: [(&str, &str); 4] = [
    ("user.updated", "applied"),
    ("user.updated", "applied"),
    ("email.created", "ignored"),
    ("user.updated", "applied"),
];

#[apply(both_engines)]
async fn every_event_type_is_accepted(engine: Engine) {
    let target = Target::start(engine).await;
    let listed = printed(&target.run(&["--list"]));
    assert_eq!(listed.lines().collect::<Vec<_>>(), TYPES);
    let listed: Vec<String> =
        serde_json::from_str(&printed(&target.run(&["--list", "--json"]))).unwrap();
    assert_eq!(listed, TYPES);
    for kind in TYPES {
        let events = target.trigger(&[kind]);
        let synced = EventType::of(kind).is_some();
        let [event] = &*events else { panic!("{kind}: {events:?}") };
        let decision = if synced { "applied" } else { "ignored" };
        assert_eq!((&event["type"], &event["decision"]), (&kind.into(), &decision.into()));
        let stored = target.get(&format!("/events/{}", event["id"].as_str().unwrap())).await;
        assert_eq!(stored["type"], kind);
        if kind.starts_with("user.") || kind.starts_with("session.") {
            assert_eq!(stored["subject"], event["subject"], "{kind}");
        }
    }
}

#[apply(both_engines)]
async fn every_call_has_a_new_user(engine: Engine) {
    let target = Target::start(engine).await;
    for _ in 0..3 {
        target.trigger(&["user.created"]);
    }
    let users = target.get("/users").await["data"].take();
    let mut emails: Vec<_> =
        users.as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap()).collect();
    emails.sort_unstable();
    emails.dedup();
    assert_eq!(emails.len(), 3, "{users}");
}

#[apply(both_engines)]
async fn sign_up_creates_user_and_session(engine: Engine) {
    let target = Target::start(engine).await;
    let events = target.trigger(&["--scenario", "sign-up"]);
    let user = assert_events(&events, &SIGN_UP);
    let [profile, sessions, accounts, verifications] = target.synced_user(user).await;
    let sent = &events[1]["payload"]["data"];
    assert_eq!(profile["first_name"], sent["first_name"]);
    assert_eq!(profile["email"], events[0]["payload"]["data"]["to_email_address"]);
    assert_eq!(profile["email_verified"], true);
    assert_ne!(profile["last_sign_in_at"], Value::Null);
    assert_eq!(sessions[0]["id"], events[2]["payload"]["data"]["id"]);
    assert_eq!((&sessions[0]["status"], &sessions[1]), (&json!("active"), &Value::Null));
    assert_eq!(accounts[0]["provider_id"], "credential");
    assert_eq!(verifications[0]["identifier"], profile["email"]);
}

#[apply(both_engines)]
async fn later_call_continues_with_same_user(engine: Engine) {
    let target = Target::start(engine).await;
    let events = target.trigger(&["--scenario", "sign-up"]);
    let user = assert_events(&events, &SIGN_UP);
    let [before, ..] = target.synced_user(user).await;

    let events = target.trigger(&["--scenario", "profile-change", "--user", user]);
    assert_eq!(assert_events(&events, &PROFILE_CHANGE), user);
    let [profile, sessions, _, verifications] = target.synced_user(user).await;
    for changed in ["last_name", "username", "email"] {
        assert_ne!(profile[changed], before[changed], "{changed}");
    }
    for kept in ["first_name", "created_at"] {
        assert_eq!(profile[kept], before[kept], "{kept}");
    }
    assert_eq!(profile["email"], events[2]["payload"]["data"]["to_email_address"]);
    let status: Vec<_> =
        verifications.as_array().unwrap().iter().map(|it| it["status"].clone()).collect();
    assert_eq!(status, ["verified", "verified"]);
    assert_eq!(sessions[0]["status"], "active");

    let events = target.trigger(&["--scenario", "sign-out", "--user", user]);
    assert_eq!(assert_events(&events, &[("session.ended", "applied")]), user);
    let [after, ended, ..] = target.synced_user(user).await;
    assert_eq!((&ended[0]["id"], &ended[0]["status"]), (&sessions[0]["id"], &json!("ended")));
    assert_eq!(ended[0]["client_id"], sessions[0]["client_id"]);
    assert_eq!(ended[1], Value::Null, "it is the session of the sign-up");
    assert_eq!(after, profile, "the user in the event is older");

    let events = target.trigger(&["--scenario", "delete-account", "--user", user]);
    assert_events(&events, &[("user.deleted", "applied")]);
    assert_eq!(target.get("/users").await["data"], json!([]));
    let late = target.trigger(&["session.created", "--user", user]);
    assert_events(&late, &[("session.created", "tombstoned")]);
}

#[apply(both_engines)]
async fn new_user_scenario_begins_with_sign_up(engine: Engine) {
    let target = Target::start(engine).await;
    let events = target.trigger(&["--scenario", "link-account"]);
    let user = assert_events(&events, &[&SIGN_UP[..], &[("user.updated", "applied")]].concat());
    let [profile, _, accounts, verifications] = target.synced_user(user).await;
    let linked = &events[3]["payload"]["data"]["external_accounts"][0];
    let google = accounts.as_array().unwrap().iter().find(|it| it["provider_id"] == "google");
    assert_eq!(google.unwrap()["account_id"], linked["provider_user_id"]);
    assert_eq!(google.unwrap()["email"], profile["email"]);
    assert_eq!(verifications.as_array().unwrap().len(), 2);

    let scenarios =
        ["--scenario", "profile-change", "--scenario", "sign-out", "--scenario", "delete-account"];
    let events = target.trigger(&scenarios);
    let end = [("session.ended", "applied"), ("user.deleted", "applied")];
    let other = assert_events(&events, &[&SIGN_UP[..], &PROFILE_CHANGE, &end].concat());
    assert_ne!(other, user);
    assert_eq!(target.get("/users").await["data"].as_array().unwrap().len(), 1);
}

#[apply(both_engines)]
async fn named_user_gets_further_sessions(engine: Engine) {
    let target = Target::start(engine).await;
    // Also an id that does not have Clerk's shape.
    for user in ["user_3MWMZj5BSAKnLtnGyFd1OV9emAn", "user_1"] {
        for kind in ["session.created", "session.created", "session.pending", "session.ended"] {
            assert_events(&target.trigger(&[kind, "--user", user]), &[(kind, "applied")]);
        }
        let [profile, sessions, ..] = target.synced_user(user).await;
        assert_eq!(profile["id"], user);
        assert_ne!(profile["email"], Value::Null);
        assert_eq!(sessions.as_array().unwrap().len(), 4);
    }
    let events = target.trigger(&["organizationMembership.created", "--user", "user_1"]);
    assert_eq!(events[0]["payload"]["data"]["public_user_data"]["user_id"], "user_1");
}

#[apply(both_engines)]
async fn edited_fields_stay_through_a_scenario(engine: Engine) {
    let target = Target::start(engine).await;
    let set = ["--set", "data.first_name=Ada", "--set", "data.public_metadata={\"plan\":\"pro\"}"];
    let commands: [&[&str]; 3] =
        [&["user.created"], &["user.updated"], &["--scenario", "profile-change"]];
    for words in commands {
        let events = target.trigger(&[words, &set].concat());
        let [profile, ..] = target.synced_user(events[0]["subject"].as_str().unwrap()).await;
        assert_eq!(profile["first_name"], "Ada");
        assert_eq!(profile["public_metadata"], json!({ "plan": "pro" }));
    }
    let events = target.trigger(&["--scenario", "sign-up"]);
    let user = events[0]["subject"].as_str().unwrap();
    target.trigger(&["session.created", "--user", user, "--set", "data.user.first_name=Bo"]);
    assert_eq!(target.get(&format!("/users/{user}")).await["first_name"], "Bo");
}

#[apply(both_engines)]
async fn metadata_fields_are_set_by_path(engine: Engine) {
    let target = Target::start(engine).await;
    let set =
        ["--set", "data.public_metadata.plan=pro", "--set", "data.unsafe_metadata.theme.dark=true"];
    let events = target.trigger(&[&["--scenario", "profile-change"], &set[..]].concat());
    let [profile, ..] = target.synced_user(events[0]["subject"].as_str().unwrap()).await;
    assert_eq!(profile["public_metadata"]["plan"], "pro");
    assert_eq!(profile["unsafe_metadata"]["theme"], json!({ "dark": true }));
}

#[apply(both_engines)]
async fn count_repeats_events(engine: Engine) {
    let target = Target::start(engine).await;
    let events = target.trigger(&["user.created", "--count", "20"]);
    assert!(events.iter().all(|event| event["decision"] == "applied"), "{events:?}");
    let users = target.get("/users?limit=500").await["data"].take();
    assert_eq!(users.as_array().unwrap().len(), 20);

    let events = target.trigger(&["--scenario", "link-account", "--count", "3"]);
    assert_eq!(events.len(), 3 * (SIGN_UP.len() + 1));
    let users = target.get("/users?limit=500").await["data"].take();
    assert_eq!(users.as_array().unwrap().len(), 23);

    // Events about one user are different events in the order of sending.
    let user = events[0]["subject"].as_str().unwrap();
    let expected = [("user.updated", "applied"); 5];
    let updates = target.trigger(&["user.updated", "--user", user, "--count", "5"]);
    assert_eq!(assert_events(&updates, &expected), user);

    // The first repetition is the call without --count.
    let subjects = |words: &[&str]| {
        let events = target.trigger(&[&["user.created", "--seed", "7"], words].concat());
        events.iter().map(|event| event["subject"].clone()).collect::<Vec<_>>()
    };
    let repeated = subjects(&["--count", "3"]);
    assert_eq!(repeated, subjects(&["--count", "3"]));
    assert_eq!(repeated[..1], subjects(&[]));
    assert!(repeated[0] != repeated[1] && repeated[1] != repeated[2]);
}

/// Returns a value without the fields that hold times.
fn without_times(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let time = |key: &str| {
                key.starts_with("period_")
                    || ["timestamp", "_at", "_date"].iter().any(|end| key.ends_with(end))
            };
            let kept = map.iter().filter(|(key, _)| !time(key));
            kept.map(|(key, value)| (key.clone(), without_times(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_times).collect(),
        other => other.clone(),
    }
}

#[apply(both_engines)]
async fn seed_repeats_everything_but_times(engine: Engine) {
    let target = Target::start(engine).await;
    let payloads = |words: &[&str], seed: &str| -> Vec<Value> {
        let events = target.trigger(&[words, &["--seed", seed]].concat());
        events.iter().map(|event| without_times(&event["payload"])).collect()
    };
    let everything = ["sign-up", "profile-change", "link-account", "sign-out", "change-role"]
        .map(|it| ["--scenario", it]);
    let scenarios = everything.as_flattened();
    for words in [scenarios, &["role.created"], &["subscription.active"]] {
        let first = payloads(words, "7");
        assert_eq!(first, payloads(words, "7"));
        assert_ne!(first, payloads(words, "8"));
    }
    let user = |events: &[Value]| (events[0]["subject"].clone(), events[0]["id"].clone());
    let (one, created) = user(&target.trigger(&["user.created", "--seed", "7"]));
    let (same, again) = user(&target.trigger(&["user.created", "--seed", "7"]));
    assert_eq!(one, same);
    assert_ne!(created, again, "events at different times are different");
}

#[apply(both_engines)]
async fn events_have_the_configured_instance(engine: Engine) {
    let pinned = [("MEETVO__CLERK__INSTANCE_ID", "ins_of_ours")];
    let target = Target::start_with(engine, pinned).await;
    let words = ["trigger", "user.created", "--to", &target.process.url, "--json"];
    let output = printed(&Process::run(&target.database, pinned, &words));
    let report: Value = serde_json::from_str(&output).unwrap();
    assert_eq!(report["events"][0]["decision"], "applied");
    assert_events(&target.trigger(&["user.created"]), &[("user.created", "quarantined")]);
}

#[apply(both_engines)]
async fn table_has_one_line_per_event(engine: Engine) {
    let target = Target::start(engine).await;
    let output = printed(&target.run(&["--scenario", "sign-up"]));
    let words: Vec<Vec<_>> = output.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(words[0], ["type", "subject", "decision", "event"]);
    for (line, (kind, decision)) in words[1..].iter().zip(SIGN_UP) {
        assert_eq!((line[0], line[2]), (kind, decision));
        assert!(line[1].starts_with("user_") && line[3].starts_with("msg_"), "{output}");
    }
}

#[apply(both_engines)]
async fn invalid_arguments_are_rejected_before_sending(engine: Engine) {
    let target = Target::start(engine).await;
    let cases: [(&[&str], i32, &[&str]); 11] = [
        (&["user.created", "--count", "0"], 2, &["--count", "1..=10000"]),
        (&["user.created", "--count", "10001"], 2, &["--count", "1..=10000"]),
        (&["user.create"], 2, &["'user.created'", "waitlistEntry.updated"]),
        (&["--scenario", "signup"], 2, &["'sign-up'", "delete-account", "invite-member"]),
        (&["user.created", "--scenario", "sign-up"], 2, &["cannot be used with"]),
        (&[], 2, &["TYPE", "--scenario", "--list"]),
        (&["user.created", "--user", "bob"], 2, &["expected the id of a user"]),
        (&["user.created", "--set", "data.first_name"], 2, &["expected FIELD=VALUE"]),
        (&["user.created", "--set", "data.nme=Ada"], 1, &["no payload has the field data.nme"]),
        (&["--scenario", "sign-up", "--set", "x=1"], 1, &["no payload has the field x"]),
        (&["role.created", "--user", "user_1"], 1, &["role.created do not belong to a user"]),
    ];
    for (words, code, expected) in cases {
        let output = target.run(words);
        let text = stderr(&output);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{text}");
        for word in expected {
            assert!(text.contains(word), "{word}: {text}");
        }
    }
    assert_eq!(target.get("/events").await["data"], json!([]));
}

#[apply(both_engines)]
async fn unreachable_or_rejecting_service_is_explained(engine: Engine) {
    let target = Target::start(engine).await;
    let other = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==";
    let output = target.run(&["--scenario", "sign-up", "--secret", other]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--secret"), "{}", stderr(&output));
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(shown.lines().count(), 2, "the first rejection ends the scenario: {shown}");
    assert!(shown.contains("400 signature_mismatch"), "{shown}");

    let port = ReservedPort::new();
    let free = port.address;
    let words = ["trigger", "user.created", "--to", &format!("http://{free}")];
    let output = Process::run(&target.database, [], &words);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    for word in [&*free.to_string(), "does not answer", "meetvo dev", "--to"] {
        assert!(stderr(&output).contains(word), "{word}: {}", stderr(&output));
    }
}
