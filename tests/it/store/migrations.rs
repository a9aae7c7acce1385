//! The schema, up and down.

use std::{collections::BTreeSet, fs, path::Path};

use meetvo::{
    app::Application,
    clock::Clock,
    config::{Settings, Sources},
    store::{Store, StoreError},
};

use super::{empty, migrated};
use crate::harness::{File, variables};

/// The migrations, and whether the database has them.
async fn info(store: &Store) -> Vec<(i64, &'static str, bool)> {
    let steps = store.migrations().await.unwrap();
    steps.into_iter().map(|step| (step.version, step.name, step.applied)).collect()
}

/// Everything that the migrations made.
async fn schema(file: &mut File) -> Vec<String> {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL \
               AND name NOT LIKE '\\_sqlx\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
               ORDER BY name";
    file.column(sql).await
}

#[tokio::test]
async fn migrations_run_and_are_taken_back_step_by_step_and_run_again() {
    let (_folder, store, mut file) = empty().await;
    let state =
        |projection, events| vec![(1, "projection", projection), (2, "webhook_events", events)];
    assert_eq!(info(&store).await, state(false, false));
    assert!(store.ping().await.is_err(), "a database without its schema is not ready");

    store.migrate().await.unwrap();
    assert_eq!(info(&store).await, state(true, true));
    store.ping().await.unwrap();
    let whole = schema(&mut file).await;
    assert!(whole.len() > 10, "{whole:?}");
    store.migrate().await.unwrap();
    assert_eq!(schema(&mut file).await, whole, "a second run changes nothing");

    let step = store.revert().await.unwrap().unwrap();
    assert_eq!((step.version, step.name), (2, "webhook_events"));
    assert_eq!(info(&store).await, state(true, false));
    assert!(!schema(&mut file).await.iter().any(|sql| sql.contains("webhook_")));
    let step = store.revert().await.unwrap().unwrap();
    assert_eq!((step.version, step.name), (1, "projection"));
    assert_eq!(info(&store).await, state(false, false));
    assert!(schema(&mut file).await.is_empty(), "nothing is left behind");
    assert_eq!(store.revert().await.unwrap(), None);

    store.migrate().await.unwrap();
    assert_eq!(schema(&mut file).await, whole);
}

/// The older program of a rollback must not write into a schema it does not know.
#[tokio::test]
async fn a_file_from_the_future_is_refused() {
    let (folder, store, mut file) = migrated().await;
    file.run(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'the future', TRUE, x'00', 0)",
    )
    .await;
    let why = "the schema cannot be migrated: migration 9999 was previously applied but is missing \
               in the resolved migrations";
    let refused = store.migrate().await.unwrap_err();
    assert!(matches!(refused, StoreError::Migration(_)));
    assert_eq!(refused.to_string(), why);
    let refused = store.revert().await.unwrap_err();
    assert_eq!(refused.to_string(), why, "nor is anything taken back");

    let url = format!("sqlite:{}", folder.path().join("meetvo.db").display());
    let sources = Sources { variables: variables([("DATABASE_URL", &*url)]), ..Sources::default() };
    let settings = Settings::load(&sources).unwrap();
    let refused = Application::build(&settings, Clock::system()).await.err().unwrap().to_string();
    assert!(refused.contains("meetvo.db") && refused.ends_with(why), "{refused}");
}

#[tokio::test]
async fn a_migration_that_was_changed_after_it_ran_is_refused() {
    let (_folder, store, mut file) = migrated().await;
    file.run("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1").await;
    let refused = store.migrate().await.unwrap_err().to_string();
    let why =
        "the schema cannot be migrated: migration 1 was previously applied but has been modified";
    assert_eq!(refused, why);
}

/// `0001_projection.up.sql`, of one engine.
fn files(engine: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    names.map(|name| name.into_string().unwrap()).collect()
}

#[tokio::test]
async fn the_program_knows_every_file_and_both_engines_have_the_same() {
    let (_folder, store, _) = empty().await;
    let steps = store.migrations().await.unwrap();
    let known: BTreeSet<_> = steps
        .iter()
        .flat_map(|step| {
            ["up", "down"].map(|way| format!("{:04}_{}.{way}.sql", step.version, step.name))
        })
        .collect();
    assert_eq!(files("sqlite"), known);
    assert_eq!(files("postgres"), known);
    assert!(steps.is_sorted_by(|a, b| a.version < b.version), "in the order in which they run");
}
