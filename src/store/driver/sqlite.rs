//! The embedded engine: one connection that writes, some that read, and one that tidies up.

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, SqlitePool,
    sqlite::{
        SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions,
        SqliteSynchronous,
    },
};
use tokio::{
    sync::{Mutex, Notify, OwnedMutexGuard},
    time::{Instant, sleep, timeout},
};

use super::{Options, Purpose, fault::is_locked};
use crate::store::erasure::Vacuumed;

/// How much of the log gathers before it is carried over.
const CARRY_INTERVAL: Duration = Duration::from_millis(50);

/// How soon to ask again whether another has made the log of a new file.
const TURN: Duration = Duration::from_millis(5);

/// How many pages are given back to the system at once. Each may have to be looked for among all
/// free ones.
const GIVE_BACK_PAGES: u8 = 16;

/// What `PRAGMA auto_vacuum` answers where pages can be given back.
const INCREMENTAL: i64 = 2;

/// The part of the file, as its divisor, that may be free: the next events need room.
const SPARE: i64 = 4;

/// How long to wait until nobody writes, and until those who read have seen the end of it.
const VACUUM_PATIENCE: Duration = Duration::from_secs(30);

/// How long nobody may write at a time while readers are waited for.
const EMPTYING: &str = "PRAGMA busy_timeout = 500";

/// Connections to one file.
#[derive(Clone, Debug)]
pub struct SqliteFile {
    writer: Arc<Mutex<SqliteWriter>>,
    carrier: Arc<Mutex<SqliteConnection>>,
    pub(super) readers: SqlitePool,
    /// Told of each commit.
    pub(super) committed: Arc<Notify>,
}

/// The one writing connection. Not in a pool: a pool takes a connection back in a task of its own
/// and looks after it, which takes as long as the statements of a small commit.
#[derive(Debug)]
pub(in crate::store) struct SqliteWriter {
    connection: SqliteConnection,
    /// A transaction was begun and not ended.
    open: bool,
}

impl SqliteFile {
    pub(super) async fn open(file: &Path, options: &Options) -> sqlx::Result<Self> {
        let connect = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Durable before the answer: a commit is on the disk when it returns.
            .synchronous(SqliteSynchronous::Full)
            // What is deleted is overwritten, not only forgotten.
            .pragma("secure_delete", "ON")
            // What undoes a single statement need not go to a file.
            .pragma("temp_store", "MEMORY")
            // 8 MiB of pages in memory; what else is read is in the system's. A commit that split pages
            // goes through the whole cache, and with 64 MiB that was a tenth of its work.
            .pragma("cache_size", "-8192")
            // At 16 MiB of log the writer sees to it that the log starts over; by then `carry` has
            // done nearly all of the work.
            .pragma("wal_autocheckpoint", "4096")
            // A log that grew while somebody read for long is cut when it starts over.
            .pragma("journal_size_limit", "33554432")
            .busy_timeout(options.acquire_timeout)
            .statement_cache_capacity(256)
            .disable_statement_logging();
        // Pages that became free can be given back to the system. It has to be said before there is
        // a table, and it is a write.
        let making = match std::fs::metadata(file) {
            Ok(there) if there.len() > 0 => connect.clone(),
            _ => connect.clone().auto_vacuum(SqliteAutoVacuum::Incremental),
        };
        // Not used for anything else: a connection for which others make the log meanwhile can keep a
        // lock as one who reads, for ever, and the log would never start over.
        let maker = connect_in_turn(&making, options.acquire_timeout).await?;
        let connection = connect.connect().await?;
        let carrier = connect.connect().await?;
        // There are several of them, and the system keeps the pages for all: with 8 MiB each they read
        // no faster.
        let reading =
            connect.create_if_missing(false).read_only(true).pragma("cache_size", "-2048");
        let readers = SqlitePoolOptions::new()
            .acquire_timeout(options.acquire_timeout)
            .max_connections(options.max_connections)
            .connect_with(reading)
            .await?;
        // Not before: whoever is the last to go takes the log along, and another makes it again.
        maker.close().await?;
        Ok(Self {
            writer: Arc::new(Mutex::new(SqliteWriter::of(connection))),
            carrier: Arc::new(Mutex::new(carrier)),
            readers,
            committed: Arc::default(),
        })
    }

    pub(super) async fn begin(&self) -> sqlx::Result<OwnedMutexGuard<SqliteWriter>> {
        let mut writer = self.writer().await;
        writer.begin().await?;
        Ok(writer)
    }

    /// The writing connection, outside of a transaction.
    pub(in crate::store) async fn writer(&self) -> OwnedMutexGuard<SqliteWriter> {
        Arc::clone(&self.writer).lock_owned().await
    }

    /// Carries what was committed from the log into the file, for ever. It is otherwise done by the
    /// commit that makes the log too long, which then takes as long as a hundred others.
    pub(super) async fn carry(&self) -> sqlx::Result<()> {
        loop {
            self.committed.notified().await;
            sleep(CARRY_INTERVAL).await;
            let carry = sqlx::raw_sql("PRAGMA wal_checkpoint(PASSIVE)");
            carry.execute(&mut *self.carrier.lock().await).await?;
        }
    }

    /// Makes the file a little shorter where much of it is free; whether there is more to do. A file
    /// that was not made for it keeps its length.
    pub(super) async fn give_back(&self) -> sqlx::Result<bool> {
        let sql = "SELECT freelist_count, page_count, auto_vacuum \
                   FROM pragma_freelist_count, pragma_page_count, pragma_auto_vacuum";
        let (free, pages, vacuum): (i64, i64, i64) =
            sqlx::query_as(sql).fetch_one(&self.readers).await?;
        if vacuum != INCREMENTAL || free <= pages / SPARE {
            return Ok(false);
        }
        let mut writer = self.begin().await?;
        let sql = format!("PRAGMA incremental_vacuum({GIVE_BACK_PAGES})");
        let given = sqlx::raw_sql(AssertSqlSafe(sql)).execute(writer.connection()).await;
        writer.end(given).await?;
        self.committed.notify_one();
        Ok(true)
    }

    /// How to connect for what takes as much room again as the database has: in a file that has no name,
    /// because memory may not have it. Beside the database: there it is, and in a container it may be
    /// the one place that can be written to.
    pub(super) fn with_room(&self, patience: Duration) -> SqliteConnectOptions {
        let options = self.readers.connect_options();
        let folder = options.get_filename().parent().filter(|it| !it.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).to_string_lossy().replace('\'', "''");
        let options = (*options).clone().read_only(false).busy_timeout(patience);
        options.pragma("temp_store_directory", format!("'{folder}'")).pragma("temp_store", "FILE")
    }

    /// Rewrites the file and empties the log. `secure_delete` overwrites what is deleted, but not the
    /// copies that stay in the gap of a page when its rows are moved to another.
    pub(super) async fn vacuum(&self) -> sqlx::Result<Vacuumed> {
        let mut connection = self.with_room(VACUUM_PATIENCE).connect().await?;
        sqlx::raw_sql("VACUUM").execute(&mut connection).await?;
        sqlx::raw_sql(EMPTYING).execute(&mut connection).await?;
        let emptied = timeout(VACUUM_PATIENCE, empty_log(&mut connection)).await;
        connection.close().await?;
        emptied.map_or(Ok(Vacuumed::Held), |done| done.map(|()| Vacuumed::Done))
    }

    /// Leaves one file behind, with everything in it. Where that cannot be done, the next start
    /// does it.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        let mut writer = self.writer.lock().await;
        writer.abandon().await;
        let tidy = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)");
        tidy.execute(writer.connection()).await.ok();
    }
}

/// Connects while others may be doing the same. Whoever comes to a new file makes its log, and for
/// that alone SQLite does not wait for the lock but says at once that another has it.
async fn connect_in_turn(
    options: &SqliteConnectOptions,
    patience: Duration,
) -> sqlx::Result<SqliteConnection> {
    let end = Instant::now() + patience;
    loop {
        match options.connect().await {
            Err(error) if is_locked(&error) && Instant::now() < end => sleep(TURN).await,
            connected => return connected,
        }
    }
}

/// Carries the log into the file and leaves nothing in it. Nobody may read from before meanwhile, nor
/// carry anything.
async fn empty_log(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    loop {
        let truncate = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)");
        let (busy, _, _): (i64, i64, i64) = truncate.fetch_one(&mut *connection).await?;
        if busy == 0 {
            return Ok(());
        }
        sleep(CARRY_INTERVAL).await;
    }
}

impl SqliteWriter {
    pub(super) fn of(connection: SqliteConnection) -> Self {
        Self { connection, open: false }
    }

    pub(in crate::store) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Takes the write lock at once: a transaction that takes it later can fail in its middle.
    async fn begin(&mut self) -> sqlx::Result<()> {
        self.begin_as("BEGIN IMMEDIATE").await
    }

    /// What is temporary is written without the lock.
    pub(super) async fn begin_for(&mut self, purpose: Purpose) -> sqlx::Result<()> {
        match purpose {
            Purpose::Drafting => self.begin_as("BEGIN").await,
            Purpose::Swapping => self.begin().await,
        }
    }

    async fn begin_as(&mut self, sql: &'static str) -> sqlx::Result<()> {
        self.abandon().await;
        // First: the transaction may begin although nobody waits for it any more.
        self.open = true;
        let begun = sqlx::raw_sql(sql).execute(&mut self.connection).await;
        self.open = begun.is_ok();
        begun.map(drop)
    }

    /// Ends a transaction with everything in it, or, where that fails, with nothing.
    pub(super) async fn commit(&mut self) -> sqlx::Result<()> {
        match sqlx::raw_sql("COMMIT").execute(&mut self.connection).await {
            Ok(_) => {
                self.open = false;
                Ok(())
            }
            Err(failure) => {
                self.abandon().await;
                Err(failure)
            }
        }
    }

    /// Ends a transaction as its last statement ended.
    pub(super) async fn end<T>(&mut self, done: sqlx::Result<T>) -> sqlx::Result<T> {
        match done {
            Ok(_) => self.commit().await?,
            Err(_) => self.abandon().await,
        }
        done
    }

    /// Ends a transaction, if there is one, with nothing.
    pub(super) async fn abandon(&mut self) {
        if self.open {
            // Some failures have rolled it back already, and there is none any more.
            sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await.ok();
            self.open = false;
        }
    }
}
