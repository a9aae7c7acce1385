//! A cached token is deleted with its account, and not otherwise.

use std::sync::Arc;

use meetvo::sync::rebuild;
use tokio::sync::Semaphore;

use super::{FIRST_KEY, HOUR, Scene, account};
use crate::harness::{
    Engine, NOW, Process, Tables, apply, both_engines, fake_clerk::ScriptedResponse, fixtures,
};

async fn with_cached_token(engine: Engine) -> (Scene, Tables) {
    let scene = Scene::start(engine, FIRST_KEY).await;
    scene.put_token("gho_first", Some(HOUR));
    assert_eq!(scene.token().await, "gho_first");
    let tables = scene.service.tables().await;
    (scene, tables)
}

async fn owners(tables: &mut Tables) -> Vec<String> {
    tables.column("SELECT user_id FROM account_tokens").await
}

#[apply(both_engines)]
async fn changed_account_keeps_token(engine: Engine) {
    let (scene, mut tables) = with_cached_token(engine).await;
    let mut changed = account("user_1", "github");
    changed["approved_scopes"] = "read:user repo".into();
    scene.send_user("user_1", 1, &[changed, account("other", "google")]).await;
    assert_eq!(owners(&mut tables).await, ["user_1"]);
    assert_eq!((scene.token().await, scene.clerk_requests()), ("gho_first".to_owned(), 1));
}

#[apply(both_engines)]
async fn deleting_account_or_user_deletes_token(engine: Engine) {
    let (scene, mut tables) = with_cached_token(engine).await;
    scene.send_user("user_1", 1, &[]).await;
    assert!(owners(&mut tables).await.is_empty());
    assert_eq!(scene.request_token("eac_user_1").await.problem(), (404, "not_found"));

    scene.send_user("user_1", 2, &[account("user_1", "github")]).await;
    assert_eq!(scene.token().await, "gho_first");
    assert_eq!(owners(&mut tables).await, ["user_1"]);
    assert_eq!(scene.service.send(&fixtures::user_deleted("user_1", 3)).await, "applied");
    assert!(owners(&mut tables).await.is_empty());
    assert_eq!(scene.request_token("eac_user_1").await.problem(), (404, "not_found"));
}

#[apply(both_engines)]
async fn erasure_deletes_token(engine: Engine) {
    let (scene, mut tables) = with_cached_token(engine).await;
    let sealed = tables.column("SELECT access_token FROM account_tokens").await.remove(0);
    let erased = Process::run(&*scene.service.database, [], &["erase", "--yes", "user_1"]);
    assert!(erased.status.success(), "{}", String::from_utf8_lossy(&erased.stderr));
    assert!(owners(&mut tables).await.is_empty());
    if engine == Engine::Sqlite {
        for file in std::fs::read_dir(scene.service.database.folder()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let found = bytes.windows(sealed.len()).any(|window| window == sealed.as_bytes());
            assert!(!found, "the ciphertext is erased too");
        }
    }
}

/// If the user is deleted during the request to Clerk, the token is neither returned nor cached.
#[apply(both_engines)]
async fn deletion_during_fetch_discards_token(engine: Engine) {
    let (scene, mut tables) = with_cached_token(engine).await;
    scene.service.clock.set(NOW + HOUR);
    let permits = Arc::new(Semaphore::new(0));
    scene.clerk.script_responses([ScriptedResponse::Held(Arc::clone(&permits))]);
    scene.put_token("gho_second", Some(3 * HOUR));
    let end = async {
        scene.clerk.wait_for_requests(2).await;
        assert_eq!(scene.service.send(&fixtures::user_deleted("user_1", 3)).await, "applied");
        permits.add_permits(1);
    };
    let (answer, ()) = tokio::join!(scene.request_token("eac_user_1"), end);
    assert_eq!(answer.problem(), (404, "not_found"));
    assert!(owners(&mut tables).await.is_empty());
}

#[apply(both_engines)]
async fn rebuild_keeps_token_of_account(engine: Engine) {
    let (scene, mut tables) = with_cached_token(engine).await;
    let before = tables.rows("account_tokens").await;
    let settings = crate::harness::settings(&scene.service.database, []);
    let store = meetvo::app::open_store(&settings.database).await.unwrap();
    let repair = async || {
        let outcome = rebuild::repair(&store, NOW, |_| {}).await.unwrap();
        let counts = outcome.counts.clone();
        outcome.close().await;
        counts
    };
    assert!(repair().await.is_empty());
    assert_eq!(tables.rows("account_tokens").await, before);
    // The rebuild replaces the altered row, and deletes the row without an event.
    tables.run("UPDATE accounts SET email = 'eve@example.com'").await;
    tables.run("INSERT INTO accounts (user_id, id) VALUES ('user_1', 'eac_extra')").await;
    tables
        .run(
            "INSERT INTO account_tokens (user_id, account_id, access_token, key_id, fetched_at) \
             VALUES ('user_1', 'eac_extra', 'x', 'first', 1)",
        )
        .await;
    assert_eq!(repair().await["accounts"].len(), 2);
    assert_eq!(tables.rows("account_tokens").await, before);
    assert_eq!((scene.token().await, scene.clerk_requests()), ("gho_first".to_owned(), 1));
    store.close().await;
}
