//! Backups of a database file: copies that are made while the service runs, and put in place when
//! it does not.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    StoreError,
    digest::{Hash, RowDigest},
    driver::{Options, Snapshot, Unusable, file_copy, with_suffix},
};

/// Suffix of a copy before it has been checked.
const PARTIAL: &str = ".partial";

/// Suffix of a restored copy before it is in place.
const RESTORING: &str = ".restoring";

/// Copy of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Digest of the synced tables. `None` if the schema is not that of this program.
    pub digest: Option<Hash>,
    /// Whether the digest was the one of the database. If not, commits went on meanwhile.
    pub is_compared: bool,
}

/// A database that came from a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Name that the former database has now.
    pub replaced: Option<PathBuf>,
    /// Digest of the synced tables. `None` if the schema is not that of this program.
    pub digest: Option<Hash>,
}

/// Copies a database to a file, and checks the copy. Other processes can commit meanwhile.
///
/// # Errors
/// Returns an error if the database is not a file, if the copy already exists or cannot be
/// written, or if it is not equal to the database. There is no copy then.
pub async fn back_up(source: &Options, copy: &Path) -> Result<Backup, StoreError> {
    let file = source.target.file()?;
    if source.target.is_missing_file() {
        return Err(StoreError::FileNotFound);
    }
    file_copy::check_absent(copy)?;
    let partial = partial(copy);
    let finish = || {
        file_copy::check_absent(copy)?;
        Ok(file_copy::rename(&partial, copy)?)
    };
    copy_checked(source, file, &partial, finish).await.map(|(made, ())| made)
}

/// Returns the name that a copy has until it has been checked.
#[must_use]
pub fn partial(copy: &Path) -> PathBuf {
    with_suffix(copy, PARTIAL)
}

/// Copies a file, checks the copy, and calls `finish`. If any of it fails, there is no copy.
async fn copy_checked<T>(
    source: &Options,
    file: &Path,
    copy: &Path,
    finish: impl FnOnce() -> Result<T, StoreError>,
) -> Result<(Backup, T), StoreError> {
    remove_remainder(copy)?;
    let before = digest(source, file).await?;
    file_copy::copy(file, copy).await?;
    let checked = check_copy(source, file, copy, before).await;
    let finished = checked.and_then(|made| Ok((made, finish()?)));
    if finished.is_err() {
        // The error says what is wrong. The next command removes a file that stays.
        fs::remove_file(copy).ok();
    }
    finished
}

/// Removes the file of a command that was interrupted.
fn remove_remainder(file: &Path) -> Result<(), StoreError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let problem = format!("cannot remove {}: {error}", file.display());
            Err(unusable(problem, "remove it"))
        }
        _ => Ok(()),
    }
}

async fn check_copy(
    source: &Options,
    file: &Path,
    copy: &Path,
    before: Option<Hash>,
) -> Result<Backup, StoreError> {
    file_copy::check(copy).await?;
    let copied = digest(source, copy).await?;
    let mut is_compared = copied.is_some() && copied == before;
    if copied != before {
        // Commits before the copy changed the database.
        let after = digest(source, file).await?;
        if after == before {
            let problem = format!("{} differs from the database", copy.display());
            return Err(unusable(
                problem,
                "repeat the backup, and report this if it happens again",
            ));
        }
        is_compared = copied == after;
    }
    let bytes = fs::metadata(copy).map_or(0, |it| it.len());
    Ok(Backup { bytes, digest: copied, is_compared })
}

/// Puts a copy in the place of a database that nothing uses. Keeps the former database.
///
/// # Errors
/// Returns an error if the database is not a file or is in use, or if the copy is damaged or
/// of another program. The database is unchanged then.
pub async fn restore(target: &Options, copy: &Path) -> Result<Restored, StoreError> {
    let database = target.target.file()?;
    file_copy::check(copy).await?;
    if let (Ok(own), Ok(other)) = (database.canonicalize(), copy.canonicalize())
        && own == other
    {
        let problem = format!("{} is the database itself", copy.display());
        return Err(unusable(problem, "name a copy of it"));
    }
    let fresh = with_suffix(database, RESTORING);
    let finish = || Ok(file_copy::replace(database, &fresh)?);
    let (made, replaced) = copy_checked(target, copy, &fresh, finish).await?;
    Ok(Restored { replaced, digest: made.digest })
}

/// Returns the digest of the synced tables in a file, if its schema is that of this program.
async fn digest(options: &Options, file: &Path) -> Result<Option<Hash>, StoreError> {
    let mut snapshot = Snapshot::open(&options.with_file(file)).await?;
    let digest = match snapshot.check_schema().await {
        Ok(()) => snapshot.digest(|_: &RowDigest| Ok::<_, StoreError>(())).await.map(Some),
        Err(StoreError::SchemaOutdated | StoreError::SchemaNewer(_)) => Ok(None),
        Err(error) => Err(error),
    };
    snapshot.close().await;
    digest.map(|digest| digest.map(|digest| digest.sha256))
}

fn unusable(problem: String, remediation: &str) -> StoreError {
    StoreError::Unusable(Unusable { problem, remediation: remediation.to_owned() })
}
