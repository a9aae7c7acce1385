//! Parser for database URLs.
//!
//! Errors quote a part of a URL only if it cannot belong to the password.

use std::{fmt, path::PathBuf};

use super::Secret;

/// URL of the database. The display omits the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// SQLite file.
    Sqlite(PathBuf),
    /// URL of a PostgreSQL server, with parameters that the driver supports.
    Postgres(Secret),
}

const EXPECTED: &str = "sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME";

/// Remediation if a special character of the password can have changed the meaning of the URL.
const ESCAPE: &str = "in the password, write `#` as %23, `/` as %2F, `?` as %3F and `@` as %40";

/// Drivers that SQLAlchemy's URLs name after the scheme. The rest of such a URL is the same.
const DRIVERS: [(&str, &[&str]); 3] = [
    ("postgres", &["asyncpg", "pg8000", "psycopg", "psycopg2", "psycopg2cffi", "psycopg_async"]),
    ("postgresql", &["asyncpg", "pg8000", "psycopg", "psycopg2", "psycopg2cffi", "psycopg_async"]),
    ("sqlite", &["aiosqlite", "pysqlite"]),
];

impl DatabaseUrl {
    /// Parses a URL. `sqlite:FILE`, `sqlite://FILE` and `sqlite:///./FILE` name the same file.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let Some((given, rest)) = url.split_once(':') else {
            return Err(format!("must be a URL: {EXPECTED}"));
        };
        match (without_driver(given).as_str(), rest.strip_prefix("//")) {
            ("sqlite", _) => parse_file(rest),
            (scheme @ ("postgres" | "postgresql"), Some(rest)) => {
                let rest = check_server(rest)?;
                Ok(Self::Postgres(Secret::new(format!("{scheme}://{rest}"))))
            }
            // The scheme is shown only before `//`. Otherwise it can be part of a login.
            (_, Some(_)) => {
                Err(format!("has the unsupported scheme `{given}`: expected {EXPECTED}"))
            }
            _ => Err(format!("must be a URL: {EXPECTED}")),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Self::Postgres(url) => f.write_str(&without_password(url.expose())),
        }
    }
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
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.strip_prefix('/').filter(|it| it.starts_with("./")).unwrap_or(path);
    // The default of other programs, and what the service does anyway.
    let path = path.strip_suffix("?mode=rwc").unwrap_or(path);
    if path.is_empty() || path == ":memory:" || path.contains('?') {
        return Err("must name a file, as in sqlite:FILE, without options".to_owned());
    }
    Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
}

/// Query parameters that a PostgreSQL URL can have. They have libpq's names.
const PARAMETERS: [&str; 11] = [
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "application_name",
    "options",
    "user",
    "password",
    "host",
    "port",
    "dbname",
];

/// Parameters of other clients and of providers, with what to do about each.
const FOREIGN_PARAMETERS: [(&[&str], &str); 13] = [
    (
        &["channel_binding"],
        "which the driver does not support: remove it; sslmode=verify-full protects the \
         connection against an attacker between the service and the server",
    ),
    (
        &["schema", "currentSchema", "search_path"],
        "which is none of libpq: remove it; to select the schema NAME, add \
         options=-c%20search_path%3DNAME",
    ),
    (
        &["pgbouncer", "pool_mode", "workaround", "supa"],
        "which is for a pooler: remove it, and connect to the server directly",
    ),
    (
        &["connection_limit", "pool_size", "max_overflow", "max", "poolSize"],
        "which limits connections: remove it, and set database.max_connections",
    ),
    (
        &["pool_timeout", "connect_timeout", "connectTimeout", "connection_timeout", "timeout"],
        "which is a timeout: remove it, and set database.acquire_timeout_ms",
    ),
    (
        &["statement_timeout", "command_timeout", "socket_timeout"],
        "which is a timeout: remove it, and set database.commit_timeout_ms",
    ),
    (
        &["ssl", "sslaccept", "uselibpqcompat"],
        "which is none of libpq: use sslmode, such as require",
    ),
    (&["sslidentity", "sslpassword"], "which is not supported: use sslcert and sslkey"),
    (
        &["target_session_attrs", "load_balance_hosts"],
        "which is for several hosts: remove it, and name one host that accepts writes",
    ),
    (
        &[
            "statement_cache_size",
            "prepared_statement_cache_size",
            "prepareThreshold",
            "preparedStatements",
            "prepare_threshold",
        ],
        "which is for a pooler: remove it, and connect to the server directly",
    ),
    (
        &["hostaddr", "service", "passfile", "requiressl", "replication"],
        "which the driver does not support: remove it, and write host, user and password into the \
         URL",
    ),
    (
        &[
            "keepalives",
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_count",
            "tcp_user_timeout",
            "gssencmode",
            "krbsrvname",
            "sslcompression",
            "sslsni",
            "sslnegotiation",
            "sslcrl",
            "ssl_min_protocol_version",
            "require_auth",
        ],
        "which the driver does not support: remove it",
    ),
    (
        &["client_encoding", "encoding", "charset", "timezone", "fallback_application_name"],
        "which the service sets itself: remove it",
    ),
];

/// Accepted values of `sslmode`. `allow` is missing, because it never encrypts a connection.
const SSL_MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];

/// Checks the text after `postgres://`. Returns it without the parameters that change nothing.
fn check_server(rest: &str) -> Result<String, String> {
    if rest.contains('#') {
        return Err(format!("contains `#`, which ends a URL: {ESCAPE}"));
    }
    let (plain, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = plain.split_once('/').unwrap_or((plain, ""));
    if path.contains('@') {
        return Err(format!("has an `@` after the host: {ESCAPE}"));
    }
    let (login, host) = match authority.rsplit_once('@') {
        Some((login, host)) => (Some(login), host),
        None => (None, authority),
    };
    let port = host.rsplit_once(':').map(|(_, port)| port).filter(|_| !host.ends_with(']'));
    if host.contains(',') {
        return Err("names several hosts: name one host that accepts writes".to_owned());
    }
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(format!("has an invalid port: it must be a number to 65535; {ESCAPE}"));
    }
    if query.is_empty() {
        return Ok(rest.to_owned());
    }
    // Otherwise the text after the `?` can be a part of the password.
    let is_clear = !query.contains('@') && (login.is_some() || port.is_none());
    check_parameters(query, is_clear)?;
    let kept = query.split('&').filter(|it| !it.starts_with("channel_binding="));
    let kept: Vec<_> = kept.collect();
    Ok(match kept.is_empty() {
        true => plain.to_owned(),
        false => format!("{plain}?{}", kept.join("&")),
    })
}

/// Rejects unknown parameters, which the driver ignores: a misspelled `sslmode` must not lead to an
/// unencrypted connection.
fn check_parameters(query: &str, is_clear: bool) -> Result<(), String> {
    let parameters: Vec<(String, String)> =
        serde_html_form::from_str(query).map_err(|_| "has malformed query parameters")?;
    // An unescaped `&` of the password begins another parameter.
    let is_clear = is_clear && parameters.iter().all(|(name, _)| name != "password");
    let problems = (1..).zip(&parameters);
    let problems = problems.filter_map(|(number, (name, value))| {
        parameter_problem(name, value).map(|problem| match problem {
            Problem::Known(problem) => problem,
            Problem::Unknown if is_clear && is_word(name) => {
                format!("has the unknown parameter `{name}`: remove it")
            }
            Problem::Unknown => {
                format!("has an unknown parameter (number {number}): remove it, or {ESCAPE}")
            }
        })
    });
    let problems: Vec<_> = problems.collect();
    match problems.is_empty() {
        true => Ok(()),
        false => {
            Err(format!("{}; known parameters: {}", problems.join("; "), PARAMETERS.join(", ")))
        }
    }
}

/// Problem of a query parameter.
enum Problem {
    /// The name is that of a parameter of a client, and not a secret.
    Known(String),
    Unknown,
}

fn parameter_problem(name: &str, value: &str) -> Option<Problem> {
    match (name, value) {
        ("sslmode", "no-verify") => {
            let problem = "has sslmode=no-verify, which is none of libpq: use sslmode=require";
            return Some(Problem::Known(problem.to_owned()));
        }
        ("sslmode", mode) if !SSL_MODES.contains(&mode) => {
            let modes = SSL_MODES.join(", ");
            return Some(Problem::Known(format!("must have an sslmode that is one of: {modes}")));
        }
        // The connection is the same without it.
        ("channel_binding", "disable" | "prefer") => return None,
        (known, _) if PARAMETERS.contains(&known) => return None,
        _ => {}
    }
    let known = FOREIGN_PARAMETERS.iter().find(|(names, _)| names.contains(&name));
    Some(match known {
        Some((_, remediation)) => {
            Problem::Known(format!("has the parameter `{name}`, {remediation}"))
        }
        None => Problem::Unknown,
    })
}

fn is_word(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
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
