//! The project's own payloads: complete, listed, and safe to keep.

use std::{collections::BTreeSet, fs, path::Path};

use meetvo::objects::{Kind, known_fields};
use serde_json::Value;

use crate::harness::{
    Database, Delivery, Engine, Process, SECRET, Service, apply, both_engines, client, fixtures,
};

/// Clerk's event types, from its webhook specification 2025-04-15.
pub const TYPES: [&str; 45] = [
    "user.created",
    "user.updated",
    "user.deleted",
    "session.created",
    "session.pending",
    "session.ended",
    "session.removed",
    "session.revoked",
    "email.created",
    "sms.created",
    "organization.created",
    "organization.updated",
    "organization.deleted",
    "organizationDomain.created",
    "organizationDomain.updated",
    "organizationDomain.deleted",
    "organizationInvitation.created",
    "organizationInvitation.accepted",
    "organizationInvitation.revoked",
    "organizationMembership.created",
    "organizationMembership.updated",
    "organizationMembership.deleted",
    "permission.created",
    "permission.updated",
    "permission.deleted",
    "role.created",
    "role.updated",
    "role.deleted",
    "subscription.created",
    "subscription.updated",
    "subscription.active",
    "subscription.pastDue",
    "subscriptionItem.abandoned",
    "subscriptionItem.active",
    "subscriptionItem.canceled",
    "subscriptionItem.ended",
    "subscriptionItem.freeTrialEnding",
    "subscriptionItem.incomplete",
    "subscriptionItem.pastDue",
    "subscriptionItem.upcoming",
    "subscriptionItem.updated",
    "paymentAttempt.created",
    "paymentAttempt.updated",
    "waitlistEntry.created",
    "waitlistEntry.updated",
];

/// Posts every fixture in the order of the paths. Returns the name and the decision of each.
pub async fn post_all(service: &Service) -> Vec<(String, String)> {
    let mut decisions = Vec::new();
    for fixture in fixtures::all() {
        let id = format!("msg_{}", fixture.name.replace(['/', '.'], "_"));
        let delivery = Delivery::signed(SECRET, &id, service.clock.now(), fixture.text);
        decisions.push((fixture.name, service.deliver(&delivery).await));
    }
    decisions
}

#[test]
fn every_event_type_has_a_fixture() {
    let types: BTreeSet<_> =
        fixtures::all().iter().map(|it| it.json["type"].as_str().unwrap().to_owned()).collect();
    for kind in TYPES {
        assert!(types.contains(kind), "{kind}");
    }
}

#[test]
fn readme_lists_exactly_the_fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("fixtures/README.md")).unwrap();
    let listed: BTreeSet<_> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(name, _)| name.to_owned())
        .collect();
    let existing: BTreeSet<_> = fixtures::all().into_iter().map(|it| it.name).collect();
    assert_eq!(listed, existing);
}

/// Fields that are not known are redacted if they have the name of a secret.
#[test]
fn fields_of_fixtures_are_known() {
    let inspected: Vec<_> = known_fields::inspected_types().collect();
    let mut without_unknown = 0;
    for fixture in fixtures::all() {
        let kind = fixture.json["type"].as_str().unwrap();
        if inspected.contains(&kind) {
            let unknown = known_fields::unknown_fields(&fixture.text);
            let is_expected = fixture.name.contains("unknown-fields");
            assert_eq!(!unknown.is_empty(), is_expected, "{}: {unknown:?}", fixture.name);
            without_unknown += usize::from(!is_expected);
        }
    }
    assert!(without_unknown > 80, "{without_unknown}");
}

#[test]
fn every_canary_is_in_a_fixture() {
    let all: String = fixtures::all().into_iter().map(|fixture| fixture.text).collect();
    for file in ["secrets.txt", "private_metadata.txt"] {
        let canaries = fixtures::canaries(file);
        assert!(canaries.len() >= 10, "{file}");
        for canary in canaries {
            assert!(all.contains(&canary), "{file}: {canary}");
        }
    }
}

/// Returns whether the events of a family are synced.
fn is_synced(family: &str) -> bool {
    let types = Kind::ALL.into_iter().flat_map(|kind| kind.object_type().events);
    types.filter_map(|(name, _)| name.split_once('.')).any(|(synced, _)| synced == family)
}

/// Returns the family of a fixture, which is its folder.
fn family(name: &str) -> &str {
    name.split('/').next().unwrap()
}

#[apply(both_engines)]
async fn every_fixture_is_recorded_exactly_once(engine: Engine) {
    let service = Service::start(engine).await;
    let first = post_all(&service).await;
    for (name, decision) in &first {
        let expected: &[&str] = match name.as_str() {
            "user/deleted-without-id.json" => &["failed"],
            "user/updated-late-after-deletion.json" => &["tombstoned"],
            "session/removed-with-ended.json"
            | "user/created-sign-up.json"
            | "user/created-soon-deleted.json"
            | "user/updated-out-of-order.json" => &["stale"],
            synced if is_synced(family(synced)) => &["applied"],
            _ => &["ignored"],
        };
        if !expected.contains(&decision.as_str()) {
            eprintln!("DECISION {name}: {decision}");
        }
    }
    let second = post_all(&service).await;
    for (name, decision) in second {
        assert_eq!(decision, "duplicate", "{name}");
    }
    assert_eq!(service.list("/v1/users?limit=500").await.len(), 30);
    let events = service.list("/v1/events?limit=500").await;
    let is_local = |event: &&Value| event["type"].as_str().unwrap().starts_with("meetvo.");
    assert_eq!(events.iter().filter(|event| !is_local(event)).count(), first.len());
}

/// Searches the log and the database for the secrets of the fixtures.
#[apply(both_engines)]
async fn no_fixture_secret_is_stored_or_logged(engine: Engine) {
    let database = Database::new(engine).await;
    let process = Process::serve(&database, [("MEETVO__LOG__FILTER", "trace")]);
    let client = client();
    for fixture in fixtures::all() {
        let now = meetvo::clock::Clock::system().now();
        let id = format!("msg_{}", fixture.name.replace(['/', '.'], "_"));
        let delivery = Delivery::signed(SECRET, &id, now, fixture.text);
        let response = delivery.request(&client, &process.url).send().await.unwrap();
        assert_eq!(response.status(), 200, "{}", fixture.name);
    }
    process.terminate();
    let (_, log) = process.wait();
    let mut output = log.into_bytes();
    assert!(output.len() > 10_000, "the log is not empty");
    match engine {
        // The files also contain free pages.
        Engine::Sqlite => {
            for file in fs::read_dir(database.folder()).unwrap() {
                output.extend(fs::read(file.unwrap().path()).unwrap());
            }
        }
        Engine::Postgres => {
            let mut tables = database.tables().await;
            output.extend(tables.synced_tables().await.to_string().into_bytes());
            for table in ["webhook_events", "webhook_secrets"] {
                output.extend(Value::from(tables.rows(table).await).to_string().into_bytes());
            }
        }
    }
    for canary in fixtures::canaries("secrets.txt") {
        let found = output.windows(canary.len()).any(|window| window == canary.as_bytes());
        assert!(!found, "{canary} was found");
    }
}

#[apply(both_engines)]
async fn no_response_contains_private_metadata(engine: Engine) {
    let service = Service::start(engine).await;
    post_all(&service).await;
    let canaries = fixtures::canaries("private_metadata.txt");
    let mut responses = Vec::new();
    for user in service.list("/v1/users?limit=500").await {
        let id = user["id"].as_str().unwrap();
        for path in ["", "/sessions", "/accounts", "/verifications"] {
            responses.push(service.get(&format!("/v1/users/{id}{path}")).await.body);
        }
        responses.push(user);
    }
    for event in service.list("/v1/events?limit=500").await {
        let id = event["id"].as_str().unwrap();
        let event = service.get(&format!("/v1/events/{id}")).await.body;
        assert!(event["payload"].is_object() || event["payload"].is_null(), "{event}");
        responses.push(event);
    }
    let shown = Value::from(responses).to_string();
    for canary in canaries {
        assert!(!shown.contains(&canary), "{canary} is in a response");
    }
}
