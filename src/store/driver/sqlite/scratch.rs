//! Scratch tables on a connection to a file.

use std::{
    fs::{self, File, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection};
use tokio::sync::Mutex;

use super::{SqliteFile, SqliteWriter};
use crate::store::driver::scratch::{ScratchConnection, ScratchTables};

/// Timeout for the write lock of the file. A busy service takes the lock again and again, and
/// leaves only short gaps.
const WRITE_LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// A locked file that marks a running rebuild. SQLite has no locks outside of transactions.
pub(in crate::store::driver) struct RebuildLock {
    path: PathBuf,
    _locked: File,
}

impl SqliteFile {
    /// Opens a connection with scratch tables in the place of `tables`. If `exclusive` is set,
    /// takes the rebuild lock, and returns none if another process has it.
    pub(in crate::store::driver) async fn scratch_tables(
        &self,
        tables: &[&str],
        exclusive: bool,
    ) -> sqlx::Result<Option<ScratchTables>> {
        let options = self.readers.connect_options();
        let lock = if exclusive {
            let Some(lock) = RebuildLock::try_take(options.get_filename())? else {
                return Ok(None);
            };
            Some(lock)
        } else {
            None
        };
        // Limits the memory for the scratch tables to 64 MiB.
        let connect =
            self.options_for_large_work(WRITE_LOCK_TIMEOUT).pragma("temp.cache_size", "-65536");
        let mut connection = connect.connect().await?;
        for table in tables {
            for sql in create_statements(&mut connection, table).await? {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
            }
        }
        let writer = Arc::new(Mutex::new(SqliteWriter::new(connection)));
        let connection = ScratchConnection::Sqlite(writer, lock);
        Ok(Some(ScratchTables { connection, stored_schema: "main".to_owned() }))
    }
}

/// Returns the statements that create an empty temporary copy of a table with its indexes.
async fn create_statements(
    connection: &mut SqliteConnection,
    table: &str,
) -> sqlx::Result<Vec<String>> {
    let sql = "SELECT sql FROM main.sqlite_schema WHERE tbl_name = $1 AND sql IS NOT NULL \
               AND type IN ('table', 'index') ORDER BY type DESC, name";
    let stored: Vec<String> = sqlx::query_scalar(sql).bind(table).fetch_all(connection).await?;
    let temporary = |sql: String| match sql.strip_prefix("CREATE TABLE ") {
        Some(rest) => format!("CREATE TEMPORARY TABLE {rest}"),
        None => sql.replacen("INDEX ", "INDEX temp.", 1),
    };
    Ok(stored.into_iter().map(temporary).collect())
}

impl RebuildLock {
    /// Takes the lock of a database. Returns none if another process has it.
    fn try_take(database: &Path) -> sqlx::Result<Option<Self>> {
        let mut path = database.as_os_str().to_owned();
        path.push("-rebuild");
        let path = PathBuf::from(path);
        let mut options = File::options();
        let file = options.create(true).truncate(false).write(true).mode(0o600).open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { path, _locked: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Removes the lock file.
    pub(in crate::store::driver) fn remove_file(&self) {
        // The next rebuild reuses a file that could not be removed.
        fs::remove_file(&self.path).ok();
    }
}
