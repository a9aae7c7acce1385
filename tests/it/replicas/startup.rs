//! Services that start at the same time on one database.

use std::{fs, pin::pin, thread, time::Duration};

use meetvo::{app, clock::Clock};
use tokio::time::timeout;

use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, Process, apply, both_engines, client, fixtures,
    settings,
};

#[apply(both_engines)]
async fn concurrent_start_migrates_once(engine: Engine) {
    for _ in 0..3 {
        let database = Database::new(engine).await;
        let processes: Vec<_> = thread::scope(|scope| {
            let start = || scope.spawn(|| Process::serve(&database, []));
            let starting: Vec<_> = (0..4).map(|_| start()).collect();
            starting.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let applied = "SELECT COUNT(*) || ' ' || COUNT(DISTINCT version) FROM _sqlx_migrations";
        let count = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite"));
        let count = count.unwrap().count() / 2;
        let applied = database.tables().await.column(applied).await;
        assert_eq!(applied, [format!("{count} {count}")]);

        // Each service accepts events and returns users that the others synced.
        let client = client();
        for (at, process) in processes.iter().enumerate() {
            let body = fixtures::user_event("user.created", &format!("user_{at}"), 0);
            let delivery = Delivery::new(&body, Clock::system().now());
            let response = ApiResponse::fetch(delivery.request(&client, &process.url)).await;
            let decision = &response.body["decision"];
            assert_eq!((response.status.as_u16(), decision), (200, &"applied".into()));
            for other in &processes {
                let user = client.get(format!("{}/v1/users/user_{at}", other.url)).bearer_auth(KEY);
                assert_eq!(ApiResponse::fetch(user).await.status, 200);
            }
        }
    }
}

/// Only on SQLite: the first process creates the write-ahead log. SQLite tells the others without
/// a wait that the file is locked, and they must try again.
#[tokio::test]
async fn start_waits_for_locked_new_file() {
    let database = Database::new(Engine::Sqlite).await;
    fs::write(database.folder().join("meetvo.db"), "").unwrap();
    let mut other = database.tables().await;
    other.run("PRAGMA user_version = 1; BEGIN IMMEDIATE").await;
    let settings = settings(&database, []);
    let mut opening = pin!(app::open_store(&settings.database));
    let early = timeout(Duration::from_millis(100), &mut opening).await;
    assert!(early.is_err(), "it waits for the lock");
    other.run("COMMIT").await;
    opening.await.unwrap().migrate().await.unwrap();
}
