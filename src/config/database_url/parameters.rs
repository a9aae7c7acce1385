//! Query parameters of the URL of a PostgreSQL server: those of libpq, of other clients, and of
//! providers.

use std::cmp::{max, min};

use super::schema::SchemaName;

/// Parameters that the driver reads. They have libpq's names.
const DRIVER: [&str; 10] = [
    "sslcert",
    "sslkey",
    "application_name",
    "options",
    "user",
    "password",
    "host",
    "hostaddr",
    "port",
    "dbname",
];

/// Parameters that select how the connection is encrypted.
const ENCRYPTION: [&str; 6] =
    ["sslmode", "sslrootcert", "ssl", "sslaccept", "channel_binding", "ssl_min_protocol_version"];

/// Names in other clients of a limit of connections.
const CONNECTION_LIMIT: [&str; 4] = ["connection_limit", "pool_size", "poolSize", "max"];

/// Names in other clients of the schema.
const SCHEMA: [&str; 3] = ["schema", "currentSchema", "search_path"];

/// Schema that Prisma's URLs name for the tables of the application. The service has its own.
const APPLICATION_SCHEMA: &str = "public";

/// Parameters without an effect. The service has its own timeouts and notices lost connections
/// itself, sends UTF-8, and reads times as numbers. It works through a pooler with statements that
/// it prepares.
const IGNORED: [&str; 37] = [
    "pgbouncer",
    "supa",
    "pool_mode",
    "workaround",
    "statement_cache_size",
    "prepared_statement_cache_size",
    "prepareThreshold",
    "preparedStatements",
    "prepare_threshold",
    "max_overflow",
    "connect_timeout",
    "connectTimeout",
    "connection_timeout",
    "pool_timeout",
    "timeout",
    "statement_timeout",
    "command_timeout",
    "socket_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "krbsrvname",
    "gsslib",
    "gssdelegation",
    "sslcompression",
    "sslsni",
    "sslnegotiation",
    "sslcertmode",
    "uselibpqcompat",
    "client_encoding",
    "encoding",
    "charset",
    "timezone",
    "fallback_application_name",
    "load_balance_hosts",
];

/// Parameters with values that have no effect, and what the others ask for.
const IGNORED_VALUES: [(&str, &[&str], &str); 3] = [
    (
        "target_session_attrs",
        &["any", "read-write", "primary", "prefer-standby"],
        "asks for a server that does not accept writes: remove it",
    ),
    (
        "gssencmode",
        &["disable", "prefer"],
        "asks for encryption by GSSAPI, which the driver does not support: use sslmode",
    ),
    ("requiressl", &["0"], "asks for encryption in an old form: use sslmode=require"),
];

/// Parameters that are refused, with what to do about each.
const REFUSED: [(&[&str], &str); 5] = [
    (&["sslidentity", "sslpassword"], "which is not supported: use sslcert and sslkey"),
    (
        &["service", "passfile"],
        "which the driver does not support: remove it, and write host, user and password into the \
         URL",
    ),
    (
        &["sslcrl", "sslcrldir"],
        "which the driver does not support: remove it, if no certificate of the server has been \
         revoked",
    ),
    (&["require_auth"], "which the driver does not support: use sslmode=verify-full in its place"),
    (&["replication", "ssl_max_protocol_version"], "which the driver does not support: remove it"),
];

/// The service sets the search path itself in each transaction.
const SEARCH_PATH: &str = "sets search_path in `options`: remove it, and set database.schema, or \
                           add schema=NAME to the URL";

/// Encryption of the connection, from the weakest to the strongest.
const MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];
const DISABLE: usize = 0;
const PREFER: usize = 1;
const REQUIRE: usize = 2;
const VERIFY_CA: usize = 3;
const VERIFY_FULL: usize = 4;

/// Minimum number of letters of a name for each edit between it and the right name.
const LETTERS_PER_EDIT: usize = 4;

/// Parameters of a URL.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    /// Those that the driver reads, as a query.
    pub(super) query: String,
    pub(super) schema: Option<SchemaName>,
    /// Maximum number of connections.
    pub(super) connection_limit: Option<u32>,
}

/// Reads the parameters. Rejects unknown ones, which the driver ignores: a misspelled `sslmode` must
/// not lead to an unencrypted connection. `is_clear` is whether no part of the query can belong to a
/// password.
pub(super) fn read(query: &str, is_clear: bool) -> Result<Parameters, String> {
    let given: Vec<(String, String)> =
        serde_html_form::from_str(query).map_err(|_| "has malformed query parameters")?;
    // An unescaped `&` of the password begins another parameter.
    let is_clear = is_clear && !given.iter().any(|(name, _)| may_be_password(name));
    let (mut kept, mut encryption, mut problems) = (Vec::new(), Encryption::default(), Vec::new());
    let mut parameters = Parameters::default();
    for (number, (name, value)) in (1..).zip(&given) {
        match Handling::of(name, value) {
            Handling::Kept => kept.push((name.as_str(), value.as_str())),
            Handling::Encryption => problems.extend(encryption.read(name, value, &mut kept).err()),
            Handling::Service => problems.extend(parameters.read(name, value).err()),
            Handling::Ignored => {}
            Handling::Refused(problem) => problems.push(problem),
            Handling::Unknown => problems.push(unknown(name, number, is_clear)),
        }
    }
    problems.extend(encryption.conflict());
    if kept.iter().any(|(name, _)| *name == "sslrootcert") {
        encryption.verify_authority();
    }
    if encryption.mode() == Some(MODES[VERIFY_FULL]) && kept.iter().any(|it| it.0 == "hostaddr") {
        let problem = "has hostaddr, and asks for a certificate that names the host: write the name \
                       of the host into the URL, and remove hostaddr";
        problems.push(problem.to_owned());
    }
    if !problems.is_empty() {
        return Err(problems.join("; "));
    }
    if let Some(mode) = encryption.mode() {
        kept.push(("sslmode", mode));
    }
    parameters.query = written(query, &given, &kept)?;
    Ok(parameters)
}

/// Returns the kept parameters as a query: as given, if all of them are kept unchanged.
fn written(
    query: &str,
    given: &[(String, String)],
    kept: &[(&str, &str)],
) -> Result<String, String> {
    let mut sorted: Vec<_> = given.iter().map(|(name, value)| (&**name, &**value)).collect();
    let mut unchanged = kept.to_vec();
    sorted.sort_unstable();
    unchanged.sort_unstable();
    if sorted == unchanged {
        return Ok(query.to_owned());
    }
    serde_html_form::to_string(kept).map_err(|_| "has malformed query parameters".to_owned())
}

impl Parameters {
    /// Reads a parameter that is meant for the service, and not for the driver.
    fn read(&mut self, name: &str, value: &str) -> Result<(), String> {
        if SCHEMA.contains(&name) {
            if value != APPLICATION_SCHEMA {
                let schema = SchemaName::parse(value);
                self.schema = Some(schema.map_err(|fault| format!("has a `{name}` that {fault}"))?);
            }
            return Ok(());
        }
        let limit = value.parse().ok().filter(|limit| *limit > 0);
        let limit = limit.ok_or_else(|| format!("has a `{name}` that is no positive number"))?;
        self.connection_limit = Some(min(limit, self.connection_limit.unwrap_or(limit)));
        Ok(())
    }
}

/// Returns whether the value of a parameter can be a password, also if the name is misspelled.
fn may_be_password(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("pas") || name.contains("pwd")
}

/// Handling of a parameter.
enum Handling {
    /// The driver reads it.
    Kept,
    Encryption,
    /// The service reads it.
    Service,
    Ignored,
    Refused(String),
    Unknown,
}

impl Handling {
    fn of(name: &str, value: &str) -> Self {
        if name == "options" && value.contains("search_path") {
            return Self::Refused(SEARCH_PATH.to_owned());
        }
        if DRIVER.contains(&name) {
            return Self::Kept;
        }
        if CONNECTION_LIMIT.contains(&name) || SCHEMA.contains(&name) {
            return Self::Service;
        }
        if ENCRYPTION.contains(&name) {
            return Self::Encryption;
        }
        if IGNORED.contains(&name) {
            return Self::Ignored;
        }
        if let Some((_, values, problem)) = IGNORED_VALUES.iter().find(|it| it.0 == name) {
            return match values.contains(&value) {
                true => Self::Ignored,
                false => Self::Refused(format!("has the parameter `{name}`, which {problem}")),
            };
        }
        match REFUSED.iter().find(|(names, _)| names.contains(&name)) {
            Some((_, remediation)) => {
                Self::Refused(format!("has the parameter `{name}`, {remediation}"))
            }
            None => Self::Unknown,
        }
    }
}

/// Encryption that the parameters ask for.
#[derive(Default)]
struct Encryption {
    /// Index in [`MODES`] of the strongest mode that the URL names.
    named: Option<usize>,
    /// Parameter that asks for a verified server.
    verified_by: Option<&'static str>,
}

impl Encryption {
    fn read<'q>(
        &mut self,
        name: &'q str,
        value: &'q str,
        kept: &mut Vec<(&'q str, &'q str)>,
    ) -> Result<(), String> {
        let mode = MODES.iter().position(|mode| *mode == value);
        match (name, value) {
            // The driver's `allow` never encrypts. `prefer` encrypts if the server can.
            ("sslmode", "allow") => self.name(PREFER),
            ("sslmode" | "ssl", "no-verify") | ("ssl", "true" | "1") => self.name(REQUIRE),
            ("ssl", "false" | "0") => self.name(DISABLE),
            ("sslmode" | "ssl", _) => {
                let others = if name == "ssl" { "true, false, " } else { "" };
                let modes = MODES.join(", ");
                let modes = || format!("must have an {name} that is one of: {others}{modes}");
                self.name(mode.ok_or_else(modes)?);
            }
            // libpq requires `verify-full` with the certificates of the system.
            ("sslrootcert", "system") => self.verify("sslrootcert=system"),
            ("sslrootcert", _) => kept.push((name, value)),
            ("sslaccept", "strict") => self.verify("sslaccept=strict"),
            // The driver cannot bind a login to the TLS channel. A verified certificate protects
            // against the same attack: a server in the middle that forwards the login.
            ("channel_binding", "require") => self.verify("channel_binding=require"),
            // The driver does the same without them, and uses no older version than TLS 1.2.
            ("sslaccept", "accept_invalid_certs")
            | ("channel_binding", "disable" | "prefer")
            | ("ssl_min_protocol_version", "TLSv1" | "TLSv1.1" | "TLSv1.2") => {}
            ("sslaccept", _) => return Err(unsupported(name, "strict or accept_invalid_certs")),
            ("channel_binding", _) => return Err(unsupported(name, "require, prefer or disable")),
            _ => return Err(unsupported(name, "TLSv1.2 or lower")),
        }
        Ok(())
    }

    /// If the URL names several modes, the strongest counts.
    fn name(&mut self, mode: usize) {
        self.named = max(self.named, Some(mode));
    }

    /// With a certificate of an authority, libpq verifies the server in the mode `require` too.
    fn verify_authority(&mut self) {
        if self.named == Some(REQUIRE) {
            self.named = Some(VERIFY_CA);
        }
    }

    fn verify(&mut self, parameter: &'static str) {
        self.verified_by = Some(parameter);
    }

    /// Returns the problem if the parameters contradict each other.
    fn conflict(&self) -> Option<String> {
        let parameter = self.verified_by?;
        (self.named == Some(DISABLE)).then(|| {
            format!("asks for no encryption, and with {parameter} for encryption: remove one")
        })
    }

    /// Returns the mode for the driver, if it is not the default.
    fn mode(&self) -> Option<&'static str> {
        let mode = if self.verified_by.is_some() { Some(VERIFY_FULL) } else { self.named };
        mode.map(|mode| MODES[mode])
    }
}

fn unsupported(name: &str, supported: &str) -> String {
    format!("has the parameter `{name}` with an unsupported value: use {supported}")
}

/// Describes an unknown parameter, and names the one that it may be a misspelling of.
fn unknown(name: &str, number: usize, is_clear: bool) -> String {
    if !is_clear || !is_word(name) {
        let escape = super::ESCAPE;
        return format!(
            "has an unknown parameter (number {number}): remove it; if it is a part of the \
             password, correct that: {escape}"
        );
    }
    let known = DRIVER.iter().chain(&ENCRYPTION).chain(&IGNORED);
    let known = known.chain(&CONNECTION_LIMIT[..2]).chain(&SCHEMA);
    let known = known.chain(IGNORED_VALUES.iter().map(|(name, ..)| name));
    let nearest = known
        .map(|known| (strsim::damerau_levenshtein(&name.to_ascii_lowercase(), known), known))
        .filter(|(edits, _)| *edits * LETTERS_PER_EDIT <= name.len())
        .min();
    match nearest {
        Some((_, known)) => {
            format!("has the unknown parameter `{name}`: write `{known}`, or remove it")
        }
        None => format!("has the unknown parameter `{name}`: remove it"),
    }
}

fn is_word(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
