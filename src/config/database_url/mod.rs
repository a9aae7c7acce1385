//! Parser for database URLs, in the forms in which providers and other programs hand them out.
//!
//! Errors quote a part of a URL only if it cannot belong to the password.

mod parameters;
mod schema;
mod server;

use std::{fmt, path::PathBuf};

pub use self::{schema::SchemaName, server::ServerUrl};
use super::Secret;

/// URL of the database. The display omits the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// No URL is set.
    Unset,
    /// SQLite file.
    Sqlite(PathBuf),
    /// URL of a PostgreSQL server.
    Postgres(ServerUrl),
}

const EXPECTED: &str = "sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME";

/// Remediation if a special character of the password can have changed the meaning of the URL.
const ESCAPE: &str =
    "in the password, write `%` as %25, `#` as %23, `/` as %2F, `?` as %3F and `@` as %40";

/// Drivers that SQLAlchemy's URLs name after the scheme. The rest of such a URL is the same.
const DRIVERS: [(&str, &[&str]); 3] = [
    ("postgres", &["asyncpg", "pg8000", "psycopg", "psycopg2", "psycopg2cffi", "psycopg_async"]),
    ("postgresql", &["asyncpg", "pg8000", "psycopg", "psycopg2", "psycopg2cffi", "psycopg_async"]),
    ("sqlite", &["aiosqlite", "pysqlite"]),
];

impl DatabaseUrl {
    /// Parses a URL. `sqlite:FILE`, `sqlite://FILE` and `sqlite:///FILE` name the same file. The
    /// last form is that of SQLAlchemy, in which an absolute path follows a fourth slash.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        if url.is_empty() {
            return Ok(Self::Unset);
        }
        let Some((given, rest)) = url.split_once(':') else {
            return Err(format!("must be a URL: {EXPECTED}"));
        };
        match (without_driver(given).as_str(), rest.strip_prefix("//")) {
            ("sqlite", _) => parse_file(rest),
            (scheme @ ("postgres" | "postgresql"), Some(rest)) => {
                ServerUrl::parse(scheme, rest).map(Self::Postgres)
            }
            ("jdbc", _) => Err(format!("is for Java: remove `jdbc:`, and write {EXPECTED}")),
            // The scheme is shown only before `//`. Otherwise it can be part of a login, or of a
            // command.
            (_, Some(_)) if given.bytes().all(is_of_scheme) => {
                Err(format!("has the unsupported scheme `{given}`: expected {EXPECTED}"))
            }
            _ => Err(format!("must be a URL: {EXPECTED}")),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset => Ok(()),
            Self::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Self::Postgres(url) => f.write_str(&without_password(url.given.expose())),
        }
    }
}

fn is_of_scheme(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// Returns a scheme in lower case, without a driver of SQLAlchemy.
fn without_driver(scheme: &str) -> String {
    let scheme = scheme.to_ascii_lowercase();
    let plain = scheme.split_once('+').filter(|(plain, driver)| {
        DRIVERS.iter().any(|(scheme, drivers)| scheme == plain && drivers.contains(driver))
    });
    plain.map_or(scheme.clone(), |(plain, _)| plain.to_owned())
}

fn parse_file(rest: &str) -> Result<DatabaseUrl, String> {
    let path = match rest.strip_prefix("//") {
        // After the slashes of the scheme and an empty host.
        Some(path) => path.strip_prefix('/').unwrap_or(path),
        None => rest,
    };
    // The default of other programs, and what the service does anyway.
    let path = path.strip_suffix("?mode=rwc").unwrap_or(path);
    if path.is_empty() || path == ":memory:" || path.contains('?') {
        return Err("must name a file, as in sqlite:FILE, without options".to_owned());
    }
    Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
}

/// Returns the URL as `postgres://user:[redacted]@host/name`. Parameters can contain a password and
/// are omitted. If the position of the password is ambiguous, only the scheme is shown.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "[redacted]".to_owned();
    };
    let (plain, parameters) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    let (login, location) = match plain.rsplit_once('@') {
        Some((login, location)) => (Some(login), location),
        None => (None, plain),
    };
    let host = location.split('/').next().unwrap_or_default();
    let port = host.rsplit_once(':').map(|(_, port)| port).filter(|_| !host.ends_with(']'));
    let numeric = port.is_none_or(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    if parameters.contains('@') || !numeric {
        return format!("{scheme}://[redacted]");
    }
    match login
        .map(|login| login.split_once(':').map_or((login, ""), |(user, _)| (user, ":[redacted]")))
    {
        Some((user, hidden)) => format!("{scheme}://{user}{hidden}@{location}"),
        None => format!("{scheme}://{location}"),
    }
}
