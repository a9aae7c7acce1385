//! Copies of a SQLite file: made while others write to it, checked, and put in place.

use std::{
    fs::{self, File},
    io,
    ops::Range,
    os::unix::fs::{MetadataExt, OpenOptionsExt, chown},
    path::{Path, PathBuf},
    time::Duration,
};

use rustix::process::{Flock, FlockType, fcntl_getlk};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use super::{
    DbError, Unusable,
    error::describe,
    ownership,
    unusable::{folder_of, with_log, with_suffix},
};

/// Timeout for the lock of a file that another connection may use.
const LOCK_TIMEOUT: Duration = Duration::from_secs(1);

/// Bytes of a file on which SQLite takes its locks. Source: `PENDING_BYTE` and the definitions after
/// it in SQLite's `os.h`.
const LOCK_BYTES: Range<u64> = 0x4000_0000..0x4000_0200;

/// Suffix of the file that a restored copy replaces.
const REPLACED: &str = ".replaced";

/// Copies a file with its write-ahead log. The copy has the state of one instant, is a single file,
/// and belongs to the current user alone. If that fails, there is no copy.
pub(in crate::store) async fn copy(source: &Path, copy: &Path) -> Result<(), DbError> {
    let text = copy.to_str().ok_or_else(|| {
        unusable(format!("the name {} is not UTF-8", copy.display()), "choose another name")
    })?;
    File::options().write(true).create_new(true).mode(0o600).open(copy).map_err(|error| {
        let remediation = "choose another folder, or correct its permissions";
        unusable(format!("cannot create {}: {error}", copy.display()), remediation)
    })?;
    let copied = async {
        let mut connection = read_only(source).connect().await?;
        // An empty file is accepted as the target.
        sqlx::query("VACUUM INTO ?").bind(text).execute(&mut connection).await?;
        connection.close().await?;
        Ok(sync(copy)?)
    };
    copied.await.map_err(|error: sqlx::Error| {
        // The copy is incomplete. If it cannot be removed either, the next attempt reports it.
        fs::remove_file(copy).ok();
        let problem =
            format!("cannot copy {} to {}: {}", source.display(), copy.display(), describe(&error));
        unusable(problem, "check the space and the permissions of both folders")
    })
}

/// Checks that no file has the name of a copy.
pub(in crate::store) fn check_absent(copy: &Path) -> Result<(), DbError> {
    match copy.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        _ => {
            let problem = format!("{} already exists", copy.display());
            Err(unusable(problem, "choose another name, or remove the file"))
        }
    }
}

/// Gives a checked copy its name.
pub(in crate::store) fn rename(partial: &Path, copy: &Path) -> Result<(), DbError> {
    let renamed = fs::rename(partial, copy).and_then(|()| File::open(folder_of(copy))?.sync_all());
    renamed.map_err(|error| {
        let problem = format!("cannot rename {} to {}: {error}", partial.display(), copy.display());
        unusable(problem, "check the permissions of the folder")
    })
}

/// Checks that a file is an undamaged database of this program.
pub(in crate::store) async fn check(file: &Path) -> Result<(), DbError> {
    let name = file.display();
    if !file.is_file() {
        return Err(unusable(format!("{name} is not a file"), "correct the path"));
    }
    let other = "choose a file that `meetvo backup` has made";
    let options = read_only(file);
    ownership::check_file(&options).await.map_err(DbError::Unusable)?;
    let checked = async {
        let mut connection = options.connect().await?;
        let sql = "SELECT count(*) FROM _sqlx_migrations";
        let migrations: i64 = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
        let faults = sqlx::query_scalar("PRAGMA integrity_check(10)");
        let faults: Vec<String> = faults.fetch_all(&mut connection).await?;
        connection.close().await?;
        Ok((migrations, faults.join("; ")))
    };
    let problem = match checked.await {
        Ok((0, _)) => format!("{name} has no tables of this program"),
        Ok((_, faults)) if faults == "ok" => return Ok(()),
        Ok((_, faults)) => format!("{name} is damaged: {faults}"),
        Err(error) => {
            let error: sqlx::Error = error;
            format!("{name} is not a database of this program: {}", describe(&error))
        }
    };
    Err(unusable(problem, other))
}

/// Puts a new file in the place of a database, which nothing may use. Returns the name that the
/// database has afterwards, if there was one. The new file gets its owner, or that of the folder.
pub(in crate::store) fn replace(database: &Path, fresh: &Path) -> Result<Option<PathBuf>, DbError> {
    let exists = database.exists();
    if exists {
        check_unused(database)?;
    }
    let replaced = with_suffix(database, REPLACED);
    if exists && replaced.exists() {
        return Err(unusable(
            format!("{} of an earlier restore exists", replaced.display()),
            "move or remove it",
        ));
    }
    let moved = || {
        let folder = folder_of(database);
        let like = fs::metadata(if exists { database } else { folder })?;
        let own = fs::metadata(fresh)?;
        if (own.uid(), own.gid()) != (like.uid(), like.gid()) {
            chown(fresh, Some(like.uid()), Some(like.gid()))?;
        }
        // The log can contain commits, and must not be applied to the new file.
        for (from, to) in with_log(database).iter().zip(with_log(&replaced)) {
            match fs::rename(from, to) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                renamed => renamed?,
            }
        }
        fs::rename(fresh, database)?;
        File::open(folder)?.sync_all()
    };
    moved().map_err(|error: io::Error| {
        let problem = format!("cannot put a file in the place of {}: {error}", database.display());
        unusable(problem, "run the command as the user of the service")
    })?;
    Ok(exists.then_some(replaced))
}

/// Checks that no other process has a database open. Each connection of this program holds a shared
/// lock of the file. Opening the database could change it if it is damaged, so only the lock is read.
fn check_unused(database: &Path) -> Result<(), DbError> {
    let write_lock = Flock {
        start: LOCK_BYTES.start,
        length: LOCK_BYTES.end - LOCK_BYTES.start,
        ..Flock::from(FlockType::WriteLock)
    };
    let holder = File::open(database).and_then(|file| Ok(fcntl_getlk(file, &write_lock)?));
    match holder {
        Ok(None) => Ok(()),
        Ok(Some(holder)) => {
            let process = holder.pid.map_or(String::new(), |pid| format!(" by the process {pid}"));
            let problem = format!("{} is in use{process}", database.display());
            Err(unusable(problem, "stop the service and other commands first"))
        }
        Err(error) => {
            let problem = format!("cannot read the lock of {}: {error}", database.display());
            Err(unusable(problem, "run the command as the user of the service"))
        }
    }
}

fn read_only(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(LOCK_TIMEOUT)
        .disable_statement_logging()
}

/// Writes a file and its name to the disk.
fn sync(file: &Path) -> io::Result<()> {
    File::open(file)?.sync_all()?;
    File::open(folder_of(file))?.sync_all()
}

fn unusable(problem: String, remediation: &str) -> DbError {
    DbError::Unusable(Unusable::new(problem, remediation))
}
