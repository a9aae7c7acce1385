//! Conversion of the sources to [`Settings`], or to all faults in them.

use super::{
    Api, ApiKey, Clerk, Database, DatabaseUrl, Drift, EncryptionKey, Faults, Ingest, Log,
    LogFormat, Metrics, Push, Retention, SchemaName, Server, SessionTokens, Settings,
    SigningSecret, Sources, Telemetry, Tokens, browser, reader::Reader, values,
};

/// Period in which Svix can redeliver an event, in days.
const REDELIVERY_DAYS: u16 = 90;

pub(super) fn settings(sources: &Sources) -> Result<Settings, Faults> {
    let merged = sources.merge().map_err(Faults)?;
    let mut reader = Reader { merged: &merged, faults: Vec::new() };
    reader.reject_unknown();
    reader.faults.extend(merged.redirected_secret_key());
    let settings = read(&mut reader);
    match settings {
        Some(settings) if reader.faults.is_empty() => Ok(settings),
        _ => Err(Faults(reader.faults)),
    }
}

/// Reads every setting, also after a fault. Returns `None` if a setting has no valid value.
fn read(from: &mut Reader<'_>) -> Option<Settings> {
    let server = server(from);
    let database = database(from);
    let clerk = clerk(from);
    let ingest = ingest(from);
    let listen = from.parsed("metrics.listen", values::parse_loopback);
    let retention = retention(from);
    let drift = drift(from, clerk.as_ref());
    let api = api(from);
    let tokens = tokens(from);
    let log = log(from);
    let push = Push::read(from);
    let telemetry = Telemetry::read(from);
    Some(Settings {
        environment: from.merged.environment,
        server: server?,
        database: database?,
        clerk: clerk?,
        ingest: ingest?,
        metrics: Metrics { listen: listen? },
        retention: retention?,
        drift: drift?,
        api: api?,
        tokens: tokens?,
        log: log?,
        push: push?,
        telemetry: telemetry?,
    })
}

fn server(from: &mut Reader<'_>) -> Option<Server> {
    let host = from.parsed("server.host", |host| match host.is_empty() {
        true => Err("must be an address, such as 127.0.0.1 or 0.0.0.0"),
        false => Ok(host.to_owned()),
    });
    let port = from.number("server.port", 0..=65_535);
    let workers = from.number("server.workers", 0..=1_024);
    let max_connections = from.number("server.max_connections", 16..=1_000_000);
    let max_body_bytes = from.number("server.max_body_bytes", 1_024..=64 << 20);
    let max_pending_bytes = pending_bytes(from, max_body_bytes);
    let header_timeout = from.millis("server.header_timeout_ms");
    let body_timeout = from.millis("server.body_timeout_ms");
    let write_timeout = from.millis("server.write_timeout_ms");
    let shutdown_timeout = from.millis("server.shutdown_timeout_ms");
    Some(Server {
        host: host?,
        port: port?,
        workers: workers?,
        max_connections: max_connections?,
        max_body_bytes: max_body_bytes?,
        max_pending_bytes: max_pending_bytes?,
        header_timeout: header_timeout?,
        body_timeout: body_timeout?,
        write_timeout: write_timeout?,
        shutdown_timeout: shutdown_timeout?,
    })
}

/// Reads the limit of all bodies in memory. A quarter of it is for large bodies without a verified
/// signature, and must have room for one of them.
fn pending_bytes(from: &mut Reader<'_>, max_body_bytes: Option<usize>) -> Option<usize> {
    let name = "server.max_pending_bytes";
    let max_pending_bytes = from.number(name, 1 << 20..=2 << 30)?;
    let min = max_body_bytes?.saturating_mul(4);
    if max_pending_bytes < min {
        let problem = format!("must be at least {min}, which is four times server.max_body_bytes");
        from.fault(name, problem);
        return None;
    }
    Some(max_pending_bytes)
}

fn database(from: &mut Reader<'_>) -> Option<Database> {
    let url = from.parsed("database.url", DatabaseUrl::parse);
    let schema = from.parsed("database.schema", SchemaName::parse);
    let max_connections: Option<u32> = from.number("database.max_connections", 1..=1_000);
    let acquire_timeout = from.millis("database.acquire_timeout_ms");
    let commit_timeout = from.millis("database.commit_timeout_ms");
    let migration_lock_timeout = from.millis("database.migration_lock_timeout_ms");
    let (url, mut schema, mut max_connections) = (url?, schema?, max_connections?);
    if let DatabaseUrl::Postgres(server) = &url {
        schema = server.schema.clone().unwrap_or(schema);
        max_connections = max_connections.min(server.connection_limit.unwrap_or(max_connections));
    }
    Some(Database {
        url,
        schema,
        max_connections,
        acquire_timeout: acquire_timeout?,
        commit_timeout: commit_timeout?,
        migration_lock_timeout: migration_lock_timeout?,
    })
}

fn clerk(from: &mut Reader<'_>) -> Option<Clerk> {
    let name = "clerk.webhook_signing_secrets";
    let secrets = from.parsed(name, SigningSecret::parse_list);
    from.reject_development_values(name, secrets.as_deref(), SigningSecret::parse_list);
    from.reject_short_secrets(name, secrets.as_deref().unwrap_or_default());
    let tolerance_seconds = from.number("clerk.tolerance_seconds", 30..=3_600);
    let instance_id = from.parsed("clerk.instance_id", |id| match id.strip_prefix("ins_") {
        Some(_) => Ok(Some(id.to_owned())),
        None if id.is_empty() => Ok(None),
        None => Err("must be the ID of a Clerk instance, which begins with `ins_`"),
    });
    let publishable_key = from.parsed("clerk.publishable_key", |key| match key {
        "" => Ok((String::new(), None)),
        key => values::issuer_of(key).map(|issuer| (key.to_owned(), Some(issuer))),
    });
    let secret_key = from.parsed("clerk.secret_key", values::parse_secret_key);
    let api_url = from.parsed("clerk.api_url", values::parse_api_url);
    let session_tokens = session_tokens(from, publishable_key.as_ref().and_then(|it| it.1.clone()));
    Some(Clerk {
        webhook_signing_secrets: secrets?,
        tolerance_seconds: tolerance_seconds?,
        instance_id: instance_id?,
        publishable_key: publishable_key?.0,
        session_tokens: session_tokens?,
        secret_key: secret_key?,
        api_url: api_url?,
    })
}

/// Reads the settings of session tokens. `Some(None)` means that no issuer is set and session
/// tokens are rejected. `None` means that there is a fault.
#[expect(clippy::option_option, reason = "a fault differs from a setting that is not set")]
fn session_tokens(
    from: &mut Reader<'_>,
    issuer_of_key: Option<String>,
) -> Option<Option<SessionTokens>> {
    let issuer = from.parsed("clerk.issuer", values::parse_issuer);
    let jwt_key = from.parsed("clerk.jwt_key", values::parse_pem);
    let parties = from.parsed("clerk.authorized_parties", browser::parse_origins);
    let (issuer, jwt_key, authorized_parties) = (issuer?.or(issuer_of_key), jwt_key?, parties?);
    let Some(issuer) = issuer else {
        if jwt_key.is_some() {
            let problem = "needs an issuer: set CLERK_PUBLISHABLE_KEY or clerk.issuer";
            from.fault("clerk.jwt_key", problem);
            return None;
        }
        return Some(None);
    };
    Some(Some(SessionTokens { issuer, jwt_key, authorized_parties }))
}

fn ingest(from: &mut Reader<'_>) -> Option<Ingest> {
    let queue_capacity = from.number("ingest.queue_capacity", 1..=1_000_000);
    let batch_size = from.number("ingest.batch_size", 1..=512);
    let writers = from.number("ingest.writers", 1..=32);
    let timeout = from.millis("ingest.timeout_ms");
    Some(Ingest {
        queue_capacity: queue_capacity?,
        batch_size: batch_size?,
        writers: writers?,
        timeout: timeout?,
    })
}

fn retention(from: &mut Reader<'_>) -> Option<Retention> {
    let payload_days = from.number("retention.payload_days", 0..=36_500);
    let event_days = from.number("retention.event_days", 0..=36_500);
    let retention = Retention { payload_days: payload_days?, event_days: event_days? };
    let problem = match (retention.event_days, retention.payload_days) {
        (0, _) => return Some(retention),
        (_, 0) => "must be 0 (unlimited), because retention.payload_days is 0 and an event \
                   expires together with its payload"
            .to_owned(),
        (events, payloads) if events >= payloads.max(REDELIVERY_DAYS) => return Some(retention),
        (_, payloads) => format!(
            "must be 0 (unlimited) or at least {}: Svix can redeliver an event for \
             {REDELIVERY_DAYS} days, and an event expires together with its payload",
            payloads.max(REDELIVERY_DAYS),
        ),
    };
    from.fault("retention.event_days", problem);
    None
}

fn drift(from: &mut Reader<'_>, clerk: Option<&Clerk>) -> Option<Drift> {
    let interval_hours = from.number("drift.interval_hours", 0..=8_760)?;
    if interval_hours > 0 && clerk.is_some_and(|clerk| clerk.secret_key.is_none()) {
        let problem = "needs the instance's secret key: set CLERK_SECRET_KEY";
        from.fault("drift.interval_hours", problem);
        return None;
    }
    Some(Drift { interval_hours })
}

fn api(from: &mut Reader<'_>) -> Option<Api> {
    let keys = from.parsed("api.keys", ApiKey::parse_list);
    from.reject_development_values("api.keys", keys.as_deref(), ApiKey::parse_list);
    let allowed_origins = from.parsed("api.allowed_origins", browser::parse_origins);
    let allowed_headers = from.parsed("api.allowed_headers", browser::parse_header_names);
    let public_profiles = from.raw("api.public_profiles", "true or false");
    let members_see_members = from.raw("api.members_see_members", "true or false");
    let key_rate = from.number("api.key_rate", 0..=100_000_000);
    let session_rate = from.number("api.session_rate", 0..=100_000_000);
    let failure_rate = from.number("api.failure_rate", 0..=100_000_000);
    let dashboard_session_hours = from.number("api.dashboard_session_hours", 1..=720);
    let max_waits = from.number("api.max_waits", 0..=1_000_000);
    let max_streams = from.number("api.max_streams", 0..=1_000_000);
    let key_share_percent = from.number("api.key_share_percent", 1..=100);
    let timeout = from.millis("api.timeout_ms");
    Some(Api {
        keys: keys?,
        allowed_origins: allowed_origins?,
        allowed_headers: allowed_headers?,
        public_profiles: public_profiles?,
        members_see_members: members_see_members?,
        max_waits: max_waits?,
        key_rate: key_rate?,
        session_rate: session_rate?,
        failure_rate: failure_rate?,
        dashboard_session_hours: dashboard_session_hours?,
        max_streams: max_streams?,
        key_share_percent: key_share_percent?,
        timeout: timeout?,
    })
}

fn tokens(from: &mut Reader<'_>) -> Option<Tokens> {
    Some(Tokens { keys: from.parsed("tokens.keys", EncryptionKey::parse_list)? })
}

fn log(from: &mut Reader<'_>) -> Option<Log> {
    let filter = from.parsed("log.filter", |filter| {
        let parsed = filter.parse::<tracing_subscriber::EnvFilter>();
        parsed.map(|_| filter.to_owned()).map_err(|error| error.to_string())
    });
    let format = from.parsed("log.format", |format| match format {
        "auto" => Ok(LogFormat::Auto),
        "pretty" => Ok(LogFormat::Pretty),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be `auto`, `pretty` or `json`"),
    });
    Some(Log { filter: filter?, format: format? })
}
