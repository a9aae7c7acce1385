//! Storage of events and synced tables in SQLite or PostgreSQL.
//!
//! One SQL text serves both engines. Only [`driver`] names them.
//!
//! | module | contains |
//! |---|---|
//! | [`driver`] | connections, transactions and statements on either engine |
//! | [`migrations`] | the schema, migrated up and down |
//! | [`commit`] | the commit of a batch of events in one transaction |
//! | [`users`], [`sessions`], [`accounts`], [`verifications`] | reads of users for the API |
//! | [`user_order`] | lists of users in the order of their creation |
//! | [`counts`] | numbers of users, organizations and memberships |
//! | [`organizations`], [`memberships`], [`roles`] | reads of organizations for the API |
//! | [`authorization`] | reads of what decides whether a user may act in an organization |
//! | [`events`], [`changes`] | reads of the event log for the API |
//! | [`object_events`] | reads of the events about one object |
//! | [`stored_objects`] | reads of whole objects, with private metadata and items |
//! | [`search`] | search for users and organizations by the beginning of a name or address |
//! | [`dismissals`] | the dismissal of failed and quarantined events |
//! | [`event_groups`] | events that were not applied, grouped by reason |
//! | [`bounded_scan`] | lists with a filter that has no index |
//! | [`feed`] | the change feed for subscribers in this process |
//! | [`decisions`] | numbers of events by time and decision |
//! | [`recent_deliveries`] | the newest deliveries, with their decisions |
//! | [`unsynced_events`] | events that were stored before their type was synced |
//! | [`write_probe`] | a small write that shows whether commits can succeed |
//! | [`account_tokens`] | encrypted OAuth tokens of linked accounts |
//! | [`api_keys`] | API keys in the database |
//! | [`dashboard_sessions`] | sessions of operators of the dashboard |
//! | [`push`] | endpoints to which changes are pushed, and the state of their messages |
//! | [`secret_usage`] | the last use of each signing secret |
//! | [`backfill_progress`] | the position of an interrupted backfill, and the last completed one |
//! | [`drift_checks`] | schedule and results of drift checks |
//! | [`digest`] | a hash of the synced tables |
//! | [`retention`] | deletion of old payloads and events |
//! | [`rebuild`] | recomputation of the synced tables from the event log |
//! | [`unreadable_rows`] | isolation of rows that cannot be read |
//! | [`erasure`] | counts of the data about a user, and its removal from free space |

pub mod account_tokens;
pub mod accounts;
pub mod api_keys;
pub mod authorization;
pub mod backfill_progress;
pub mod backup;
pub mod billing;
pub mod bounded_scan;
pub mod changes;
pub mod commit;
mod conditions;
pub mod counts;
pub mod dashboard_sessions;
pub mod decisions;
pub mod digest;
pub mod dismissals;
pub mod drift_checks;
pub mod driver;
pub mod entitlements;
pub mod erasure;
mod error;
pub mod event_groups;
pub mod events;
pub mod feed;
mod keyed;
pub mod memberships;
pub mod migrations;
pub mod object_events;
mod object_list;
mod object_rows;
pub mod object_view;
pub mod organizations;
mod owned;
pub mod push;
pub mod rebuild;
pub mod recent_deliveries;
pub mod retention;
pub mod roles;
pub mod search;
pub mod secret_usage;
pub mod sessions;
mod snapshot;
mod statement;
pub mod stored_objects;
mod unreadable_rows;
pub mod unsynced_events;
pub mod user_order;
pub mod users;
pub mod verifications;
pub mod write_probe;

use std::{panic::resume_unwind, sync::Arc, time::Duration};

use sqlx::SqlSafeStr;
use tokio::{runtime::Handle, time::timeout};

pub use self::error::StoreError;
use self::{
    counts::Totals,
    driver::{BlockingForeignKey, ConnectionCounts, Options, OutageCause, Pool, Query, Tx},
    feed::ChangeFeed,
    unreadable_rows::UnreadableRows,
};
use crate::domain::Millis;

/// The database of one deployment.
#[derive(Clone, Debug)]
pub struct Store {
    pool: Pool,
    commit_timeout: Duration,
    migration_lock_timeout: Duration,
    feed: Arc<ChangeFeed>,
    unreadable: Arc<UnreadableRows>,
    totals: Arc<Totals>,
    /// Whether endpoints get messages about the changes of a backfill, a repair or a rebuild.
    notifies: bool,
}

impl Store {
    /// Connects to a database. On SQLite, creates the file if it does not exist. Does not migrate
    /// the schema.
    ///
    /// # Errors
    /// Returns an error if the database cannot be reached or opened.
    pub async fn open(options: &Options) -> Result<Self, StoreError> {
        let pool = Pool::connect(options).await?;
        Ok(Self {
            pool,
            commit_timeout: options.commit_timeout,
            migration_lock_timeout: options.migration_lock_timeout,
            feed: Arc::default(),
            unreadable: Arc::default(),
            totals: Arc::default(),
            notifies: false,
        })
    }

    /// Returns up to `limit` stores that can commit at the same time. SQLite has one writer.
    #[must_use]
    pub fn writers(&self, limit: usize) -> Vec<Self> {
        let pools = self.pool.writers(limit);
        pools.into_iter().map(|pool| Self { pool, ..self.clone() }).collect()
    }

    /// Returns the same store, whose changes are pushed to endpoints even if they come from a backfill,
    /// a repair or a rebuild.
    #[must_use]
    pub fn notifying(&self, notifies: bool) -> Self {
        Self { notifies, ..self.clone() }
    }

    /// Opens the connection that writes, on the runtime of the caller. It is kept until
    /// [`close_writer`](Self::close_writer). Without this call, the first commit opens it.
    ///
    /// # Errors
    /// Returns an error if the database cannot be reached, or has no connection left.
    pub async fn open_writer(&self) -> Result<(), StoreError> {
        Ok(self.pool.open_writer().await?)
    }

    /// Closes the connection that writes. It must be closed before the runtime that opened it ends.
    pub async fn close_writer(&self) {
        self.pool.close_writer().await;
    }

    /// Lets the next reads open new connections. A connection belongs to the runtime that opened it,
    /// even while another one uses it, and fails when that runtime ends.
    pub fn renew_readers(&self) {
        self.pool.renew_readers();
    }

    /// Checks that a pooler in front of the database supports what the service needs.
    ///
    /// # Errors
    /// Returns an error with the remediation if it does not. Every other failure is ignored, because
    /// the database may be down for a moment.
    pub async fn check_pooler(&self) -> Result<(), StoreError> {
        match self.ping().await {
            Err(error) if error.outage().is_some_and(OutageCause::is_permanent) => Err(error),
            _ => Ok(()),
        }
    }

    /// Checks that the database answers and has the schema. On PostgreSQL, also checks that a
    /// server that once accepted writes still does.
    ///
    /// # Errors
    /// Returns an error if a check fails.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut connection = self.pool.reserved().await?;
        connection.query("SELECT 1 FROM webhook_events WHERE seq = 0").execute().await?;
        if self.pool.is_writable(connection).await? { Ok(()) } else { Err(StoreError::ReadOnly) }
    }

    /// Returns the foreign keys of other programs that can prevent the deletion of a row. The event
    /// then fails, and the data stays.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn blocking_foreign_keys(&self) -> Result<Vec<BlockingForeignKey>, StoreError> {
        Ok(self.pool.blocking_foreign_keys().await?)
    }

    /// Counts the connections for reading.
    #[must_use]
    pub fn connections(&self) -> ConnectionCounts {
        self.pool.connections()
    }

    /// Runs checkpoints after commits until one fails.
    ///
    /// # Errors
    /// Returns an error if a checkpoint fails. Commits still succeed; call this again.
    pub async fn run_checkpoints(&self) -> Result<(), StoreError> {
        Ok(self.pool.run_checkpoints().await?)
    }

    /// Releases a few free pages to the file system, and returns whether there are more to release.
    /// Some stay free for the next events.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn release_free_pages(&self) -> Result<bool, StoreError> {
        let limit = self.commit_timeout;
        let released = timeout(limit, self.pool.release_free_pages()).await;
        Ok(released.map_err(|_| StoreError::Timeout(limit))??)
    }

    /// Runs one statement in a transaction of its own, and returns whether it changed anything.
    async fn execute(
        &self,
        sql: impl SqlSafeStr,
        bind: impl for<'c> FnOnce(Query<'c>) -> Query<'c>,
    ) -> Result<bool, StoreError> {
        let done = async { Ok(self.pool.execute_standalone(sql, bind).await? > 0) };
        self.within_commit_timeout(done).await
    }

    /// Runs a write with the timeout of a commit, because an unreachable database may never answer.
    async fn within_commit_timeout<T>(
        &self,
        write: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let limit = self.commit_timeout;
        timeout(limit, write).await.unwrap_or(Err(StoreError::Timeout(limit)))
    }

    /// Closes every connection after its current work.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Runs work with the database on another runtime, to its end also if the caller does not wait for it.
///
/// A thread with a low priority needs this. Otherwise, others would wait while it holds a transaction,
/// and the threads of connections that it opens would have its priority.
///
/// # Errors
/// Returns the error of the work.
pub async fn run_on<T: Send + 'static>(
    runtime: &Handle,
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    match runtime.spawn(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime has ended, and the process with it.
            Err(_canceled) => std::future::pending().await,
        },
    }
}

/// Commits a transaction if its work succeeded. Otherwise abandons it.
async fn finish<T>(tx: Tx, result: Result<T, StoreError>) -> Result<T, StoreError> {
    match result {
        Ok(value) => {
            tx.commit().await?;
            Ok(value)
        }
        Err(failure) => {
            abandon(tx, &failure).await;
            Err(failure)
        }
    }
}

/// Ends a failed transaction without a commit. It does so at once, because other transactions may
/// wait for its locks.
async fn abandon(tx: Tx, failure: &StoreError) {
    match failure {
        StoreError::Unavailable(_) => tx.discard().await,
        // A rollback that fails has already happened, or happens at the next use of the connection.
        _ => drop(tx.rollback().await),
    }
}

/// Request for one page of a list, by keyset pagination.
#[derive(Clone, Debug)]
pub struct PageRequest<K = String> {
    /// Key of the last item of the previous page. None requests the first page.
    pub after: Option<K>,
    /// Maximum number of items.
    pub limit: u16,
}

/// Exclusive limits of a time. `None` is no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeRange {
    /// Lower limit.
    pub after: Option<Millis>,
    /// Upper limit.
    pub before: Option<Millis>,
}

impl TimeRange {
    fn is_limited(self) -> bool {
        self.after.is_some() || self.before.is_some()
    }
}
