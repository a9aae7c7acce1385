//! The schema, up and down. The same names and columns on both engines.

use sqlx::{
    AssertSqlSafe, SqlSafeStr,
    migrate::{AppliedMigration, Migrate, MigrateError, Migration, MigrationType, Migrator},
};

use super::{
    Store, StoreError,
    driver::{self, Pool, Record, Row, Snapshot},
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

static SQLITE: [Script; 2] = scripts!("sqlite": 1 "projection", 2 "webhook_events");
static POSTGRES: [Script; 2] = scripts!("postgres": 1 "projection", 2 "webhook_events");

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
    /// Brings the schema up to this program's.
    ///
    /// # Errors
    /// When the database refuses, or has migrations that this program does not know.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match &self.pool {
            Pool::Sqlite(file) => {
                migrator(&SQLITE).run(file.writer().await.connection()).await?;
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
                migrator(&SQLITE).undo(file.writer().await.connection(), target).await?;
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
        let (scripts, applied) = match &self.pool {
            Pool::Sqlite(file) => (&SQLITE, applied(file.writer().await.connection()).await?),
            Pool::Postgres(server) => (&POSTGRES, applied(&mut server.patient().await?).await?),
        };
        let step = |script: &Script| Step {
            version: script.version,
            name: script.name,
            applied: applied.iter().any(|applied| applied.version == script.version),
        };
        Ok(scripts.iter().map(step).collect())
    }
}

impl Snapshot {
    /// Makes sure that the schema is this program's.
    ///
    /// # Errors
    /// When it is older or newer, or the database does not answer.
    pub async fn check_schema(&mut self) -> Result<(), StoreError> {
        let scripts = match self {
            Self::Sqlite(_) => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        };
        let table = &Migrator::DEFAULT.table_name;
        let sql = format!("SELECT version FROM {table} WHERE success ORDER BY version");
        let applied: Vec<Version> = match self.query(AssertSqlSafe(sql)).fetch_all().await {
            Err(StoreError::Unavailable(error)) if driver::lacks_a_table(&error) => Vec::new(),
            found => found?,
        };
        let known = |version: &&Version| scripts.iter().any(|script| script.version == version.0);
        if let Some(Version(version)) = applied.iter().find(|version| !known(version)) {
            return Err(MigrateError::VersionMissing(*version).into());
        }
        if applied.len() < scripts.len() { Err(StoreError::Outdated) } else { Ok(()) }
    }
}

/// The number of a migration that a database has.
struct Version(i64);

impl Record for Version {
    fn read(row: &Row) -> Result<Self, StoreError> {
        Ok(Self(row.get("version")?))
    }
}

async fn applied(database: &mut impl Migrate) -> Result<Vec<AppliedMigration>, MigrateError> {
    let table = &Migrator::DEFAULT.table_name;
    database.ensure_migrations_table(table).await?;
    database.list_applied_migrations(table).await
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
