//! The schema of the database, migrated up and down.

use super::{Store, StoreError, driver::is_current};

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

impl Store {
    /// Migrates the schema to that of this program. A current schema is not touched, so that the
    /// permission to read is enough.
    ///
    /// # Errors
    /// Returns an error if the database rejects a migration, or has one that this program does not
    /// know.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        if !is_current(self.pool.scripts(), &self.pool.applied().await?)? {
            self.pool.migrate().await?;
        }
        Ok(())
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
        self.pool.revert_to(version).await?;
        Ok(migrations.into_iter().nth(newest))
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
