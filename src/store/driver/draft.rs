//! A connection on which some tables are others: empty at first, seen by nobody else, and gone with it.
//!
//! Both engines look among the temporary tables of a connection first, whatever a statement asks for.
//! So the statements of a commit do on a draft what they do elsewhere, letter by letter; no schema
//! changes, no right is needed but that to temporary tables, and whoever is killed leaves nothing.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{AssertSqlSafe, ConnectOptions, PgConnection, SqliteConnection};
use tokio::sync::Mutex;

use super::{
    Pool, Tx,
    postgres::{self, PgServer, PgWriter},
    sqlite::{SqliteFile, SqliteWriter},
};
use crate::store::StoreError;

/// How long to wait for the one writer's place in a file. Whoever asks for it again and again, as a
/// busy service does, leaves small gaps.
const PATIENCE: Duration = Duration::from_secs(30);

/// The connection, with where the tables are that it hides.
pub(in crate::store) struct Draft {
    line: Line,
    /// The schema of the tables that everybody else sees.
    pub(in crate::store) stored: String,
}

enum Line {
    Sqlite(Arc<Mutex<SqliteWriter>>, Option<Alone>),
    Postgres(Arc<Mutex<Option<PgConnection>>>),
}

/// What a transaction on a draft is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Purpose {
    /// To look at one instant of what is stored, and to write into the draft. In nobody's way.
    Drafting,
    /// To write into what is stored, while nobody else commits: neither between our looks nor, on
    /// what was read before, behind them.
    Swapping,
}

/// The file that says that somebody is at work, for as long as it is locked. SQLite has no locks but
/// those of a transaction.
struct Alone {
    path: PathBuf,
    _locked: File,
}

impl Pool {
    /// Connects, with empty tables in the place of these. `alone`: unless another has done so
    /// already, who is alone too.
    pub(in crate::store) async fn draft(
        &self,
        tables: &[&str],
        alone: bool,
    ) -> Result<Draft, StoreError> {
        match self {
            Self::Sqlite(file) => of_file(file, tables, alone).await,
            Self::Postgres(server) => of_server(server, tables, alone).await,
        }
    }
}

impl Draft {
    pub(in crate::store) async fn begin(&self, purpose: Purpose) -> Result<Tx, StoreError> {
        Ok(match &self.line {
            Line::Sqlite(writer, _) => {
                let mut writer = Arc::clone(writer).lock_owned().await;
                writer.begin_for(purpose).await?;
                Tx::Sqlite(writer)
            }
            Line::Postgres(home) => {
                let mut home = Arc::clone(home).lock_owned().await;
                // Another connection would have no such tables, and would write into the real ones.
                let lost = || sqlx::Error::Protocol("the connection was lost".to_owned());
                let connection = home.take().ok_or_else(lost)?;
                Tx::Postgres(PgWriter::begin_draft(connection, home, purpose).await?)
            }
        })
    }

    /// Lets the server see how much is in these tables, before it plans over all of it.
    pub(in crate::store) async fn measure(&self, tx: &mut Tx, tables: &[&str]) -> sqlx::Result<()> {
        let Tx::Postgres(writer) = tx else { return Ok(()) };
        let sql = format!("ANALYZE {}; SET LOCAL enable_seqscan = on", tables.join(", "));
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(writer.connection()).await.map(drop)
    }

    /// Lets all of it go.
    pub(in crate::store) fn close(self) {
        if let Line::Sqlite(_, Some(Alone { path, .. })) = &self.line {
            // One that stays is taken over by whoever comes next.
            fs::remove_file(path).ok();
        }
    }
}

async fn of_file(file: &SqliteFile, tables: &[&str], alone: bool) -> Result<Draft, StoreError> {
    let options = file.readers.connect_options();
    let alone = alone.then(|| Alone::take(options.get_filename())).transpose()?;
    // No more of it in memory than this.
    let connect = file.with_room(PATIENCE).pragma("temp.cache_size", "-65536");
    let mut connection = connect.connect().await?;
    for table in tables {
        for sql in made_by(&mut connection, table).await? {
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
        }
    }
    let writer = Arc::new(Mutex::new(SqliteWriter::of(connection)));
    Ok(Draft { line: Line::Sqlite(writer, alone), stored: "main".to_owned() })
}

/// The statements that would make such a table, with its indexes, among the temporary ones.
async fn made_by(connection: &mut SqliteConnection, table: &str) -> sqlx::Result<Vec<String>> {
    let sql = "SELECT sql FROM main.sqlite_schema WHERE tbl_name = $1 AND sql IS NOT NULL \
               AND type IN ('table', 'index') ORDER BY type DESC, name";
    let made: Vec<String> = sqlx::query_scalar(sql).bind(table).fetch_all(connection).await?;
    let temporary = |sql: String| match sql.strip_prefix("CREATE TABLE ") {
        Some(rest) => format!("CREATE TEMPORARY TABLE {rest}"),
        None => sql.replacen("INDEX ", "INDEX temp.", 1),
    };
    Ok(made.into_iter().map(temporary).collect())
}

impl Alone {
    fn take(database: &Path) -> Result<Self, StoreError> {
        let mut path = database.as_os_str().to_owned();
        path.push("-rebuild");
        let path = PathBuf::from(path);
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(sqlx::Error::Io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, _locked: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Rebuilding),
            Err(TryLockError::Error(error)) => Err(sqlx::Error::Io(error).into()),
        }
    }
}

async fn of_server(server: &PgServer, tables: &[&str], alone: bool) -> Result<Draft, StoreError> {
    let mut connection = server.patient().await?;
    if alone && !postgres::is_alone(&mut connection).await? {
        return Err(StoreError::Rebuilding);
    }
    let stored = postgres::hide(&mut connection, tables).await?;
    Ok(Draft { line: Line::Postgres(Arc::new(Mutex::new(Some(connection)))), stored })
}
