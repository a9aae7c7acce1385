//! The databases' language, translated into ours. One SQL text serves both engines.
//!
//! | module | holds |
//! |---|---|
//! | [`driver`] | the one place that knows there are two engines |
//! | [`migrations`] | the schema, up and down |
//! | [`commit`] | a batch of events into the database, in one transaction |
//! | [`users`], [`sessions`], [`links`], [`events`], [`changes`] | what can be read |
//! | [`whole`] | users with all that is stored of them |
//! | [`crawls`] | how far a crawl of what Clerk has got |
//! | [`checks`] | what checks against Clerk came to |
//! | [`tokens`] | tokens of linked accounts, sealed |
//! | [`keys`] | API keys that come and go without a restart |
//! | [`search`] | users by the beginning of a name |
//! | [`feed`] | changes, as they are committed |
//! | [`decisions`] | how many events came in over time |
//! | [`stretch`] | lists that no index narrows |
//! | [`digest`] | all of it as one hash |
//! | [`secrets`] | when each signing secret last matched |
//! | [`retention`] | what is too old goes |
//! | [`rebuild`] | the projection once more, from the events |
//! | [`erasure`] | what is kept of a user, and what is left of it in the files |

pub mod changes;
pub mod checks;
pub mod commit;
pub mod crawls;
pub mod decisions;
pub mod digest;
pub mod driver;
pub mod erasure;
mod error;
pub mod events;
pub mod feed;
pub mod keys;
pub mod links;
pub mod migrations;
pub mod rebuild;
pub mod retention;
mod rows;
pub mod search;
pub mod secrets;
pub mod sessions;
mod statement;
pub mod stretch;
pub mod tokens;
pub mod users;
pub mod whole;

use std::{sync::Arc, time::Duration};

use sqlx::SqlSafeStr;
use tokio::time::timeout;

pub use self::error::StoreError;
use self::{
    driver::{Options, Pool, Query},
    feed::Feed,
};

/// Connections for reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// Somebody reads with them.
    pub used: usize,
    /// They are open, and nobody reads with them.
    pub idle: usize,
    /// How many there may be.
    pub limit: usize,
}

/// The database of one deployment.
#[derive(Clone, Debug)]
pub struct Store {
    pool: Pool,
    commit_timeout: Duration,
    feed: Arc<Feed>,
}

impl Store {
    /// Connects; on SQLite makes the file where it is missing. Brings no schema.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn open(options: &Options) -> Result<Self, StoreError> {
        let pool = Pool::connect(options).await?;
        Ok(Self { pool, commit_timeout: options.commit_timeout, feed: Arc::default() })
    }

    /// As many stores as can commit at the same time, at most so many. SQLite has one writer.
    #[must_use]
    pub fn writers(&self, most: usize) -> Vec<Self> {
        let pools = self.pool.writers(most);
        pools.into_iter().map(|pool| Self { pool, ..self.clone() }).collect()
    }

    /// Asks the database for a sign of life, whether the schema is there, and on PostgreSQL whether
    /// the server takes writes as it did at first.
    ///
    /// # Errors
    /// When it gives none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut connection = self.pool.read().await?;
        connection.query("SELECT 1 FROM webhook_events WHERE seq = 0").execute().await?;
        self.pool.check_writable(connection).await
    }

    /// Makes sure that writes are taken, by one that changes nothing.
    ///
    /// # Errors
    /// When they are not.
    pub async fn try_write(&self) -> Result<(), StoreError> {
        self.change("DELETE FROM crawls WHERE name = ''", |query| query).await.map(drop)
    }

    /// How many connections for reading there are.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.pool.connections()
    }

    /// Does what the database needs beside the commits, for ever.
    ///
    /// # Errors
    /// When the database fails in it. The commits go on; it is to be called again.
    pub async fn tend(&self) -> Result<(), StoreError> {
        Ok(self.pool.tend().await?)
    }

    /// Gives a little of what was freed back to the system; whether there is more to give. A part
    /// is kept, for what comes next.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn give_back(&self) -> Result<bool, StoreError> {
        let limit = self.commit_timeout;
        let given = timeout(limit, self.pool.give_back()).await;
        Ok(given.map_err(|_| StoreError::Late(limit))??)
    }

    /// Runs a statement of its own; whether it changed anything.
    async fn change(
        &self,
        sql: impl SqlSafeStr,
        bind: impl for<'c> FnOnce(Query<'c>) -> Query<'c>,
    ) -> Result<bool, StoreError> {
        let limit = self.commit_timeout;
        let done = timeout(limit, self.pool.execute_beside(sql, bind)).await;
        Ok(done.map_err(|_| StoreError::Late(limit))?? > 0)
    }

    /// Closes every connection, after what is under way.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// A page of a list: what comes after a key, up to a number.
#[derive(Clone, Debug)]
pub struct Page<K = String> {
    /// The key of the last item of the page before.
    pub after: Option<K>,
    /// How many items at the most.
    pub limit: u16,
}
