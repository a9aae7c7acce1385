//! Address of a database, with the limits and timeouts of its connections.

use std::{
    borrow::Cow,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::postgres::PgConnectOptions;

use super::{
    DbError,
    unusable::{Unusable, check_file, server_reason, with_log},
};

/// Options of a connection. Not printable, because the address contains the password.
#[derive(Clone)]
pub struct Options {
    /// Address of the database, which also selects the engine.
    pub target: Target,
    /// Maximum number of connections for reading. Writes and the service itself use others.
    pub max_connections: u32,
    /// Timeout for getting a connection, or SQLite's write lock.
    pub acquire_timeout: Duration,
    /// Timeout of a transaction that writes. On PostgreSQL also the server's timeout for each
    /// statement.
    pub commit_timeout: Duration,
    /// Time limit for a change of the schema to wait for locks.
    pub migration_lock_timeout: Duration,
    /// Whether a SQLite file is also opened if its write-ahead log cannot be written. Writes fail
    /// until it can.
    pub opens_unwritable_log: bool,
}

/// Address of a database. Not printable, because it contains the password.
#[derive(Clone)]
pub enum Target {
    /// A SQLite file, created if it does not exist.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres(ServerTarget),
}

/// Address of a PostgreSQL server, and the schema of the tables.
#[derive(Clone)]
pub struct ServerTarget {
    /// Hosts, of which one accepts writes.
    pub(super) hosts: Vec<PgConnectOptions>,
    /// Name of the schema.
    pub(super) schema: String,
}

/// Parameters of a URL that name a certificate or key: a file, or its content.
const CERTIFICATES: [&str; 3] = ["sslrootcert", "sslcert", "sslkey"];

/// Checks that the certificates which a URL names can be read. The driver's error does not name the
/// file.
fn check_certificates(url: &str) -> Result<(), Unusable> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let parameters: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
    let files = parameters.iter().filter(|(name, value)| {
        CERTIFICATES.contains(&&**name) && !value.trim_start().starts_with("-----BEGIN")
    });
    for (name, file) in files {
        if let Err(error) = fs::File::open(file) {
            let problem = match &**name {
                // The value can be the key itself, in another form.
                "sslkey" => format!("cannot read the file of sslkey: {error}"),
                name => format!("cannot read the file {file} of {name}: {error}"),
            };
            let remediation = "correct the path in DATABASE_URL, or the permissions of the file";
            return Err(Unusable::new(problem, remediation));
        }
    }
    Ok(())
}

/// Returns a URL with a host. The driver requires one after a login, even if a parameter names the
/// server, as in Cloud SQL's `postgres://user@/name?host=/cloudsql/…`.
fn with_host(url: &str) -> Cow<'_, str> {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find(['/', '?']).map_or(url.len(), |at| start + at);
    let names_host = url[end..].contains("?host=") || url[end..].contains("&host=");
    match url[..end].ends_with('@') && names_host {
        true => format!("{}localhost{}", &url[..end], &url[end..]).into(),
        false => url.into(),
    }
}

/// Parses the URL of one host.
fn host(url: &str) -> Result<PgConnectOptions, DbError> {
    check_certificates(url).map_err(DbError::Unusable)?;
    let options = with_host(url).parse::<PgConnectOptions>();
    let options = options.map_err(|error| DbError::Unusable(server_reason(&error)))?;
    let name = options.get_application_name().unwrap_or("meetvo").to_owned();
    // The driver keeps the brackets of an IPv6 address, and finds no such host.
    let host = options.get_host().trim_matches(['[', ']']).to_owned();
    Ok(options.application_name(&name).host(&host))
}

impl Options {
    /// Returns the options for another file.
    #[must_use]
    pub fn with_file(&self, file: &Path) -> Self {
        Self { target: Target::Sqlite(file.to_owned()), ..self.clone() }
    }
}

impl Target {
    /// Parses the URL of each host of a PostgreSQL server.
    ///
    /// # Errors
    /// Returns an error if a URL is invalid.
    pub fn postgres<'u>(
        urls: impl IntoIterator<Item = &'u str>,
        schema: &str,
    ) -> Result<Self, DbError> {
        let hosts: Result<_, _> = urls.into_iter().map(host).collect();
        Ok(Self::Postgres(ServerTarget { hosts: hosts?, schema: schema.to_owned() }))
    }

    /// Returns the file of the database.
    ///
    /// # Errors
    /// Returns an error if the database is on a server.
    pub fn file(&self) -> Result<&Path, DbError> {
        match self {
            Self::Sqlite(file) => Ok(file),
            Self::Postgres(_) => Err(DbError::Unusable(Unusable::new(
                "the database is on a PostgreSQL server",
                "use pg_dump and pg_restore, see docs/how-to/back-up-and-restore.md",
            ))),
        }
    }

    /// Returns whether the target is a file that does not exist. A connection creates the file.
    #[must_use]
    pub fn is_missing_file(&self) -> bool {
        match self {
            Self::Sqlite(file) => matches!(file.try_exists(), Ok(false)),
            Self::Postgres(_) => false,
        }
    }

    /// Checks that a file can be opened for writing, or created. Creates nothing.
    ///
    /// # Errors
    /// Returns an error that names the cause and the remediation.
    pub fn check_file(&self) -> Result<(), DbError> {
        match self {
            Self::Sqlite(file) => check_file(file).map_err(DbError::Unusable),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Returns the database files that other users of the machine can read or write, each with its
    /// mode.
    #[must_use]
    pub fn exposed_files(&self) -> Vec<(PathBuf, u32)> {
        let Self::Sqlite(file) = self else { return Vec::new() };
        let mode = |file: &Path| file.metadata().ok().map(|it| it.mode() & 0o777);
        let path = std::path::absolute(file).unwrap_or_else(|_| file.clone());
        // Nobody else reaches a file in a folder that only its owner can enter.
        let mut folders = path.ancestors().skip(1);
        if folders.any(|folder| mode(folder).is_some_and(|mode| mode & 0o011 == 0)) {
            return Vec::new();
        }
        let files = with_log(file).into_iter();
        let modes = files.filter_map(|file| Some((mode(&file)?, file)));
        let modes = modes.map(|(mode, file)| (file, mode));
        modes.filter(|(_, mode)| mode & 0o077 != 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{PgConnectOptions, host, with_host};

    fn parsed(url: &str) -> PgConnectOptions {
        host(url).unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    #[test]
    fn addresses_have_no_brackets() {
        let options = parsed("postgres://u:p@[::1]:5433/n");
        assert_eq!((options.get_host(), options.get_port()), ("::1", 5433));
        assert_eq!(parsed("postgres://u@h/n").get_host(), "h");
    }

    #[test]
    fn login_without_host_gets_one() {
        let options = parsed("postgres://u:p@/n?host=/cloudsql/p:r:i");
        let socket = options.get_socket().map(|it| it.display().to_string());
        assert_eq!(socket.as_deref(), Some("/cloudsql/p:r:i"));
        assert_eq!(options.get_database(), Some("n"));
        // Without the parameter, a variable of libpq can name the server.
        for url in ["postgres://u@h/n", "postgres:///n?host=/x", "postgres://u@/n"] {
            assert_eq!(with_host(url), url);
        }
    }

    #[test]
    fn unreadable_certificate_is_named() {
        for parameter in ["sslrootcert", "sslcert", "sslkey"] {
            let url = format!("postgres://u@h/n?{parameter}=%2Fnowhere%2Fca.pem");
            let Err(error) = host(&url) else { panic!("{url} is accepted") };
            let file = if parameter == "sslkey" { "" } else { " /nowhere/ca.pem" };
            let expected = format!("cannot read the file{file} of {parameter}: ");
            assert!(error.to_string().contains(&expected), "{error}");
        }
        let content = "postgres://u@h/n?sslrootcert=-----BEGIN%20CERTIFICATE-----";
        assert!(host(content).is_ok());
    }
}
