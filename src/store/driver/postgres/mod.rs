//! Connections to a PostgreSQL server: some that write, a pool of others that read, and reserved
//! ones for the service itself.

mod scratch;
mod writer;

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, PgPool, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{sync::Mutex, time::timeout};

use super::{Options, RESERVED_CONNECTIONS, VacuumOutcome, ownership};

pub(super) use self::{scratch::close as close_scratch, writer::PgWriter};

/// First key of the advisory locks that do not stand for an ID: "meet" in ASCII.
pub(super) const LOCKS: i32 = 0x6d65_6574;

/// Second key of the lock under which events are numbered.
const COMMIT_ORDER: i32 = 0;

/// Second key of the lock that every commit shares from its first statement. A transaction that has
/// it exclusively knows that no commit is running.
const COMMITS: i32 = 1;

/// Second key of the lock that a rebuild holds for as long as it is connected.
const REBUILD: i32 = 2;

/// Divisor of the timeout for a connection: a ping can take a third. A connection that was cut
/// without notice never answers, and the rest of the time is for opening another one.
const PING_DIVISOR: u32 = 3;

/// Connections to one server.
#[derive(Clone, Debug)]
pub struct PgServer {
    /// The connection that writes, if no transaction has it. It is not in a pool, because a pool
    /// pings the server before each use.
    writer: Arc<Mutex<Option<PgConnection>>>,
    pub(super) readers: PgPool,
    pub(super) reserved: PgPool,
    /// Whether the server has ever accepted writes. If not, it is a standby on purpose.
    pub(super) writable: Arc<AtomicBool>,
}

impl PgServer {
    /// Connects to a server, and checks its settings.
    pub(super) async fn connect(
        connect: &PgConnectOptions,
        options: &Options,
    ) -> sqlx::Result<Self> {
        let connect = with_defaults(connect.clone(), options.commit_timeout);
        let limit = options.acquire_timeout;
        // The pool retries until the timeout and does not report the cause.
        let mut first = in_time(limit, connect.connect()).await?;
        in_time(limit, check_settings(&mut first)).await?;
        in_time(limit, ownership::check_server(&mut first)).await?;
        let writable = in_time(limit, accepts_writes(&mut first)).await?;
        let pool = PgPoolOptions::new()
            .acquire_timeout(limit)
            .test_before_acquire(false)
            .before_acquire(move |connection, _| Box::pin(ping(connection, limit)))
            // A canceled read leaves a connection that may never answer again.
            .after_release(move |connection, _| Box::pin(ping(connection, limit)));
        let reserved =
            pool.clone().max_connections(RESERVED_CONNECTIONS).connect_lazy_with(connect.clone());
        let readers = pool.max_connections(options.max_connections).connect_lazy_with(connect);
        let writable = Arc::new(writable.into());
        Ok(Self { writer: Arc::new(Mutex::new(Some(first))), readers, reserved, writable })
    }

    /// Returns the same server with another connection that writes. The connection is opened by its
    /// first transaction, so that it belongs to the runtime that waits for its answers.
    pub(super) fn with_another_writer(&self) -> Self {
        Self { writer: Arc::default(), ..self.clone() }
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(&self) -> sqlx::Result<PgWriter> {
        let limit = self.readers.options().get_acquire_timeout();
        let mut slot = Arc::clone(&self.writer).lock_owned().await;
        let idle = slot.take();
        let connection = in_time(limit, async {
            // A lost connection, for example after a restart of the server, is replaced.
            if let Some(idle) = idle
                && let Ok(connection) = in_time(limit / PING_DIVISOR, begin(idle)).await
            {
                return Ok(connection);
            }
            begin(self.readers.connect_options().connect().await?).await
        });
        Ok(PgWriter::new(connection.await?, slot))
    }

    /// Returns whether the server still accepts writes, if it ever did. If `connection` leads to a
    /// server that does not, closes it and checks a new connection, which may lead to the server
    /// that has taken over.
    pub(super) async fn is_writable(
        &self,
        mut connection: PoolConnection<Postgres>,
    ) -> sqlx::Result<bool> {
        if !self.writable.load(Ordering::Relaxed) || accepts_writes(&mut connection).await? {
            return Ok(true);
        }
        connection.close_on_drop();
        let limit = self.readers.options().get_acquire_timeout();
        let options = self.readers.connect_options();
        let mut fresh = in_time(limit, options.connect()).await?;
        let writable = in_time(limit, accepts_writes(&mut fresh)).await?;
        fresh.close().await.ok();
        Ok(writable)
    }

    /// Opens a connection for long work, such as migrating a large database or waiting for another
    /// process that does.
    pub(super) async fn connect_without_statement_timeout(&self) -> sqlx::Result<PgConnection> {
        let connect = (*self.readers.connect_options()).clone();
        let limit = self.readers.options().get_acquire_timeout();
        in_time(limit, connect.options([("statement_timeout", "0")]).connect()).await
    }

    /// Vacuums tables while others use them. Dead rows that a transaction can still see stay.
    pub(super) async fn vacuum(&self, tables: &[&str]) -> sqlx::Result<VacuumOutcome> {
        // The server skips tables without permission and reports success. PostgreSQL 17 has a
        // privilege for it.
        let allowed = "SELECT coalesce(bool_and(pg_has_role(it.relowner, 'USAGE') \
                           OR (SELECT pg_has_role(datdba, 'USAGE') FROM pg_database \
                               WHERE datname = current_database()) \
                           OR CASE WHEN current_setting('server_version_num')::int >= 170000 \
                              THEN has_table_privilege(it.oid, 'MAINTAIN') ELSE false END), false) \
                       FROM unnest($1) AS name JOIN pg_class AS it ON it.oid = to_regclass(name)";
        let mut connection = self.connect_without_statement_timeout().await?;
        let allowed: bool =
            sqlx::query_scalar(allowed).bind(tables).fetch_one(&mut connection).await?;
        if allowed {
            let sql = format!("VACUUM {}", tables.join(", "));
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(if allowed { VacuumOutcome::Done } else { VacuumOutcome::Forbidden })
    }

    /// Closes every connection after its current work.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.reserved.close().await;
        if let Some(connection) = self.writer.lock().await.take() {
            // A failure does not matter: the server ends the session anyway.
            connection.close().await.ok();
        }
    }
}

/// Adds the session settings that the service needs.
fn with_defaults(connect: PgConnectOptions, commit_timeout: Duration) -> PgConnectOptions {
    let limit = commit_timeout.as_millis().to_string();
    connect.statement_cache_capacity(256).disable_statement_logging().options([
        ("statement_timeout", limit.clone()),
        // A process that vanished during a commit holds its locks no longer than this.
        ("idle_in_transaction_session_timeout", limit),
        // The server keeps a plan for as long as the connection. A plan for a small table reads all
        // of it, even after it has grown.
        ("enable_seqscan", "off".to_owned()),
        // Without an index, the setting above makes a plan look so expensive that the server
        // compiles it. That took 150 ms for an empty table.
        ("jit", "off".to_owned()),
    ])
}

/// Runs `work` with a timeout.
async fn in_time<T>(
    limit: Duration,
    work: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    let late = || sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"));
    timeout(limit, work).await.unwrap_or_else(|_| Err(late()))
}

/// Checks that a connection answers.
async fn ping(connection: &mut PgConnection, limit: Duration) -> sqlx::Result<bool> {
    in_time(limit / PING_DIVISOR, connection.ping()).await.map(|()| true)
}

/// Begins a transaction. The isolation level is explicit, whatever the server's default: a read
/// after a lock must see the state at that time.
async fn begin(mut connection: PgConnection) -> sqlx::Result<PgConnection> {
    let begin = sqlx::raw_sql("BEGIN ISOLATION LEVEL READ COMMITTED");
    begin.execute(&mut connection).await.map(|_| connection)
}

/// Checks that the database stores every character, and that a commit survives a crash.
async fn check_settings(connection: &mut PgConnection) -> sqlx::Result<()> {
    let sql = "SELECT current_setting('server_encoding'), current_setting('synchronous_commit')";
    let (encoding, durable): (String, String) = sqlx::query_as(sql).fetch_one(connection).await?;
    let problem = if encoding != "UTF8" {
        format!(
            "the encoding of the database is {encoding}, which lacks characters; create the \
             database with ENCODING 'UTF8'"
        )
    } else if durable == "off" {
        "synchronous_commit is off, so that a crash can lose acknowledged events; run ALTER ROLE … \
         SET synchronous_commit = on"
            .to_owned()
    } else {
        return Ok(());
    };
    Err(sqlx::Error::Configuration(problem.into()))
}

/// Returns whether the server is neither a standby nor configured as read-only.
async fn accepts_writes(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let sql = "SELECT NOT current_setting('transaction_read_only')::boolean";
    sqlx::query_scalar(sql).fetch_one(connection).await
}
