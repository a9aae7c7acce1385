//! The schema of the database, migrated up and down.

use std::fmt;

use super::{
    Store, StoreError,
    driver::{MAX_COUNT, Part, Relocation, SchemaState},
};

/// A migration of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Number in the names of the files.
    pub version: i64,
    /// Name in the names of the files.
    pub name: &'static str,
    /// Whether the database has the migration.
    pub applied: bool,
}

/// Consequences of the revert of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevertPlan {
    /// The newest migration of the database.
    pub migration: MigrationStatus,
    /// Tables and columns that the revert drops, also if they are empty.
    pub drops: Vec<StoredRows>,
    /// All tables of this program that have rows.
    pub stored: Vec<StoredRows>,
}

/// Number of rows in a table, or of values in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRows {
    /// Table, or table and column.
    pub name: String,
    /// Number of rows, up to one more than the maximum that is counted.
    pub rows: i64,
}

impl fmt::Display for StoredRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, rows } = self;
        match *rows {
            1 => write!(f, "{name} (1 row)"),
            rows if rows > MAX_COUNT => write!(f, "{name} (more than {MAX_COUNT} rows)"),
            rows => write!(f, "{name} ({rows} rows)"),
        }
    }
}

/// Returns an error unless a schema is that of this program.
pub(super) fn require_current(state: SchemaState) -> Result<(), StoreError> {
    match state {
        SchemaState::Current => Ok(()),
        SchemaState::Outdated => Err(StoreError::SchemaOutdated),
        SchemaState::Extended(version) => Err(StoreError::SchemaNewer(version)),
    }
}

impl Store {
    /// Migrates the schema to that of this program. A current schema is not touched, so that the
    /// permission to read is enough. A newer one is accepted if its unknown migrations only add to
    /// it.
    ///
    /// # Errors
    /// Returns an error if the database rejects a migration, or has another one that this program
    /// does not know.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        match self.pool.schema_state().await? {
            SchemaState::Current => Ok(()),
            SchemaState::Outdated => Ok(self.pool.migrate(self.migration_lock_timeout).await?),
            SchemaState::Extended(version) => {
                tracing::warn!(
                    version,
                    "the database has a migration that this program does not know; it only adds to \
                     the schema, so that this program can use it"
                );
                Ok(())
            }
        }
    }

    /// Checks that the schema has exactly the migrations of this program, for work on all columns.
    ///
    /// # Errors
    /// Returns an error if it has fewer or more.
    pub(super) async fn require_current_schema(&self) -> Result<(), StoreError> {
        require_current(self.pool.schema_state().await?)
    }

    /// Moves the tables to the schema that the settings name. Returns none if they are there already,
    /// or if the database is a file.
    ///
    /// # Errors
    /// Returns an error if the schema is in use, or if the database rejects the change.
    pub async fn relocate(&self) -> Result<Option<Relocation>, StoreError> {
        Ok(self.pool.relocate(self.migration_lock_timeout).await?)
    }

    /// Reverts the newest migration and deletes everything in its tables. Returns none if the
    /// database has no migration.
    ///
    /// # Errors
    /// Returns an error if the database rejects the change.
    pub async fn revert(&self) -> Result<Option<MigrationStatus>, StoreError> {
        let migrations = self.migrations().await?;
        let Some(newest) = migrations.iter().rposition(|migration| migration.applied) else {
            return Ok(None);
        };
        let version = newest.checked_sub(1).map_or(0, |before| migrations[before].version);
        self.pool.revert_to(version, self.migration_lock_timeout).await?;
        Ok(migrations.into_iter().nth(newest))
    }

    /// Returns what [`revert`](Self::revert) would delete. Returns none if the database has no
    /// migration.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn revert_plan(&self) -> Result<Option<RevertPlan>, StoreError> {
        let migrations = self.migrations().await?;
        let applied = migrations.into_iter().zip(self.pool.scripts()).filter(|it| it.0.applied);
        let applied: Vec<_> = applied.collect();
        let Some((migration, script)) = applied.last().cloned() else { return Ok(None) };
        let mut drops = Vec::new();
        for part in script.dropped() {
            drops.push(self.stored_rows(part).await?);
        }
        let mut stored = Vec::new();
        for table in applied.iter().flat_map(|(_, script)| script.created_tables()) {
            stored.push(self.stored_rows(Part { table, column: None }).await?);
        }
        stored.retain(|it| it.rows > 0);
        Ok(Some(RevertPlan { migration, drops, stored }))
    }

    async fn stored_rows(&self, part: Part) -> Result<StoredRows, StoreError> {
        let rows = self.pool.count_rows(part).await?;
        let column = part.column.map_or(String::new(), |column| format!(".{column}"));
        Ok(StoredRows { name: format!("{}{column}", part.table), rows })
    }

    /// Returns every migration of this program, and whether the database has it.
    ///
    /// # Errors
    /// Returns an error if the database does not answer.
    pub async fn migrations(&self) -> Result<Vec<MigrationStatus>, StoreError> {
        let applied = self.pool.applied().await?;
        let scripts = self.pool.scripts().iter();
        let migrations = scripts.map(|script| MigrationStatus {
            version: script.version,
            name: script.name,
            applied: applied.iter().any(|applied| applied.version == script.version),
        });
        Ok(migrations.collect())
    }
}
