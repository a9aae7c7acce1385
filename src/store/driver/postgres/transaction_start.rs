//! Statements that begin transactions, together with their settings.
//!
//! The settings are sent in the round trip of `BEGIN`, and end with the transaction. Start-up
//! parameters do not pass a pooler. Settings of a session are lost behind one, or reach other
//! programs: each transaction can get another connection to the server.

use std::{sync::Arc, time::Duration};

use sqlx::{AssertSqlSafe, PgConnection};

/// The statements that begin transactions on one server.
#[derive(Clone, Debug)]
pub(in crate::store::driver) struct TransactionStart {
    /// Name of the schema, quoted.
    pub(in crate::store::driver) schema: Arc<str>,
    limit: Duration,
    write: Arc<str>,
    read: Arc<str>,
}

impl TransactionStart {
    /// `limit` is the time limit of each statement, and of a transaction whose client is silent.
    pub(in crate::store::driver) fn new(schema: &str, limit: Duration) -> Self {
        let schema = quoted(schema);
        // A process that vanished during a commit holds its locks no longer than the limit.
        let limits = limits(limit.as_millis());
        // The server keeps a plan for as long as the connection. A plan for a small table reads all
        // of it, even after it has grown. Without an index, that setting makes a plan look so
        // expensive that the server compiles it, which took 150 ms for an empty table.
        let settings = format!(
            "{limits}; SET LOCAL enable_seqscan = off; {NO_JIT}; {}",
            search_path(&format!("{schema}, pg_temp")),
        );
        // The isolation level is explicit, whatever the server's default: a read after a lock must
        // see the state at that time.
        let write = format!("BEGIN ISOLATION LEVEL READ COMMITTED; {settings}").into();
        let read = format!("BEGIN ISOLATION LEVEL READ COMMITTED, READ ONLY; {settings}").into();
        Self { schema: schema.into(), limit, write, read }
    }

    /// Begins a transaction that can write.
    pub(super) fn write(&self) -> Arc<str> {
        Arc::clone(&self.write)
    }

    /// Begins a transaction that reads.
    pub(super) fn read(&self) -> Arc<str> {
        Arc::clone(&self.read)
    }

    /// Begins a transaction that reads one state, for as long as it takes.
    pub(in crate::store::driver) fn snapshot(&self) -> String {
        format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; {NO_LIMITS}; {NO_JIT}; {}",
            search_path(&format!("{}, pg_temp", self.schema)),
        )
    }

    /// Begins a change of the schema, which waits for each lock no longer than `lock_limit`.
    pub(in crate::store::driver) fn schema_change(&self, lock_limit: Duration) -> String {
        format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; {NO_LIMITS}; SET LOCAL lock_timeout = {}; {}",
            lock_limit.as_millis(),
            search_path(&format!("{}, pg_temp", self.schema)),
        )
    }

    /// Begins a rebuild, whose temporary tables hide the stored ones. If it will repair, it sees
    /// later commits; otherwise it reads one state.
    pub(super) fn rebuild(&self, repairs: bool) -> String {
        let level = if repairs { "READ COMMITTED" } else { "REPEATABLE READ" };
        format!(
            "BEGIN ISOLATION LEVEL {level}; {NO_LIMITS}; SET LOCAL enable_seqscan = off; {NO_JIT}; {}",
            search_path(&format!("pg_temp, {}", self.schema)),
        )
    }

    /// Limits a running rebuild from now on, because other transactions wait for it. The tables to
    /// read can be small or large, so that the server chooses the plan.
    pub(super) fn repair(&self) -> String {
        let limit = self.limit.as_millis();
        format!(
            "SET LOCAL idle_in_transaction_session_timeout = {limit}; \
             SET LOCAL enable_seqscan = on"
        )
    }
}

const NO_LIMITS: &str =
    "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

const NO_JIT: &str = "SET LOCAL jit = off";

fn limits(millis: u128) -> String {
    format!(
        "SET LOCAL statement_timeout = {millis}; \
         SET LOCAL idle_in_transaction_session_timeout = {millis}"
    )
}

/// Without `pg_temp` at its end, temporary tables that another program left on the connection would
/// hide the tables of the service.
fn search_path(schemas: &str) -> String {
    format!("SET LOCAL search_path = {schemas}")
}

/// Quotes a name.
pub(in crate::store::driver) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Runs statements that begin a transaction.
pub(in crate::store::driver) async fn begin(
    connection: &mut PgConnection,
    sql: impl Into<Arc<str>>,
) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql.into())).execute(connection).await.map(drop)
}
