//! Precedence of transactions that write: if the server allows no more connections, they get one
//! before transactions that read.

use std::time::Duration;

use sqlx::PgConnection;
use tokio::{sync::watch, time::sleep};

use super::PgServer;

/// Time between two attempts to open a connection.
const PAUSE: Duration = Duration::from_millis(20);

/// SQLSTATEs with which a server or a pooler refuses a connection while there are too many:
/// `too_many_connections` of PostgreSQL, `protocol_violation` of PgBouncer and `internal_error` of
/// Supavisor.
const REFUSALS: [&str; 3] = ["53300", "08P01", "XX000"];

/// Number of transactions that wait because the server has refused a connection.
#[derive(Clone, Debug, Default)]
pub(super) struct WaitingWriters(watch::Sender<usize>);

/// A transaction that waits, until it is dropped.
struct Waiting<'a>(&'a WaitingWriters);

impl PgServer {
    /// Opens a connection for a transaction that writes. While the server refuses that, closes those
    /// that read.
    pub(super) async fn open_first(&self) -> sqlx::Result<PgConnection> {
        let first = self.open().await;
        if !is_refused(&first) {
            return first;
        }
        let _waiting = Waiting::new(&self.waiting_writers);
        loop {
            if let Some(idle) = self.readers.try_acquire() {
                // The server ends the session anyway.
                idle.close().await.ok();
            }
            let opened = self.open().await;
            if !is_refused(&opened) {
                return opened;
            }
            sleep(PAUSE).await;
        }
    }
}

impl WaitingWriters {
    /// Waits until no transaction waits for a connection.
    pub(super) async fn none(&self) {
        // The sender lives as long as this value, so that this cannot fail.
        self.0.subscribe().wait_for(|count| *count == 0).await.ok();
    }
}

fn is_refused(opened: &sqlx::Result<PgConnection>) -> bool {
    let Err(sqlx::Error::Database(error)) = opened else { return false };
    error.code().is_some_and(|code| REFUSALS.contains(&&*code))
}

impl<'a> Waiting<'a> {
    fn new(writers: &'a WaitingWriters) -> Self {
        writers.0.send_modify(|count| *count += 1);
        Self(writers)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}
