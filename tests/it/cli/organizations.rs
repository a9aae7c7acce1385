//! `meetvo backfill` and `meetvo drift` of organizations and what belongs to them.

mod walks;
mod week;

use std::{collections::BTreeMap, sync::Arc};

use meetvo::objects::Kind;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::{
    drift::{drift, rows, run},
    printed, stderr,
};
use crate::harness::{
    Database, Engine, NOW, apply, both_engines,
    fake_clerk::{self, FakeClerk, INSTANCE, ScriptedResponse, objects},
    fixtures,
};

/// Lists of Clerk, each with the name of the type and the table.
const TYPES: [(&str, &str, &str); 6] = [
    ("organizations", "organization", "organizations"),
    ("organization_memberships", "membership", "organization_memberships"),
    ("organization_invitations", "invitation", "organization_invitations"),
    ("organization_domains", "domain", "organization_domains"),
    ("organization_roles", "role", "roles"),
    ("organization_permissions", "permission", "permissions"),
];

fn user_id(number: i64) -> String {
    format!("user_{number:06}")
}

fn organization_id(number: i64) -> String {
    format!("org_{number:06}")
}

fn membership_id(number: i64) -> String {
    format!("orgmem_{number:06}")
}

/// Puts a member of an organization, who is one of 100 users.
fn put_membership(clerk: &FakeClerk, number: i64, organization: &str, offset: i64) {
    let (id, user) = (membership_id(number), user_id(number % 100));
    let membership = objects::membership(&id, (organization, &user), number, offset);
    clerk.put("organization_memberships", &membership);
}

/// Returns a Clerk with organizations that have this many members each, an invitation and a domain.
fn clerk_with(organizations: i64, members: i64) -> FakeClerk {
    let clerk = FakeClerk::start();
    for number in 0..(organizations * members).clamp(1, 100) {
        let mut user = fixtures::user(&user_id(number), 0);
        user["created_at"] = (NOW + number).into();
        clerk.put_user(&user);
    }
    for number in 0..organizations {
        put_organization(&clerk, number, members);
    }
    for number in 0..3 {
        clerk.put("organization_roles", &objects::role(&format!("role_{number}"), number, 0));
        let permission = objects::permission(&format!("perm_{number}"), number, 0);
        clerk.put("organization_permissions", &permission);
    }
    clerk
}

/// Puts an organization with members, an invitation and a domain.
fn put_organization(clerk: &FakeClerk, number: i64, members: i64) {
    let id = organization_id(number);
    clerk.put("organizations", &objects::organization(&id, number, 0));
    for member in number * members..(number + 1) * members {
        put_membership(clerk, member, &id, 0);
    }
    let invitation = objects::invitation(&format!("orginv_{number:06}"), &id, number, 0);
    clerk.put("organization_invitations", &invitation);
    let domain = objects::domain(&format!("orgdmn_{number:06}"), &id, number, 0);
    clerk.put("organization_domains", &domain);
}

async fn migrated(engine: Engine, clerk: &FakeClerk) -> Database {
    let database = Database::new(engine).await;
    printed(&run(&database, clerk, "", &["migrate", "run"]));
    database
}

fn backfill(database: &Database, clerk: &FakeClerk) -> Value {
    let output = run(database, clerk, "", &["backfill", "--json"]);
    serde_json::from_str(&printed(&output)).unwrap()
}

/// Returns a database and a fake Clerk with the same objects.
async fn in_sync(engine: Engine, organizations: i64, members: i64) -> (Database, FakeClerk) {
    let clerk = clerk_with(organizations, members);
    let database = migrated(engine, &clerk).await;
    backfill(&database, &clerk);
    (database, clerk)
}

/// Returns the IDs of the stored objects that are not deleted.
async fn live(database: &Database, table: &str) -> Vec<String> {
    let sql = format!("SELECT id FROM {table} WHERE deleted_at IS NULL ORDER BY id");
    database.tables().await.column(&sql).await
}

/// Asserts that the database has the objects that Clerk has.
async fn assert_same_objects(database: &Database, clerk: &FakeClerk) {
    for (list, _, table) in TYPES {
        let mut expected: Vec<_> =
            clerk.all(list).iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect();
        expected.sort();
        assert!(live(database, table).await == expected, "{table}");
    }
}

/// Returns responses that are not changed.
fn regular(count: usize) -> impl Iterator<Item = ScriptedResponse> {
    let permits = Arc::new(Semaphore::new(count));
    (0..count).map(move |_| ScriptedResponse::Held(Arc::clone(&permits)))
}

fn rejection() -> ScriptedResponse {
    ScriptedResponse::Status(401, fake_clerk::error("clerk_key_invalid").to_string(), None)
}

#[apply(both_engines)]
async fn objects_of_all_types_are_imported(engine: Engine) {
    let clerk = clerk_with(7, 3);
    let database = migrated(engine, &clerk).await;
    let counts = |applied: u64, unchanged: u64| {
        json!({
            "enabled": true, "reached": applied + unchanged, "applied": applied,
            "unchanged": unchanged, "tombstoned": 0, "failed": 0,
        })
    };
    let numbers = [7, 21, 7, 7, 3, 3];
    let first = backfill(&database, &clerk);
    let second = backfill(&database, &clerk);
    for ((_, name, table), count) in TYPES.into_iter().zip(numbers) {
        assert_eq!((&first[name], &second[name]), (&counts(count, 0), &counts(0, count)));
        assert_eq!(live(&database, table).await.len() as u64, count, "{table}");
    }
    let mut tables = database.tables().await;
    let organizations = tables.rows("organizations").await;
    assert_eq!(organizations[2]["name"], "Acme 0");
    assert_eq!(organizations[2]["version_updated_at"], NOW);
    let memberships = tables.rows("organization_memberships").await;
    let columns = ["organization_id", "user_id", "role"].map(|it| memberships[4][it].clone());
    assert_eq!(columns, ["org_000001", "user_000004", "org:member"]);
    let users = tables.rows("users").await;
    assert!(users.iter().all(|it| it["email"] != Value::Null), "no member is only a stub");
    let crawls = tables.rows("crawls").await;
    assert_eq!(crawls, Vec::<Value>::new(), "a completed backfill leaves no progress");
}

#[apply(both_engines)]
async fn disabled_features_have_nothing_to_sync(engine: Engine) {
    let (database, clerk) = in_sync(engine, 2, 3).await;
    clerk.enable(false, false);
    let report = backfill(&database, &clerk);
    let enabled = |report: &Value| TYPES.map(|(_, name, _)| report[name]["enabled"] == true);
    assert_eq!((enabled(&report), &report["user"]["unchanged"]), ([false; 6], &json!(6)));
    let text = printed(&run(&database, &clerk, "", &["backfill"]));
    assert!(text.contains("\nmembership  not enabled for this Clerk instance\n"), "{text}");
    // Nothing is deleted, because nobody deleted it at Clerk.
    let (printed, code) = drift(&database, &clerk, &["--repair", "--yes"]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "{printed}");
    assert_eq!(enabled(&printed["report"]["types"]), [false; 6]);
    clerk.enable(true, false);
    let report = backfill(&database, &clerk);
    assert_eq!(enabled(&report), [true, true, true, false, true, true]);
    clerk.enable(true, true);
    let (printed, code) = drift(&database, &clerk, &["--repair", "--yes"]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "{printed}");
    assert_same_objects(&database, &clerk).await;
}

/// Another 403 is a failure: the key lacks a permission.
#[apply(both_engines)]
async fn other_rejection_stops_the_walk(engine: Engine) {
    let (database, clerk) = in_sync(engine, 1, 1).await;
    let body = fake_clerk::error("authorization_invalid").to_string();
    clerk.script_responses(regular(2).chain([ScriptedResponse::Status(403, body, None)]));
    let output = run(&database, &clerk, "", &["backfill"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("403 authorization_invalid"), "{}", stderr(&output));
}

/// Differences of the test below.
const DIFFERENCES: [(&str, &str); 21] = [
    ("org_000000", "extra"),
    ("org_000001", "different name"),
    ("org_9", "missing"),
    // These belong to the deleted organization.
    ("orgmem_000000", "extra"),
    ("orgmem_000001", "extra"),
    ("orginv_000000", "extra"),
    ("orgdmn_000000", "extra"),
    ("orgmem_000004", "different role"),
    ("orgmem_000006", "extra"),
    ("orgmem_000200", "missing"),
    ("orginv_000001", "different status"),
    ("orginv_9", "missing"),
    ("orgdmn_000001", "different name"),
    ("orgdmn_000002", "extra"),
    ("orgdmn_9", "missing"),
    ("role_0", "extra"),
    ("role_1", "different name"),
    ("role_9", "missing"),
    ("perm_0", "extra"),
    ("perm_1", "different name"),
    ("perm_9", "missing"),
];

#[apply(both_engines)]
async fn differences_are_named_by_type_and_repaired(engine: Engine) {
    let (database, clerk) = in_sync(engine, 5, 2).await;
    // One object of each type is new, one is changed, and one is deleted.
    clerk.remove("organizations", "org_000000");
    clerk.put("organizations", &objects::organization("org_000001", 1, 9));
    clerk.put("organizations", &objects::organization("org_9", 9, 0));
    put_membership(&clerk, 4, "org_000002", 9);
    clerk.remove("organization_memberships", "orgmem_000006");
    put_membership(&clerk, 200, "org_9", 0);
    let mut revoked = objects::invitation("orginv_000001", "org_000001", 1, 9);
    revoked["status"] = "revoked".into();
    clerk.put("organization_invitations", &revoked);
    let invitation = objects::invitation("orginv_9", "org_9", 9, 0);
    clerk.put("organization_invitations", &invitation);
    clerk.put("organization_domains", &objects::domain("orgdmn_000001", "org_000001", 1, 9));
    clerk.remove("organization_domains", "orgdmn_000002");
    clerk.put("organization_domains", &objects::domain("orgdmn_9", "org_9", 9, 0));
    for (list, id, changed, new) in [
        ("organization_roles", "role_0", objects::role("role_1", 1, 9), "role_9"),
        ("organization_permissions", "perm_0", objects::permission("perm_1", 1, 9), "perm_9"),
    ] {
        let mut created = changed.clone();
        created["id"] = new.into();
        clerk.remove(list, id);
        clerk.put(list, &changed);
        clerk.put(list, &created);
    }
    let expected = DIFFERENCES.map(|(id, words)| (id.to_owned(), words.to_owned()));
    let expected = BTreeMap::from(expected);
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (expected, 3), "{printed}");
    let found = &printed["report"]["types"]["membership"]["found"];
    assert_eq!(*found, json!({ "missing": 1, "extra": 3, "different": 1, "deleted": 0 }));

    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    assert_eq!((&printed["report"]["left"]["extra"], code), (&json!(0), 0), "{printed}");
    let ended = |name: &str| printed["report"]["types"][name]["ended"].as_u64().unwrap();
    // The memberships of the deleted organization went with it.
    assert_eq!(TYPES.map(|(_, name, _)| ended(name)), [1, 1, 0, 1, 1, 1]);
    assert_same_objects(&database, &clerk).await;
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "{printed}");
}

/// An expired invitation, and permissions that changed with the role, have no webhook.
#[apply(both_engines)]
async fn changes_without_webhook_are_in_sync(engine: Engine) {
    let (database, clerk) = in_sync(engine, 1, 1).await;
    let mut expired = objects::invitation("orginv_000000", "org_000000", 0, 0);
    expired["status"] = "expired".into();
    clerk.put("organization_invitations", &expired);
    let mut membership = clerk.all("organization_memberships")[0].clone();
    membership["permissions"] = json!(["org:sys_memberships:manage"]);
    clerk.put("organization_memberships", &membership);
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "{printed}");
}

/// The deletion of the first membership must not reach the second one.
#[apply(both_engines)]
async fn rejoin_replaces_lost_membership(engine: Engine) {
    let (database, clerk) = in_sync(engine, 1, 2).await;
    clerk.remove("organization_memberships", "orgmem_000001");
    let user = user_id(1);
    let again = objects::membership("orgmem_again", ("org_000000", &user), 50, 50);
    clerk.put("organization_memberships", &again);
    let (printed, code) = drift(&database, &clerk, &["--repair"]);
    let expected = [("orgmem_000001", "extra"), ("orgmem_again", "missing")];
    let expected = expected.map(|(id, words)| (id.to_owned(), words.to_owned())).into();
    assert_eq!((rows(&printed), code), (expected, 0), "{printed}");
    let sql = "SELECT id FROM live_memberships WHERE user_id = 'user_000001'";
    assert_eq!(database.tables().await.column(sql).await, ["orgmem_again"]);
}

/// Clerk still has the memberships of a user who was erased here. They cannot be stored.
#[apply(both_engines)]
async fn memberships_of_erased_user_are_deleted_ones(engine: Engine) {
    let (database, clerk) = in_sync(engine, 1, 2).await;
    printed(&run(&database, &clerk, "", &["erase", "--yes", "--no-vacuum", &user_id(1)]));
    let (printed, code) = drift(&database, &clerk, &[]);
    assert_eq!((rows(&printed), code), (BTreeMap::new(), 0), "the webhooks can be on the way");
    assert_eq!(printed["report"]["types"]["membership"]["on_their_way"], 1);
    let long_ago = format!("UPDATE users SET deleted_at = {NOW} WHERE deleted_at IS NOT NULL");
    database.tables().await.run(&long_ago).await;
    let expected = [("user_000001", "deleted"), ("orgmem_000001", "deleted")];
    let expected: BTreeMap<_, _> =
        expected.map(|(id, words)| (id.to_owned(), words.to_owned())).into();
    for words in [&[][..], &["--repair"]] {
        let (printed, code) = drift(&database, &clerk, words);
        assert_eq!((rows(&printed), code), (expected.clone(), 3), "{printed}");
        assert_eq!(printed["report"]["types"]["membership"]["applied"], 0);
    }
}

#[apply(both_engines)]
async fn deletion_limit_applies_to_each_type(engine: Engine) {
    let (database, clerk) = in_sync(engine, 2, 10).await;
    for number in 0..4 {
        clerk.remove("organization_memberships", &membership_id(number));
    }
    clerk.remove("organization_roles", "role_0");
    let output = run(&database, &clerk, INSTANCE, &["drift", "--repair"]);
    assert_eq!(output.status.code(), Some(3));
    let expected = "more than 3 objects of the type membership would be deleted";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    assert_eq!(live(&database, "organization_memberships").await.len(), 20);
    assert_eq!(live(&database, "roles").await, ["role_1", "role_2"]);
    let (printed, code) = drift(&database, &clerk, &["--repair", "--yes"]);
    assert_eq!((&printed["report"]["types"]["membership"]["ended"], code), (&json!(4), 0));
    assert_same_objects(&database, &clerk).await;
}

#[apply(both_engines)]
async fn quick_check_compares_numbers(engine: Engine) {
    let (database, clerk) = in_sync(engine, 2, 3).await;
    let before = clerk.requests().len();
    let text = printed(&run(&database, &clerk, INSTANCE, &["drift", "--quick"]));
    assert!(text.contains("\nmembership         6 at Clerk         6 stored\n"), "{text}");
    let types = Kind::ALL.into_iter().filter(|kind| kind.object_type().api.is_some()).count();
    assert_eq!(clerk.requests().len() - before, 1 + types, "the instance, and each type");
    clerk.remove("organization_memberships", "orgmem_000001");
    clerk.enable(true, false);
    let output = run(&database, &clerk, INSTANCE, &["drift", "--quick", "--json"]);
    let printed: Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = json!({ "enabled": true, "clerk": 5, "stored": 6 });
    assert_eq!((&printed["types"]["membership"], output.status.code()), (&expected, Some(3)));
    assert_eq!(printed["types"]["domain"]["enabled"], false);
    assert!(stderr(&output).contains("1 objects differ from Clerk"), "{}", stderr(&output));
    assert_eq!(live(&database, "organization_memberships").await.len(), 6);
}

/// Before the types were synced, the event log kept only IDs.
#[apply(both_engines)]
async fn doctor_asks_for_backfill_of_earlier_events(engine: Engine) {
    let clerk = clerk_with(1, 1);
    let database = migrated(engine, &clerk).await;
    let doctor = || run(&database, &clerk, INSTANCE, &["doctor", "--json"]);
    let finding = |output: &std::process::Output| -> Option<Value> {
        let findings: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        findings.into_iter().find(|it| it["check"] == "events/backfill")
    };
    assert_eq!(finding(&doctor()), None);
    let insert = format!(
        "INSERT INTO webhook_events (id, type, decision, received_at) VALUES \
         ('msg_1', 'organization.created', 'ignored', {NOW}), \
         ('msg_2', 'organizationMembership.created', 'ignored', {NOW}), \
         ('msg_3', 'organization.created', 'applied', {NOW}), \
         ('msg_4', 'email.created', 'ignored', {NOW})"
    );
    database.tables().await.run(&insert).await;
    let found = finding(&doctor()).unwrap();
    let message = "2 events arrived before their types were synced, and kept only IDs: \
                   organization.created, organizationMembership.created";
    assert_eq!((&found["grade"], &found["message"]), (&json!("warning"), &json!(message)));
    assert!(found["remediation"].as_str().unwrap().contains("meetvo backfill"), "{found}");
    let output = run(&database, &clerk, INSTANCE, &["doctor"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("events/backfill"));
    backfill(&database, &clerk);
    assert_eq!(finding(&doctor()), None, "the objects are fetched");
}
