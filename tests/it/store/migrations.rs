//! The schema, up and down.

use std::{collections::BTreeSet, fs, path::Path};

use meetvo::{
    app::Application,
    clock::Clock,
    store::{Store, StoreError},
};

use super::{empty, migrated, schema};
use crate::harness::{Engine, apply, both_engines, settings};

/// The migrations that the database has.
async fn applied(store: &Store) -> Vec<&'static str> {
    let steps = store.migrations().await.unwrap();
    steps.into_iter().filter(|step| step.applied).map(|step| step.name).collect()
}

#[apply(both_engines)]
async fn migrations_run_and_are_taken_back_step_by_step_and_run_again(engine: Engine) {
    let (_database, store, mut tables) = empty(engine).await;
    assert_eq!(applied(&store).await, [""; 0]);
    assert!(store.ping().await.is_err(), "a database without its schema is not ready");

    store.migrate().await.unwrap();
    let all = applied(&store).await;
    assert_eq!(all[..2], ["projection", "webhook_events"]);
    store.ping().await.unwrap();
    let whole = schema::of(&mut tables).await;
    store.migrate().await.unwrap();
    assert_eq!(schema::of(&mut tables).await, whole, "a second run changes nothing");

    // One step back and up again, then two, and so on to the beginning.
    let mut before = vec![whole.clone()];
    for back in 1..=all.len() {
        for step in 1..=back {
            let reverted = store.revert().await.unwrap().unwrap();
            assert_eq!(reverted.name, all[all.len() - step]);
            assert_eq!(applied(&store).await, all[..all.len() - step]);
            let left = schema::of(&mut tables).await;
            if step < before.len() {
                assert_eq!(left, before[step], "{} leaves what it found", reverted.name);
            } else {
                before.push(left);
            }
        }
        store.migrate().await.unwrap();
        assert_eq!(schema::of(&mut tables).await, whole, "{back} steps");
    }
    assert_eq!(before[all.len()], [""; 0], "nothing is left behind");
    for _ in &all {
        store.revert().await.unwrap();
    }
    assert_eq!(store.revert().await.unwrap(), None);
}

/// The older program of a rollback must not write into a schema it does not know.
#[apply(both_engines)]
async fn a_database_from_the_future_is_refused(engine: Engine) {
    let (database, store, mut tables) = migrated(engine).await;
    tables
        .run(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             SELECT 9999, 'the future', success, checksum, 0 FROM _sqlx_migrations \
             WHERE version = 1",
        )
        .await;
    let why = "the schema cannot be migrated: migration 9999 was previously applied but is missing \
               in the resolved migrations";
    let refused = store.migrate().await.unwrap_err();
    assert!(matches!(refused, StoreError::Migration(_)));
    assert_eq!(refused.to_string(), why);
    let refused = store.revert().await.unwrap_err();
    assert_eq!(refused.to_string(), why, "nor is anything taken back");

    let settings = settings(&database, []);
    let refused = Application::build(&settings, Clock::system()).await.err().unwrap().to_string();
    assert!(
        refused.contains(&settings.database.url.to_string()) && refused.ends_with(why),
        "{refused}"
    );
}

#[apply(both_engines)]
async fn a_migration_that_was_changed_after_it_ran_is_refused(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let other = "(SELECT checksum FROM _sqlx_migrations WHERE version = 2)";
    let sql = format!("UPDATE _sqlx_migrations SET checksum = {other} WHERE version = 1");
    tables.run(&sql).await;
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

#[apply(both_engines)]
async fn the_program_knows_every_file_and_both_engines_have_the_same(engine: Engine) {
    let (_database, store, _) = empty(engine).await;
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
