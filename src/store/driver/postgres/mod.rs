//! Connections to a PostgreSQL server: some that write, a pool of others that read, and reserved
//! ones for the service itself.

mod connections;
mod hosts;
mod scratch;
mod transaction_start;
mod vacuum;
mod waiting_writers;
mod writer;

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::{BoxFuture, select_ok};
use sqlx::{Connection, PgConnection, PgPool, Postgres, pool::PoolConnection};
use tokio::{sync::Mutex, time::timeout};

use super::{Options, ServerTarget, ownership};

use self::waiting_writers::WaitingWriters;
pub(super) use self::{
    hosts::Hosts,
    scratch::close as close_scratch,
    transaction_start::{TransactionStart, begin, quoted},
    writer::PgWriter,
};

/// First key of the advisory locks that do not stand for an ID: "meet" in ASCII.
pub(super) const LOCKS: i32 = 0x6d65_6574;

/// Second key of the lock under which events are numbered.
const COMMIT_ORDER: i32 = 0;

/// Second key of the lock that every commit shares from its first statement. A transaction that has
/// it exclusively knows that no commit is running.
const COMMITS: i32 = 1;

/// Second key of the lock that a rebuild holds.
const REBUILD: i32 = 2;

/// Divisor of the timeout for a connection: a check of an idle one can take a third. A connection
/// that was cut without notice never answers, and the rest of the time is for opening another one.
const CHECK_DIVISOR: u32 = 3;

/// A connection that writes, if no transaction has it. It is not in a pool, because it is kept while
/// it is idle.
type WriterSlot = Arc<Mutex<Option<PgConnection>>>;

/// Connections to one server.
#[derive(Clone, Debug)]
pub struct PgServer {
    pub(super) hosts: Arc<Hosts>,
    pub(super) start: TransactionStart,
    /// Schema that the settings name. The tables can still be in another one.
    pub(super) given_schema: Arc<str>,
    /// Connections that write, one for each writer of the process.
    writers: Arc<[WriterSlot]>,
    /// Index of the one that this value uses.
    index: usize,
    waiting_writers: WaitingWriters,
    pub(super) readers: PgPool,
    pub(super) reserved: PgPool,
    /// Whether the server has ever accepted writes. If not, it is a standby on purpose.
    pub(super) writable: Arc<AtomicBool>,
}

impl PgServer {
    /// Connects to a server, and checks its settings.
    pub(super) async fn connect(target: &ServerTarget, options: &Options) -> sqlx::Result<Self> {
        let limit = options.acquire_timeout;
        let hosts = Arc::new(Hosts::new(&target.hosts, limit));
        // A pool retries until the timeout and does not report the cause.
        let mut first = hosts.connect().await?;
        let (schema, writable) = in_time(limit, inspect(&mut first, &target.schema)).await?;
        let start = TransactionStart::new(&schema, options.commit_timeout);
        let (readers, reserved) = connections::pools(&hosts, &start, options);
        let slot = WriterSlot::new(Mutex::new(Some(first)));
        Ok(Self {
            hosts,
            start,
            given_schema: target.schema.as_str().into(),
            writers: Arc::new([slot]),
            index: 0,
            waiting_writers: WaitingWriters::default(),
            readers,
            reserved,
            writable: Arc::new(writable.into()),
        })
    }

    /// Returns values that write on `count` connections. The first one has the connection of this
    /// value. The others are opened by their first transaction, or before it by
    /// [`open_writer`](Self::open_writer).
    pub(super) fn writers(&self, count: usize) -> Vec<Self> {
        let own = Arc::clone(&self.writers[self.index]);
        let others = (1..count).map(|_| WriterSlot::default());
        let writers: Arc<[WriterSlot]> = [own].into_iter().chain(others).collect();
        let writer = |index| Self { writers: Arc::clone(&writers), index, ..self.clone() };
        (0..writers.len()).map(writer).collect()
    }

    /// Opens the connection that writes, so that it belongs to the runtime that waits for its
    /// answers. If that fails, an open connection stays.
    pub(super) async fn open_writer(&self) -> sqlx::Result<()> {
        let mut slot = self.writers[self.index].lock().await;
        let fresh = self.open().await?;
        if let Some(old) = slot.replace(fresh) {
            old.close().await.ok();
        }
        Ok(())
    }

    /// Closes the connection that writes.
    pub(super) async fn close_writer(&self) {
        if let Some(connection) = self.writers[self.index].lock().await.take() {
            // A failure does not matter: the server ends the session anyway.
            connection.close().await.ok();
        }
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(&self) -> sqlx::Result<PgWriter> {
        self.begin_with(&self.writers[self.index]).await
    }

    /// Checks that the other writers of the process can begin a transaction.
    pub(super) async fn check_other_writers(&self) -> sqlx::Result<()> {
        for (index, slot) in self.writers.iter().enumerate() {
            if index != self.index {
                self.begin_with(slot).await?.rollback().await?;
            }
        }
        Ok(())
    }

    async fn begin_with(&self, slot: &WriterSlot) -> sqlx::Result<PgWriter> {
        let limit = self.limit();
        let mut slot = Arc::clone(slot).lock_owned().await;
        let idle = slot.take();
        let connection = in_time(limit, async {
            let Some(idle) = idle else { return self.open_and_begin().await };
            self.reuse_or_replace(idle, limit / CHECK_DIVISOR).await
        });
        Ok(PgWriter::new(connection.await?, slot))
    }

    /// Begins a transaction on an idle connection, or on a new one if that is lost, for example after
    /// a restart of the server. If the connection is only slow, it is used as soon as it answers,
    /// because the server can refuse another one.
    async fn reuse_or_replace(
        &self,
        mut idle: PgConnection,
        check: Duration,
    ) -> sqlx::Result<PgConnection> {
        let start = self.start.write();
        let mut reuse: BoxFuture<'_, _> =
            Box::pin(async move { begin(&mut idle, start).await.map(|()| idle) });
        match timeout(check, &mut reuse).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(_)) => self.open_and_begin().await,
            Err(_) => {
                select_ok([reuse, self.open_and_begin()]).await.map(|(connection, _)| connection)
            }
        }
    }

    /// Boxed, because it is seldom needed, and would make every transaction larger.
    fn open_and_begin(&self) -> BoxFuture<'_, sqlx::Result<PgConnection>> {
        Box::pin(async {
            let mut fresh = self.open_first().await?;
            begin(&mut fresh, self.start.write()).await.map(|()| fresh)
        })
    }

    /// Takes a connection that reads. If the server allows too few connections, writers come first.
    pub(super) async fn reader(&self) -> sqlx::Result<PoolConnection<Postgres>> {
        let acquire = async {
            self.waiting_writers.none().await;
            self.readers.acquire().await
        };
        timeout(self.limit(), acquire).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    /// Opens a connection. If it leads to another host than the last one, the pools follow.
    pub(super) async fn open(&self) -> sqlx::Result<PgConnection> {
        let connection = self.hosts.connect().await?;
        self.hosts.follow(&[&self.readers, &self.reserved]);
        Ok(connection)
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
        let mut fresh = self.open().await?;
        let writable = in_time(self.limit(), accepts_writes(&mut fresh)).await?;
        fresh.close().await.ok();
        Ok(writable)
    }

    /// Lets the next reads open new connections.
    pub(super) fn renew_readers(&self) {
        self.hosts.retire_connections();
    }

    /// Closes every connection after its current work.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.reserved.close().await;
        self.close_writer().await;
    }

    fn limit(&self) -> Duration {
        self.readers.options().get_acquire_timeout()
    }
}

/// Runs `work` with a timeout.
async fn in_time<T>(
    limit: Duration,
    work: impl Future<Output = sqlx::Result<T>>,
) -> sqlx::Result<T> {
    let late = || sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"));
    timeout(limit, work).await.unwrap_or_else(|_| Err(late()))
}

/// Checks the settings of a server and its tables. Returns the schema of the tables, and whether the
/// server accepts writes.
async fn inspect(connection: &mut PgConnection, schema: &str) -> sqlx::Result<(String, bool)> {
    let mut tx = connection.begin().await?;
    check_settings(&mut tx).await?;
    let schema = ownership::find_schema(&mut tx, schema).await?;
    let writable = accepts_writes(&mut tx).await?;
    tx.rollback().await?;
    Ok((schema, writable))
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
