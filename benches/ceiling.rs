//! The service without a database: a delivery is taken, verified, read and answered, and nothing is kept.
//! What `benches/ingest` measures of it is the most that the front of the house lets through.
//!
//! Takes `PORT`, `CLERK_WEBHOOK_SIGNING_SECRET` and, for what nobody asks here, `DATABASE_URL`.
#![expect(clippy::disallowed_methods, reason = "a measurement ends with its process")]

use std::{error::Error, sync::Arc, time::Duration};

use actix_web::HttpServer;
use meetvo::{
    app,
    clerk::{decode::Decoder, signature::SigningSecrets},
    clock::Clock,
    config::{Settings, Sources},
    http::{self, ApiKeys, KeyRing, Places, Rates, State},
    ingest::{Limits, Queue},
};
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = Settings::load(&Sources::of_process(None))?;
    let secrets = &settings.clerk.webhook_signing_secrets;
    let secrets = secrets.iter().map(|it| (it.label.as_str(), it.secret.expose()));
    let (queue, answering) = Queue::to_nowhere(Limits {
        queue_capacity: settings.ingest.queue_capacity,
        batch_size: settings.ingest.batch_size,
        timeout: settings.ingest.timeout,
    });
    let (_keys, ring) = watch::channel(Arc::new(ApiKeys::new([], Instant::now())));
    let state = Arc::new(State {
        clock: Clock::system(),
        secrets: SigningSecrets::new(secrets)?,
        decoder: Decoder::default(),
        queue,
        store: app::open_store(&settings.database).await?,
        keys: KeyRing::new(ring),
        rates: Rates::new(0, 0),
        sessions: None,
        tokens: None,
        read_through: None,
        allowed_origins: Vec::new(),
        public_profiles: false,
        limits: http::Limits {
            max_body_bytes: settings.server.max_body_bytes,
            body_timeout: settings.server.body_timeout,
            read_timeout: settings.api.timeout,
        },
        stopping: CancellationToken::new(),
        places: Places::new(0, 0),
    });
    let quiet = Duration::from_secs(10);
    let server = HttpServer::new(move || http::app(&state))
        .on_connect(move |io, data| http::watch(io, data, quiet))
        .bind((settings.server.host.as_str(), settings.server.port))?
        .run();
    tokio::spawn(answering);
    Ok(server.await?)
}
