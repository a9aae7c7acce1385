//! The server engine: connections that write, and a pool of others that read beside them.

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
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use super::{Options, Purpose};
use crate::store::{StoreError, erasure::Vacuumed};

/// The first half of the keys of the advisory locks that are no id's: "meet" in ASCII.
const LOCKS: i32 = 0x6d65_6574;

/// Events are numbered under this one.
const COMMIT_ORDER: i32 = 0;

/// Every commit shares this one, from its first statement on. Whoever has it alone knows that none is
/// under way.
const COMMITS: i32 = 1;

/// One rebuild at a time holds this one, for as long as it is connected.
const REBUILD: i32 = 2;

/// The part of the time to get a connection, as its divisor, that one may take for a sign of life.
/// A connection that was cut off without a word never gives one: the rest is for making another.
const SIGN_OF_LIFE: u32 = 3;

/// Connections to one server.
#[derive(Clone, Debug)]
pub struct PgServer {
    /// The writing connection, while nobody writes. Not in a pool: a pool asks the server for a
    /// sign of life with each use.
    writer: Arc<Mutex<Option<PgConnection>>>,
    pub(super) readers: PgPool,
    /// It has taken writes. As long as it has not, we are there for reading.
    pub(super) writable: Arc<AtomicBool>,
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
        let limit = options.acquire_timeout;
        // The pool would try again until its time is over, and not say what was wrong.
        let mut first = in_time(limit, connect.connect()).await?;
        in_time(limit, check_settings(&mut first)).await?;
        let writable = in_time(limit, is_writable(&mut first)).await?;
        let readers = PgPoolOptions::new()
            .acquire_timeout(limit)
            .max_connections(options.max_connections)
            .test_before_acquire(false)
            .before_acquire(move |connection, _| Box::pin(alive(connection, limit)))
            // A read that was given up leaves a connection that may never answer again.
            .after_release(move |connection, _| Box::pin(alive(connection, limit)))
            .connect_lazy_with(connect);
        let writable = Arc::new(writable.into());
        Ok(Self { writer: Arc::new(Mutex::new(Some(first))), readers, writable })
    }

    /// The same server with a writing connection of its own. It is made by whoever writes first, and so
    /// belongs to the runtime that waits for its answers.
    pub(super) fn with_another_writer(&self) -> Self {
        Self { writer: Arc::default(), ..self.clone() }
    }

    pub(super) async fn begin(&self) -> sqlx::Result<PgWriter> {
        let limit = self.readers.options().get_acquire_timeout();
        let mut home = Arc::clone(&self.writer).lock_owned().await;
        let kept = home.take();
        let connection = in_time(limit, async {
            // One that is lost, because the server was restarted perhaps, is made anew.
            if let Some(kept) = kept
                && let Ok(connection) = in_time(limit / SIGN_OF_LIFE, begin(kept)).await
            {
                return Ok(connection);
            }
            begin(self.readers.connect_options().connect().await?).await
        });
        Ok(PgWriter { connection: connection.await?, home })
    }

    /// Makes sure that the server takes writes still. The connection to one that does not any more
    /// goes, and one that is made now tells: it may lead to the one that has taken over.
    pub(super) async fn check_writable(
        &self,
        mut connection: PoolConnection<Postgres>,
    ) -> Result<(), StoreError> {
        if !self.writable.load(Ordering::Relaxed) || is_writable(&mut connection).await? {
            return Ok(());
        }
        connection.close_on_drop();
        let limit = self.readers.options().get_acquire_timeout();
        let options = self.readers.connect_options();
        let mut made_now = in_time(limit, options.connect()).await?;
        let writable = in_time(limit, is_writable(&mut made_now)).await?;
        made_now.close().await.ok();
        if writable { Ok(()) } else { Err(StoreError::ReadOnly) }
    }

    /// A connection of its own for what may take long: changing the schema of a large database,
    /// or waiting for another process that does.
    pub(in crate::store) async fn patient(&self) -> sqlx::Result<PgConnection> {
        let connect = (*self.readers.connect_options()).clone();
        let limit = self.readers.options().get_acquire_timeout();
        in_time(limit, connect.options([("statement_timeout", "0")]).connect()).await
    }

    /// Goes through tables beside others. Dead rows that a transaction may still want to see stay
    /// until another time.
    pub(super) async fn vacuum(&self, tables: &[&str]) -> sqlx::Result<Vacuumed> {
        // The server would pass over what is not ours, and call that done. 17 has a right for it.
        let allowed = "SELECT coalesce(bool_and(pg_has_role(it.relowner, 'USAGE') \
                           OR (SELECT pg_has_role(datdba, 'USAGE') FROM pg_database \
                               WHERE datname = current_database()) \
                           OR CASE WHEN current_setting('server_version_num')::int >= 170000 \
                              THEN has_table_privilege(it.oid, 'MAINTAIN') ELSE false END), false) \
                       FROM unnest($1) AS name JOIN pg_class AS it ON it.oid = to_regclass(name)";
        let mut connection = self.patient().await?;
        let allowed: bool =
            sqlx::query_scalar(allowed).bind(tables).fetch_one(&mut connection).await?;
        if allowed {
            let sql = format!("VACUUM {}", tables.join(", "));
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(if allowed { Vacuumed::Done } else { Vacuumed::Forbidden })
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
        // Where there is no index, the line above makes a plan look so expensive that the server
        // compiles it: that took 150 ms, for a table without a row.
        ("jit", "off".to_owned()),
    ])
}

async fn in_time<T>(
    limit: Duration,
    work: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    let late = || sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"));
    timeout(limit, work).await.unwrap_or_else(|_| Err(late()))
}

/// Asks for a sign of life.
async fn alive(connection: &mut PgConnection, limit: Duration) -> sqlx::Result<bool> {
    in_time(limit / SIGN_OF_LIFE, connection.ping()).await.map(|()| true)
}

async fn begin(mut connection: PgConnection) -> sqlx::Result<PgConnection> {
    // Whatever the server's default is: what is read behind a lock has to be what is there then.
    let begin = sqlx::raw_sql("BEGIN ISOLATION LEVEL READ COMMITTED");
    begin.execute(&mut connection).await.map(|_| connection)
}

/// Makes sure that the database keeps what it is given: each letter, and each commit through a crash.
async fn check_settings(connection: &mut PgConnection) -> sqlx::Result<()> {
    let sql = "SELECT current_setting('server_encoding'), current_setting('synchronous_commit')";
    let (encoding, durable): (String, String) = sqlx::query_as(sql).fetch_one(connection).await?;
    let trouble = if encoding != "UTF8" {
        format!(
            "its encoding is {encoding}, which lacks letters: CREATE DATABASE … ENCODING 'UTF8'"
        )
    } else if durable == "off" {
        "synchronous_commit is off, and what is answered 200 would be lost in a crash: \
         ALTER ROLE … SET synchronous_commit = on"
            .to_owned()
    } else {
        return Ok(());
    };
    Err(sqlx::Error::Configuration(trouble.into()))
}

/// Whether the server is no standby, and not told to be read-only.
async fn is_writable(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let sql = "SELECT NOT current_setting('transaction_read_only')::boolean";
    sqlx::query_scalar(sql).fetch_one(connection).await
}

/// Whether nobody else rebuilds; from now on somebody does.
pub(super) async fn is_alone(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let lock = sqlx::query_scalar("SELECT pg_try_advisory_lock($1, $2)");
    lock.bind(LOCKS).bind(REBUILD).fetch_one(connection).await
}

/// Puts empty tables in the place of these, for one connection; the schema of those that are there.
pub(super) async fn hide(connection: &mut PgConnection, tables: &[&str]) -> sqlx::Result<String> {
    let schema = "SELECT quote_ident(nspname) FROM pg_class \
                  JOIN pg_namespace ON pg_namespace.oid = relnamespace \
                  WHERE pg_class.oid = 'users'::regclass";
    let stored: String = sqlx::query_scalar(schema).fetch_one(&mut *connection).await?;
    for table in tables {
        let sql = format!("CREATE TEMPORARY TABLE {table} (LIKE {stored}.{table} INCLUDING ALL)");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    }
    // First, also where somebody has put them last.
    let first =
        "SELECT set_config('search_path', 'pg_temp, ' || current_setting('search_path'), false)";
    sqlx::raw_sql(first).execute(connection).await?;
    Ok(stored)
}

/// Whether the tables are hidden still: behind a pooler, a transaction may have come upon another
/// connection of the server's, and would write into the real ones.
async fn is_hidden(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let sql = "SELECT to_regclass('users') = to_regclass('pg_temp.users')";
    let same: Option<bool> = sqlx::query_scalar(sql).fetch_one(connection).await?;
    Ok(same == Some(true))
}

impl PgWriter {
    /// Begins a transaction on a connection that hides tables.
    pub(super) async fn begin_draft(
        mut connection: PgConnection,
        home: OwnedMutexGuard<Option<PgConnection>>,
        purpose: Purpose,
    ) -> sqlx::Result<Self> {
        let sql = match purpose {
            // It holds nothing that others wait for, and takes the time it takes.
            Purpose::Drafting => {
                "BEGIN ISOLATION LEVEL REPEATABLE READ; \
                 SET LOCAL idle_in_transaction_session_timeout = 0"
            }
            // It looks at much or at little, and the server knows which.
            Purpose::Swapping => {
                "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL enable_seqscan = on"
            }
        };
        sqlx::raw_sql(sql).execute(&mut connection).await?;
        if !is_hidden(&mut connection).await? {
            return Err(sqlx::Error::Protocol("the connection is another one".to_owned()));
        }
        if purpose == Purpose::Swapping {
            let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, $2)");
            lock.bind(LOCKS).bind(COMMITS).execute(&mut connection).await?;
        }
        Ok(Self { connection, home })
    }

    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Keeps other transactions from what has these ids, whether it is there or not, to the end of
    /// this one. All of it at once, and in one order: transactions cannot wait for each other in a
    /// circle.
    pub(super) async fn lock(&mut self, ids: &[&str]) -> sqlx::Result<()> {
        // The shared one first: it is computed before a row comes of it.
        let lock = "WITH shared AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared($2, $3)) \
                    SELECT pg_advisory_xact_lock(key) FROM shared, (\
                    SELECT DISTINCT hashtextextended(id, 0) AS key FROM unnest($1) AS id \
                    ORDER BY key) AS keys";
        let lock = sqlx::query(lock).bind(ids).bind(LOCKS).bind(COMMITS);
        lock.execute(&mut self.connection).await.map(drop)
    }

    /// Keeps other transactions from numbering their events, to the end of this one.
    pub(super) async fn order_commits(&mut self) -> sqlx::Result<()> {
        // Two numbers: those of one are the locks of ids.
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, $2)");
        let lock = lock.bind(LOCKS).bind(COMMIT_ORDER);
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
