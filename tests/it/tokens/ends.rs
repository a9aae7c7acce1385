//! A token goes with its account, and with nothing else.

use std::sync::Arc;

use meetvo::sync::rebuild;
use tokio::sync::Semaphore;

use super::{FIRST, HOUR, Scene, account};
use crate::harness::{
    Engine, NOW, Process, Tables, apply, backend::Answer, both_engines, fixtures,
};

async fn keeping(engine: Engine) -> (Scene, Tables) {
    let scene = Scene::begin(engine, FIRST).await;
    scene.give("gho_first", Some(HOUR));
    assert_eq!(scene.token().await, "gho_first");
    let tables = scene.service.tables().await;
    (scene, tables)
}

async fn owners(tables: &mut Tables) -> Vec<String> {
    tables.column("SELECT user_id FROM account_tokens").await
}

#[apply(both_engines)]
async fn an_account_that_changes_keeps_its_token(engine: Engine) {
    let (scene, mut tables) = keeping(engine).await;
    let mut changed = account("user_1", "github");
    changed["approved_scopes"] = "read:user repo".into();
    scene.send_user("user_1", 1, &[changed, account("other", "google")]).await;
    assert_eq!(owners(&mut tables).await, ["user_1"]);
    assert_eq!((scene.token().await, scene.asked()), ("gho_first".to_owned(), 1));
}

#[apply(both_engines)]
async fn an_account_or_a_user_who_goes_takes_it_along(engine: Engine) {
    let (scene, mut tables) = keeping(engine).await;
    scene.send_user("user_1", 1, &[]).await;
    assert!(owners(&mut tables).await.is_empty());
    assert_eq!(scene.ask("eac_user_1").await.problem(), (404, "not_found"));

    scene.send_user("user_1", 2, &[account("user_1", "github")]).await;
    assert_eq!(scene.token().await, "gho_first");
    assert_eq!(owners(&mut tables).await, ["user_1"]);
    assert_eq!(scene.service.send(&fixtures::user_deleted("user_1", 3)).await, "applied");
    assert!(owners(&mut tables).await.is_empty());
    assert_eq!(scene.ask("eac_user_1").await.problem(), (404, "not_found"));
}

#[apply(both_engines)]
async fn who_is_erased_leaves_none(engine: Engine) {
    let (scene, mut tables) = keeping(engine).await;
    let sealed = tables.column("SELECT access_token FROM account_tokens").await.remove(0);
    let erased = Process::run(&*scene.service.database, [], &["erase", "--yes", "user_1"]);
    assert!(erased.status.success(), "{}", String::from_utf8_lossy(&erased.stderr));
    assert!(owners(&mut tables).await.is_empty());
    if engine == Engine::Sqlite {
        for file in std::fs::read_dir(scene.service.database.folder()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let found = bytes.windows(sealed.len()).any(|window| window == sealed.as_bytes());
            assert!(!found, "not even sealed");
        }
    }
}

/// One that is erased while Clerk is asked is not given out, and not kept.
#[apply(both_engines)]
async fn who_goes_while_clerk_is_asked_has_none(engine: Engine) {
    let (scene, mut tables) = keeping(engine).await;
    scene.service.clock.set(NOW + HOUR);
    let permits = Arc::new(Semaphore::new(0));
    scene.clerk.answer_next([Answer::Held(Arc::clone(&permits))]);
    scene.give("gho_second", Some(3 * HOUR));
    let end = async {
        scene.clerk.until_asked(2).await;
        assert_eq!(scene.service.send(&fixtures::user_deleted("user_1", 3)).await, "applied");
        permits.add_permits(1);
    };
    let (answer, ()) = tokio::join!(scene.ask("eac_user_1"), end);
    assert_eq!(answer.problem(), (404, "not_found"));
    assert!(owners(&mut tables).await.is_empty());
}

#[apply(both_engines)]
async fn a_rebuild_leaves_it_with_its_account(engine: Engine) {
    let (scene, mut tables) = keeping(engine).await;
    let before = tables.rows("account_tokens").await;
    let settings = crate::harness::settings(&scene.service.database, []);
    let store = meetvo::app::open_store(&settings.database).await.unwrap();
    let mend = async || {
        let rebuilt = rebuild::mend(&store, NOW, |_| {}).await.unwrap();
        let counts = rebuilt.counts.clone();
        rebuilt.close();
        counts
    };
    assert!(mend().await.is_empty());
    assert_eq!(tables.rows("account_tokens").await, before);
    // A row that was altered is written anew, and one that no event tells of goes.
    tables.run("UPDATE accounts SET email = 'eve@example.com'").await;
    tables.run("INSERT INTO accounts (user_id, id) VALUES ('user_1', 'eac_extra')").await;
    tables
        .run(
            "INSERT INTO account_tokens (user_id, account_id, access_token, key_id, fetched_at) \
             VALUES ('user_1', 'eac_extra', 'x', 'first', 1)",
        )
        .await;
    assert_eq!(mend().await["accounts"].len(), 2);
    assert_eq!(tables.rows("account_tokens").await, before);
    assert_eq!((scene.token().await, scene.asked()), ("gho_first".to_owned(), 1));
    store.close().await;
}
