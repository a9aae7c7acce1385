//! The statements of `docs/how-to/your-tables.md`, run on both engines.

use std::collections::VecDeque;

use meetvo::{
    domain::decision::Decision,
    objects::{Kind, event::Event},
    store::Store,
    sync::rebuild,
};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use super::{commit, event, migrated, recorded};
use crate::harness::{
    Database, Engine, NOW, Tables, apply, both_engines, fixtures, organization_events, repository,
    unique,
};

/// IDs of the page.
const USER: &str = "user_3EWsBvOkEkLrJLYjnqOM2ThIRRG";
const LATE_USER: &str = "user_3FjKTvOkEkLrJLYjnqOM2ThIRRG";
const ORGANIZATION: &str = "org_38TlHUSL0uDX6LtisQKNyeh0ip6";

/// Blocks of SQL of the page for one engine, by heading and in order.
struct Page {
    blocks: VecDeque<(String, String)>,
}

impl Page {
    fn read(engine: Engine) -> Self {
        let (own, other) = match engine {
            Engine::Sqlite => ("-- SQLite\n", "-- PostgreSQL\n"),
            Engine::Postgres => ("-- PostgreSQL\n", "-- SQLite\n"),
        };
        let page = repository::read("docs/how-to/your-tables.md");
        let sections = page.split("\n## ").skip(1);
        let blocks = sections.flat_map(|section| {
            let heading = section.lines().next().unwrap().to_owned();
            let blocks = section.split("```sql\n").skip(1);
            blocks.map(move |block| (heading.clone(), block.split_once("```").unwrap().0))
        });
        let blocks = blocks.filter(|(_, sql)| !sql.starts_with(other)).map(|(heading, sql)| {
            let sql = sql.strip_prefix(own).unwrap_or(sql);
            let sql = match engine {
                Engine::Sqlite => sql.replace("app.projects", "app_projects"),
                Engine::Postgres => sql.to_owned(),
            };
            (heading, sql)
        });
        Self { blocks: blocks.collect() }
    }

    /// Removes the next block, which must be below a heading.
    fn next(&mut self, heading: &str) -> String {
        let (found, sql) = self.blocks.pop_front().unwrap();
        assert_eq!(found, heading, "{sql}");
        sql
    }
}

/// Returns a query whose only column is a list of the columns of another query.
fn joined(columns: &[&str], sql: &str) -> String {
    let sql = sql.trim().trim_end_matches(';');
    format!("SELECT {} FROM ({sql}) AS found", columns.join(" || ' ' || "))
}

/// Returns the number of the project that the page inserts for its user, if the user exists.
async fn insert_project(tables: &mut Tables, sql: &str) -> usize {
    let sql = sql.replace("RETURNING id", "RETURNING name");
    tables.column(&sql).await.len()
}

async fn apply_event(store: &Store, id: &str, body: &Value) {
    let outcomes = commit(store, &[event(id, body)]).await;
    assert_eq!(outcomes, recorded(&[Decision::Applied]), "{id}");
}

/// Creates the role of the page with another name, because roles belong to the server. Returns a
/// connection with the role. On SQLite, it has the options of the page.
async fn application(
    page: &mut Page,
    database: &Database,
    owner: &mut Tables,
) -> (Tables, Option<String>) {
    if owner.engine() == Engine::Sqlite {
        let options = page.blocks.iter().find(|(_, sql)| sql.contains("PRAGMA")).unwrap();
        let mut tables = database.tables().await;
        tables.run(&options.1).await;
        return (tables, None);
    }
    let role = unique(&format!("meetvo_app_{}_", std::process::id()));
    let sql = page.next("Create a role").replace("meetvo_app", &role);
    owner.run(&sql.replace('…', &role)).await;
    (Database::at_url(database.url_for(&role)).tables().await, Some(role))
}

#[apply(both_engines)]
async fn statements_of_the_page_run(engine: Engine) {
    let (database, store, mut owner) = migrated(engine).await;
    let mut page = Page::read(engine);
    let members = page.next("Read the views");
    let recent = page.next("Read the views");
    let (mut app, role) = application(&mut page, &database, &mut owner).await;
    app.run(&page.next("Create your tables")).await;

    let insert = page.next("Insert a row for a user");
    assert_eq!(insert_project(&mut app, &insert).await, 0, "the user is not there yet");
    let membership = organization_events::membership_event(
        "organizationMembership.created",
        "orgmem_1",
        ORGANIZATION,
        USER,
        0,
    );
    apply_event(&store, "msg_1", &membership).await;
    assert_eq!(insert_project(&mut app, &insert).await, 0, "a stub is no user");
    assert_eq!(app.column(&joined(&["email"], &members)).await, [""; 0], "a stub is no member");
    apply_event(&store, "msg_2", &fixtures::user_event("user.created", USER, 0)).await;
    assert_eq!(insert_project(&mut app, &insert).await, 1);
    let email = fixtures::user(USER, 0)["email_addresses"][0]["email_address"].clone();
    let email = email.as_str().unwrap();
    assert_eq!(app.column(&joined(&["email"], &members)).await, [email]);
    app.column(&joined(&["email"], &recent)).await;
    assert_index_finds_recent_users(&mut owner, &recent).await;

    if engine == Engine::Postgres {
        insert_before_user(&mut page, &mut app, &store).await;
    }
    let join = page.next("Join users");
    let expected = match engine {
        Engine::Sqlite => vec![format!("Website {email}")],
        Engine::Postgres => {
            vec![format!("Website {email}"), "Garden late@example.com".to_owned()]
        }
    };
    assert_eq!(app.column(&joined(&["name", "email"], &join)).await, expected);
    delete_user(&mut page, &mut app, &store).await;
    if engine == Engine::Sqlite {
        page.next("Use SQLite from several processes");
        attach(&mut page, &database).await;
    }
    assert_eq!(page.blocks.len(), 0, "each block of the page is run");
    store.close().await;
    if let Some(role) = role {
        drop(app);
        owner.run(&format!("DROP OWNED BY {role}")).await;
        owner.run(&format!("DROP ROLE {role}")).await;
    }
}

/// Asserts that the query of the page uses the index, and does not read all users.
async fn assert_index_finds_recent_users(owner: &mut Tables, recent: &str) {
    if owner.engine() == Engine::Postgres {
        owner.run("SET enable_seqscan = off").await;
    }
    let plan = owner.plan(recent.trim().trim_end_matches(';')).await.join("\n");
    assert!(plan.contains("users_in_order_of_creation"), "{plan}");
}

/// Inserts a row whose user arrives before the commit.
async fn insert_before_user(page: &mut Page, app: &mut Tables, store: &Store) {
    app.run(&page.next("Insert a row before the user")).await;
    let (begin, end) =
        (page.next("Insert a row before the user"), page.next("Insert a row before the user"));
    app.run(&begin).await;
    let Tables::Postgres(connection) = &mut *app else { unreachable!() };
    let refused = sqlx::raw_sql(AssertSqlSafe(&*end)).execute(connection).await.unwrap_err();
    let code = refused.as_database_error().unwrap().code().unwrap().into_owned();
    assert_eq!(code, "23503", "the user is missing at the commit");

    app.run(&begin).await;
    let mut user = fixtures::user(LATE_USER, 0);
    user["email_addresses"][0]["email_address"] = json!("late@example.com");
    apply_event(store, "msg_late", &fixtures::event("user.created", user, 0)).await;
    app.run(&end).await;
}

/// Deletes the user of the page. The project stays until the application deletes it.
async fn delete_user(page: &mut Page, app: &mut Tables, store: &Store) {
    let (find, delete) = (page.next("Handle deleted users"), page.next("Handle deleted users"));
    assert_eq!(app.column(&joined(&["name"], &find)).await, [""; 0]);
    apply_event(store, "msg_deleted", &fixtures::user_deleted(USER, 1)).await;
    assert_eq!(app.column(&joined(&["name"], &find)).await, ["Website"]);
    app.run(&delete).await;
    assert_eq!(app.column(&joined(&["name"], &find)).await, [""; 0]);
}

/// Reads the file of the service from a connection to another file.
async fn attach(page: &mut Page, database: &Database) {
    let path = database.folder().join("meetvo.db");
    let attach = page.next("Use SQLite from several processes");
    let attach = attach.replace("meetvo.db", path.to_str().unwrap());
    let own = format!("sqlite:{}?mode=rwc", database.folder().join("own.db").display());
    let mut own = Tables::Sqlite(SqliteConnection::connect(&own).await.unwrap());
    own.run(&attach).await;
    let read = page.next("Use SQLite from several processes");
    assert_eq!(own.column(&joined(&["clerk_id"], &read)).await, [""; 0], "the user is deleted");
}

/// Foreign keys to users and organizations prevent no write of the service.
#[apply(both_engines)]
async fn rebuild_and_erasure_keep_your_rows(engine: Engine) {
    let (_database, store, mut owner) = migrated(engine).await;
    let mut page = Page::read(engine);
    let is_for_tables = |(heading, _): &(String, String)| heading == "Create your tables";
    let (_, create) = page.blocks.drain(..).find(is_for_tables).unwrap();
    let table = match engine {
        Engine::Sqlite => "app_projects",
        Engine::Postgres => "app.projects",
    };
    if engine == Engine::Postgres {
        owner.run("CREATE SCHEMA app").await;
    }
    owner.run(&create).await;
    let created = organization_events::organization_event("organization.created", ORGANIZATION, 0);
    apply_event(&store, "msg_1", &fixtures::user_event("user.created", USER, 0)).await;
    apply_event(&store, "msg_2", &created).await;
    let values = format!("('Website', '{USER}', '{ORGANIZATION}')");
    let insert = format!("INSERT INTO {table} (name, owner_id, organization_id) VALUES {values}");
    owner.run(&insert).await;

    owner.run("UPDATE users SET first_name = 'Eve', version_updated_at = 0").await;
    owner.run("UPDATE organizations SET name = 'Eve'").await;
    let rebuilt = rebuild::repair(&store, NOW, |_| {}).await.unwrap();
    assert!(rebuilt.commit_pause.is_some(), "the differences are corrected");
    rebuilt.close().await;
    assert_eq!(owner.column("SELECT first_name FROM users").await, ["Ada 0"]);

    let erasure = [Event::erasure(Kind::User, USER, NOW)];
    assert_eq!(commit(&store, &erasure).await, recorded(&[Decision::Applied]));
    let deletion = organization_events::organization_deleted(ORGANIZATION, 1);
    apply_event(&store, "msg_3", &deletion).await;
    assert_eq!(owner.column(&format!("SELECT owner_id FROM {table}")).await, [USER]);
    assert_eq!(owner.column("SELECT clerk_id FROM active_users").await, [""; 0]);
    store.close().await;
}
