//! Settings: read from files and the environment, checked all at once, secrets kept out of sight.
//!
//! | module | holds |
//! |---|---|
//! | [`sources`] | `config/default.toml`, `config/<environment>.toml`, `.env`, the environment |
//! | [`values`] | the settings that are more than a number: database URLs, secrets, API keys |
//! | [`token_key`] | the keys with which tokens are sealed |
//! | [`check`] | sources → [`Settings`], or every fault in them |

mod check;
mod sources;
mod token_key;
mod values;

use std::{collections::BTreeMap, fmt, net::SocketAddr, time::Duration};

use serde_json::{Value, json};

pub use self::{
    sources::{Sources, development_key, development_secret, development_variables, environment},
    token_key::TokenKey,
    values::{ApiKey, DatabaseUrl, Scope, Secret, SigningSecret},
};

/// What kind of place the service runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Somebody's own machine.
    Development,
    /// Everywhere else; the default.
    Production,
}

/// Every setting, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What kind of place this is.
    pub environment: Environment,
    /// `[server]`.
    pub server: Server,
    /// `[database]`.
    pub database: Database,
    /// `[clerk]`.
    pub clerk: Clerk,
    /// `[ingest]`.
    pub ingest: Ingest,
    /// `[metrics]`.
    pub metrics: Metrics,
    /// `[retention]`.
    pub retention: Retention,
    /// `[reconcile]`.
    pub reconcile: Reconcile,
    /// `[api]`.
    pub api: Api,
    /// `[tokens]`.
    pub tokens: Tokens,
    /// `[log]`.
    pub log: Log,
}

/// Where and how to listen.
#[derive(Clone, Debug)]
pub struct Server {
    /// An address or a name.
    pub host: String,
    /// 0 takes a free one.
    pub port: u16,
    /// Threads; 0 is one a core.
    pub workers: usize,
    /// The largest body that is read.
    pub max_body_bytes: usize,
    /// For the headers of a request.
    pub header_timeout: Duration,
    /// For the body of a request.
    pub body_timeout: Duration,
    /// For taking what is sent.
    pub write_timeout: Duration,
    /// For requests under way when the service is told to stop.
    pub shutdown_timeout: Duration,
}

/// Where things are kept.
#[derive(Clone, Debug)]
pub struct Database {
    /// Its scheme picks the engine.
    pub url: DatabaseUrl,
    /// Connections.
    pub max_connections: u32,
    /// For a connection, or for SQLite's write lock.
    pub acquire_timeout: Duration,
    /// For a transaction that writes.
    pub commit_timeout: Duration,
}

/// What comes from Clerk.
#[derive(Clone, Debug)]
pub struct Clerk {
    /// Several while they are rotated.
    pub webhook_signing_secrets: Vec<SigningSecret>,
    /// The one instance whose events are taken.
    pub instance_id: Option<String>,
    /// As it was given; empty where it was not.
    pub publishable_key: String,
    /// How session tokens are checked; none takes none.
    pub sessions: Option<Sessions>,
    /// With what Clerk's Backend API is asked; none asks for nothing.
    pub secret_key: Option<Secret>,
    /// Where Clerk's Backend API is, without a slash at its end.
    pub api_url: String,
}

/// How session tokens are checked.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// The `iss` of the instance's tokens, without a slash at its end.
    pub issuer: String,
    /// The instance's public key in PEM; without it the issuer's are fetched.
    pub jwt_key: Option<String>,
    /// The origins whose tokens are taken; empty takes those of any.
    pub authorized_parties: Vec<String>,
}

/// How much may wait.
#[derive(Clone, Debug)]
pub struct Ingest {
    /// Events.
    pub queue_capacity: usize,
    /// Events in one transaction.
    pub batch_size: usize,
    /// Connections that commit at the same time, where the engine can have several.
    pub writers: usize,
    /// For the commit of a delivery.
    pub timeout: Duration,
}

/// Where the metrics are told.
#[derive(Clone, Copy, Debug)]
pub struct Metrics {
    /// Without a key, to this machine alone.
    pub listen: Option<SocketAddr>,
}

/// How long events are kept, in days. 0 is for ever.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Their payloads.
    pub payload_days: u16,
    /// All of them; never shorter than the payloads, nor than an event can come again.
    pub event_days: u16,
}

/// How often the users are compared with Clerk's.
#[derive(Clone, Copy, Debug)]
pub struct Reconcile {
    /// 0 is never.
    pub every_hours: u16,
}

/// Who may read.
#[derive(Clone, Debug)]
pub struct Api {
    /// None refuses everybody.
    pub keys: Vec<ApiKey>,
    /// The origins whose pages may read with a browser.
    pub allowed_origins: Vec<String>,
    /// Whether somebody who is signed in may see the public part of others.
    pub public_profiles: bool,
    /// Requests a minute for each API key; 0 is any number.
    pub key_rate: u32,
    /// Requests a minute for each user who is signed in; 0 is any number.
    pub session_rate: u32,
    /// Requests that wait for a user.
    pub max_waits: usize,
    /// Requests that listen to changes.
    pub max_streams: usize,
    /// For the answer to a read.
    pub timeout: Duration,
}

/// The tokens of linked accounts.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// What they are sealed with before they are kept; none keeps none.
    pub keys: Vec<TokenKey>,
}

/// What to log.
#[derive(Clone, Debug)]
pub struct Log {
    /// As `tracing` filters are written.
    pub filter: String,
    /// How.
    pub format: LogFormat,
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// [`Pretty`](Self::Pretty) on a terminal, [`Json`](Self::Json) elsewhere.
    Auto,
    /// For people.
    Pretty,
    /// For programs.
    Json,
}

/// A setting that cannot be used, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which: `server.port`.
    pub setting: String,
    /// What is wrong, and what would be right. Never the value of a secret.
    pub problem: String,
}

/// Everything that is wrong with the settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration cannot be used:")?;
        for Fault { setting, problem } in &self.0 {
            write!(f, "\n  {setting}: {problem}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Development => "development",
            Self::Production => "production",
        })
    }
}

impl Settings {
    /// Reads and checks the settings.
    ///
    /// # Errors
    /// With every fault at once.
    pub fn load(sources: &Sources) -> Result<Self, Faults> {
        check::settings(sources)
    }

    /// Whether the service can do anything with these settings.
    ///
    /// # Errors
    /// When no webhook could be verified.
    pub fn can_serve(&self) -> Result<(), Faults> {
        if !self.clerk.webhook_signing_secrets.is_empty() {
            return Ok(());
        }
        let problem = "is empty, so no webhook could be verified: give the endpoint's signing \
                       secret from Clerk's dashboard in CLERK_WEBHOOK_SIGNING_SECRET";
        let setting = "clerk.webhook_signing_secrets".to_owned();
        Err(Faults(vec![Fault { setting, problem: problem.to_owned() }]))
    }

    /// The settings as they are in force, without secrets, by their names.
    #[must_use]
    pub fn effective(&self) -> BTreeMap<&'static str, Value> {
        let millis = |duration: Duration| json!(u64::try_from(duration.as_millis()).ok());
        let format = match self.log.format {
            LogFormat::Auto => "auto",
            LogFormat::Pretty => "pretty",
            LogFormat::Json => "json",
        };
        let sessions = self.clerk.sessions.as_ref();
        let parties = sessions.map_or(&[][..], |it| &it.authorized_parties);
        // It is as long as a page is wide.
        let jwt_key = sessions.and_then(|it| it.jwt_key.as_ref()).map_or("", |_| "[PEM]");
        BTreeMap::from([
            ("server.host", json!(self.server.host)),
            ("server.port", json!(self.server.port)),
            ("server.workers", json!(self.server.workers)),
            ("server.max_body_bytes", json!(self.server.max_body_bytes)),
            ("server.header_timeout_ms", millis(self.server.header_timeout)),
            ("server.body_timeout_ms", millis(self.server.body_timeout)),
            ("server.write_timeout_ms", millis(self.server.write_timeout)),
            ("server.shutdown_timeout_ms", millis(self.server.shutdown_timeout)),
            ("database.url", json!(self.database.url.to_string())),
            ("database.max_connections", json!(self.database.max_connections)),
            ("database.acquire_timeout_ms", millis(self.database.acquire_timeout)),
            ("database.commit_timeout_ms", millis(self.database.commit_timeout)),
            ("clerk.webhook_signing_secrets", joined(&self.clerk.webhook_signing_secrets)),
            ("clerk.instance_id", json!(self.clerk.instance_id.as_deref().unwrap_or_default())),
            ("clerk.publishable_key", json!(self.clerk.publishable_key)),
            ("clerk.issuer", json!(sessions.map_or("", |it| &it.issuer))),
            ("clerk.jwt_key", json!(jwt_key)),
            ("clerk.authorized_parties", joined(parties)),
            (
                "clerk.secret_key",
                json!(self.clerk.secret_key.as_ref().map_or("", |_| "[redacted]")),
            ),
            ("clerk.api_url", json!(self.clerk.api_url)),
            ("ingest.queue_capacity", json!(self.ingest.queue_capacity)),
            ("ingest.batch_size", json!(self.ingest.batch_size)),
            ("ingest.writers", json!(self.ingest.writers)),
            ("ingest.timeout_ms", millis(self.ingest.timeout)),
            (
                "metrics.listen",
                json!(self.metrics.listen.map_or(String::new(), |it| it.to_string())),
            ),
            ("retention.payload_days", json!(self.retention.payload_days)),
            ("retention.event_days", json!(self.retention.event_days)),
            ("reconcile.every_hours", json!(self.reconcile.every_hours)),
            ("api.keys", joined(&self.api.keys)),
            ("api.allowed_origins", joined(&self.api.allowed_origins)),
            ("api.public_profiles", json!(self.api.public_profiles)),
            ("api.key_rate", json!(self.api.key_rate)),
            ("api.session_rate", json!(self.api.session_rate)),
            ("api.max_waits", json!(self.api.max_waits)),
            ("api.max_streams", json!(self.api.max_streams)),
            ("api.timeout_ms", millis(self.api.timeout)),
            ("tokens.keys", joined(&self.tokens.keys)),
            ("log.filter", json!(self.log.filter)),
            ("log.format", json!(format)),
        ])
    }
}

fn joined(items: &[impl fmt::Display]) -> Value {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    json!(items.join(","))
}

#[cfg(test)]
mod tests;
