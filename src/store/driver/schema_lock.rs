//! Limits how long a change of the schema waits for locks, and names who holds them.
//!
//! A statement that waits for a table also stops every other statement on it. Therefore the wait is
//! short, and the change is one transaction that leaves nothing behind.

use std::{
    borrow::Cow,
    convert::Infallible,
    sync::{
        Mutex,
        atomic::{AtomicI32, Ordering},
    },
    time::Duration,
};

use sqlx::{
    AssertSqlSafe, Connection, PgConnection, SqliteConnection, error::DatabaseError,
    migrate::MigrateError,
};
use tokio::time::sleep;

use super::{
    DbError, OutageCause,
    error::is_locked,
    postgres::{LOCKS, PgServer},
    sqlite::SqliteFile,
    unusable::Unusable,
};

/// Second key of the lock that a change of the schema holds.
const SCHEMA_CHANGE: i32 = 3;

/// SQLSTATE after `lock_timeout` has expired.
const LOCK_TIMEOUT: &str = "55P03";

/// Setting of the limit, for errors.
const SETTING: &str = "database.migration_lock_timeout_ms";

/// Begins a transaction that migrates a file. sqlx locks a server for its migrator, but not a file,
/// where two processes could run the same migration.
const BEGIN_EXCLUSIVE: &str = "BEGIN IMMEDIATE";

/// Runs work in a transaction of a file.
pub(super) async fn in_file(
    file: &SqliteFile,
    limit: Duration,
    work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<(), MigrateError>,
) -> Result<(), DbError> {
    let mut writer = file.writer().await;
    let connection = writer.connection();
    set_busy_timeout(connection, limit).await?;
    let done = async {
        let mut tx = connection.begin_with(BEGIN_EXCLUSIVE).await?;
        work(&mut tx).await?;
        Ok(tx.commit().await?)
    }
    .await;
    set_busy_timeout(connection, file.readers.options().get_acquire_timeout()).await?;
    done.map_err(|error| match cause(&error) {
        Some(cause) if is_locked(cause) => DbError::Unusable(Unusable::new(
            format!("another process kept the write lock of the file for {limit:?}"),
            format!("end its transaction, or raise {SETTING}"),
        )),
        _ => error,
    })
}

async fn set_busy_timeout(connection: &mut SqliteConnection, limit: Duration) -> sqlx::Result<()> {
    let sql = format!("PRAGMA busy_timeout = {}", limit.as_millis());
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

/// Runs work in a transaction of a server.
pub(super) async fn on_server(
    server: &PgServer,
    limit: Duration,
    work: impl AsyncFnOnce(&mut PgConnection) -> Result<(), MigrateError>,
) -> Result<(), DbError> {
    let mut connection = server.open().await?;
    let (process, holders) = (AtomicI32::new(0), Mutex::new(None));
    let change = async {
        let begin = server.start.schema_change(limit);
        let mut tx = connection.begin_with(AssertSqlSafe(begin)).await?;
        let own = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *tx).await?;
        process.store(own, Ordering::Relaxed);
        // A lock of the transaction, because a lock of the session outlives it behind a pooler.
        let lock = sqlx::query("SELECT pg_advisory_xact_lock($1, $2)");
        lock.bind(LOCKS).bind(SCHEMA_CHANGE).execute(&mut *tx).await?;
        create_schema(&mut tx, &server.start.schema).await?;
        work(&mut tx).await?;
        Ok(tx.commit().await?)
    };
    let done: Result<(), DbError> = tokio::select! {
        done = change => done,
        never = watch_holders(server, limit, &process, &holders) => match never {},
    };
    done.map_err(|error| match cause(&error) {
        Some(cause) if OutageCause::of(cause).is_permanent() => {
            DbError::Unusable(OutageCause::of(cause).unusable())
        }
        Some(cause) if code(cause) == "42501" => DbError::Unusable(forbidden(server, cause)),
        Some(cause) if code(cause) == LOCK_TIMEOUT => {
            let holder = holders.into_inner().ok().flatten();
            let holder = holder.unwrap_or_else(|| "another connection".to_owned());
            DbError::Unusable(Unusable::new(
                format!(
                    "a lock was not available within {limit:?}, because it is held by {holder}"
                ),
                format!(
                    "wait until that transaction ends, end it with `SELECT \
                     pg_terminate_backend(PID)`, or raise {SETTING}"
                ),
            ))
        }
        _ => error,
    })
}

/// Creates a schema, of a quoted name, if it does not exist. `IF NOT EXISTS` needs the right to
/// create schemas also if it exists.
pub(super) async fn create_schema(tx: &mut PgConnection, schema: &str) -> sqlx::Result<()> {
    // `to_regnamespace` can answer from a cache of the connection, which does not know yet what another
    // process created while this one waited for its lock.
    let exists = "SELECT EXISTS (SELECT FROM pg_namespace \
                  WHERE '\"' || replace(nspname, '\"', '\"\"') || '\"' = $1)";
    let exists = sqlx::query_scalar(exists).bind(schema);
    if !exists.fetch_one(&mut *tx).await? {
        let sql = format!("CREATE SCHEMA {schema}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(tx).await?;
    }
    Ok(())
}

/// Explains that the role lacks a right.
fn forbidden(server: &PgServer, cause: &sqlx::Error) -> Unusable {
    let message = cause.as_database_error().map_or(String::new(), |it| it.message().to_owned());
    let schema = &server.start.schema;
    let remediation = match message.contains("for database") {
        true => format!(
            "create the schema as the owner of the database: CREATE SCHEMA {schema} \
                         AUTHORIZATION …"
        ),
        false => format!(
            "use the role that owns the tables, or let the role create them: GRANT \
                          CREATE ON SCHEMA {schema} TO …"
        ),
    };
    Unusable::new(message, remediation)
}

/// Records again and again which connections block a process. Only while it waits can the server
/// tell that.
async fn watch_holders(
    server: &PgServer,
    limit: Duration,
    process: &AtomicI32,
    holders: &Mutex<Option<String>>,
) -> Infallible {
    let sql = "SELECT format('the connection with the PID %s (%s, role %s, %s for %s s)', \
                   pid, coalesce(nullif(application_name, ''), 'no application_name'), usename, \
                   coalesce(state, 'state unknown'), \
                   round(extract(epoch FROM now() - coalesce(xact_start, backend_start)))) \
               FROM pg_stat_activity WHERE pid = ANY(pg_blocking_pids($1)) ORDER BY pid LIMIT 3";
    loop {
        sleep(limit / 5).await;
        let Ok(mut connection) = server.reader().await else { continue };
        let query = sqlx::query_scalar(sql).bind(process.load(Ordering::Relaxed));
        let found: Vec<String> = query.fetch_all(&mut *connection).await.unwrap_or_default();
        if !found.is_empty()
            && let Ok(mut holders) = holders.lock()
        {
            let found = found.join(", and by ");
            if holders.is_none() {
                tracing::info!(?limit, "a migration waits for a lock, which is held by {found}");
            }
            *holders = Some(found);
        }
    }
}

/// Returns the driver's error that made a migration fail.
fn cause(error: &DbError) -> Option<&sqlx::Error> {
    match error {
        DbError::Unavailable(cause)
        | DbError::Migration(
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _),
        ) => Some(cause),
        _ => None,
    }
}

/// Returns the SQLSTATE of an error.
fn code(error: &sqlx::Error) -> Cow<'_, str> {
    error.as_database_error().and_then(DatabaseError::code).unwrap_or_default()
}
