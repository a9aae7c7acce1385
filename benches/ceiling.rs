//! Server with the upper limits that the service is compared with.
//!
//! - `POST /webhooks/clerk` verifies and decodes deliveries, and stores nothing. This is the limit
//!   of the part of the service before the database (`benches/ingest`).
//! - `GET /bare/users/{id}` reads a row through the same connection pool, without middleware
//!   (`benches/reads`).
//!
//! The settings are `PORT`, `CLERK_WEBHOOK_SIGNING_SECRET` and `DATABASE_URL`.
#![expect(clippy::disallowed_methods, reason = "a detached task ends with the process")]

use std::{collections::HashMap, error::Error, iter::repeat, sync::Arc, time::Duration};

use actix_web::{HttpResponse, HttpServer, web};
use meetvo::{
    app,
    clerk::signature::SigningSecrets,
    clock::Clock,
    config::{Settings, Sources},
    domain::decision::{Decision, Outcome},
    http::{
        self, ApiKeys, ClockOffset, ConcurrencyLimits, CorsPolicy, KeyRing, LogSampler, Metrics,
        RateLimits, RefusedDeliveries, State, UsualSilence, Writability,
    },
    ingest::{CommitHealth, IngestMetrics, Limits, Queue, answers, queue::WriterQueue},
    objects::decode::Decoder,
    push::metrics::PushMetrics,
    store::{Store, users::UserView},
};
use serde_json::json;
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;

async fn bare(store: web::Data<Store>, id: web::Path<String>) -> HttpResponse {
    let Ok(Some(UserView { id, profile: it, .. })) = store.user(&id).await else {
        return HttpResponse::NotFound().finish();
    };
    HttpResponse::Ok().json(json!({
        "id": id,
        "external_id": it.external_id,
        "username": it.username,
        "first_name": it.first_name,
        "last_name": it.last_name,
        "email": it.email,
        "email_verified": it.email_verified,
        "phone_number": it.phone_number,
        "image": it.image,
        "banned": it.banned,
        "locked": it.locked,
        "password_enabled": it.password_enabled,
        "two_factor_enabled": it.two_factor_enabled,
        "public_metadata": it.public_metadata,
        "unsafe_metadata": it.unsafe_metadata,
        "last_sign_in_at": it.last_sign_in_at,
        "last_active_at": it.last_active_at,
        "created_at": it.created_at,
        "updated_at": it.updated_at,
    }))
}

/// Answers each event as applied, without storing it.
async fn discard(mut queued: WriterQueue, batch_size: usize) {
    let mut batch = Vec::with_capacity(batch_size);
    loop {
        queued.wait_for(1).await;
        if queued.take(&mut batch, batch_size) == 0 {
            break;
        }
        let senders = batch.drain(..).map(|queued| queued.sender);
        answers::send(senders, repeat(Ok(Outcome::Recorded(Decision::Applied))));
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let settings = Settings::load(&Sources::from_process(None))?;
    let secrets = &settings.clerk.webhook_signing_secrets;
    let secrets = secrets.iter().map(|it| (it.label.as_str(), it.secret.expose()));
    let limits = Limits {
        queue_capacity: settings.ingest.queue_capacity,
        max_pending_bytes: settings.server.max_pending_bytes,
        batch_size: settings.ingest.batch_size,
        timeout: settings.ingest.timeout,
    };
    let (queue, queued) = Queue::new(limits, 1);
    let (_keys, ring) = watch::channel(Arc::new(ApiKeys::new([], HashMap::new(), Instant::now())));
    let (store, clock) = (app::open_store(&settings.database).await?, Clock::system());
    let state = Arc::new(State {
        endpoints: app::endpoint_admin(&settings, &store, &clock)?,
        clock,
        secrets: SigningSecrets::new(secrets)?,
        decoder: Decoder::default(),
        queue,
        store,
        keys: KeyRing::new(ring),
        rate_limits: RateLimits::new(0, 0, 0),
        log_sampler: LogSampler::default(),
        session_verifier: None,
        provider_tokens: None,
        read_through: None,
        cors: CorsPolicy::new(&[], &[]),
        public_profiles: false,
        members_see_members: false,
        limits: http::Limits {
            max_body_bytes: settings.server.max_body_bytes,
            body_timeout: settings.server.body_timeout,
            read_timeout: settings.api.timeout,
            dashboard_session: Duration::from_hours(1),
        },
        metrics: Metrics::new(&IngestMetrics::new()?, &PushMetrics::new()?)?,
        clock_offset: ClockOffset::default(),
        usual_silence: UsualSilence::default(),
        writability: Writability::new(&CommitHealth::default()),
        refused_deliveries: RefusedDeliveries::default(),
        stopping: CancellationToken::new(),
        concurrency: ConcurrencyLimits::new(0, 0, 100),
    });
    let server = HttpServer::new(move || {
        http::app(&state)
            .app_data(web::Data::new(state.store.clone()))
            .route("/bare/users/{id}", web::get().to(bare))
    })
    .bind((settings.server.host.as_str(), settings.server.port))?
    .run();
    for events in queued {
        tokio::spawn(discard(events, limits.batch_size));
    }
    Ok(server.await?)
}
