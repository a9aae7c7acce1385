//! Direct access to the database of a service.

use meetvo::objects::Kind;
use serde_json::Value;
use sqlx::{
    AssertSqlSafe, ConnectOptions, PgConnection, Row, SqliteConnection, postgres::PgConnectOptions,
    sqlite::SqliteConnectOptions,
};
use tokio::time::timeout;

use super::{Engine, TEST_TIMEOUT};

/// Returns the synced tables: those of the objects, each followed by those of its items.
pub fn synced_tables() -> impl Iterator<Item = &'static str> {
    let tables = Kind::ALL.into_iter().map(|kind| &kind.object_type().table);
    tables.flat_map(|table| [table.name].into_iter().chain(table.items.iter().map(|it| it.name)))
}

/// Boolean columns, which SQLite stores as numbers.
pub const BOOLEANS: [&str; 16] = [
    "email_verified",
    "banned",
    "locked",
    "password_enabled",
    "two_factor_enabled",
    "admin_delete_enabled",
    "is_primary",
    "is_verified",
    "notify",
    "is_default",
    "is_recurring",
    "publicly_visible",
    "is_free_trial",
    "has_unlimited_seats",
    "is_past_due",
    "is_trial",
];
/// JSON columns, which SQLite stores as text.
pub const JSON: [&str; 7] = [
    "public_metadata",
    "private_metadata",
    "unsafe_metadata",
    "actor",
    "permissions",
    "features",
    "subscription_item_ids",
];

/// Connection of a test to the database.
pub enum Tables {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Tables {
    pub(super) async fn open(engine: Engine, url: &str) -> Self {
        // sqlx logs slow statements, and those of a test have addresses that the service must not
        // log.
        match engine {
            Engine::Sqlite => {
                let options = url.parse::<SqliteConnectOptions>().unwrap();
                // The service takes the lock of the file again and again, and leaves short gaps.
                let options = options.busy_timeout(TEST_TIMEOUT).disable_statement_logging();
                Self::Sqlite(options.connect().await.unwrap())
            }
            Engine::Postgres => {
                let Self::Postgres(mut connection) = Box::pin(Self::connect(url)).await else {
                    panic!()
                };
                // Other schemas are found too, for tests with tables of their own.
                let path = "SELECT set_config('search_path', '\"clerk\", ' || current_setting('search_path'), false)";
                sqlx::raw_sql(path).execute(&mut connection).await.unwrap();
                Self::Postgres(connection)
            }
        }
    }

    /// Connects to a PostgreSQL server, and sets nothing.
    pub async fn connect(url: &str) -> Self {
        let options = url.parse::<PgConnectOptions>().unwrap();
        // Poolers reject the parameter.
        let options = options.extra_float_digits(None).disable_statement_logging();
        Self::Postgres(options.connect().await.unwrap())
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

    /// Runs a statement that changes rows of several objects, while no commit is running. Otherwise it
    /// could deadlock with one on PostgreSQL, because it locks the rows in another order.
    pub async fn run_between_commits(&mut self, sql: &str) {
        match self.engine() {
            Engine::Sqlite => self.run(sql).await,
            Engine::Postgres => {
                let lock = "SELECT pg_advisory_xact_lock(x'6d656574'::int, 1)";
                self.run(&format!("BEGIN; {lock}; {sql}; COMMIT")).await;
            }
        }
    }

    /// Copies the log of a SQLite file to the file and truncates it. Waits for a checkpoint that runs
    /// already.
    pub async fn checkpoint(&mut self) {
        let Self::Sqlite(connection) = self else { panic!("PostgreSQL has no such log") };
        loop {
            let checkpoint = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)");
            let (busy, _, _): (i64, i64, i64) =
                checkpoint.fetch_one(&mut *connection).await.unwrap();
            if busy == 0 {
                return;
            }
        }
    }

    /// Returns the first column of a query, as text.
    pub async fn column(&mut self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql);
        match self {
            Self::Sqlite(connection) => sqlx::query_scalar(sql).fetch_all(connection).await,
            Self::Postgres(connection) => sqlx::query_scalar(sql).fetch_all(connection).await,
        }
        .unwrap()
    }

    /// Returns the query plan of a statement, for any parameters.
    pub async fn plan(&mut self, sql: &str) -> Vec<String> {
        match self {
            Self::Sqlite(connection) => {
                let sql = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
                let steps = sqlx::query(sql).fetch_all(connection).await.unwrap();
                steps.iter().map(|step| step.get("detail")).collect()
            }
            Self::Postgres(_) => {
                // PostgreSQL 15 has no `EXPLAIN (GENERIC_PLAN)`.
                let parameters = (1..sql.len()).take_while(|it| sql.contains(&format!("${it}")));
                let nulls = vec!["NULL"; parameters.count()].join(", ");
                self.run(&format!("PREPARE statement AS {sql}")).await;
                self.run("SET plan_cache_mode = force_generic_plan").await;
                let nulls = if nulls.is_empty() { nulls } else { format!("({nulls})") };
                let plan = self.column(&format!("EXPLAIN EXECUTE statement{nulls}")).await;
                self.run("DEALLOCATE statement").await;
                plan
            }
        }
    }

    /// Returns the columns of a table, in their order.
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

    /// Returns all rows and columns of a table, in the order of its key. The result does not depend
    /// on the engine.
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

    /// Returns the rows of all synced tables.
    pub async fn synced_tables(&mut self) -> Value {
        let mut tables = serde_json::Map::new();
        for table in synced_tables() {
            tables.insert(table.to_owned(), self.rows(table).await.into());
        }
        tables.into()
    }

    /// Returns a value that changes with every write, even if no column changes.
    pub async fn write_fingerprint(&mut self) -> Vec<String> {
        match self.engine() {
            Engine::Sqlite => {
                self.column("SELECT data_version || '' FROM pragma_data_version").await
            }
            Engine::Postgres => {
                let mut rows = Vec::new();
                for table in synced_tables().chain(["webhook_events", "webhook_secrets"]) {
                    // The location of each row, and the transaction that wrote it.
                    let sql =
                        format!("SELECT '{table}' || ctid || xmin FROM {table} ORDER BY ctid");
                    rows.extend(self.column(&sql).await);
                }
                rows
            }
        }
    }

    /// Disables foreign keys: on SQLite for this connection, on PostgreSQL for the database.
    pub async fn disable_foreign_keys(&mut self) {
        let sql = match self.engine() {
            Engine::Sqlite => "PRAGMA foreign_keys = OFF",
            Engine::Postgres => {
                "DO $$ DECLARE it RECORD; BEGIN \
                     FOR it IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint \
                         WHERE contype = 'f' \
                     LOOP EXECUTE format( \
                         'ALTER TABLE %s DROP CONSTRAINT %I', it.owner, it.conname); \
                     END LOOP; END $$"
            }
        };
        self.run(sql).await;
    }

    /// Lets the database reject new rows of a table that match a condition, such as
    /// `NEW.username = 'poison'`. The error message contains an email address.
    pub async fn reject_inserts(&mut self, table: &str, condition: &str) {
        let sql = match self.engine() {
            Engine::Sqlite => format!(
                "CREATE TRIGGER reject BEFORE INSERT ON {table} WHEN {condition} \
                 BEGIN SELECT RAISE(ABORT, 'rejected: ada@example.com'); END",
            ),
            Engine::Postgres => format!(
                "CREATE FUNCTION reject() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                     RAISE check_violation USING TABLE = TG_TABLE_NAME, \
                         MESSAGE = 'rejected: ada@example.com'; \
                 END $$; \
                 CREATE TRIGGER reject BEFORE INSERT ON {table} FOR EACH ROW WHEN ({condition}) \
                 EXECUTE FUNCTION reject()",
            ),
        };
        self.run(&sql).await;
    }

    /// Undoes [`Tables::reject_inserts`].
    pub async fn accept_inserts(&mut self, table: &str) {
        match self.engine() {
            Engine::Sqlite => self.run("DROP TRIGGER reject").await,
            Engine::Postgres => self.run(&format!("DROP TRIGGER reject ON {table}")).await,
        }
    }

    /// Blocks writers, and no readers, until [`Tables::release`].
    pub async fn block_writers(&mut self) {
        let sql = match self.engine() {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN; LOCK TABLE users, webhook_events IN EXCLUSIVE MODE",
        };
        self.run(sql).await;
    }

    /// Blocks commits before they append their events, until [`Tables::release`]. On SQLite,
    /// commits are blocked earlier, because there is only one writer.
    pub async fn block_commits(&mut self) {
        let sql = match self.engine() {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(x'6d656574'::int, 0)",
        };
        self.run(sql).await;
    }

    /// Blocks commits before they lock the IDs of their objects, until [`Tables::release`].
    pub async fn block_lock_of_ids(&mut self) {
        let sql = match self.engine() {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(x'6d656574'::int, 1)",
        };
        self.run(sql).await;
    }

    /// Opens a transaction that takes no locks, and leaves it open. On PostgreSQL it has a
    /// transaction ID, so vacuum keeps all rows that it might still see.
    pub async fn open_idle_transaction(&mut self) {
        let sql = match self.engine() {
            Engine::Sqlite => "BEGIN; SELECT COUNT(*) FROM webhook_events",
            Engine::Postgres => "BEGIN; SELECT pg_current_xact_id()",
        };
        self.run(sql).await;
    }

    /// Ends the open transaction.
    pub async fn release(&mut self) {
        self.run("ROLLBACK").await;
    }

    /// Waits until `count` other connections wait for a lock. On SQLite it returns immediately.
    pub async fn wait_for_lock_waiters(&mut self, count: usize) {
        if self.engine() == Engine::Postgres {
            self.wait_for_others("wait_event_type = 'Lock'", |waiting| waiting >= count).await;
        }
    }

    /// Returns the number of deadlocks in the database. Waits until all other connections are
    /// closed, because only then have they reported their deadlocks.
    pub async fn deadlocks(&mut self) -> String {
        if self.engine() == Engine::Sqlite {
            return "0".to_owned();
        }
        self.wait_for_others("backend_type = 'client backend'", |others| others == 0).await;
        let count = "SELECT deadlocks::text FROM pg_stat_database \
                     WHERE datname = current_database()";
        self.column(count).await.remove(0)
    }

    /// Waits until the number of other connections that match a condition is sufficient.
    async fn wait_for_others(&mut self, condition: &str, is_enough: impl Fn(usize) -> bool) {
        let others = format!(
            "SELECT pid::text FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND {condition}",
        );
        let wait = async { while !is_enough(self.column(&others).await.len()) {} };
        timeout(TEST_TIMEOUT, wait).await.expect("the number of connections is reached");
    }
}
