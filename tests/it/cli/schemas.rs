//! The schema of the tables. PostgreSQL only: SQLite has no schemas.

use super::{printed, stderr};
use crate::harness::{
    Database, Engine, NOW, Process, Service, Tables, fixtures, repeated_until_success,
};
use meetvo::clock::Clock;

/// Tables of an application, with names that the service uses too.
const APPLICATION: &str = "CREATE TABLE public.users (id INTEGER PRIMARY KEY); \
    INSERT INTO public.users VALUES (7); \
    CREATE TABLE public.accounts (id INTEGER); CREATE TABLE public.api_keys (id INTEGER); \
    CREATE TABLE public._sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
        installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, \
        checksum BYTEA NOT NULL, execution_time BIGINT NOT NULL); \
    INSERT INTO public._sqlx_migrations VALUES (1, 'init', now(), true, '', 0)";

/// Returns the tables of a schema, with a count of their rows for those of the application.
async fn tables_of(tables: &mut Tables, schema: &str) -> Vec<String> {
    let sql = format!(
        "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'v') \
         AND relnamespace = to_regnamespace('{schema}') ORDER BY relname"
    );
    tables.column(&sql).await
}

/// Sends an event to a service on the database, and reads it back.
async fn sync_user(database: Database, id: &str) -> Database {
    let service = Service::start_on(database.into(), Clock::manual(NOW), []).await;
    assert_eq!(service.send(&fixtures::user_event("user.created", id, 0)).await, "applied");
    assert_eq!(service.get(&format!("/v1/users/{id}")).await.status, 200);
    std::sync::Arc::into_inner(service.stop().await).unwrap()
}

/// PostgreSQL: the service works beside an application with the same names of tables. Reverts of
/// all migrations leave its tables alone.
#[tokio::test(flavor = "multi_thread")]
async fn tables_of_application_are_left_alone() {
    let database = Database::new(Engine::Postgres).await;
    let mut tables = database.tables().await;
    tables.run(APPLICATION).await;
    let before = tables_of(&mut tables, "public").await;
    let database = sync_user(database, "user_1").await;
    assert_eq!(tables.column("SELECT clerk_id FROM clerk.users").await, ["user_1"]);
    for _ in tables_of(&mut tables, "clerk").await {
        printed(&Process::run(&database, [], &["migrate", "revert", "--yes", "--delete-data"]));
    }
    assert_eq!(tables_of(&mut tables, "clerk").await, ["_sqlx_migrations"]);
    assert_eq!(tables_of(&mut tables, "public").await, before);
    assert_eq!(tables.column("SELECT id::text FROM public.users").await, ["7"]);
    assert_eq!(tables.column("SELECT description FROM public._sqlx_migrations").await, ["init"]);
}

/// PostgreSQL: the setting and the parameter of the URL select the schema.
#[tokio::test(flavor = "multi_thread")]
async fn schema_can_be_chosen() {
    let database = Database::new(Engine::Postgres).await;
    let url = format!("{}?schema=chosen", database.url());
    for (setting, schema) in
        [(("MEETVO__DATABASE__SCHEMA", "other"), "other"), (("DATABASE_URL", &*url), "chosen")]
    {
        printed(&Process::run(&database, [setting], &["migrate", "run"]));
        let process = Process::serve(&database, [setting]);
        let doctor = || Process::run(&database, [setting], &["doctor", "--to", &process.url]);
        printed(&repeated_until_success(doctor));
        let decisions = format!("SELECT decision FROM {schema}.webhook_events");
        assert_eq!(database.tables().await.column(&decisions).await, ["ignored"]);
    }
    assert_eq!(tables_of(&mut database.tables().await, "clerk").await, [""; 0]);
}

/// PostgreSQL: tables of an earlier version in `public` stay there until they are moved.
#[tokio::test(flavor = "multi_thread")]
async fn former_schema_is_kept_and_moved() {
    let database = Database::new(Engine::Postgres).await;
    let former = [("MEETVO__DATABASE__SCHEMA", "public")];
    printed(&Process::run(&database, former, &["migrate", "run"]));
    let database = sync_user(database, "user_1").await;
    let mut tables = database.tables().await;
    let own = tables_of(&mut tables, "public").await;
    assert_eq!(tables_of(&mut tables, "clerk").await, [""; 0]);
    let digest = printed(&Process::run(&database, [], &["digest"]));

    let moved = printed(&Process::run(&database, [], &["migrate", "move"]));
    assert_eq!(moved, "moved the tables from the schema public to clerk\n");
    assert_eq!(tables_of(&mut tables, "clerk").await, own);
    assert_eq!(tables_of(&mut tables, "public").await, [""; 0]);
    assert_eq!(printed(&Process::run(&database, [], &["digest"])), digest);
    assert_eq!(printed(&Process::run(&database, [], &["migrate", "move"])), "nothing to move\n");
    let _database = sync_user(database, "user_2").await;
    assert_eq!(tables.column("SELECT clerk_id FROM clerk.users").await, ["user_1", "user_2"]);
}

/// PostgreSQL: the move never mixes two installations.
#[tokio::test(flavor = "multi_thread")]
async fn move_to_used_schema_is_refused() {
    let database = Database::new(Engine::Postgres).await;
    let former = [("MEETVO__DATABASE__SCHEMA", "public")];
    printed(&Process::run(&database, former, &["migrate", "run"]));
    database.tables().await.run("CREATE SCHEMA clerk; CREATE TABLE clerk.users (id INT)").await;
    let output = Process::run(&database, [], &["migrate", "move"]);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("the schema clerk has the table users"), "{text}");

    // Tables in the former schema are used with the default only, and moved to any schema.
    let other = [("MEETVO__DATABASE__SCHEMA", "other")];
    let digest = stderr(&Process::run(&database, other, &["digest"]));
    assert!(digest.contains("the schema is not up to date"), "{digest}");
    assert!(digest.contains("run `meetvo migrate move`"), "{digest}");
    let moved = printed(&Process::run(&database, other, &["migrate", "move"]));
    assert_eq!(moved, "moved the tables from the schema public to other\n");
    printed(&Process::run(&database, other, &["digest"]));
}
