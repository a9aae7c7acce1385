//! Reopens the connections of a file that could not be written when they were opened.
//!
//! Such a connection stays read-only, even after the file can be written. All connections of a
//! process share their access to the file `-shm`, so that all of them have to be closed first.

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{SqliteFile, SqliteWriter, WRITER_CACHE};
use crate::store::driver::OutageCause;

/// Returns whether new connections can succeed after this error.
pub(super) fn can_help(error: &sqlx::Error) -> bool {
    OutageCause::of(error) == OutageCause::ReadOnly
}

impl SqliteFile {
    /// Opens a connection that can write.
    pub(super) async fn connect_writer(&self) -> sqlx::Result<SqliteConnection> {
        let options = (*self.readers.connect_options()).clone();
        options.read_only(false).pragma("cache_size", WRITER_CACHE).connect().await
    }

    /// Closes all connections that are not in use, and opens the writer's. The others are opened
    /// when they are needed. If a connection is in use, a later attempt can help.
    pub(super) async fn reopen_all(&self, writer: &mut SqliteWriter) -> sqlx::Result<()> {
        writer.close().await?;
        if let Some(checkpointer) = self.checkpointer.lock().await.take() {
            checkpointer.close().await.ok();
        }
        for pool in [&self.readers, &self.reserved] {
            while let Some(reader) = pool.try_acquire() {
                reader.close().await.ok();
            }
        }
        *writer = SqliteWriter::new(self.connect_writer().await?);
        Ok(())
    }
}
