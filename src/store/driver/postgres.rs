//! The server engine: one connection that writes, and a pool of others that read beside it.

use std::{sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use super::Options;

/// The key of the advisory lock under which events are numbered: "meet" in ASCII.
const COMMIT_ORDER_LOCK: i32 = 0x6d65_6574;

/// A connection that was used this lately is taken to be there still.
const FRESH: Duration = Duration::from_secs(1);

/// Connections to one server.
#[derive(Clone, Debug)]
pub struct PgServer {
    /// The one writing connection, while nobody writes. Not in a pool: a pool asks the server for a
    /// sign of life with each use.
    writer: Arc<Mutex<Option<PgConnection>>>,
    pub(super) readers: PgPool,
}

/// A transaction. Dropped, it takes its connection with it, and the server rolls it back.
pub(in crate::store) struct PgWriter {
    connection: PgConnection,
    home: OwnedMutexGuard<Option<PgConnection>>,
}

impl PgServer {
    pub(super) async fn connect(
        connect: &PgConnectOptions,
        options: &Options,
    ) -> sqlx::Result<Self> {
        let connect = with_defaults(connect.clone(), options.commit_timeout);
        let readers = PgPoolOptions::new()
            .acquire_timeout(options.acquire_timeout)
            .max_connections(options.max_connections)
            .test_before_acquire(false)
            .before_acquire(|connection, use_of| {
                Box::pin(async move {
                    if use_of.idle_for > FRESH {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            // A read that was given up leaves a connection that may never answer again.
            .after_release(|connection, _| {
                Box::pin(async {
                    let answers = timeout(FRESH, connection.ping()).await;
                    answers.map_err(|_| sqlx::Error::PoolTimedOut)?.map(|()| true)
                })
            })
            .connect_with(connect)
            .await?;
        Ok(Self { writer: Arc::default(), readers })
    }

    pub(super) async fn begin(&self) -> sqlx::Result<PgWriter> {
        let mut home = Arc::clone(&self.writer).lock_owned().await;
        if let Some(connection) = home.take() {
            // One that is lost, because the server was restarted perhaps, is made anew.
            if let Ok(connection) = self.in_time(begin(connection)).await {
                return Ok(PgWriter { connection, home });
            }
        }
        let connect = self.readers.connect_options();
        let anew = async { begin(connect.connect().await?).await };
        Ok(PgWriter { connection: self.in_time(anew).await?, home })
    }

    /// A connection of its own for what may take long: changing the schema of a large database,
    /// or waiting for another process that does.
    pub(in crate::store) async fn patient(&self) -> sqlx::Result<PgConnection> {
        let connect = (*self.readers.connect_options()).clone();
        self.in_time(connect.options([("statement_timeout", "0")]).connect()).await
    }

    async fn in_time<T>(&self, work: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
        let limit = self.readers.options().get_acquire_timeout();
        timeout(limit, work).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        if let Some(connection) = self.writer.lock().await.take() {
            // What is not said goodbye to ends as well.
            connection.close().await.ok();
        }
    }
}

/// What the server should know of us, and how it should plan.
fn with_defaults(connect: PgConnectOptions, commit_timeout: Duration) -> PgConnectOptions {
    let limit = commit_timeout.as_millis().to_string();
    connect.statement_cache_capacity(256).disable_statement_logging().options([
        ("statement_timeout", limit.clone()),
        // A process that vanished in the middle of a commit holds its locks no longer.
        ("idle_in_transaction_session_timeout", limit),
        // A plan is kept for as long as the connection. One that was made while a table was
        // small would go on reading all of it.
        ("enable_seqscan", "off".to_owned()),
    ])
}

async fn begin(mut connection: PgConnection) -> sqlx::Result<PgConnection> {
    sqlx::raw_sql("BEGIN").execute(&mut connection).await.map(|_| connection)
}

impl PgWriter {
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Keeps other transactions from users, whether these are there or not, to the end of this one.
    /// All of them at once, and in one order: transactions cannot wait for each other in a circle.
    pub(super) async fn lock_users(&mut self, ids: &[&str]) -> sqlx::Result<()> {
        let lock = "SELECT pg_advisory_xact_lock(key) FROM (\
                    SELECT DISTINCT hashtextextended(id, 0) AS key FROM unnest($1) AS id \
                    ORDER BY key) AS keys";
        sqlx::query(lock).bind(ids).execute(&mut self.connection).await.map(drop)
    }

    /// Keeps other transactions from numbering their events, to the end of this one.
    pub(super) async fn order_commits(&mut self) -> sqlx::Result<()> {
        // Two numbers: those of one are the locks of users.
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, 0)").bind(COMMIT_ORDER_LOCK);
        lock.execute(&mut self.connection).await.map(drop)
    }

    pub(super) async fn commit(self) -> sqlx::Result<()> {
        self.end("COMMIT").await
    }

    pub(super) async fn rollback(self) -> sqlx::Result<()> {
        self.end("ROLLBACK").await
    }

    /// Ends the transaction; the connection goes home only from one that ended well.
    async fn end(mut self, sql: &'static str) -> sqlx::Result<()> {
        sqlx::raw_sql(sql).execute(&mut self.connection).await?;
        *self.home = Some(self.connection);
        Ok(())
    }
}
