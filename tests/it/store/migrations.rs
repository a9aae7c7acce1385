//! Migrations of the schema, up and down.

use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use meetvo::{
    app::{self, Application},
    clock::Clock,
    store::{Store, StoreError},
    sync::rebuild,
};

use super::{empty, migrated, schema};
use crate::harness::{Engine, NOW, Service, apply, both_engines, fixtures, settings};

/// Returns the names of the migrations that the database has.
async fn applied(store: &Store) -> Vec<&'static str> {
    let migrations = store.migrations().await.unwrap();
    migrations.into_iter().filter(|it| it.applied).map(|it| it.name).collect()
}

#[apply(both_engines)]
async fn migrations_run_revert_and_run_again(engine: Engine) {
    let (_database, store, mut tables) = empty(engine).await;
    assert_eq!(applied(&store).await, [""; 0]);
    assert!(store.ping().await.is_err(), "a database without its schema is not ready");

    store.migrate().await.unwrap();
    let all = applied(&store).await;
    assert_eq!(all[..2], ["projection", "webhook_events"]);
    store.ping().await.unwrap();
    let complete = schema::read(&mut tables).await;
    store.migrate().await.unwrap();
    assert_eq!(schema::read(&mut tables).await, complete, "a second run changes nothing");

    // Reverts one migration and runs it again, then two, and so on to the first.
    let mut before = vec![complete.clone()];
    for count in 1..=all.len() {
        for step in 1..=count {
            let reverted = store.revert().await.unwrap().unwrap();
            assert_eq!(reverted.name, all[all.len() - step]);
            assert_eq!(applied(&store).await, all[..all.len() - step]);
            let left = schema::read(&mut tables).await;
            if step < before.len() {
                assert_eq!(left, before[step], "{} restores the schema", reverted.name);
            } else {
                before.push(left);
            }
        }
        store.migrate().await.unwrap();
        assert_eq!(schema::read(&mut tables).await, complete, "{count} migrations");
    }
    assert_eq!(before[all.len()], [""; 0], "nothing is left");
    for _ in &all {
        store.revert().await.unwrap();
    }
    assert_eq!(store.revert().await.unwrap(), None);
}

/// After a rollback, the older program must not write to a schema that it does not know.
#[apply(both_engines)]
async fn newer_schema_is_rejected(engine: Engine) {
    let (database, store, mut tables) = migrated(engine).await;
    tables
        .run(
            "INSERT INTO _sqlx_migrations \
             (version, description, success, checksum, execution_time) SELECT 9999, 'the future', success, checksum, 0 FROM _sqlx_migrations \
             WHERE version = 1",
        )
        .await;
    let expected = "the schema cannot be migrated: migration 9999 was previously applied but is \
                    missing in the resolved migrations";
    let error = store.migrate().await.unwrap_err();
    assert!(matches!(error, StoreError::Migration(_)));
    assert_eq!(error.to_string(), expected);
    let error = store.revert().await.unwrap_err();
    assert_eq!(error.to_string(), expected, "nothing is reverted");

    let settings = settings(&database, []);
    let error = Application::build(&settings, Clock::system()).await.err().unwrap().to_string();
    assert!(
        error.contains(&settings.database.url.to_string()) && error.ends_with(expected),
        "{error}"
    );
}

/// A replica of the older version that is started again must come up, but it must not overwrite
/// columns that it does not know.
#[apply(both_engines)]
async fn additive_newer_schema_is_accepted(engine: Engine) {
    let (database, store, mut tables) = migrated(engine).await;
    tables.run("ALTER TABLE users ADD COLUMN added_later TEXT").await;
    tables
        .run(
            "INSERT INTO _sqlx_migrations \
             (version, description, success, checksum, execution_time) \
             SELECT 9999, 'additive_column', success, checksum, 0 FROM _sqlx_migrations \
             WHERE version = 1",
        )
        .await;
    store.migrate().await.unwrap();
    let unknown = "the schema has the newer migration 9999; use the newer program";
    let rebuild = rebuild::check(&store, |_| {}).await.err().unwrap();
    assert_eq!(rebuild.to_string(), unknown);
    assert!(store.revert().await.is_err(), "only the newer program can revert it");
    let settings = settings(&database, []);
    let snapshot = app::open_snapshot(&settings.database).await.err().unwrap();
    assert!(snapshot.to_string().ends_with(unknown), "{snapshot}");
    store.close().await;
    let service = Service::start_on(Arc::new(database), Clock::manual(NOW), []).await;
    let created = fixtures::user_event("user.created", "user_1", 0);
    assert_eq!(service.send(&created).await, "applied");
    service.stop().await;
}

#[apply(both_engines)]
async fn changed_migration_is_rejected(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let other = "(SELECT checksum FROM _sqlx_migrations WHERE version = 2)";
    let sql = format!("UPDATE _sqlx_migrations SET checksum = {other} WHERE version = 1");
    tables.run(&sql).await;
    let error = store.migrate().await.unwrap_err().to_string();
    let expected =
        "the schema cannot be migrated: migration 1 was previously applied but has been modified";
    assert_eq!(error, expected);
}

/// Returns the names of one engine's files, such as `0001_projection.up.sql`.
fn files(engine: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    names.map(|name| name.into_string().unwrap()).collect()
}

#[apply(both_engines)]
async fn every_migration_file_is_embedded(engine: Engine) {
    let (_database, store, _) = empty(engine).await;
    let migrations = store.migrations().await.unwrap();
    let embedded: BTreeSet<_> = migrations
        .iter()
        .flat_map(|it| {
            ["up", "down"].map(|direction| format!("{:04}_{}.{direction}.sql", it.version, it.name))
        })
        .collect();
    assert_eq!(files("sqlite"), embedded);
    assert_eq!(files("postgres"), embedded);
    assert!(migrations.is_sorted_by(|a, b| a.version < b.version), "in the order of execution");
}
