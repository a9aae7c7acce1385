//! A trap in a database: the n-th row that a transaction writes fails, whatever table it is in.

use serde_json::{Map, Value};

use crate::harness::{Engine, Tables};

/// Whose fault a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The value's: a constraint does not hold.
    Event,
    /// The database's: its disk is full, say.
    Ours,
}

/// Every table that a commit writes to, and whose the rows are.
const TABLES: [(&str, &str); 7] = [
    ("users", "clerk_id"),
    ("user_terms", "user_id"),
    ("accounts", "user_id"),
    ("verifications", "user_id"),
    ("sessions", "user_id"),
    ("webhook_secrets", "''"),
    ("webhook_events", "''"),
];

/// Counts what is written in the transaction itself, so that each begins anew.
const COUNTER: &str = "CREATE TABLE trap (written INTEGER NOT NULL, fails INTEGER NOT NULL, \
                       ours INTEGER NOT NULL, whose TEXT NOT NULL); \
                       INSERT INTO trap VALUES (0, 0, 0, '');";

/// SQLite's triggers raise no code but that of a constraint. An overflow has another, which is
/// nobody's fault as far as the service knows.
const SQLITE: &str = "CREATE TRIGGER trap_{table}_{op} BEFORE {op} ON {table} \
                      WHEN (SELECT whose IN ('', {owner}) FROM trap) BEGIN \
                          UPDATE trap SET written = written + 1; \
                          SELECT RAISE(ABORT, 'trap') FROM trap \
                              WHERE written = fails AND ours = 0; \
                          SELECT abs(-9223372036854775807 - ours) FROM trap \
                              WHERE written = fails AND ours = 1; \
                      END;";

const POSTGRES: &str = "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ \
                        DECLARE it RECORD; owner TEXT; BEGIN \
                            IF TG_OP = 'DELETE' THEN owner := to_jsonb(OLD) ->> TG_ARGV[0]; \
                            ELSE owner := to_jsonb(NEW) ->> TG_ARGV[0]; END IF; \
                            UPDATE trap SET written = written + 1 \
                                WHERE whose IN ('', owner) RETURNING * INTO it; \
                            IF it.written = it.fails THEN RAISE 'trap' USING ERRCODE = \
                                CASE it.ours WHEN 1 THEN '53100' ELSE '23514' END; END IF; \
                            IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF; \
                        END $$;";

pub(super) async fn lay(tables: &mut Tables) {
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
                    "CREATE TRIGGER trap_{table}_{op} BEFORE {op} ON {table} \
                     FOR EACH ROW EXECUTE FUNCTION trap('{owner}');",
                ),
            };
            sql += &trigger;
        }
    }
    tables.run(&sql).await;
}

/// From now on the n-th row fails: of one user's, or, where nobody is named, of all.
pub(super) async fn set(tables: &mut Tables, at: usize, fault: Fault, whose: &str) {
    let ours = i32::from(fault == Fault::Ours);
    let sql =
        format!("UPDATE trap SET written = 0, fails = {at}, ours = {ours}, whose = '{whose}'");
    tables.run(&sql).await;
}

/// What is kept of a user, by table, but the events.
pub(super) async fn rows_of(tables: &mut Tables, user: &str) -> Value {
    let mut kept = Map::new();
    for (table, owner) in TABLES.into_iter().filter(|(_, owner)| *owner != "''") {
        let rows = tables.rows(table).await;
        let own: Vec<_> = rows.into_iter().filter(|row| row[owner] == user).collect();
        kept.insert(table.to_owned(), own.into());
    }
    kept.into()
}
