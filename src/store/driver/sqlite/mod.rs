//! Connections to a SQLite file: one that writes, a pool of others that read, reserved ones for the
//! service itself, and one for checkpoints.

mod reopen;
mod scratch;
mod writer;

use std::{fs::File, io, os::unix::fs::OpenOptionsExt, path::Path, sync::Arc, time::Duration};

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

use super::{
    Options, RESERVED_CONNECTIONS, VacuumOutcome,
    error::is_locked,
    ownership,
    unusable::{Unusable, check_existing, check_if_exists, folder_of},
};

pub(super) use self::{scratch::RebuildLock, writer::SqliteWriter};

/// Interval between a commit and the checkpoint for it, and between attempts to empty the log.
const CHECKPOINT_INTERVAL: Duration = Duration::from_millis(50);

/// Interval between attempts to open a new file whose log another connection creates.
const OPEN_RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// Number of pages to release to the file system at once. For each, SQLite may have to search all
/// free pages.
const PAGES_PER_RELEASE: u8 = 16;

/// Value of `PRAGMA auto_vacuum` for a file that can release pages.
const INCREMENTAL: i64 = 2;

/// Divisor of the file size: a quarter of the file can stay free, for the next events.
const SPARE_DIVISOR: i64 = 4;

/// Timeout for the write lock before a `VACUUM`, and for the readers after it.
const VACUUM_TIMEOUT: Duration = Duration::from_secs(30);

/// Size of the page cache of a connection that writes: 8 MiB.
const WRITER_CACHE: &str = "-8192";

/// Timeout of one attempt to empty the log. Writers wait for as long.
const TRUNCATE_TIMEOUT: &str = "PRAGMA busy_timeout = 500";

/// Connections to one file.
#[derive(Clone, Debug)]
pub struct SqliteFile {
    writer: Arc<Mutex<SqliteWriter>>,
    /// Closed while all connections are reopened.
    checkpointer: Arc<Mutex<Option<SqliteConnection>>>,
    pub(super) readers: SqlitePool,
    pub(super) reserved: SqlitePool,
    /// Notified of each commit.
    pub(super) committed: Arc<Notify>,
}

impl SqliteFile {
    /// Opens a file, and creates it if it does not exist.
    pub(super) async fn open(file: &Path, options: &Options) -> sqlx::Result<Self> {
        let connect = connect_options(file, options);
        create_private(file)?;
        check_if_exists(file).map_err(Unusable::into_sqlx)?;
        match check_existing(file) {
            Err(reason) if options.opens_unwritable_log => {
                tracing::warn!(%reason, "deliveries are rejected until the database can be written");
            }
            checked => checked.map_err(Unusable::into_sqlx)?,
        }
        ownership::check_file(&connect_without_changes(file, options))
            .await
            .map_err(Unusable::into_sqlx)?;
        // A file can release free pages only if this is set before it has a table. Setting it is a
        // write.
        let creating = match std::fs::metadata(file) {
            Ok(existing) if existing.len() > 0 => connect.clone(),
            _ => connect.clone().auto_vacuum(SqliteAutoVacuum::Incremental),
        };
        // Used for nothing else. If another connection creates the log at the same time, this one
        // can hold a reader's lock forever, and the log could never restart.
        let creator = connect_to_new_file(&creating, options.acquire_timeout).await?;
        let connection = connect.connect().await?;
        let checkpointer = connect.connect().await?;
        // The system caches the pages for all readers. With 8 MiB each they read no faster.
        let reading =
            connect.create_if_missing(false).read_only(true).pragma("cache_size", "-2048");
        let pool = SqlitePoolOptions::new().acquire_timeout(options.acquire_timeout);
        let reserved =
            pool.clone().max_connections(RESERVED_CONNECTIONS).connect_lazy_with(reading.clone());
        let readers = pool.max_connections(options.max_connections).connect_with(reading).await?;
        // Closed only now: the last connection to close removes the log, and the next one creates
        // it again.
        creator.close().await?;
        Ok(Self {
            writer: Arc::new(Mutex::new(SqliteWriter::new(connection))),
            checkpointer: Arc::new(Mutex::new(Some(checkpointer))),
            readers,
            reserved,
            committed: Arc::default(),
        })
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(&self) -> sqlx::Result<OwnedMutexGuard<SqliteWriter>> {
        let mut writer = self.writer().await;
        if writer.must_reopen() {
            self.reopen_all(&mut writer).await?;
        }
        match writer.begin().await {
            Err(error) if reopen::can_help(&error) => {
                self.reopen_all(&mut writer).await?;
                writer.begin().await?;
            }
            begun => begun?,
        }
        Ok(writer)
    }

    /// Returns the connection that writes, outside of a transaction.
    pub(super) async fn writer(&self) -> OwnedMutexGuard<SqliteWriter> {
        Arc::clone(&self.writer).lock_owned().await
    }

    /// Copies commits from the log to the file until that fails. Otherwise the commit that fills
    /// the log does it, and takes as long as a hundred others.
    pub(super) async fn run_checkpoints(&self) -> sqlx::Result<()> {
        loop {
            self.committed.notified().await;
            sleep(CHECKPOINT_INTERVAL).await;
            let mut slot = self.checkpointer.lock().await;
            let connection = match &mut *slot {
                Some(connection) => connection,
                None => slot.insert(self.connect_writer().await?),
            };
            let checkpoint = sqlx::raw_sql("PRAGMA wal_checkpoint(PASSIVE)");
            let done = checkpoint.execute(connection).await;
            if done.as_ref().is_err_and(reopen::can_help) {
                *slot = None;
            }
            done?;
        }
    }

    /// Shortens the file a little if much of it is free. Returns whether there is more to do. A
    /// file that was created without incremental vacuum keeps its length.
    pub(super) async fn release_free_pages(&self) -> sqlx::Result<bool> {
        let sql = "SELECT freelist_count, page_count, auto_vacuum \
                   FROM pragma_freelist_count, pragma_page_count, pragma_auto_vacuum";
        let (free, pages, vacuum): (i64, i64, i64) =
            sqlx::query_as(sql).fetch_one(&self.reserved).await?;
        if vacuum != INCREMENTAL || free <= pages / SPARE_DIVISOR {
            return Ok(false);
        }
        let mut writer = self.begin().await?;
        let sql = format!("PRAGMA incremental_vacuum({PAGES_PER_RELEASE})");
        let released = sqlx::raw_sql(AssertSqlSafe(sql)).execute(writer.connection()).await;
        writer.end(released).await?;
        self.committed.notify_one();
        Ok(true)
    }

    /// Returns options for a connection that needs as much temporary space as the database has. The
    /// space is in unnamed files, because memory may be too small. They are in the directory of the
    /// database, which can be the only writable one in a container.
    fn options_for_large_work(&self, busy_timeout: Duration) -> SqliteConnectOptions {
        let options = self.readers.connect_options();
        let folder = folder_of(options.get_filename()).to_string_lossy().replace('\'', "''");
        let options = (*options).clone().read_only(false).busy_timeout(busy_timeout);
        options.pragma("temp_store_directory", format!("'{folder}'")).pragma("temp_store", "FILE")
    }

    /// Rewrites the file and empties the log. `secure_delete` overwrites deleted data, but not the
    /// copies in the unused part of a page whose rows were moved to another page.
    pub(super) async fn vacuum(&self) -> sqlx::Result<VacuumOutcome> {
        let mut connection = self.options_for_large_work(VACUUM_TIMEOUT).connect().await?;
        sqlx::raw_sql("VACUUM").execute(&mut connection).await?;
        sqlx::raw_sql(TRUNCATE_TIMEOUT).execute(&mut connection).await?;
        let emptied = timeout(VACUUM_TIMEOUT, empty_log(&mut connection)).await;
        connection.close().await?;
        emptied.map_or(Ok(VacuumOutcome::Blocked), |done| done.map(|()| VacuumOutcome::Done))
    }

    /// Closes every connection, and leaves a single file with all commits. If the last checkpoint
    /// fails, the next start repeats it.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.reserved.close().await;
        let mut writer = self.writer.lock().await;
        writer.rollback().await;
        let checkpoint = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)");
        checkpoint.execute(writer.connection()).await.ok();
    }
}

/// Creates a missing file for the current user alone. SQLite creates its other files with the same
/// mode.
fn create_private(file: &Path) -> io::Result<()> {
    if file.exists() {
        return Ok(());
    }
    match File::options().write(true).create_new(true).mode(0o600).open(file) {
        // Another process creates the file at the same time.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        created => created.map(drop),
    }
}

/// Returns options that keep a file as it is. The mode of the log is stored in the file.
fn connect_without_changes(file: &Path, options: &Options) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(options.acquire_timeout)
        .disable_statement_logging()
}

fn connect_options(file: &Path, options: &Options) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit is on the disk when it returns.
        .synchronous(SqliteSynchronous::Full)
        // Deleted data is overwritten.
        .pragma("secure_delete", "ON")
        // The undo data of a single statement needs no file.
        .pragma("temp_store", "MEMORY")
        // 8 MiB of pages in memory. The system caches the others. A commit that splits pages
        // searches the whole cache, which with 64 MiB took a tenth of the commit.
        .pragma("cache_size", WRITER_CACHE)
        // When the log has 16 MiB, the writer makes it restart. By then `run_checkpoints` has done
        // nearly all of the work.
        .pragma("wal_autocheckpoint", "4096")
        // A log that grew during a long read is truncated when it restarts.
        .pragma("journal_size_limit", "33554432")
        .busy_timeout(options.acquire_timeout)
        .statement_cache_capacity(256)
        .disable_statement_logging()
}

/// Connects while other connections may do the same. The first connection to a new file creates its
/// log. For that lock alone SQLite does not wait, but fails at once.
async fn connect_to_new_file(
    options: &SqliteConnectOptions,
    limit: Duration,
) -> sqlx::Result<SqliteConnection> {
    let end = Instant::now() + limit;
    loop {
        match options.connect().await {
            Err(error) if is_locked(&error) && Instant::now() < end => {
                sleep(OPEN_RETRY_INTERVAL).await;
            }
            connected => return connected,
        }
    }
}

/// Copies the log to the file and truncates it. Waits until no reader uses an older state, and no
/// other checkpoint runs.
async fn empty_log(connection: &mut SqliteConnection) -> sqlx::Result<()> {
    loop {
        let truncate = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)");
        let (busy, _, _): (i64, i64, i64) = truncate.fetch_one(&mut *connection).await?;
        if busy == 0 {
            return Ok(());
        }
        sleep(CHECKPOINT_INTERVAL).await;
    }
}
