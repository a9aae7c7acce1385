//! Database with one transaction for each event.

use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS webhook_events (id TEXT PRIMARY KEY, type TEXT NOT NULL,
  payload TEXT NOT NULL, received_at BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS users (clerk_id TEXT PRIMARY KEY, email TEXT,
  email_verified BOOLEAN NOT NULL, first_name TEXT, last_name TEXT, image TEXT, created_at BIGINT,
  updated_at BIGINT, deleted_at BIGINT);
CREATE TABLE IF NOT EXISTS accounts (account_id TEXT NOT NULL, provider_id TEXT NOT NULL,
  user_id TEXT NOT NULL, scope TEXT, updated_at BIGINT, PRIMARY KEY (provider_id, account_id));
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, user_id TEXT NOT NULL,
  status TEXT NOT NULL, expires_at BIGINT, ip_address TEXT, user_agent TEXT, created_at BIGINT,
  updated_at BIGINT);
CREATE TABLE IF NOT EXISTS memberships (id TEXT PRIMARY KEY, organization_id TEXT NOT NULL,
  user_id TEXT NOT NULL, role TEXT NOT NULL, created_at BIGINT, updated_at BIGINT,
  deleted_at BIGINT);
CREATE INDEX IF NOT EXISTS accounts_user ON accounts (user_id);
CREATE INDEX IF NOT EXISTS sessions_user ON sessions (user_id);
CREATE INDEX IF NOT EXISTS memberships_user ON memberships (user_id);
";

const INSERT_EVENT: &str = "
INSERT INTO webhook_events (id, type, payload, received_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO NOTHING";

/// A parameter of a statement.
pub(crate) enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Flag(bool),
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// An SQL text and its parameters, the same on both databases.
pub(crate) type Statement = (&'static str, Vec<Value>);

/// Runs a statement, which stays prepared on its connection, and returns the number of its rows.
macro_rules! execute {
    ($transaction:expr, $statement:expr) => {{
        let (sql, values) = $statement;
        let mut query = sqlx::query(sql);
        for value in values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Integer(number) => query.bind(number),
                Value::Flag(flag) => query.bind(flag),
            };
        }
        query.execute(&mut *$transaction).await?.rows_affected()
    }};
}

/// Commits an event in a transaction of its own.
macro_rules! commit {
    ($pool:expr, $insert:expr, $apply:expr) => {{
        let mut transaction = $pool.begin().await?;
        if execute!(transaction, $insert) > 0 {
            for statement in $apply {
                execute!(transaction, statement);
            }
        }
        transaction.commit().await?;
    }};
}

/// Connections to the database.
pub(crate) enum Store {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Store {
    /// Connects and creates the tables.
    pub(crate) async fn open(url: &str) -> Result<Self, sqlx::Error> {
        if url.starts_with("sqlite:") {
            let options = url
                .parse::<SqliteConnectOptions>()?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full);
            // SQLite has one writer at a time. Transactions wait here in order, and not in its busy
            // handler, which polls.
            let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
            sqlx::raw_sql(SCHEMA).execute(&pool).await?;
            return Ok(Self::Sqlite(pool));
        }
        let pool = PgPoolOptions::new().max_connections(20).connect(url).await?;
        sqlx::raw_sql(SCHEMA).execute(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    /// Stores an event and runs the statements that apply it, unless the event is a duplicate.
    pub(crate) async fn commit(
        &self,
        event: Vec<Value>,
        apply: Vec<Statement>,
    ) -> Result<(), sqlx::Error> {
        let insert = (INSERT_EVENT, event);
        match self {
            Self::Sqlite(pool) => commit!(pool, insert, apply),
            Self::Postgres(pool) => commit!(pool, insert, apply),
        }
        Ok(())
    }
}
