//! A transaction on a connection to a server.

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OwnedMutexGuard;

use super::{COMMIT_ORDER, COMMITS, LOCKS};

/// A transaction. Dropping it closes its connection, and the server rolls it back.
pub(in crate::store) struct PgWriter {
    connection: PgConnection,
    /// Slot to which the connection returns.
    slot: OwnedMutexGuard<Option<PgConnection>>,
    part: Part,
}

/// Part of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// All of it.
    Whole,
    /// A step of a rebuild. The transaction goes on after its commit.
    Step,
    /// The last step of a rebuild.
    LastStep,
}

impl PgWriter {
    pub(super) fn new(
        connection: PgConnection,
        slot: OwnedMutexGuard<Option<PgConnection>>,
    ) -> Self {
        Self { connection, slot, part: Part::Whole }
    }

    /// Goes on with a transaction on scratch tables. A commit of the step keeps the transaction.
    pub(in crate::store::driver) fn step(
        connection: PgConnection,
        slot: OwnedMutexGuard<Option<PgConnection>>,
    ) -> Self {
        Self { connection, slot, part: Part::Step }
    }

    /// Begins the last step of a transaction on scratch tables: after these statements, no other
    /// transaction can commit until its end.
    pub(in crate::store::driver) async fn last_step(
        mut connection: PgConnection,
        slot: OwnedMutexGuard<Option<PgConnection>>,
        settings: &str,
    ) -> sqlx::Result<Self> {
        sqlx::raw_sql(AssertSqlSafe(settings)).execute(&mut connection).await?;
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, $2)");
        lock.bind(LOCKS).bind(COMMITS).execute(&mut connection).await?;
        Ok(Self { connection, slot, part: Part::LastStep })
    }

    pub(in crate::store::driver) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Returns the beginning of a statement that locks the IDs in its second parameter against other
    /// transactions until the end of this one, when it reads from `locked`. One statement takes all
    /// locks in one order, so that transactions cannot deadlock.
    pub(in crate::store::driver) fn id_locks() -> String {
        // The shared lock comes first, because it is computed before the rows that depend on it.
        format!(
            "WITH shared AS MATERIALIZED (\
                 SELECT pg_advisory_xact_lock_shared({LOCKS}, {COMMITS})), \
             locks AS MATERIALIZED (\
                 SELECT pg_advisory_xact_lock(key) FROM shared, (\
                 SELECT DISTINCT hashtextextended(id, 0) AS key FROM unnest($2::text[]) AS id \
                 ORDER BY key) AS keys), \
             locked AS MATERIALIZED (SELECT COUNT(*) FROM locks)"
        )
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

    /// Returns the beginning of a statement that keeps other transactions from numbering their events
    /// until the end of this one, when it reads from `ordered`.
    pub(in crate::store::driver) fn commit_order() -> String {
        format!(
            "WITH ordered AS MATERIALIZED (SELECT pg_advisory_xact_lock({LOCKS}, {COMMIT_ORDER})) "
        )
    }

    /// Commits the transaction, or goes on with it if this is a step.
    pub(in crate::store::driver) async fn commit(mut self) -> sqlx::Result<()> {
        if self.part == Part::Step {
            *self.slot = Some(self.connection);
            return Ok(());
        }
        self.end("COMMIT").await
    }

    pub(in crate::store::driver) async fn rollback(self) -> sqlx::Result<()> {
        self.end("ROLLBACK").await
    }

    /// Ends the transaction. The connection is kept only if that succeeds. That of a rebuild is not
    /// used again, because the scratch tables ended with the transaction.
    async fn end(mut self, sql: &'static str) -> sqlx::Result<()> {
        sqlx::raw_sql(sql).execute(&mut self.connection).await?;
        if self.part == Part::Whole {
            *self.slot = Some(self.connection);
        } else {
            // The transaction has ended, so that a failure does not matter.
            self.connection.close().await.ok();
        }
        Ok(())
    }
}
