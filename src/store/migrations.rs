//! The schema, up and down. The same names and columns on both engines.

use sqlx::{
    Connection, SqlSafeStr,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use super::{
    Store, StoreError,
    driver::{self, Pool, Query, Record, Row, Snapshot},
};

/// The SQL of one migration, up and down.
struct Script {
    version: i64,
    name: &'static str,
    up: &'static str,
    down: &'static str,
}

/// The scripts of one engine, from the files `migrations/<engine>/<version>_<name>.*.sql`.
macro_rules! scripts {
    ($engine:literal: $($version:literal $name:literal),+) => {
        [$(Script {
            version: $version,
            name: $name,
            up: include_str!(concat!(
                "../../migrations/", $engine, "/000", $version, "_", $name, ".up.sql"
            )),
            down: include_str!(concat!(
                "../../migrations/", $engine, "/000", $version, "_", $name, ".down.sql"
            )),
        }),+]
    };
}

static SQLITE: [Script; 6] = scripts!("sqlite": 1 "projection", 2 "webhook_events", 3 "api_keys", 4 "crawls", 5 "checks", 6 "account_tokens");
static POSTGRES: [Script; 6] = scripts!("postgres": 1 "projection", 2 "webhook_events", 3 "api_keys", 4 "crawls", 5 "checks", 6 "account_tokens");

/// The migrator locks a server, and not a file: there, two processes would be at the same migration.
const ALONE: &str = "BEGIN IMMEDIATE";

/// A migration, and whether the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The number in the files' names.
    pub version: i64,
    /// What it brings.
    pub name: &'static str,
    /// Whether the database has it.
    pub applied: bool,
}

impl Store {
    /// Brings the schema up to this program's. One that is there already is left alone, which
    /// takes no more rights than to read.
    ///
    /// # Errors
    /// When the database refuses, or has migrations that this program does not know.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let applied = applied(self.pool.read().await?.query(APPLIED)).await?;
        if is_current(self.pool.scripts(), &applied)? {
            return Ok(());
        }
        match &self.pool {
            Pool::Sqlite(file) => {
                let mut writer = file.writer().await;
                let mut tx = writer.connection().begin_with(ALONE).await?;
                migrator(&SQLITE).run(&mut *tx).await?;
                tx.commit().await?;
            }
            Pool::Postgres(server) => migrator(&POSTGRES).run(&mut server.patient().await?).await?,
        }
        Ok(())
    }

    /// Takes the newest migration back, with everything that is kept in its tables. None where
    /// there is nothing to take back.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn revert(&self) -> Result<Option<Step>, StoreError> {
        let steps = self.migrations().await?;
        let Some(newest) = steps.iter().rposition(|step| step.applied) else {
            return Ok(None);
        };
        let target = newest.checked_sub(1).map_or(0, |before| steps[before].version);
        match &self.pool {
            Pool::Sqlite(file) => {
                let mut writer = file.writer().await;
                let mut tx = writer.connection().begin_with(ALONE).await?;
                migrator(&SQLITE).undo(&mut *tx, target).await?;
                tx.commit().await?;
            }
            Pool::Postgres(server) => {
                migrator(&POSTGRES).undo(&mut server.patient().await?, target).await?;
            }
        }
        Ok(steps.into_iter().nth(newest))
    }

    /// Every migration of this program, and whether the database has it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn migrations(&self) -> Result<Vec<Step>, StoreError> {
        let applied = applied(self.pool.read().await?.query(APPLIED)).await?;
        let step = |script: &Script| Step {
            version: script.version,
            name: script.name,
            applied: applied.iter().any(|applied| applied.version == script.version),
        };
        Ok(self.pool.scripts().iter().map(step).collect())
    }
}

impl Pool {
    fn scripts(&self) -> &'static [Script] {
        match self {
            Self::Sqlite(_) => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        }
    }
}

impl Snapshot {
    /// Makes sure that the schema is this program's.
    ///
    /// # Errors
    /// When it is older or newer, or the database does not answer.
    pub async fn check_schema(&mut self) -> Result<(), StoreError> {
        let scripts: &[Script] = match self {
            Self::Sqlite(_) => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        };
        let applied = applied(self.query(APPLIED)).await?;
        if is_current(scripts, &applied)? { Ok(()) } else { Err(StoreError::Outdated) }
    }
}

/// The migrations that a database has, in the table that sqlx keeps of them.
const APPLIED: &str = "SELECT version, checksum FROM _sqlx_migrations WHERE success";

/// A migration that a database has.
struct Applied {
    version: i64,
    checksum: Vec<u8>,
}

impl Record for Applied {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { version: row.get("version")?, checksum: row.get("checksum")? })
    }
}

/// None, where the table is not there.
async fn applied(query: Query<'_>) -> Result<Vec<Applied>, StoreError> {
    match query.fetch_all().await {
        Err(StoreError::Unavailable(error)) if driver::lacks_a_table(&error) => Ok(Vec::new()),
        found => found,
    }
}

/// Whether all of these migrations are applied, as they are here and no others.
fn is_current(scripts: &'static [Script], applied: &[Applied]) -> Result<bool, MigrateError> {
    let known = migrator(scripts);
    for Applied { version, checksum } in applied {
        let mut up = known.iter().filter(|migration| migration.migration_type.is_up_migration());
        match up.find(|migration| migration.version == *version) {
            None => return Err(MigrateError::VersionMissing(*version)),
            Some(migration) if migration.checksum[..] != **checksum => {
                return Err(MigrateError::VersionMismatch(*version));
            }
            Some(_) => {}
        }
    }
    Ok(applied.len() == scripts.len())
}

fn migrator(scripts: &'static [Script]) -> Migrator {
    let both = |script: &'static Script| {
        let migration = |kind, sql: &'static str| {
            Migration::new(script.version, script.name.into(), kind, sql.into_sql_str(), false)
        };
        [
            migration(MigrationType::ReversibleUp, script.up),
            migration(MigrationType::ReversibleDown, script.down),
        ]
    };
    Migrator::with_migrations(scripts.iter().flat_map(both).collect())
}
