//! Stored rows that cannot be read harm neither other rows nor other events. Values that a newer
//! version of the program wrote are read as they are.

use meetvo::{
    domain::decision::{Decision, Outcome},
    store::Store,
};
use serde_json::{Value, json};

use super::{commit, event, failing_writes::submit_batch, migrated, recorded};
use crate::harness::{
    ApiResponse, Delivery, Engine, KEY, NOW, Process, SECRET, Service, Tables, apply, both_engines,
    fixtures, ids,
    organization_events::{
        domain_event, invitation_event, membership_event, organization_deleted, organization_event,
    },
};

/// Stores a value that is not of the type of a JSON column. PostgreSQL accepts only valid JSON, but
/// larger numbers than the service can read.
async fn break_json(tables: &mut Tables, table: &str, column: &str, id: &str) {
    let (value, key) = match tables.engine() {
        Engine::Sqlite => ("'not json'", key(table)),
        Engine::Postgres => ("'[1e400]'", key(table)),
    };
    tables.run(&format!("UPDATE {table} SET {column} = {value} WHERE {key} = '{id}'")).await;
}

/// Stores a value that is not text in a text column. On PostgreSQL, the column gets another type,
/// and is null in the other rows.
async fn break_text(tables: &mut Tables, table: &str, column: &str, id: &str) {
    let key = key(table);
    let sql = match tables.engine() {
        Engine::Sqlite => {
            format!("UPDATE {table} SET {column} = CAST(x'ff' AS TEXT) WHERE {key} = '{id}'")
        }
        Engine::Postgres => format!(
            "ALTER TABLE {table} ALTER COLUMN {column} TYPE bytea \
             USING CASE WHEN {key} = '{id}' THEN '\\xff'::bytea END"
        ),
    };
    tables.run(&sql).await;
}

fn key(table: &str) -> &'static str {
    if table == "users" { "clerk_id" } else { "id" }
}

/// Returns the number of reads of unreadable rows of a table.
fn reads(store: &Store, table: &str) -> u64 {
    store.unreadable_rows().into_iter().find(|(name, _)| *name == table).unwrap().1
}

fn signed(id: &str, body: &Value) -> Delivery {
    Delivery::signed(SECRET, id, NOW, body.to_string())
}

/// Of a batch, only the event that merges into the unreadable session fails: 20 events of other
/// users and all other events of the same user are applied.
#[apply(both_engines)]
async fn event_of_unreadable_session_fails_alone(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let session = |kind, id, later| fixtures::session_event(kind, id, "user_1", later);
    let first = [
        event("msg_1", &fixtures::user_event("user.created", "user_1", 0)),
        event("msg_2", &session("session.created", "sess_1", 0)),
        event("msg_3", &session("session.created", "sess_2", 0)),
    ];
    commit(&store, &first).await;
    break_json(&mut tables, "sessions", "actor", "sess_1").await;

    let ended = event("msg_bad", &session("session.ended", "sess_1", 5));
    let mut batch: Vec<_> = (0..20)
        .map(|at| {
            let body = fixtures::user_event("user.created", &format!("user_other_{at}"), 0);
            event(&format!("msg_other_{at}"), &body)
        })
        .collect();
    batch.push(event("msg_user", &fixtures::user_event("user.updated", "user_1", 5)));
    batch.push(event("msg_session", &session("session.ended", "sess_2", 5)));
    batch.insert(7, ended.clone());
    let outcomes = submit_batch(&store, batch).await;
    let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    let mut expected = vec![Outcome::Recorded(Decision::Applied); 23];
    expected[7] = Outcome::Recorded(Decision::Failed);
    assert_eq!(outcomes, expected);
    let reason = tables.column("SELECT reason FROM webhook_events WHERE id = 'msg_bad'").await;
    assert_eq!(reason, ["the stored row cannot be read: sessions.actor"]);
    assert!(reads(&store, "sessions") > 0);

    // A redelivery fails again. After the repair it is applied.
    let ended = [ended];
    assert_eq!(commit(&store, &ended).await, [Outcome::Duplicate]);
    tables.run("UPDATE sessions SET actor = NULL").await;
    assert_eq!(commit(&store, &ended).await, [Outcome::Recorded(Decision::Applied)]);
    let status = tables.column("SELECT status FROM sessions ORDER BY id").await;
    assert_eq!(status, ["ended", "ended"]);
}

/// Runs only on SQLite, because PostgreSQL stores no text that is not text. A commit needs the search
/// terms of a user.
#[tokio::test(flavor = "multi_thread")]
async fn event_of_unreadable_user_fails_alone() {
    let (_database, store, mut tables) = migrated(Engine::Sqlite).await;
    let created = ["user_1", "user_2"].map(|user| fixtures::user_event("user.created", user, 0));
    let created = [event("msg_1", &created[0]), event("msg_2", &created[1])];
    commit(&store, &created).await;
    break_text(&mut tables, "users", "search", "user_1").await;
    let batch = [
        event("msg_3", &fixtures::user_event("user.updated", "user_1", 5)),
        event("msg_4", &fixtures::user_event("user.updated", "user_2", 5)),
        event("msg_5", &fixtures::session_event("session.created", "sess_1", "user_1", 5)),
    ];
    let (applied, failed) = (Decision::Applied, Decision::Failed);
    assert_eq!(commit(&store, &batch).await, recorded(&[failed, applied, failed]));
    let reasons = tables.column("SELECT DISTINCT reason FROM webhook_events WHERE reason <> ''");
    assert_eq!(reasons.await, ["the stored row cannot be read: users.search"]);
}

/// An organization is needed whole by its own events and by memberships, which embed it. What belongs
/// to it needs only to know whether it is deleted.
#[apply(both_engines)]
async fn events_of_unreadable_organization_fail_alone(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let created = ["org_1", "org_2"].map(|id| organization_event("organization.created", id, 0));
    let created = [event("msg_1", &created[0]), event("msg_2", &created[1])];
    commit(&store, &created).await;
    break_json(&mut tables, "organizations", "public_metadata", "org_1").await;
    let joined = |id: &str, organization: &str| {
        membership_event("organizationMembership.created", id, organization, "user_1", 5)
    };
    let invited = invitation_event("organizationInvitation.created", "orginv_1", "org_1", 5);
    let domain = domain_event("organizationDomain.created", "orgdmn_1", "org_1", 5);
    let batch = [
        event("msg_3", &organization_event("organization.updated", "org_1", 5)),
        event("msg_4", &organization_event("organization.updated", "org_2", 5)),
        event("msg_5", &joined("orgmem_1", "org_1")),
        event("msg_6", &joined("orgmem_2", "org_2")),
        event("msg_7", &invited),
        event("msg_8", &domain),
        event("msg_9", &fixtures::user_event("user.created", "user_1", 5)),
    ];
    let (applied, failed) = (Decision::Applied, Decision::Failed);
    let expected = [failed, applied, failed, applied, applied, applied, applied];
    assert_eq!(commit(&store, &batch).await, recorded(&expected));
    let reasons = tables.column("SELECT DISTINCT reason FROM webhook_events WHERE reason <> ''");
    assert_eq!(reasons.await, ["the stored row cannot be read: organizations.public_metadata"]);
    assert!(reads(&store, "organizations") > 0);

    // A membership whose row cannot be read, and then the deletion of the organization.
    break_json(&mut tables, "organization_memberships", "permissions", "orgmem_2").await;
    let updated =
        membership_event("organizationMembership.updated", "orgmem_2", "org_2", "user_1", 9);
    let left =
        membership_event("organizationMembership.deleted", "orgmem_2", "org_2", "user_1", 12);
    let batch = [
        event("msg_10", &updated),
        event("msg_11", &left),
        event("msg_12", &organization_deleted("org_1", 9)),
    ];
    assert_eq!(commit(&store, &batch).await, recorded(&[failed, applied, applied]));
    let left = "SELECT id FROM organization_memberships WHERE deleted_at IS NULL";
    assert_eq!(tables.column(left).await, [""; 0]);
    assert!(tables.rows("organization_invitations").await.is_empty());
}

/// A state of a user and a deletion need no column that cannot be read, and replace the row.
#[apply(both_engines)]
async fn newer_state_replaces_unreadable_values(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    for user in ["user_1", "user_2"] {
        service.send(&fixtures::user_event("user.created", user, 0)).await;
        let session = format!("sess_{user}");
        service.send(&fixtures::session_event("session.created", &session, user, 0)).await;
        break_json(&mut tables, "users", "public_metadata", user).await;
        break_json(&mut tables, "users", "private_metadata", user).await;
        break_json(&mut tables, "sessions", "actor", &session).await;
        if engine == Engine::Sqlite {
            break_text(&mut tables, "accounts", "email", &format!("eac_{user}")).await;
            break_text(&mut tables, "verifications", "status", &format!("idn_{user}")).await;
        }
    }
    assert_eq!(service.get("/v1/users/user_1").await.problem(), (500, "row_unreadable"));
    let update = fixtures::user_event("user.updated", "user_1", 5);
    assert_eq!(service.send(&update).await, "applied");
    assert_eq!(service.get("/v1/users/user_1").await.body["first_name"], "Ada 5");
    assert_eq!(service.list("/v1/users/user_1/accounts").await.len(), 1);
    let verifications = service.list("/v1/users/user_1/verifications").await;
    assert_eq!(ids(&verifications), ["eac_user_1", "idn_user_1"]);
    assert_eq!(service.send(&fixtures::user_deleted("user_2", 5)).await, "applied");
    assert_eq!(tables.column("SELECT id FROM sessions").await, ["sess_user_1"]);
}

/// Lists leave the row out at every page size, and continue after it.
#[apply(both_engines)]
async fn lists_leave_out_unreadable_rows(engine: Engine) {
    let service = Service::start(engine).await;
    let mut user = fixtures::user_event("user.created", "user_1", 0);
    let account = |at: usize| {
        json!({
            "object": "external_account", "id": format!("eac_{at}"), "provider": "oauth_github",
            "provider_user_id": "x",
        })
    };
    user["data"]["external_accounts"] = (1..=5).map(account).collect();
    user["data"]["email_addresses"] = json!([]);
    assert_eq!(service.deliver(&signed("msg_1", &user)).await, "applied");
    for at in 2..=5 {
        let user = fixtures::user_event("user.created", &format!("user_{at}"), 0);
        service.deliver(&signed(&format!("msg_{at}"), &user)).await;
    }
    for at in 1..=5 {
        let id = format!("sess_{at}");
        let session = fixtures::session_event("session.created", &id, "user_1", 0);
        service.deliver(&signed(&format!("msg_session_{at}"), &session)).await;
    }
    let mut tables = service.tables().await;
    for at in [2, 5] {
        break_json(&mut tables, "users", "public_metadata", &format!("user_{at}")).await;
        break_json(&mut tables, "sessions", "actor", &format!("sess_{at}")).await;
    }
    break_text(&mut tables, "accounts", "scope", "eac_2").await;
    break_text(&mut tables, "verifications", "strategy", "eac_5").await;
    break_text(&mut tables, "webhook_events", "reason", "msg_3").await;
    for (list, expected) in [
        ("/v1/users", &["user_1", "user_3", "user_4"][..]),
        ("/v1/users/user_1/sessions", &["sess_1", "sess_3", "sess_4"]),
        ("/v1/users/user_1/accounts", &["eac_1", "eac_3", "eac_4", "eac_5"]),
        ("/v1/users/user_1/verifications", &["eac_1", "eac_2", "eac_3", "eac_4"]),
        ("/v1/events?type=user.created", &["msg_5", "msg_4", "msg_2", "msg_1"]),
    ] {
        for limit in [1, 2, 3, 500] {
            let sign = if list.contains('?') { '&' } else { '?' };
            let pages = service.pages(&format!("{list}{sign}limit={limit}")).await;
            assert_eq!(ids(&pages.concat()), expected, "{list} by {limit}");
        }
    }
    for path in ["/v1/users/user_5", "/v1/sessions/sess_2", "/v1/events/msg_3"] {
        assert_eq!(service.get(path).await.problem(), (500, "row_unreadable"), "{path}");
    }
    for path in ["/v1/decisions", "/v1/status", "/v1/changes?after=0", "/v1/users?query=ada"] {
        assert_eq!(service.get(path).await.status, 200, "{path}");
    }
    let metrics = service.client.get(service.url_for("/metrics")).bearer_auth(KEY);
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    for table in ["users", "sessions", "accounts", "verifications", "webhook_events"] {
        let counter = format!("meetvo_unreadable_rows_total{{table=\"{table}\"}} ");
        let line = metrics.lines().find_map(|line| line.strip_prefix(&counter)).unwrap();
        assert!(line.parse::<u64>().unwrap() > 0, "{table}: {line}");
    }
}

/// A newer version of the program can know more statuses, kinds and decisions.
#[apply(both_engines)]
async fn unknown_values_of_open_sets_are_kept(engine: Engine) {
    let service = Service::start(engine).await;
    let created = signed("msg_1", &fixtures::user_event("user.created", "user_1", 0));
    assert_eq!(service.deliver(&created).await, "applied");
    service.send(&fixtures::session_event("session.created", "sess_1", "user_1", 0)).await;
    let failing = signed("msg_2", &json!({ "type": "user.created", "data": {} }));
    assert_eq!(service.deliver(&failing).await, "failed");
    let mut tables = service.tables().await;
    for change in [
        "UPDATE verifications SET kind = 'iris', status = 'blinked'",
        "UPDATE accounts SET status = 'frozen'",
        "UPDATE sessions SET status = 'paused'",
        "UPDATE webhook_events SET decision = 'postponed' WHERE id = 'msg_2'",
    ] {
        tables.run(change).await;
    }
    let verifications = service.list("/v1/users/user_1/verifications").await;
    assert!(verifications.iter().all(|it| it["kind"] == "iris" && it["status"] == "blinked"));
    assert_eq!(service.list("/v1/users/user_1/accounts").await[0]["status"], "frozen");
    assert_eq!(service.list("/v1/users/user_1/sessions").await[0]["status"], "paused");
    let events = service.list("/v1/events?type=user.created").await;
    let decisions: Vec<_> = events.iter().map(|event| &event["decision"]).collect();
    assert_eq!(decisions, ["postponed", "applied"]);
    assert_eq!(service.get("/v1/events/msg_2").await.body["decision"], "postponed");
    let steps = service.get("/v1/decisions?steps=1").await.body["data"].clone();
    assert_eq!((&steps[0]["other"], &steps[0]["failed"]), (&json!(1), &json!(0)));

    // This version does not change a decision that it does not know.
    assert_eq!(service.deliver(&failing).await, "duplicate");
    let path = service.url_for("/v1/events/msg_2/reprocess");
    let request = service.client.post(path).bearer_auth(KEY);
    let reprocessed = ApiResponse::fetch(request).await.body;
    assert_eq!(reprocessed["decision"], "postponed", "{reprocessed}");
    assert_eq!(reprocessed["reason"], "postponed is final");
    let why = Process::run(&*service.database, [], &["why", "msg_2"]);
    let shown = String::from_utf8(why.stdout).unwrap();
    assert!(shown.contains("A newer version of the program recorded this decision."), "{shown}");

    // The user's next state has the values that this version knows.
    let update = fixtures::user_event("user.updated", "user_1", 5);
    assert_eq!(service.send(&update).await, "applied");
    let verifications = service.list("/v1/users/user_1/verifications").await;
    let kinds: Vec<_> = verifications.iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["external_account", "email"]);
}

/// A newer version of the program can know more scopes.
#[apply(both_engines)]
async fn key_with_unknown_scope_keeps_others(engine: Engine) {
    let service = Service::start(engine).await;
    let new = ["keys", "new", "--name", "newer", "--json"];
    let added = Process::run(&*service.database, [], &new);
    let key: Value = serde_json::from_slice(&added.stdout).unwrap();
    let get = async |path: &str| {
        let key = key["key"].as_str().unwrap();
        ApiResponse::fetch(service.client.get(service.url_for(path)).bearer_auth(key)).await
    };
    let mut tables = service.tables().await;
    tables.run("UPDATE api_keys SET scopes = 'billing+admin+read'").await;
    while get("/v1/events").await.status != 200 {}
    assert_eq!(get("/v1/users").await.status, 200);
    tables.run("UPDATE api_keys SET scopes = 'billing+admin'").await;
    while get("/v1/users").await.status == 200 {}
    assert_eq!(get("/v1/users").await.problem(), (403, "scope_missing"));
    assert_eq!(get("/v1/events").await.status, 200);
}

/// A rebuild restores the values from the event log. Values that no event has become null.
#[apply(both_engines)]
async fn rebuild_repairs_unreadable_rows(engine: Engine) {
    let service = Service::start(engine).await;
    let mut tables = service.tables().await;
    for user in ["user_1", "user_2"] {
        let mut created = fixtures::user_event("user.created", user, 0);
        created["data"]["public_metadata"] = json!({ "plan": "pro" });
        service.send(&created).await;
        let session = format!("sess_{user}");
        service.send(&fixtures::session_event("session.created", &session, user, 0)).await;
        break_json(&mut tables, "users", "public_metadata", user).await;
        break_json(&mut tables, "sessions", "actor", &session).await;
    }
    tables.run("UPDATE webhook_events SET payload = NULL WHERE subject = 'user_2'").await;
    let rebuilt = Process::run(&*service.database, [], &["rebuild"]);
    assert!(rebuilt.status.success(), "{rebuilt:?}");
    let users = service.list("/v1/users").await;
    let metadata: Vec<_> = users.iter().map(|user| &user["public_metadata"]).collect();
    assert_eq!(metadata, [&json!({ "plan": "pro" }), &Value::Null]);
    for user in ["user_1", "user_2"] {
        let sessions = service.list(&format!("/v1/users/{user}/sessions")).await;
        assert_eq!(ids(&sessions), [format!("sess_{user}")]);
    }
}
