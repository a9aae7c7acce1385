//! Rows of the synced tables that an applied event writes, and rows that it leaves unchanged.

use serde_json::{Value, json};

use crate::harness::{
    Delivery, Engine, NOW, SECRET, Service, Tables, apply, both_engines, fixtures,
};

/// Records every following write to these tables.
async fn record_writes(tables: &mut Tables) {
    tables.run("CREATE TABLE written (what TEXT)").await;
    if tables.engine() == Engine::Postgres {
        let note = "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                    INSERT INTO written VALUES ( \
                        TG_OP || ' ' || TG_TABLE_NAME || ' ' || coalesce(NEW.id, OLD.id)); \
                    RETURN NULL; END $$";
        tables.run(note).await;
    }
    for table in ["accounts", "verifications", "sessions"] {
        for (verb, row) in [("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")] {
            let action = match tables.engine() {
                Engine::Sqlite => {
                    format!("BEGIN INSERT INTO written VALUES ('{verb} {table} ' || {row}.id); END")
                }
                Engine::Postgres => "FOR EACH ROW EXECUTE FUNCTION note()".to_owned(),
            };
            let trigger = format!("CREATE TRIGGER watch_{table}_{verb} AFTER {verb} ON {table}");
            tables.run(&format!("{trigger} {action}")).await;
        }
    }
}

/// Returns the writes since the last call, sorted.
async fn take_writes(tables: &mut Tables) -> Vec<String> {
    let mut writes = tables.column("SELECT what FROM written").await;
    writes.sort_unstable();
    tables.run("DELETE FROM written").await;
    writes
}

fn address(id: &str, address: &str) -> Value {
    json!({ "id": id, "email_address": address, "verification": { "status": "verified" } })
}

fn account(id: &str, scope: &str) -> Value {
    json!({
        "id": id, "provider": "oauth_github", "provider_user_id": id, "approved_scopes": scope,
    })
}

/// Returns an update of `user_1` with email addresses and external accounts.
fn state(later: i64, addresses: &[Value], accounts: &[Value]) -> Value {
    let mut body = fixtures::user_event("user.updated", "user_1", later);
    body["data"]["email_addresses"] = addresses.into();
    body["data"]["external_accounts"] = accounts.into();
    body
}

async fn ids(tables: &mut Tables, table: &str) -> Vec<String> {
    tables.column(&format!("SELECT id FROM {table} ORDER BY id")).await
}

#[apply(both_engines)]
async fn accounts_and_verifications_are_replaced_as_sets(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    let one = address("idn_1", "one@example.com");
    let two = address("idn_2", "two@example.com");
    let (a, b) = (account("eac_a", ""), account("eac_b", ""));
    for (later, addresses, external_accounts, accounts, verifications) in [
        (
            1,
            vec![one.clone(), two.clone()],
            vec![a.clone(), b.clone()],
            vec!["eac_a", "eac_b"],
            vec!["eac_a", "eac_b", "idn_1", "idn_2"],
        ),
        (2, vec![two.clone()], vec![a.clone()], vec!["eac_a"], vec!["eac_a", "idn_2"]),
        (3, vec![one], vec![b], vec!["eac_b"], vec!["eac_b", "idn_1"]),
        (4, vec![], vec![], vec![], vec![]),
        (5, vec![two], vec![a], vec!["eac_a"], vec!["eac_a", "idn_2"]),
    ] {
        assert_eq!(service.send(&state(later, &addresses, &external_accounts)).await, "applied");
        assert_eq!(ids(&mut tables, "accounts").await, accounts, "{later}");
        assert_eq!(ids(&mut tables, "verifications").await, verifications, "{later}");
    }
    let older = state(3, &[address("idn_8", "eight@example.com")], &[account("eac_8", "")]);
    assert_eq!(service.send(&older).await, "stale");
}

/// Objects that belong to an account, such as a token, must not be lost when the user is updated.
#[apply(both_engines)]
async fn unchanged_rows_are_not_written_again(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    let one = address("idn_1", "one@example.com");
    let two = address("idn_2", "two@example.com");
    let (a, b) = (account("eac_a", "email"), account("eac_b", "email"));
    service.send(&state(1, &[one.clone(), two.clone()], &[a.clone(), b.clone()])).await;
    record_writes(&mut tables).await;

    // Only the columns of the user changed, as in most updates.
    let mut renamed = state(2, &[one.clone(), two.clone()], &[a.clone(), b.clone()]);
    renamed["data"]["last_name"] = "King".into();
    assert_eq!(service.send(&renamed).await, "applied");
    assert!(take_writes(&mut tables).await.is_empty());
    assert_eq!(tables.rows("users").await[0]["last_name"], "King");

    let wider = account("eac_b", "email profile");
    service.send(&state(3, &[two.clone(), one.clone()], &[a.clone(), wider.clone()])).await;
    assert_eq!(
        take_writes(&mut tables).await,
        ["UPDATE accounts eac_b"],
        "the order of a list has no meaning"
    );

    let three = address("idn_3", "three@example.com");
    service.send(&state(4, &[one, three], &[wider])).await;
    let expected = [
        "DELETE accounts eac_a",
        "DELETE verifications eac_a",
        "DELETE verifications idn_2",
        "INSERT verifications idn_3",
    ];
    assert_eq!(take_writes(&mut tables).await, expected);
}

#[apply(both_engines)]
async fn stale_events_write_no_rows(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    service.send(&fixtures::user_event("user.updated", "user_1", 5)).await;
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    service.send(&fixtures::session_event("session.ended", "sess_1", "user_1", 5)).await;
    record_writes(&mut tables).await;
    for body in [
        fixtures::user_event("user.created", "user_1", 0),
        fixtures::session_event("session.removed", "sess_1", "user_1", 4),
        fixtures::session_event("session.pending", "sess_1", "user_1", 9),
    ] {
        assert_eq!(service.send(&body).await, "stale");
    }
    assert!(take_writes(&mut tables).await.is_empty());
}

/// Two users can have an account with the same ID, because the key contains the user ID.
#[apply(both_engines)]
async fn sets_of_two_users_do_not_mix(engine: Engine) {
    let service = Service::start(engine).await;
    let mut other =
        state(1, &[address("idn_1", "other@example.com")], &[account("eac_a", "other")]);
    other["data"]["id"] = "user_2".into();
    service.send(&other).await;
    service
        .send(&state(1, &[address("idn_1", "one@example.com")], &[account("eac_a", "one")]))
        .await;
    service.send(&state(2, &[], &[])).await;
    let mut tables = service.tables().await;
    let owners = "SELECT user_id || ' ' || scope FROM accounts";
    assert_eq!(tables.column(owners).await, ["user_2 other"]);
    let owners = "SELECT user_id || ' ' || id FROM verifications ORDER BY id";
    assert_eq!(tables.column(owners).await, ["user_2 eac_a", "user_2 idn_1"]);
}

#[apply(both_engines)]
async fn session_before_its_user_creates_stub(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    let session = fixtures::session_event("session.created", "sess_1", "user_1", 0);
    assert_eq!(service.send(&session).await, "applied");
    let stub = tables.rows("users").await.remove(0);
    let mut columns = stub.as_object().unwrap().clone();
    columns.retain(|_, value| !value.is_null());
    let expected = json!({
        "clerk_id": "user_1", "version_updated_at": 0, "version_occurred_at": 0,
        "version_event_id": "",
    });
    assert_eq!(Value::from(columns), expected);
    assert!(service.list("/v1/users").await.is_empty(), "a stub is not listed");

    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    assert_eq!(tables.rows("users").await[0]["first_name"], "Ada 0");
    assert_eq!(tables.rows("sessions").await.len(), 1);
}

#[apply(both_engines)]
async fn session_columns_include_both_versions(engine: Engine) {
    let service = Service::start(engine).await;
    let mut created = fixtures::session_event("session.created", "sess_1", "user_1", 3);
    created["data"]["actor"] = json!({ "sub": "user_admin" });
    created["data"]["last_active_organization_id"] = "org_1".into();
    let created = Delivery::signed(SECRET, "msg_begun", NOW, created.to_string());
    service.deliver(&created).await;
    let session = service.tables().await.rows("sessions").await.remove(0);
    let expected = json!({
        "id": "sess_1", "user_id": "user_1", "client_id": "client_1", "status": "active",
        "ip_address": "192.0.2.7", "user_agent": "browser 3", "actor": { "sub": "user_admin" },
        "last_active_organization_id": "org_1", "last_active_at": NOW + 3,
        "expires_at": NOW + 604_800_000, "abandon_at": NOW + 2_592_000_000_i64,
        "created_at": NOW, "updated_at": NOW + 3,
        "version_updated_at": NOW + 3, "version_occurred_at": NOW + 3,
        "version_event_id": "msg_begun", "sign_in_updated_at": NOW + 3,
        "sign_in_occurred_at": NOW + 3, "sign_in_event_id": "msg_begun", "field_versions": null,
    });
    assert_eq!(session, expected);
}
