//! Roles of a PostgreSQL server with the permissions from the documentation.

use meetvo::{
    app,
    domain::decision::Decision,
    objects::{Kind, event::Event},
    store::{
        PageRequest, Store, account_tokens::SealedToken, api_keys::StoredApiKey,
        dashboard_sessions::StoredDashboardSession, drift_checks::DriftCheckDue,
        erasure::VacuumOutcome, users::UserFilter,
    },
    sync::rebuild,
};
use serde_json::json;
use sqlx::{AssertSqlSafe, error::DatabaseError};

use super::{commit, event, migrated, recorded};
use crate::harness::{
    Database, Engine, NOW, Tables, apply, both_engines, fixtures, repository, settings, unique,
};

/// Tables and views that a report can read completely.
const REPORT_TABLES: [&str; 16] = [
    "accounts",
    "active_users",
    "email_owners",
    "entitlements",
    "live_memberships",
    "organization_domains",
    "organization_members",
    "payment_attempts",
    "permissions",
    "plans",
    "roles",
    "sessions",
    "subscription_items",
    "subscriptions",
    "user_emails",
    "verifications",
];

/// Views. PostgreSQL rejects writes to most of them for every role.
const VIEWS: [&str; 6] = [
    "active_users",
    "email_owners",
    "entitlements",
    "live_memberships",
    "organization_members",
    "user_emails",
];

/// Tables of which a report can read some columns.
const REPORT_COLUMNS: [(&str, &[&str]); 4] = [
    (
        "organization_invitations",
        &[
            "id",
            "organization_id",
            "role",
            "status",
            "inviter_id",
            "user_id",
            "public_metadata",
            "expires_at",
            "created_at",
            "updated_at",
            "deleted_at",
        ],
    ),
    (
        "organization_memberships",
        &[
            "id",
            "organization_id",
            "user_id",
            "role",
            "permissions",
            "public_metadata",
            "created_at",
            "updated_at",
            "deleted_at",
        ],
    ),
    (
        "organizations",
        &[
            "id",
            "name",
            "slug",
            "image",
            "max_allowed_memberships",
            "admin_delete_enabled",
            "public_metadata",
            "created_by",
            "created_at",
            "updated_at",
            "deleted_at",
        ],
    ),
    (
        "users",
        &[
            "clerk_id",
            "external_id",
            "username",
            "first_name",
            "last_name",
            "email",
            "email_verified",
            "image",
            "public_metadata",
            "created_at",
            "updated_at",
            "deleted_at",
        ],
    ),
];

/// Creates a role with the permissions of a documented role, which are `count` grants.
async fn role_like(tables: &mut Tables, documented: &str, count: usize) -> String {
    let role = unique(&format!("meetvo_role_{}_", std::process::id()));
    tables.run(&format!("CREATE ROLE {role} LOGIN PASSWORD '{role}'")).await;
    let page = repository::read("docs/how-to/use-postgresql.md");
    let grants = page.split("GRANT ").skip(1).filter_map(|rest| rest.split_once(';'));
    let to = format!(" TO {documented}");
    let grants: Vec<_> = grants.filter_map(|(grant, _)| grant.strip_suffix(&to)).collect();
    assert_eq!(grants.len(), count, "{grants:?}");
    for grant in grants {
        tables.run(&format!("GRANT {grant} TO {role}")).await;
    }
    role
}

async fn drop_role(tables: &mut Tables, role: &str) {
    tables.run(&format!("DROP OWNED BY {role}")).await;
    tables.run(&format!("DROP ROLE {role}")).await;
}

/// Returns whether a role has the permission for a statement. Panics if the statement fails for
/// another reason.
async fn may(tables: &mut Tables, sql: &str) -> bool {
    let Tables::Postgres(connection) = tables else { panic!("SQLite has no roles") };
    let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await else {
        return true;
    };
    let code = error.as_database_error().and_then(DatabaseError::code);
    assert_eq!(code.as_deref(), Some("42501"), "{sql}: {error}");
    false
}

/// Asserts that a role has no permission to change a table or one of its columns.
async fn assert_read_only(tables: &mut Tables, table: &str, columns: &[String]) {
    let mut writes = vec![
        format!("INSERT INTO {table} DEFAULT VALUES"),
        format!("DELETE FROM {table} WHERE false"),
        format!("TRUNCATE {table}"),
    ];
    let updates =
        columns.iter().map(|column| format!("UPDATE {table} SET {column} = DEFAULT WHERE false"));
    writes.extend(updates);
    for write in writes {
        assert!(!may(tables, &write).await, "{write}");
    }
}

/// Asserts that a role can read every table.
async fn assert_tables_are_granted(tables: &mut Tables, role: &str) {
    let others = format!(
        "SELECT relname::text FROM pg_class WHERE relkind = 'r' \
         AND relnamespace = current_schema()::regnamespace \
         AND NOT has_table_privilege('{role}', oid, 'SELECT')"
    );
    assert_eq!(tables.column(&others).await, [""; 0], "the page grants every table");
}

/// Adds, reads and deletes a dashboard session.
async fn write_dashboard_session(store: &Store) {
    let session = StoredDashboardSession {
        sha256: "0".repeat(64),
        key_sha256: "1".repeat(64),
        expires_at: NOW + 1,
    };
    store.add_dashboard_session(&session, NOW).await.unwrap();
    assert_eq!(store.dashboard_sessions(NOW).await.unwrap(), std::slice::from_ref(&session));
    assert!(store.delete_dashboard_session(&session.sha256).await.unwrap());
}

/// On PostgreSQL, the service runs with a role that can only read and write rows. On SQLite,
/// another connection holds the write lock, which every change of the schema needs.
#[apply(both_engines)]
async fn current_schema_needs_no_schema_permission(engine: Engine) {
    let (database, store, mut tables) = migrated(engine).await;
    store.close().await;
    if engine == Engine::Sqlite {
        tables.block_writers().await;
        let store = app::open_store(&settings(&database, []).database).await.unwrap();
        store.migrate().await.unwrap();
        return tables.release().await;
    }
    let role = role_like(&mut tables, "meetvo_service", 5).await;
    assert_tables_are_granted(&mut tables, &role).await;
    let url = database.url_for(&role);
    let settings = settings(&database, [("DATABASE_URL", &*url)]);
    let store = app::open_store(&settings.database).await.unwrap();
    store.migrate().await.unwrap();
    for (id, user) in [("msg_1", "user_1"), ("msg_2", "user_2")] {
        let body = fixtures::user_event("user.created", user, 0);
        let outcomes = commit(&store, &[event(id, &body)]).await;
        assert_eq!(outcomes, recorded(&[Decision::Applied]));
    }
    let address =
        UserFilter { emails: vec!["user_1@example.com".to_owned()], ..UserFilter::default() };
    let found = store.users(&address, &PageRequest { after: None, limit: 2 }).await.unwrap();
    assert_eq!(found.items.len(), 1, "the filter by address works");
    let erasure = [Event::erasure(Kind::User, "user_2", NOW)];
    assert_eq!(commit(&store, &erasure).await, recorded(&[Decision::Applied]));
    assert!(store.user_data_counts("user_2").await.unwrap().is_erased());
    assert_eq!(store.vacuum().await.unwrap(), VacuumOutcome::Forbidden, "the owner has to");
    let token = SealedToken {
        access_token: "sealed".to_owned(),
        id_token: None,
        access_token_expires_at: None,
        key_id: "first".to_owned(),
        fetched_at: NOW,
    };
    assert!(store.store_token("user_1", "eac_user_1", &token).await.unwrap());
    assert!(store.api_keys().await.is_ok() && store.record_api_key_use("web", 1).await.is_ok());
    write_dashboard_session(&store).await;
    let due = DriftCheckDue { after_success: 0, after_failure: 0 };
    assert!(store.begin_drift_check(NOW, due).await.unwrap());
    store.finish_drift_check(NOW, NOW, Err("unavailable")).await.unwrap();
    let key = StoredApiKey {
        name: "stolen".to_owned(),
        sha256: "0".repeat(64),
        scopes: "read".to_owned(),
        created_at: 0,
        last_used_at: None,
        revoked_at: None,
    };
    assert!(store.add_api_key(&key).await.is_err(), "the role must not be able to add a key");
    assert!(store.revert().await.is_err(), "the role must not be able to change the schema");
    tables.run("UPDATE users SET first_name = 'Eve' WHERE deleted_at IS NULL").await;
    let rebuilt = rebuild::repair(&store, NOW, |_| {}).await.unwrap();
    assert!(rebuilt.commit_pause.is_some(), "it may make the tables what they should be");
    rebuilt.close().await;
    let names = tables.column("SELECT first_name FROM users WHERE deleted_at IS NULL").await;
    assert_eq!(names, ["Ada 0"]);
    store.close().await;
    drop_role(&mut tables, &role).await;
}

/// Returns the relations of which a role can read all columns, and those of which it can read some.
async fn readable_relations(
    tables: &mut Tables,
    report: &mut Tables,
) -> (Vec<String>, Vec<(String, Vec<String>)>) {
    let relations = "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'v') \
                     AND relnamespace = current_schema()::regnamespace ORDER BY relname";
    let (mut complete, mut partial) = (Vec::new(), Vec::new());
    for relation in tables.column(relations).await {
        let columns = tables.columns(&relation).await;
        if !VIEWS.contains(&&*relation) {
            assert_read_only(report, &relation, &columns).await;
        }
        let mut readable = Vec::new();
        for column in &columns {
            if may(report, &format!("SELECT {column} FROM {relation}")).await {
                readable.push(column.clone());
            }
        }
        if readable == columns {
            complete.push(relation);
        } else if !readable.is_empty() {
            partial.push((relation, readable));
        }
    }
    (complete, partial)
}

/// Runs only on PostgreSQL, because SQLite has no roles. The test reads every column, so that a new
/// column is not readable before the documentation grants it.
#[tokio::test(flavor = "multi_thread")]
async fn report_role_reads_only_documented_columns() {
    let (database, store, mut tables) = migrated(Engine::Postgres).await;
    let mut user = fixtures::user("user_1", 0);
    user["public_metadata"] = json!({ "plan": "team" });
    user["private_metadata"] = json!({ "note": "internal" });
    let events = [
        event("msg_1", &fixtures::event("user.created", user, 0)),
        event("msg_2", &fixtures::session_event("session.created", "sess_1", "user_1", 0)),
    ];
    let outcomes = commit(&store, &events).await;
    assert_eq!(outcomes, recorded(&[Decision::Applied, Decision::Applied]));
    store.close().await;
    let role = role_like(&mut tables, "meetvo_report", 6).await;
    let mut report = Database::at_url(database.url_for(&role)).tables().await;

    let rows = [
        (
            "SELECT email || ' ' || (public_metadata ->> 'plan') FROM users",
            "user_1@example.com team",
        ),
        ("SELECT id FROM sessions", "sess_1"),
        ("SELECT id FROM accounts", "eac_user_1"),
        ("SELECT id FROM verifications WHERE id LIKE 'idn%'", "idn_user_1"),
        ("SELECT clerk_id FROM email_owners", "user_1"),
        ("SELECT email FROM user_emails WHERE is_primary AND is_verified", "user_1@example.com"),
        ("SELECT public_metadata ->> 'plan' FROM active_users", "team"),
    ];
    for (sql, row) in rows {
        assert_eq!(report.column(sql).await, [row], "{sql}");
    }
    let (complete, partial) = readable_relations(&mut tables, &mut report).await;
    assert_eq!(complete, REPORT_TABLES);
    let expected = REPORT_COLUMNS.map(|(relation, columns)| {
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        (relation.to_owned(), columns)
    });
    assert_eq!(partial, expected);
    for sql in [
        "SELECT * FROM users",
        "SELECT to_jsonb(users) FROM users",
        "SELECT clerk_id FROM users WHERE private_metadata IS NOT NULL",
        "SELECT count(*) FROM webhook_events",
        "SELECT nextval('webhook_events_seq_seq')",
        // PostgreSQL passes writes to a simple view on to its table.
        "DELETE FROM active_users",
        "UPDATE active_users SET first_name = 'Eve'",
        "CREATE TABLE report (id BIGINT)",
    ] {
        assert!(!may(&mut report, sql).await, "{sql}");
    }
    drop(report);
    drop_role(&mut tables, &role).await;
}
