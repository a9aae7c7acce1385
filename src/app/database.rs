//! Opens the configured database.

use std::path::{Path, PathBuf};

use super::StartError;
use crate::{
    config::{self, DatabaseUrl, Secret},
    store::{
        Store, StoreError,
        backup::{self, Backup, Restored},
        driver::{Options, Snapshot, Target},
    },
};

/// Opens the configured database without migrating it.
///
/// # Errors
/// Returns an error if the database cannot be opened.
pub async fn open_store(settings: &config::Database) -> Result<Store, StartError> {
    open(settings, &options(settings)?).await
}

async fn open(settings: &config::Database, options: &Options) -> Result<Store, StartError> {
    let store = Store::open(options).await.map_err(|source| database_error(settings, source))?;
    tracing::debug!(database = %settings.url, "opened the database");
    Ok(store)
}

/// Opens the database of the service, and migrates it. A SQLite file whose write-ahead log cannot be
/// written is opened all the same: reads succeed, the status is red, and no restart is needed once
/// the log can be written.
pub(super) async fn open_migrated_store(settings: &config::Database) -> Result<Store, StartError> {
    let error = |source| database_error(settings, source);
    let options = Options { opens_unwritable_log: true, ..options(settings)? };
    let store = open(settings, &options).await?;
    if let Err(source) = store.migrate().await {
        // Names the file and its owner.
        options.target.check_file().map_err(|reason| error(reason.into()))?;
        return Err(error(source));
    }
    store.check_pooler().await.map_err(error)?;
    Ok(store)
}

/// Opens the configured database if it exists. In contrast to [`open_store`], never creates a file.
///
/// # Errors
/// Returns an error if the database does not exist or cannot be opened.
pub async fn open_existing_store(settings: &config::Database) -> Result<Store, StartError> {
    let error = |source| database_error(settings, source);
    let target = options(settings)?.target;
    if target.is_missing_file() {
        // Creating the file would help only if that is possible.
        target.check_file().map_err(|cause| error(cause.into()))?;
        return Err(error(StoreError::FileNotFound));
    }
    open_store(settings).await
}

/// Returns the database files that other users of the machine can read or write, each with its
/// mode.
///
/// # Errors
/// Returns an error if the URL is invalid.
pub fn exposed_database_files(
    settings: &config::Database,
) -> Result<Vec<(PathBuf, u32)>, StartError> {
    let options = options(settings)?;
    Ok(options.target.exposed_files())
}

/// Opens a read-only snapshot of the configured database.
///
/// # Errors
/// Returns an error if the database cannot be opened, or if its schema has another version than
/// this program.
pub async fn open_snapshot(settings: &config::Database) -> Result<Snapshot, StartError> {
    let error = |source| database_error(settings, source);
    let options = options(settings)?;
    let mut snapshot = Snapshot::open(&options).await.map_err(error)?;
    if let Err(mismatch) = snapshot.check_schema().await {
        snapshot.close().await;
        return Err(error(mismatch));
    }
    Ok(snapshot)
}

/// Copies the configured database to a file.
///
/// # Errors
/// Returns an error if that is impossible, see [`backup::back_up`].
pub async fn back_up(settings: &config::Database, copy: &Path) -> Result<Backup, StartError> {
    let made = backup::back_up(&options(settings)?, copy).await;
    made.map_err(|source| copy_error(settings, source))
}

/// Puts a copy in the place of the configured database.
///
/// # Errors
/// Returns an error if that is impossible, see [`backup::restore`].
pub async fn restore(settings: &config::Database, copy: &Path) -> Result<Restored, StartError> {
    let restored = backup::restore(&options(settings)?, copy).await;
    restored.map_err(|source| copy_error(settings, source))
}

fn options(settings: &config::Database) -> Result<Options, StartError> {
    let target = match &settings.url {
        DatabaseUrl::Unset => {
            return Err(StartError::Settings(config::Database::missing_url()));
        }
        DatabaseUrl::Sqlite(file) => Target::Sqlite(file.clone()),
        DatabaseUrl::Postgres(url) => {
            let hosts = url.hosts.iter().map(Secret::expose);
            let target = Target::postgres(hosts, settings.schema.as_str());
            target.map_err(|error| database_error(settings, error.into()))?
        }
    };
    Ok(Options {
        target,
        max_connections: settings.max_connections,
        acquire_timeout: settings.acquire_timeout,
        commit_timeout: settings.commit_timeout,
        migration_lock_timeout: settings.migration_lock_timeout,
        opens_unwritable_log: false,
    })
}

/// The reason why a copy fails names the files itself.
fn copy_error(settings: &config::Database, source: StoreError) -> StartError {
    match source {
        StoreError::Unusable(reason) => StartError::Copy(reason),
        source => database_error(settings, source),
    }
}

fn database_error(settings: &config::Database, source: StoreError) -> StartError {
    StartError::Database { url: settings.url.to_string(), source: source.explained() }
}
