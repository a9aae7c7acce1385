//! A transaction on a connection to a server.

use sqlx::PgConnection;
use tokio::sync::OwnedMutexGuard;

use super::{COMMIT_ORDER, COMMITS, LOCKS, scratch};
use crate::store::driver::Purpose;

/// A transaction. Dropping it closes its connection, and the server rolls it back.
pub(in crate::store) struct PgWriter {
    connection: PgConnection,
    /// Slot to which the connection returns after the transaction.
    slot: OwnedMutexGuard<Option<PgConnection>>,
}

impl PgWriter {
    pub(super) fn new(
        connection: PgConnection,
        slot: OwnedMutexGuard<Option<PgConnection>>,
    ) -> Self {
        Self { connection, slot }
    }

    /// Begins a transaction on a connection with scratch tables.
    pub(in crate::store::driver) async fn begin_for(
        mut connection: PgConnection,
        slot: OwnedMutexGuard<Option<PgConnection>>,
        purpose: Purpose,
    ) -> sqlx::Result<Self> {
        let sql = match purpose {
            // This transaction holds no lock that others wait for, and has no time limit.
            Purpose::Recompute => {
                "BEGIN ISOLATION LEVEL REPEATABLE READ; \
                 SET LOCAL idle_in_transaction_session_timeout = 0"
            }
            // The tables to read can be small or large, so that the server chooses the plan.
            Purpose::Repair => {
                "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL enable_seqscan = on"
            }
        };
        sqlx::raw_sql(sql).execute(&mut connection).await?;
        if !scratch::is_active(&mut connection).await? {
            let changed = "the server connection changed; connect without a transaction pooler";
            return Err(sqlx::Error::Protocol(changed.to_owned()));
        }
        if purpose == Purpose::Repair {
            let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, $2)");
            lock.bind(LOCKS).bind(COMMITS).execute(&mut connection).await?;
        }
        Ok(Self::new(connection, slot))
    }

    pub(in crate::store::driver) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Locks these IDs against other transactions until the end of this one. One statement takes
    /// all locks in one order, so that transactions cannot deadlock.
    pub(in crate::store::driver) async fn lock(&mut self, ids: &[&str]) -> sqlx::Result<()> {
        // The shared lock comes first, because it is computed before the rows that depend on it.
        let lock = "WITH shared AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared($2, $3)) \
                    SELECT pg_advisory_xact_lock(key) FROM shared, (\
                    SELECT DISTINCT hashtextextended(id, 0) AS key FROM unnest($1) AS id \
                    ORDER BY key) AS keys";
        let lock = sqlx::query(lock).bind(ids).bind(LOCKS).bind(COMMITS);
        lock.execute(&mut self.connection).await.map(drop)
    }

    /// Locks these IDs unless another transaction has locked one of them. Returns whether it did.
    pub(in crate::store::driver) async fn try_lock(&mut self, ids: &[&str]) -> sqlx::Result<bool> {
        let lock = "SELECT coalesce(bool_and(pg_try_advisory_xact_lock(hashtextextended(id, 0))), TRUE) \
                    FROM unnest($1) AS id";
        sqlx::query_scalar(lock).bind(ids).fetch_one(&mut self.connection).await
    }

    /// Keeps other transactions from numbering their events until the end of this one.
    pub(in crate::store::driver) async fn order_commits(&mut self) -> sqlx::Result<()> {
        // The two keys cannot collide with the single key of an ID's lock.
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, $2)");
        let lock = lock.bind(LOCKS).bind(COMMIT_ORDER);
        lock.execute(&mut self.connection).await.map(drop)
    }

    pub(in crate::store::driver) async fn commit(self) -> sqlx::Result<()> {
        self.end("COMMIT").await
    }

    pub(in crate::store::driver) async fn rollback(self) -> sqlx::Result<()> {
        self.end("ROLLBACK").await
    }

    /// Ends the transaction. The connection is kept only if that succeeds.
    async fn end(mut self, sql: &'static str) -> sqlx::Result<()> {
        sqlx::raw_sql(sql).execute(&mut self.connection).await?;
        *self.slot = Some(self.connection);
        Ok(())
    }
}
