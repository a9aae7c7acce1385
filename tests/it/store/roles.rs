//! What the service needs of a database that somebody else looks after.

use meetvo::{
    app,
    domain::event::{Decision, Event},
    store::{
        Page, checks::Due, erasure::Vacuumed, keys::StoredKey, tokens::SealedToken,
        users::UserFilter,
    },
    sync::rebuild,
};
use reqwest::Url;

use super::{commit, event, migrated, recorded};
use crate::harness::{
    Database, Engine, NOW, Tables, apply, both_engines, fixtures, repository, settings, unique,
};

/// The rights that the documentation gives the service, for another role.
async fn grant(tables: &mut Tables, role: &str) {
    tables.run(&format!("CREATE ROLE {role} LOGIN PASSWORD '{role}'")).await;
    let page = repository::read("docs/operations.md");
    let grants = page.split("GRANT ").skip(1).filter_map(|rest| rest.split_once(';'));
    let grants: Vec<_> =
        grants.map(|(grant, _)| grant).filter(|it| it.ends_with("TO meetvo_service")).collect();
    assert_eq!(grants.len(), 3, "{grants:?}");
    for grant in grants {
        tables.run(&format!("GRANT {}", grant.replace("meetvo_service", role))).await;
    }
}

/// The database's URL, for another role.
fn url_of(database: &Database, role: &str) -> String {
    let mut url: Url = database.url().parse().unwrap();
    url.set_username(role).unwrap();
    url.set_password(Some(role)).unwrap();
    url.into()
}

/// On PostgreSQL, under a role that may read and write rows and nothing else; on SQLite, while
/// somebody else holds the lock that every change of the schema takes.
#[apply(both_engines)]
async fn a_schema_that_is_there_is_left_alone(engine: Engine) {
    let (database, store, mut tables) = migrated(engine).await;
    store.close().await;
    if engine == Engine::Sqlite {
        tables.hold_writers().await;
        let store = app::open_store(&settings(&database, []).database).await.unwrap();
        store.migrate().await.unwrap();
        return tables.let_go().await;
    }
    let role = unique(&format!("meetvo_role_{}_", std::process::id()));
    grant(&mut tables, &role).await;
    let url = url_of(&database, &role);
    let settings = settings(&database, [("DATABASE_URL", &*url)]);
    let store = app::open_store(&settings.database).await.unwrap();
    store.migrate().await.unwrap();
    for (id, user) in [("msg_1", "user_1"), ("msg_2", "user_2")] {
        let body = fixtures::user_event("user.created", user, 0);
        let outcomes = commit(&store, &[event(id, &body)]).await;
        assert_eq!(outcomes, recorded(&[Decision::Applied]));
    }
    let address =
        UserFilter { email: Some("user_1@example.com".to_owned()), ..UserFilter::default() };
    let found = store.users(&address, &Page { after: None, limit: 2 }).await.unwrap();
    assert_eq!(found.items.len(), 1, "by address");
    let erasure = [Event::erasure("user_2", NOW)];
    assert_eq!(commit(&store, &erasure).await, recorded(&[Decision::Applied]));
    assert!(store.traces("user_2").await.unwrap().is_erased());
    assert_eq!(store.vacuum().await.unwrap(), Vacuumed::Forbidden, "the owner has to");
    let token = SealedToken {
        access_token: "sealed".to_owned(),
        id_token: None,
        access_token_expires_at: None,
        key_id: "first".to_owned(),
        fetched_at: NOW,
    };
    assert!(store.keep_token("user_1", "eac_user_1", &token).await.unwrap());
    assert!(store.keys().await.is_ok() && store.key_used("web", 1).await.is_ok());
    let due = Due { well: 0, failed: 0 };
    assert!(store.begin_check(NOW, due).await.unwrap());
    store.end_check(NOW, NOW, Err("away")).await.unwrap();
    let key = StoredKey {
        name: "stolen".to_owned(),
        sha256: "0".repeat(64),
        scopes: "read".to_owned(),
        created_at: 0,
        last_used_at: None,
        revoked_at: None,
    };
    assert!(store.add_key(&key).await.is_err(), "nor lets itself in who holds the service");
    assert!(store.revert().await.is_err(), "it may not change the schema");
    tables.run("UPDATE users SET first_name = 'Eve' WHERE deleted_at IS NULL").await;
    let rebuilt = rebuild::mend(&store, NOW, |_| {}).await.unwrap();
    assert!(rebuilt.held.is_some(), "it may make the tables what they should be");
    rebuilt.close();
    let names = tables.column("SELECT first_name FROM users WHERE deleted_at IS NULL").await;
    assert_eq!(names, ["Ada 0"]);
    store.close().await;
    tables.run(&format!("DROP OWNED BY {role}")).await;
    tables.run(&format!("DROP ROLE {role}")).await;
}
