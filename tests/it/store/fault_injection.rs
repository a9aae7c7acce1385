//! Triggers that make the n-th write of a transaction fail, in any table.

use serde_json::{Map, Value};

use crate::harness::{Engine, Tables};

/// Cause of an injected failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// A value of the event, which violates a constraint.
    Event,
    /// The database, for example because its disk is full.
    Database,
}

/// Tables that a commit writes to, with the column of the user's ID.
const TABLES: [(&str, &str); 7] = [
    ("users", "clerk_id"),
    ("user_terms", "user_id"),
    ("accounts", "user_id"),
    ("verifications", "user_id"),
    ("sessions", "user_id"),
    ("webhook_secrets", "''"),
    ("webhook_events", "''"),
];

/// Creates the counter of writes. Each transaction counts from 0, because the rollback of the
/// failed one resets the counter.
const COUNTER: &str = "CREATE TABLE fault (written INTEGER NOT NULL, fails_at INTEGER NOT NULL, \
                       by_database INTEGER NOT NULL, user_id TEXT NOT NULL); \
                       INSERT INTO fault VALUES (0, 0, 0, '');";

/// `RAISE` of SQLite has the code of a constraint. An integer overflow has another code, which the
/// service does not attribute to the event.
const SQLITE: &str = "CREATE TRIGGER fault_{table}_{op} BEFORE {op} ON {table} \
                      WHEN (SELECT user_id IN ('', {owner}) FROM fault) BEGIN \
                          UPDATE fault SET written = written + 1; \
                          SELECT RAISE(ABORT, 'fault') FROM fault \
                              WHERE written = fails_at AND by_database = 0; \
                          SELECT abs(-9223372036854775807 - by_database) FROM fault \
                              WHERE written = fails_at AND by_database = 1; \
                      END;";

const POSTGRES: &str = "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ \
                        DECLARE it RECORD; owner TEXT; BEGIN \
                            IF TG_OP = 'DELETE' THEN owner := to_jsonb(OLD) ->> TG_ARGV[0]; \
                            ELSE owner := to_jsonb(NEW) ->> TG_ARGV[0]; END IF; \
                            UPDATE fault SET written = written + 1 \
                                WHERE user_id IN ('', owner) RETURNING * INTO it; \
                            IF it.written = it.fails_at THEN RAISE 'fault' USING ERRCODE = \
                                CASE it.by_database WHEN 1 THEN '53100' ELSE '23514' END; END IF; \
                            IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF; \
                        END $$;";

/// Creates the triggers. No write fails before a call of [`set`].
pub(super) async fn install(tables: &mut Tables) {
    let mut sql = COUNTER.to_owned();
    if tables.engine() == Engine::Postgres {
        sql += POSTGRES;
    }
    for (table, owner) in TABLES {
        for op in ["INSERT", "UPDATE", "DELETE"] {
            let trigger = match tables.engine() {
                Engine::Sqlite => {
                    let row = if op == "DELETE" { "OLD" } else { "NEW" };
                    let owner =
                        if owner == "''" { owner.to_owned() } else { format!("{row}.{owner}") };
                    SQLITE.replace("{table}", table).replace("{op}", op).replace("{owner}", &owner)
                }
                Engine::Postgres => format!(
                    "CREATE TRIGGER fault_{table}_{op} BEFORE {op} ON {table} \
                     FOR EACH ROW EXECUTE FUNCTION fault('{owner}');",
                ),
            };
            sql += &trigger;
        }
    }
    tables.run(&sql).await;
}

/// Makes the n-th write of a transaction fail. Counts only the writes for `user_id`, or all writes
/// if it is empty.
pub(super) async fn set(tables: &mut Tables, n: usize, cause: Cause, user_id: &str) {
    let by_database = i32::from(cause == Cause::Database);
    let sql = format!(
        "UPDATE fault SET written = 0, fails_at = {n}, by_database = {by_database}, \
         user_id = '{user_id}'"
    );
    tables.run(&sql).await;
}

/// Returns the rows of a user in each synced table.
pub(super) async fn rows_of(tables: &mut Tables, user_id: &str) -> Value {
    let mut found = Map::new();
    for (table, owner) in TABLES.into_iter().filter(|(_, owner)| *owner != "''") {
        let rows = tables.rows(table).await;
        let own: Vec<_> = rows.into_iter().filter(|row| row[owner] == user_id).collect();
        found.insert(table.to_owned(), own.into());
    }
    found.into()
}
