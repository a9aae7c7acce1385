//! Views for people who query the tables with SQL.

use meetvo::{domain::decision::Decision, store::Store};
use serde_json::{Value, json};

use super::{commit, event, migrated, recorded};
use crate::harness::{
    Engine, NOW, Tables, apply, both_engines, fixtures, organization_events as organizations,
};

/// [`NOW`] with 7 more milliseconds, in the form of the API.
const NOW_TEXT: &str = "2026-08-12T09:30:00.007Z";

/// Commits events, all of which are applied.
async fn apply_all(store: &Store, events: &[Value]) {
    for (number, body) in events.iter().enumerate() {
        let outcomes = commit(store, &[event(&format!("msg_{number}"), body)]).await;
        assert_eq!(outcomes, recorded(&[Decision::Applied]), "{body}");
    }
}

/// Returns a column as text. PostgreSQL's times get the form of the API.
async fn read(tables: &mut Tables, column: &str, from: &str) -> Vec<String> {
    let is_time = column.ends_with("_at");
    let shown = match tables.engine() {
        Engine::Postgres if is_time => {
            format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')")
        }
        _ => column.to_owned(),
    };
    tables.column(&format!("SELECT {shown} FROM {from}")).await
}

#[apply(both_engines)]
async fn active_users_have_readable_times(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let mut user = fixtures::user("user_1", 0);
    user["created_at"] = json!(NOW + 7);
    user["last_sign_in_at"] = json!(253_402_300_799_999_i64);
    apply_all(&store, &[fixtures::event("user.created", user, 0)]).await;
    assert_eq!(read(&mut tables, "created_at", "active_users").await, [NOW_TEXT]);
    let latest = read(&mut tables, "last_sign_in_at", "active_users").await;
    assert_eq!(latest, ["9999-12-31T23:59:59.999Z"], "the latest time that is stored");
    let unset = "active_users WHERE last_active_at IS NULL";
    assert_eq!(read(&mut tables, "clerk_id", unset).await, ["user_1"]);
    if engine == Engine::Postgres {
        let kind = tables.column("SELECT pg_typeof(created_at)::text FROM active_users").await;
        assert_eq!(kind, ["timestamp with time zone"]);
    }
}

#[apply(both_engines)]
async fn stubs_and_tombstones_are_left_out(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let mut partial = fixtures::user("user_partial", 0);
    partial.as_object_mut().unwrap().remove("phone_numbers");
    let membership = |id: &str, organization: &str, user: &str| {
        organizations::membership_event("organizationMembership.created", id, organization, user, 0)
    };
    let mut of_stub = membership("orgmem_4", "org_stub", "user_1");
    of_stub["data"].as_object_mut().unwrap().remove("organization");
    of_stub["data"]["organization_id"] = json!("org_stub");
    apply_all(
        &store,
        &[
            fixtures::user_event("user.created", "user_1", 0),
            fixtures::event("user.updated", partial, 0),
            fixtures::user_event("user.created", "user_2", 0),
            membership("orgmem_1", "org_1", "user_1"),
            membership("orgmem_2", "org_1", "user_2"),
            membership("orgmem_3", "org_1", "user_stub"),
            of_stub,
            fixtures::user_deleted("user_2", 1),
        ],
    )
    .await;
    let users = read(&mut tables, "clerk_id", "active_users ORDER BY clerk_id").await;
    assert_eq!(users, ["user_1", "user_partial"]);
    let addresses = read(&mut tables, "user_id", "user_emails ORDER BY user_id").await;
    assert_eq!(addresses, ["user_1", "user_partial"]);
    let members = read(&mut tables, "membership_id", "organization_members").await;
    assert_eq!(members, ["orgmem_1"]);
    let deletion = event("msg_deletion", &organizations::organization_deleted("org_1", 2));
    assert_eq!(commit(&store, &[deletion]).await, recorded(&[Decision::Applied]));
    assert_eq!(read(&mut tables, "membership_id", "organization_members").await, [""; 0]);
}

#[apply(both_engines)]
async fn user_emails_name_the_primary_address(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let mut user = fixtures::user("user_1", 0);
    user["email_addresses"][0]["email_address"] = json!("Ada@Example.com");
    let second = json!({ "id": "idn_2", "email_address": "second@example.com" });
    user["email_addresses"].as_array_mut().unwrap().push(second);
    user["phone_numbers"] = json!([{ "id": "idn_3", "phone_number": "+15550100" }]);
    apply_all(&store, &[fixtures::event("user.created", user, 0)]).await;
    let rows = tables.column("SELECT email FROM user_emails ORDER BY email").await;
    assert_eq!(rows, ["Ada@Example.com", "second@example.com"]);
    for (condition, email) in [
        ("is_primary AND is_verified", "Ada@Example.com"),
        ("NOT is_primary AND NOT is_verified", "second@example.com"),
    ] {
        let sql = format!("SELECT email FROM user_emails WHERE {condition}");
        assert_eq!(tables.column(&sql).await, [email], "{condition}");
    }
}

#[apply(both_engines)]
async fn organization_members_show_latest_membership(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let membership = |id: &str, offset: i64| {
        let kind = "organizationMembership.created";
        organizations::membership_event(kind, id, "org_1", "user_1", offset)
    };
    apply_all(
        &store,
        &[
            fixtures::user_event("user.created", "user_1", 0),
            membership("orgmem_1", 0),
            membership("orgmem_2", 7),
        ],
    )
    .await;
    let row = "membership_id || ' ' || organization_name || ' ' || organization_slug || ' ' || role \
               || ' ' || email || ' ' || first_name";
    let rows = tables.column(&format!("SELECT {row} FROM organization_members")).await;
    assert_eq!(rows, ["orgmem_2 Acme 7 acme org:member user_1@example.com Ada 0"]);
    assert_eq!(read(&mut tables, "updated_at", "organization_members").await, [NOW_TEXT]);
}

/// A role that can read a view can read all its columns.
#[apply(both_engines)]
async fn views_have_no_private_columns(engine: Engine) {
    let (_database, _store, mut tables) = migrated(engine).await;
    for view in ["active_users", "user_emails", "organization_members"] {
        let columns = tables.columns(view).await;
        let is_private = |name: &&String| {
            ["private_metadata", "unsafe_metadata", "phone_number", "field_versions", "search"]
                .contains(&name.as_str())
                || name.starts_with("version_")
        };
        assert!(columns.len() > 3, "{view}: {columns:?}");
        assert_eq!(columns.iter().find(is_private), None, "{view}");
    }
}

/// The views join several tables, and must not read all rows of one for a single organization or
/// user.
#[apply(both_engines)]
async fn single_rows_are_found_by_indexes(engine: Engine) {
    let (_database, _store, mut tables) = migrated(engine).await;
    if engine == Engine::Postgres {
        // The tables are empty, and a scan of an empty table is cheap.
        tables.run("SET enable_seqscan = off").await;
    }
    for (view, column, index) in [
        ("organization_members", "organization_id", "organization_memberships_"),
        ("organization_members", "user_id", "organization_memberships_"),
        ("active_users", "clerk_id", "users"),
        ("user_emails", "user_id", "users"),
    ] {
        let sql = format!("SELECT * FROM {view} WHERE {column} = 'x'");
        let plan = tables.plan(&sql).await.join("\n");
        assert!(plan.contains(index), "{sql}: {plan}");
        let scans = ["Seq Scan", "SCAN users", "SCAN member", "SCAN organization", "SCAN listed"];
        assert!(!scans.iter().any(|scan| plan.contains(scan)), "{sql}: {plan}");
    }
}
