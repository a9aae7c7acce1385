//! Settings from files and the environment.
//!
//! All settings are checked at once, so that one start reports every fault. No output shows a
//! secret: neither a valid nor a malformed one.
//!
//! | module | contents |
//! |---|---|
//! | [`sources`] | `config/default.toml`, `config/<environment>.toml`, `.env`, the environment |
//! | [`dotenv`] | the parser of `.env` |
//! | [`variables`] | variables, files that they name, and the settings that they give |
//! | [`values`] | parsers for secrets, API keys and other structured settings |
//! | [`browser`] | parsers for origins, and for request headers of pages |
//! | [`database_url`] | the parser for database URLs |
//! | [`requirements`] | settings that only some commands need |
//! | [`encryption_key`] | the encryption keys for secrets in the database |
//! | [`push`] | the settings of the push to endpoints |
//! | [`exposure`] | the check that other machines cannot use the public development secrets |
//! | [`check`] | the conversion of the sources to [`Settings`], or to all faults in them |

mod browser;
mod check;
mod database_url;
mod dotenv;
mod encryption_key;
mod exposure;
mod push;
mod reader;
mod requirements;
mod sources;
mod telemetry;
mod values;
mod variables;

use std::{collections::BTreeMap, fmt, net::SocketAddr, time::Duration};

use serde_json::{Value, json};

pub use self::{
    database_url::{DatabaseUrl, SchemaName, ServerUrl},
    encryption_key::EncryptionKey,
    push::Push,
    sources::{Sources, development_api_key, development_signing_secret, development_variables},
    telemetry::Telemetry,
    values::{ApiKey, Secret, SigningSecret},
    variables::{KEY_VARIABLE, TARGET_VARIABLE},
};
use crate::domain::origin::OriginPattern;
pub use crate::domain::scope::Scope;

/// Environment that the service runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// A developer's machine.
    Development,
    /// Everything else. This is the default.
    Production,
}

/// All settings, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `MEETVO_ENV`.
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
    /// `[drift]`.
    pub drift: Drift,
    /// `[api]`.
    pub api: Api,
    /// `[tokens]`.
    pub tokens: Tokens,
    /// `[log]`.
    pub log: Log,
    /// `[push]`.
    pub push: Push,
    /// `[telemetry]`.
    pub telemetry: Telemetry,
}

/// Settings of the HTTP server.
#[derive(Clone, Debug)]
pub struct Server {
    /// IP address or host name to listen on.
    pub host: String,
    /// TCP port to listen on. With 0 the system chooses a free port.
    pub port: u16,
    /// Number of threads that serve requests. 0 means one per CPU core.
    pub workers: usize,
    /// Maximum number of open connections.
    pub max_connections: usize,
    /// Maximum size of a request body in bytes.
    pub max_body_bytes: usize,
    /// Maximum size of all bodies in memory in bytes.
    pub max_pending_bytes: usize,
    /// Timeout for receiving the headers of a request.
    pub header_timeout: Duration,
    /// Timeout for receiving the body of a request.
    pub body_timeout: Duration,
    /// Timeout for a client that does not read its response (Linux only).
    pub write_timeout: Duration,
    /// Time limit for a graceful shutdown.
    pub shutdown_timeout: Duration,
}

/// Settings of the database.
#[derive(Clone, Debug)]
pub struct Database {
    /// Database URL. Its scheme selects the engine.
    pub url: DatabaseUrl,
    /// Schema of the tables, on PostgreSQL.
    pub schema: SchemaName,
    /// Maximum number of connections that read.
    pub max_connections: u32,
    /// Timeout for getting a connection, or SQLite's write lock.
    pub acquire_timeout: Duration,
    /// Timeout for a transaction that writes.
    pub commit_timeout: Duration,
    /// Time limit for a migration to wait for locks.
    pub migration_lock_timeout: Duration,
}

/// Settings of the Clerk instance.
#[derive(Clone, Debug)]
pub struct Clerk {
    /// Signing secrets of the webhook endpoints. A rotation uses several at a time.
    pub webhook_signing_secrets: Vec<SigningSecret>,
    /// Maximum difference between the timestamp of a delivery and the clock in seconds.
    pub tolerance_seconds: i64,
    /// Clerk instance whose events are accepted. `None` accepts the events of every instance.
    pub instance_id: Option<String>,
    /// Publishable key as given; empty if it is not set.
    pub publishable_key: String,
    /// Verification of session tokens. `None` rejects all session tokens.
    pub session_tokens: Option<SessionTokens>,
    /// Secret key for Clerk's Backend API. `None` disables requests to it.
    pub secret_key: Option<Secret>,
    /// Base URL of Clerk's Backend API, without a trailing slash.
    pub api_url: String,
}

/// Settings for the verification of session tokens.
#[derive(Clone, Debug)]
pub struct SessionTokens {
    /// Expected `iss` claim, without a trailing slash.
    pub issuer: String,
    /// Public key of the instance in PEM. `None` fetches the issuer's keys.
    pub jwt_key: Option<String>,
    /// Origins that are accepted as the `azp` claim. Empty accepts every origin.
    pub authorized_parties: Vec<OriginPattern>,
}

/// Settings of the queue between the HTTP handlers and the database writers.
#[derive(Clone, Debug)]
pub struct Ingest {
    /// Maximum number of events in the queue.
    pub queue_capacity: usize,
    /// Maximum number of events in one transaction.
    pub batch_size: usize,
    /// Number of connections that commit concurrently on PostgreSQL. SQLite has one writer.
    pub writers: usize,
    /// Timeout for the commit of a delivery.
    pub timeout: Duration,
}

/// Settings of the metrics listener.
#[derive(Clone, Copy, Debug)]
pub struct Metrics {
    /// Loopback address that serves the metrics without an API key.
    pub listen: Option<SocketAddr>,
}

/// Retention of events, in days. 0 means unlimited.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Retention of payloads.
    pub payload_days: u16,
    /// Retention of events. It is at least as long as the retention of payloads and as the period
    /// in which Svix can redeliver an event.
    pub event_days: u16,
}

/// Settings of the scheduled drift check.
#[derive(Clone, Copy, Debug)]
pub struct Drift {
    /// Interval between two drift checks, in hours. 0 disables them.
    pub interval_hours: u16,
}

/// Settings of the read API.
#[derive(Clone, Debug)]
pub struct Api {
    /// Configured API keys. The database can hold more.
    pub keys: Vec<ApiKey>,
    /// Origins that may use the API from a browser (CORS).
    pub allowed_origins: Vec<OriginPattern>,
    /// Names of further request headers that these origins may send, in lower case.
    pub allowed_headers: Vec<String>,
    /// True if a signed-in user may read the public profiles of other users.
    pub public_profiles: bool,
    /// True if a signed-in user may read their organizations and the members of these.
    pub members_see_members: bool,
    /// Rate limit of each API key, in requests per minute. 0 means unlimited.
    pub key_rate: u32,
    /// Rate limit of each signed-in user, in requests per minute. 0 means unlimited.
    pub session_rate: u32,
    /// Rate limit of failed authentications of each client address, per minute. 0 means unlimited.
    pub failure_rate: u32,
    /// Lifetime of a session of the dashboard, in hours.
    pub dashboard_session_hours: u16,
    /// Maximum number of concurrent requests with `?wait=`.
    pub max_waits: usize,
    /// Maximum number of concurrent change streams.
    pub max_streams: usize,
    /// Share of the waits and of the streams that one API key may use, in percent.
    pub key_share_percent: usize,
    /// Timeout for the database reads of a request.
    pub timeout: Duration,
}

/// Settings of the stored OAuth tokens.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Encryption keys. If there are none, no OAuth token is stored.
    pub keys: Vec<EncryptionKey>,
}

/// Settings of the log.
#[derive(Clone, Debug)]
pub struct Log {
    /// Filter in the syntax of `tracing`.
    pub filter: String,
    /// Format of a log line.
    pub format: LogFormat,
}

/// Format of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// [`Pretty`](Self::Pretty) on a terminal, otherwise [`Json`](Self::Json).
    Auto,
    /// Text for people.
    Pretty,
    /// One JSON object per line.
    Json,
}

/// Invalid setting, and how to fix it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the setting, such as `server.port`.
    pub setting: String,
    /// Problem and remediation, as a predicate of the setting: "must be …". It never contains the
    /// value of a secret.
    pub problem: String,
}

/// All faults of a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration is invalid:")?;
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
    /// Returns all faults at once if a setting is invalid or a source is unreadable.
    pub fn load(sources: &Sources) -> Result<Self, Faults> {
        check::settings(sources)
    }

    /// Returns the effective settings by name. Secrets are redacted.
    #[must_use]
    pub fn effective(&self) -> BTreeMap<&'static str, Value> {
        let format = match self.log.format {
            LogFormat::Auto => "auto",
            LogFormat::Pretty => "pretty",
            LogFormat::Json => "json",
        };
        let session_tokens = self.clerk.session_tokens.as_ref();
        let parties = session_tokens.map_or(&[][..], |it| &it.authorized_parties);
        // A PEM key is not secret, but too long to print.
        let jwt_key = session_tokens.and_then(|it| it.jwt_key.as_ref()).map_or("", |_| "[PEM]");
        let mut settings = BTreeMap::from([
            ("server.host", json!(self.server.host)),
            ("server.port", json!(self.server.port)),
            ("server.workers", json!(self.server.workers)),
            ("server.max_connections", json!(self.server.max_connections)),
            ("server.max_body_bytes", json!(self.server.max_body_bytes)),
            ("server.max_pending_bytes", json!(self.server.max_pending_bytes)),
            ("server.header_timeout_ms", millis(self.server.header_timeout)),
            ("server.body_timeout_ms", millis(self.server.body_timeout)),
            ("server.write_timeout_ms", millis(self.server.write_timeout)),
            ("server.shutdown_timeout_ms", millis(self.server.shutdown_timeout)),
            ("database.url", json!(self.database.url.to_string())),
            ("database.schema", json!(self.database.schema.as_str())),
            ("database.max_connections", json!(self.database.max_connections)),
            ("database.acquire_timeout_ms", millis(self.database.acquire_timeout)),
            ("database.commit_timeout_ms", millis(self.database.commit_timeout)),
            ("database.migration_lock_timeout_ms", millis(self.database.migration_lock_timeout)),
            ("clerk.webhook_signing_secrets", joined(&self.clerk.webhook_signing_secrets)),
            ("clerk.tolerance_seconds", json!(self.clerk.tolerance_seconds)),
            ("clerk.instance_id", json!(self.clerk.instance_id.as_deref().unwrap_or_default())),
            ("clerk.publishable_key", json!(self.clerk.publishable_key)),
            ("clerk.issuer", json!(session_tokens.map_or("", |it| &it.issuer))),
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
            ("drift.interval_hours", json!(self.drift.interval_hours)),
            ("tokens.keys", joined(&self.tokens.keys)),
            ("log.filter", json!(self.log.filter)),
            ("log.format", json!(format)),
        ]);
        settings.extend(self.api.effective());
        settings.extend(self.push.effective());
        settings.extend(self.telemetry.effective());
        settings
    }
}

impl Api {
    /// Returns the effective settings by name. Keys are redacted.
    fn effective(&self) -> [(&'static str, Value); 13] {
        [
            ("api.keys", joined(&self.keys)),
            ("api.allowed_origins", joined(&self.allowed_origins)),
            ("api.allowed_headers", joined(&self.allowed_headers)),
            ("api.public_profiles", json!(self.public_profiles)),
            ("api.members_see_members", json!(self.members_see_members)),
            ("api.key_rate", json!(self.key_rate)),
            ("api.session_rate", json!(self.session_rate)),
            ("api.failure_rate", json!(self.failure_rate)),
            ("api.dashboard_session_hours", json!(self.dashboard_session_hours)),
            ("api.max_waits", json!(self.max_waits)),
            ("api.max_streams", json!(self.max_streams)),
            ("api.key_share_percent", json!(self.key_share_percent)),
            ("api.timeout_ms", millis(self.timeout)),
        ]
    }
}

/// Returns the milliseconds of a duration.
fn millis(duration: Duration) -> Value {
    json!(u64::try_from(duration.as_millis()).ok())
}

fn joined(items: &[impl fmt::Display]) -> Value {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    json!(items.join(","))
}

#[cfg(test)]
mod tests;
