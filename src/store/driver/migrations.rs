//! The schema migrations of each engine, embedded in the program. Both engines have the same
//! migrations, tables and columns.

use std::time::Duration;

use sqlx::{
    PgConnection, SqlSafeStr,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};

use super::{DbError, Pool, Query, Snapshot, error::is_missing_table, record, schema_lock};

/// The SQL of one migration.
pub(in crate::store) struct Script {
    pub(in crate::store) version: i64,
    pub(in crate::store) name: &'static str,
    pub(super) up: &'static str,
    pub(super) down: &'static str,
}

/// A migration that a database has.
pub(in crate::store) struct Applied {
    pub(in crate::store) version: i64,
    description: String,
    checksum: Vec<u8>,
}

record!(Applied { version, description, checksum });

/// Beginning of the names of migrations that only add tables, views, indexes, and columns that may be
/// null. Older programs can use a schema that has them.
const ADDITIVE: &str = "additive_";

/// Schema of a database, compared with that of this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum SchemaState {
    /// Exactly the migrations of this program.
    Current,
    /// Fewer migrations than those of this program.
    Outdated,
    /// This newer migration too, which only adds to the schema.
    Extended(i64),
}

/// Embeds the scripts of one engine from `migrations/<engine>/<version>_<name>.*.sql`.
macro_rules! scripts {
    ($engine:literal: $($version:literal $name:literal),+) => {
        [$(Script {
            version: $version,
            // The file name begins with four digits and an underscore.
            name: $name.split_at(5).1,
            up: include_str!(concat!("../../../migrations/", $engine, "/", $name, ".up.sql")),
            down: include_str!(concat!("../../../migrations/", $engine, "/", $name, ".down.sql")),
        }),+]
    };
}

/// Declares the migrations of both engines.
macro_rules! migrations {
    ($($version:literal $name:literal,)+) => {
        const COUNT: usize = [$($version),+].len();
        pub(super) static SQLITE: [Script; COUNT] = scripts!("sqlite": $($version $name),+);
        pub(super) static POSTGRES: [Script; COUNT] = scripts!("postgres": $($version $name),+);
    };
}

migrations! {
    1 "0001_projection",
    2 "0002_webhook_events",
    3 "0003_api_keys",
    4 "0004_crawls",
    5 "0005_checks",
    6 "0006_account_tokens",
    7 "0007_dismissals",
    8 "0008_dashboard_sessions",
    9 "0009_partial_users",
    10 "0010_email_owners",
    11 "0011_field_versions",
    12 "0012_organizations",
    13 "0013_event_objects",
    14 "0014_waitlist_entries",
    15 "0015_lists",
    16 "0016_readable_views",
    17 "0017_additive_push",
    18 "0018_additive_billing",
}

impl Pool {
    /// Returns the migrations of this program, in their order.
    pub(in crate::store) fn scripts(&self) -> &'static [Script] {
        match self {
            Self::Sqlite(_) => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        }
    }

    /// Returns the migrations that the database has.
    pub(in crate::store) async fn applied(&self) -> Result<Vec<Applied>, DbError> {
        applied(self.read().await?.query(APPLIED)).await
    }

    /// Compares the schema with that of this program.
    pub(in crate::store) async fn schema_state(&self) -> Result<SchemaState, DbError> {
        schema_state(self.scripts(), &self.applied().await?)
    }

    /// Runs every migration that the database lacks. Waits for locks no longer than `limit`.
    pub(in crate::store) async fn migrate(&self, limit: Duration) -> Result<(), DbError> {
        let migrator = migrator(self.scripts());
        match self {
            Self::Sqlite(file) => {
                schema_lock::in_file(file, limit, async |tx| migrator.run(tx).await).await
            }
            Self::Postgres(server) => {
                schema_lock::on_server(server, limit, async |tx| migrator.run(tx).await).await
            }
        }
    }

    /// Reverts every migration after `version`. Waits for locks no longer than `limit`.
    pub(in crate::store) async fn revert_to(
        &self,
        version: i64,
        limit: Duration,
    ) -> Result<(), DbError> {
        let migrator = migrator(self.scripts());
        match self {
            Self::Sqlite(file) => {
                schema_lock::in_file(file, limit, async |tx| migrator.undo(tx, version).await).await
            }
            Self::Postgres(server) => {
                let revert = async |tx: &mut PgConnection| migrator.undo(tx, version).await;
                schema_lock::on_server(server, limit, revert).await
            }
        }
    }
}

impl Snapshot {
    /// Compares the schema with that of this program.
    pub(in crate::store) async fn schema_state(&mut self) -> Result<SchemaState, DbError> {
        let scripts: &[Script] = match self {
            Self::Sqlite(_) => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        };
        schema_state(scripts, &applied(self.query(APPLIED)).await?)
    }
}

/// Reads the table in which sqlx records the migrations.
const APPLIED: &str =
    "SELECT version, description, checksum FROM _sqlx_migrations WHERE success ORDER BY version";

/// Runs [`APPLIED`]. A database without that table has no migrations.
async fn applied(query: Query<'_>) -> Result<Vec<Applied>, DbError> {
    match query.fetch_all().await {
        Err(DbError::Unavailable(error)) if is_missing_table(&error) => Ok(Vec::new()),
        found => found,
    }
}

/// Compares the applied migrations with those of this program.
///
/// # Errors
/// Returns an error if a migration has another text than that of this program, or is unknown and does
/// more than adding to the schema.
fn schema_state(scripts: &'static [Script], applied: &[Applied]) -> Result<SchemaState, DbError> {
    let known = migrator(scripts);
    let (mut found, mut newer) = (0, None);
    for Applied { version, description, checksum } in applied {
        let mut up = known.iter().filter(|migration| migration.migration_type.is_up_migration());
        match up.find(|migration| migration.version == *version) {
            None if description.starts_with(ADDITIVE) => newer = Some(*version),
            None => return Err(MigrateError::VersionMissing(*version).into()),
            Some(migration) if migration.checksum[..] != **checksum => {
                return Err(MigrateError::VersionMismatch(*version).into());
            }
            Some(_) => found += 1,
        }
    }
    Ok(match newer {
        _ if found < scripts.len() => SchemaState::Outdated,
        Some(version) => SchemaState::Extended(version),
        None => SchemaState::Current,
    })
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
    let mut migrator = Migrator::with_migrations(scripts.iter().flat_map(both).collect());
    // Its lock belongs to the session, and has no limit.
    migrator.set_locking(false);
    migrator
}
