//! A look into a service's database, and a hand in it, past the service.

use std::time::Duration;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection};
use tokio::time::timeout;

use super::Engine;

/// Ends a test that would hang.
const PATIENCE: Duration = Duration::from_mins(1);

/// What is synced.
const PROJECTION: [&str; 4] = ["users", "sessions", "accounts", "verifications"];

/// SQLite has no type for these, and keeps them as numbers and as text.
pub const BOOLEANS: [&str; 5] =
    ["email_verified", "banned", "locked", "password_enabled", "two_factor_enabled"];
pub const JSON: [&str; 4] = ["public_metadata", "private_metadata", "unsafe_metadata", "actor"];

/// A connection of the test's own.
pub enum Tables {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Tables {
    pub(super) async fn open(engine: Engine, url: &str) -> Self {
        match engine {
            Engine::Sqlite => Self::Sqlite(SqliteConnection::connect(url).await.unwrap()),
            Engine::Postgres => Self::Postgres(PgConnection::connect(url).await.unwrap()),
        }
    }

    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs statements.
    pub async fn run(&mut self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(connection) => drop(sql.execute(connection).await.unwrap()),
            Self::Postgres(connection) => drop(sql.execute(connection).await.unwrap()),
        }
    }

    /// The first column of a query, which is text.
    pub async fn column(&mut self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql);
        match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_all(connection).await,
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_all(connection).await,
        }
        .unwrap()
    }

    /// How the planner goes about a statement, whatever its parameters are.
    pub async fn plan(&mut self, sql: &str) -> Vec<String> {
        match self {
            Self::Sqlite(connection) => {
                let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
                let steps = sqlx::query(sql).fetch_all(connection).await.unwrap();
                steps.iter().map(|step| step.get("detail")).collect()
            }
            Self::Postgres(_) => {
                // `EXPLAIN (GENERIC_PLAN)` came with 16.
                let holes = (1..sql.len()).take_while(|hole| sql.contains(&format!("${hole}")));
                let nulls = vec!["NULL"; holes.count()].join(", ");
                self.run(&format!("PREPARE statement AS {sql}")).await;
                self.run("SET plan_cache_mode = force_generic_plan").await;
                let nulls = if nulls.is_empty() { nulls } else { format!("({nulls})") };
                let plan = self.column(&format!("EXPLAIN EXECUTE statement{nulls}")).await;
                self.run("DEALLOCATE statement").await;
                plan
            }
        }
    }

    /// The columns of a table, in their order.
    pub async fn columns(&mut self, table: &str) -> Vec<String> {
        let sql = match self.engine() {
            Engine::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
            Engine::Postgres => format!(
                "SELECT attname::text FROM pg_attribute WHERE attrelid = '{table}'::regclass \
                 AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            ),
        };
        self.column(&sql).await
    }

    /// A table with all its columns, in the order of its key; the same on both engines.
    pub async fn rows(&mut self, table: &str) -> Vec<Value> {
        let columns = self.columns(table).await;
        let row = match self.engine() {
            Engine::Sqlite => {
                let pair = |name: &String| match name.as_str() {
                    name if JSON.contains(&name) => format!("'{name}', json({name})"),
                    name if BOOLEANS.contains(&name) => {
                        format!(
                            "'{name}', json(iif({name}, 'true', iif({name} = 0, 'false', NULL)))"
                        )
                    }
                    name => format!("'{name}', {name}"),
                };
                let pairs: Vec<_> = columns.iter().map(pair).collect();
                format!("json_object({})", pairs.join(", "))
            }
            Engine::Postgres => format!("to_jsonb({table})::text"),
        };
        let key = columns[..2].join(", ");
        let rows = self.column(&format!("SELECT {row} FROM {table} ORDER BY {key}")).await;
        rows.iter().map(|row| serde_json::from_str(row).unwrap()).collect()
    }

    /// Everything that is synced, by table.
    pub async fn projection(&mut self) -> Value {
        let mut tables = serde_json::Map::new();
        for table in PROJECTION {
            tables.insert(table.to_owned(), self.rows(table).await.into());
        }
        tables.into()
    }

    /// Something that differs after every write, also one that leaves all values as they were.
    pub async fn imprint(&mut self) -> Vec<String> {
        match self.engine() {
            Engine::Sqlite => {
                self.column("SELECT data_version || '' FROM pragma_data_version").await
            }
            Engine::Postgres => {
                let mut rows = Vec::new();
                for table in PROJECTION.into_iter().chain(["webhook_events", "webhook_secrets"]) {
                    // Each row's place, and the transaction that put it there.
                    let sql =
                        format!("SELECT '{table}' || ctid || xmin FROM {table} ORDER BY ctid");
                    rows.extend(self.column(&sql).await);
                }
                rows
            }
        }
    }

    /// Lets rows stand without what they refer to; on SQLite those that are written here.
    pub async fn forget_references(&mut self) {
        let sql = match self.engine() {
            Engine::Sqlite => "PRAGMA foreign_keys = OFF",
            Engine::Postgres => {
                "DO $$ DECLARE it RECORD; BEGIN \
                     FOR it IN SELECT conrelid::regclass AS made, conname FROM pg_constraint \
                         WHERE contype = 'f' \
                     LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', it.made, it.conname); \
                     END LOOP; END $$"
            }
        };
        self.run(sql).await;
    }

    /// Has the database refuse new rows of a table, as it refuses a value that no column takes:
    /// `NEW.username = 'poison'`. The message quotes somebody's address.
    pub async fn refuse(&mut self, table: &str, which: &str) {
        let sql = match self.engine() {
            Engine::Sqlite => format!(
                "CREATE TRIGGER refuse BEFORE INSERT ON {table} WHEN {which} \
                 BEGIN SELECT RAISE(ABORT, 'refused: ada@example.com'); END",
            ),
            Engine::Postgres => format!(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                     RAISE check_violation USING TABLE = TG_TABLE_NAME, \
                         MESSAGE = 'refused: ada@example.com'; \
                 END $$; \
                 CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW WHEN ({which}) \
                 EXECUTE FUNCTION refuse()",
            ),
        };
        self.run(&sql).await;
    }

    /// Has the database take everything again.
    pub async fn accept(&mut self, table: &str) {
        match self.engine() {
            Engine::Sqlite => self.run("DROP TRIGGER refuse").await,
            Engine::Postgres => self.run(&format!("DROP TRIGGER refuse ON {table}")).await,
        }
    }

    /// Holds everybody who writes up, and nobody who reads, until it is told to let go.
    pub async fn hold_writers(&mut self) {
        let sql = match self.engine() {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN; LOCK TABLE users, webhook_events IN EXCLUSIVE MODE",
        };
        self.run(sql).await;
    }

    /// Holds everybody up who has written all of a commit but the events, until it is told to let
    /// go. On SQLite nobody gets so far: there is one writer.
    pub async fn hold_commits(&mut self) {
        let sql = match self.engine() {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(x'6d656574'::int, 0)",
        };
        self.run(sql).await;
    }

    /// Opens a transaction that is in nobody's way, and leaves it open. PostgreSQL numbers it, as if
    /// it wrote: nothing that it could have written is swept up meanwhile.
    pub async fn linger(&mut self) {
        let sql = match self.engine() {
            Engine::Sqlite => "BEGIN; SELECT COUNT(*) FROM webhook_events",
            Engine::Postgres => "BEGIN; SELECT pg_current_xact_id()",
        };
        self.run(sql).await;
    }

    pub async fn let_go(&mut self) {
        self.run("ROLLBACK").await;
    }

    /// Waits until so many others wait for a lock. SQLite does not tell who does.
    pub async fn until_waiting(&mut self, count: usize) {
        if self.engine() == Engine::Postgres {
            self.until("wait_event_type = 'Lock'", |waiting| waiting >= count).await;
        }
    }

    /// How often the server had to end a transaction that waited in a circle with others. Asks
    /// once everybody else has gone, and so has told.
    pub async fn deadlocks(&mut self) -> String {
        if self.engine() == Engine::Sqlite {
            return "0".to_owned();
        }
        self.until("backend_type = 'client backend'", |others| others == 0).await;
        let count = "SELECT deadlocks::text FROM pg_stat_database \
                     WHERE datname = current_database()";
        self.column(count).await.remove(0)
    }

    /// Waits for a number of others in this database who are such.
    async fn until(&mut self, such: &str, enough: impl Fn(usize) -> bool) {
        let others = format!(
            "SELECT pid::text FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND {such}",
        );
        let wait = async { while !enough(self.column(&others).await.len()) {} };
        timeout(PATIENCE, wait).await.expect("it comes to that");
    }
}
