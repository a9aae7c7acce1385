//! Backups of a database file: copies that are made while the service runs, and put in place when
//! it does not.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    StoreError,
    digest::{Hash, RowDigest},
    driver::{Options, Snapshot, Unusable, file_copy},
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
    let partial = file_copy::with_suffix(copy, PARTIAL);
    remove_remainder(&partial)?;
    let before = digest(source, file).await?;
    file_copy::copy(file, &partial).await?;
    let made = async {
        let made = check_copy(source, &partial, before).await?;
        file_copy::check_absent(copy)?;
        file_copy::rename(&partial, copy)?;
        Ok(made)
    };
    let made = made.await;
    if made.is_err() {
        // The error says what is wrong. The next backup removes a file that stays.
        fs::remove_file(&partial).ok();
    }
    made
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
    copy: &Path,
    before: Option<Hash>,
) -> Result<Backup, StoreError> {
    file_copy::check(copy).await?;
    let copied = digest(source, copy).await?;
    let mut is_compared = copied.is_some() && copied == before;
    if copied != before {
        // Commits before the copy changed the database.
        let after = digest(source, source.target.file()?).await?;
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
    let fresh = file_copy::with_suffix(database, RESTORING);
    remove_remainder(&fresh)?;
    file_copy::copy(copy, &fresh).await?;
    let restored = async {
        let digest =
            check_copy(&target.with_file(copy), &fresh, digest(target, copy).await?).await?.digest;
        let replaced = file_copy::replace(database, &fresh)?;
        Ok(Restored { replaced, digest })
    };
    let restored = restored.await;
    if restored.is_err() {
        fs::remove_file(&fresh).ok();
    }
    restored
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
