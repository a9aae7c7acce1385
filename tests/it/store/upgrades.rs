//! Upgrades of the schema and data of every earlier version.
//!
//! `tests/upgrade-data` has written them, from the fixtures of that version.

use std::{fs, sync::Arc};

use meetvo::clock::Clock;

use crate::harness::{
    Database, Engine, NOW, Process, Service, apply, both_engines, fixtures, repository,
};

/// Runs a command that must succeed, and returns what it prints.
fn run(database: &Database, words: &[&str]) -> String {
    let output = Process::run(database, [], words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The rows equal those that this version computes from the event log, and the service goes on with
/// them.
#[apply(both_engines)]
async fn earlier_versions_are_upgraded(engine: Engine) {
    let file = match engine {
        Engine::Sqlite => "sqlite.sql",
        Engine::Postgres => "postgres.sql",
    };
    let versions = fs::read_dir(repository::path("tests/data/upgrades")).unwrap();
    let versions: Vec<_> = versions.map(|version| version.unwrap().path()).collect();
    assert!(!versions.is_empty());
    for version in versions {
        let database = Database::new(engine).await;
        if engine == Engine::Sqlite {
            fs::write(database.folder().join("meetvo.db"), "").unwrap();
        }
        let stored = fs::read_to_string(version.join(file)).unwrap();
        let mut tables = database.tables().await;
        if engine == Engine::Sqlite {
            // The tables are in alphabetical order.
            tables.disable_foreign_keys().await;
        }
        tables.run(&stored).await;
        drop(tables);
        let migrated = run(&database, &["migrate", "run"]);
        assert!(!migrated.contains("pending"), "{}: {migrated}", version.display());
        run(&database, &["rebuild", "--check"]);
        let users = "SELECT clerk_id FROM active_users";
        let before = database.tables().await.column(users).await.len();
        assert!(before > 10, "{}: {before}", version.display());
        let service = Service::start_on(Arc::new(database), Clock::manual(NOW), []).await;
        assert_eq!(service.get("/v1/users/count").await.body["count"], before);
        let created = fixtures::user_event("user.created", "user_after_upgrade", 0);
        assert_eq!(service.send(&created).await, "applied");
        assert_eq!(service.get("/v1/users/user_after_upgrade").await.status, 200);
        run(&service.database, &["rebuild", "--check"]);
        service.stop().await;
    }
}
