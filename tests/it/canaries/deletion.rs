//! Canaries in the database, and their removal when users are deleted or erased.

use std::collections::{BTreeMap, BTreeSet};

use meetvo::objects::{Kind, object_type::PersonalData};

use super::{Scenario, event_id, marked_payloads, marked_payloads::Exposure, stored_bytes};
use crate::harness::{
    Database, Engine, Process, Tables, apply, both_engines, fixtures,
    organization_events::organization_deleted,
};

/// User that is erased last.
const REMAINING_USER: &str = "user_whole";

/// Returns the names of the payloads of each user.
async fn payloads_by_user(tables: &mut Tables) -> BTreeMap<String, BTreeSet<String>> {
    let sql = "SELECT id || ' ' || subject FROM webhook_events WHERE subject IS NOT NULL";
    let users: BTreeMap<_, _> = tables
        .column(sql)
        .await
        .iter()
        .map(|pair| pair.split_once(' ').unwrap())
        .map(|(id, user)| (id.to_owned(), user.to_owned()))
        .collect();
    let mut payloads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, _) in marked_payloads::payloads() {
        if let Some(user) = users.get(&event_id(&name)) {
            payloads.entry(user.clone()).or_default().insert(name);
        }
    }
    payloads
}

fn erase(database: &Database, people: &[&str]) {
    let output = Process::run(database, [], &[&["erase", "--yes"], people].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Returns whether a canary is from a role or permission, which have no personal data.
fn is_impersonal(source: &str) -> bool {
    source.starts_with("role/") || source.starts_with("permission/")
}

/// Erases the objects that are found by an address, such as invitations. Those with a text that is
/// no address stay.
async fn erase_addresses(database: &Database, tables: &mut Tables) {
    let mut addresses = Vec::new();
    for kind in Kind::ALL {
        let object_type = kind.object_type();
        if let PersonalData::Addressed(column) = object_type.personal_data {
            let table = object_type.table.name;
            let sql = format!("SELECT {column} FROM {table} WHERE {column} LIKE '%_@_%'");
            let found = tables.column(&sql).await;
            assert!(!found.is_empty(), "{table} has no address");
            addresses.extend(found);
        }
    }
    let options = addresses.iter().flat_map(|address| ["--email", &**address]);
    erase(database, &options.collect::<Vec<_>>());
    let rows = stored_bytes::rows(tables).await;
    let rows = String::from_utf8_lossy(&rows);
    let left = addresses.iter().find(|address| rows.contains(&***address));
    assert_eq!(left, None, "the address of an erased object is stored");
}

/// Deletes all organizations that an event is about.
async fn delete_organizations(scenario: &Scenario, tables: &mut Tables) {
    let sql = "SELECT DISTINCT organization_id FROM webhook_events \
               WHERE organization_id IS NOT NULL";
    let organizations = tables.column(sql).await;
    assert!(organizations.len() > 2, "{organizations:?}");
    for id in organizations {
        let body = organization_deleted(&id, 0);
        let response = scenario.post(&format!("msg_end_{id}"), &body).await;
        assert_eq!(response.status, 200, "{}", response.body);
    }
}

/// Returns the sources of the canaries in bytes that do not belong to a user's own payloads, nor to
/// roles and permissions.
fn canaries_of_others<'a>(
    scenario: &'a Scenario,
    bytes: &[u8],
    own_payloads: &BTreeSet<String>,
) -> Vec<&'a str> {
    let all = scenario.canaries.find_forbidden(bytes, |_| false);
    let is_other =
        |source: &&str| !own_payloads.iter().any(|name| source.starts_with(name.as_str()));
    let all = all.into_iter().map(|it| it.source.as_str());
    all.filter(is_other).filter(|source| !is_impersonal(source)).collect()
}

#[apply(both_engines)]
async fn secrets_and_deleted_users_leave_no_canary(engine: Engine) {
    let database = Database::new(engine).await;
    let mut scenario = Scenario::start(&database, []);
    let mut tables = database.tables().await;
    stored_bytes::disable_compression(&mut tables).await;
    scenario.deliver_all().await;
    let (rows, files) =
        (stored_bytes::rows(&mut tables).await, stored_bytes::files(&database, &mut tables).await);
    for bytes in [&rows, &files] {
        let secrets =
            scenario.canaries.find_forbidden(bytes, |exposure| exposure != Exposure::None);
        assert!(secrets.is_empty(), "{secrets:?}");
        let stored =
            scenario.canaries.find_forbidden(bytes, |exposure| exposure != Exposure::Database);
        assert!(stored.len() > 20, "private metadata is stored: {stored:?}");
    }

    let payloads_by_user = payloads_by_user(&mut tables).await;
    assert!(payloads_by_user.len() > 30, "{payloads_by_user:?}");
    let others: Vec<&str> =
        payloads_by_user.keys().map(|it| &**it).filter(|it| *it != REMAINING_USER).collect();
    let (deleted, erased) = others.split_at(others.len() / 2);
    for user in deleted {
        let response =
            scenario.post(&format!("msg_end_{user}"), &fixtures::user_deleted(user, 0)).await;
        assert_eq!(response.status, 200, "{}", response.body);
    }
    let rows = stored_bytes::rows(&mut tables).await;
    let deleted_payloads =
        deleted.iter().flat_map(|user| &payloads_by_user[*user]).collect::<BTreeSet<_>>();
    for canary in scenario.canaries.find_forbidden(&rows, |_| false) {
        let of_deleted =
            deleted_payloads.iter().any(|name| canary.source.starts_with(name.as_str()));
        // An invitation belongs to the organization, also if the user has accepted it.
        let is_of_organization =
            canary.source.contains("nvitation") || canary.source.contains(" data.organization.");
        assert!(!of_deleted || is_of_organization, "{canary:?} is stored after the deletion");
    }

    erase_addresses(&database, &mut tables).await;
    delete_organizations(&scenario, &mut tables).await;
    erase(&database, erased);
    let rows = stored_bytes::rows(&mut tables).await;
    assert_eq!(
        canaries_of_others(&scenario, &rows, &payloads_by_user[REMAINING_USER]),
        Vec::<&str>::new()
    );
    assert!(marked_payloads::find_canaries(&rows).len() > 20, "the remaining user is stored");
    if engine == Engine::Postgres {
        // Without it, deleted values stay in free space of the pages until it is overwritten.
        tables.run("VACUUM FULL").await;
    }
    let files = stored_bytes::files(&database, &mut tables).await;
    assert_eq!(
        canaries_of_others(&scenario, &files, &payloads_by_user[REMAINING_USER]),
        Vec::<&str>::new()
    );
    assert!(marked_payloads::find_canaries(&files).len() > 20, "the remaining user is stored");

    erase(&database, &[REMAINING_USER]);
    let rows = stored_bytes::rows(&mut tables).await;
    assert_eq!(canaries_of_others(&scenario, &rows, &BTreeSet::new()), Vec::<&str>::new());
    assert_eq!(scenario.read("/v1/users").await["data"], serde_json::json!([]));
}
