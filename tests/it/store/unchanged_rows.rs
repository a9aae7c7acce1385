//! Rows and indexed columns that keep their values are not written.

use super::{commit, event, migrated, statements::Statements};
use crate::harness::{Engine, apply, both_engines, fixtures};

/// Returns a text with all characters that JSON escapes, and some that it does not.
fn text() -> String {
    (1..=127).map(char::from).chain("é😀\u{2028}".chars()).collect()
}

/// Returns an event of a user whose columns contain [`text`], and one that only changes the time.
fn events() -> [serde_json::Value; 2] {
    [0, 1].map(|at| {
        let mut body = fixtures::user_event("user.updated", "user_1", at);
        let data = &mut body["data"];
        data["username"] = text().into();
        data["external_id"] = text().into();
        data["email_addresses"][0]["email_address"] = text().into();
        data["external_accounts"][0]["username"] = text().into();
        data["external_accounts"][0]["provider_user_id"] = text().into();
        body
    })
}

#[apply(both_engines)]
async fn unchanged_values_are_not_written(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let [first, second] = events();
    commit(&store, &[event("msg_1", &first)]).await;
    let stored = tables.column("SELECT username FROM accounts").await;
    assert!(stored[0].contains("\u{1}\u{2}") && stored[0].contains('😀'), "{stored:?}");
    let statements = Statements::capture_all(async {
        commit(&store, &[event("msg_2", &second)]).await;
    });
    let statements = statements.await;
    let writes = |table: &str| {
        let into = format!("INSERT INTO {table} ");
        statements.iter().filter(|sql| sql.contains(&into)).cloned().collect::<Vec<_>>()
    };
    for items in ["accounts", "verifications"] {
        assert_eq!(writes(items), [""; 0]);
    }
    let users = writes("users");
    assert!(users.len() == 1 && users[0].contains("updated_at = excluded."), "{users:?}");
    // PostgreSQL itself spares the index of a column that keeps its value.
    let spared = ["email", "username", "external_id", "created_at"];
    for column in spared.iter().filter(|_| engine == Engine::Sqlite) {
        assert!(!users[0].contains(&format!(" {column} = excluded.")), "{users:?}");
    }
}

#[apply(both_engines)]
async fn changed_values_are_written(engine: Engine) {
    let (_database, store, mut tables) = migrated(engine).await;
    let [first, mut second] = events();
    commit(&store, &[event("msg_1", &first)]).await;
    second["data"]["external_accounts"][0]["username"] = serde_json::Value::Null;
    second["data"]["username"] = "ada".into();
    commit(&store, &[event("msg_2", &second)]).await;
    let sql = "SELECT (SELECT COUNT(*) FROM accounts WHERE username IS NULL) || ' ' || username \
               FROM users";
    assert_eq!(tables.column(sql).await, ["1 ada"]);
}
