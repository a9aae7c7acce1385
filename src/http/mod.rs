//! The HTTP API: the route table, and one module per endpoint. Errors become [`problem`] documents,
//! and no other module contains the status code of an error.
//!
//! Modules use types of this module and of each other, without import cycles.

#![expect(unused_qualifications, reason = "utoipa::path names what stands beside it at length")]

mod auth;
mod caching;
mod changes;
mod compression;
mod connection;
mod cors;
mod dashboard;
mod decisions;
mod events;
mod health;
mod timestamp;
mod me;
pub mod metrics;
mod openapi;
mod pagination;
mod query;
mod concurrency;
pub mod problem;
mod problem_responses;
mod request;
mod service_status;
mod sessions;
mod status;
mod users;
mod wait;
mod webhooks;

use std::{sync::Arc, time::Duration};

use actix_web::{
    App, Error, Resource, Route,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    guard,
    http::Method,
    middleware, web,
};
use tokio_util::sync::CancellationToken;
use tracing_actix_web::{StreamSpan, TracingLogger};

pub use self::{
    auth::{ApiKey, ApiKeys, KeyRing, RateLimits, Scope},
    connection::close_when_idle,
    metrics::Metrics,
    concurrency::ConcurrencyLimits,
    service_status::{ClockOffset, UsualSilence},
};
use self::{problem::Problem, request::RequestSpan};
use crate::{
    clerk::{decode::Decoder, session_token::Verifier, signature::SigningSecrets},
    clock::Clock,
    ingest::Queue,
    store::Store,
    sync::{read_through::ReadThrough, tokens::ProviderTokens},
};

/// What the endpoints work with. One for all threads.
#[derive(Debug)]
pub struct State {
    /// The time.
    pub clock: Clock,
    /// What deliveries are verified with.
    pub secrets: SigningSecrets,
    /// What deliveries are read with.
    pub decoder: Decoder,
    /// The way to the writer.
    pub queue: Queue,
    /// What is read from.
    pub store: Store,
    /// Who may read.
    pub keys: KeyRing,
    /// How often callers may ask.
    pub rate_limits: RateLimits,
    /// What decides about session tokens, where they are taken.
    pub session_verifier: Option<Verifier>,
    /// Where the tokens of linked accounts come from, where Clerk can be asked for them.
    pub provider_tokens: Option<ProviderTokens>,
    /// What fetches users who are waited for, where Clerk can be asked for them.
    pub read_through: Option<ReadThrough>,
    /// The origins whose pages may read with a browser.
    pub allowed_origins: Vec<String>,
    /// Whether somebody who is signed in may see the public part of others.
    pub public_profiles: bool,
    /// How much of a request is read, and how long things may take.
    pub limits: Limits,
    /// What is counted.
    pub metrics: Metrics,
    /// Offset of this machine's clock from the sender's.
    pub clock_offset: ClockOffset,
    /// Longest usual interval without a delivery.
    pub usual_silence: UsualSilence,
    /// Cancelled when the service is told to stop: nobody waits on.
    pub stopping: CancellationToken,
    /// Where those wait who do not get their answer at once.
    pub concurrency: ConcurrencyLimits,
}

/// How much of a request is read, and how long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body, in bytes.
    pub max_body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// How long a read may take.
    pub read_timeout: Duration,
}

/// The whole service, as each thread runs it and as tests call it.
pub fn app(
    state: &Arc<State>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<StreamSpan<BoxBody>>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    let read = |path: &str, route| {
        get(path, route)
            .wrap(middleware::from_fn(request::with_timeout))
            .wrap(cors::policy(&state.allowed_origins))
    };
    let list = |path: &str, route| read(path, route).wrap(middleware::from_fn(compression::compress_large));
    let write = |path: &str, route| {
        resource(path, &[Method::POST], route).wrap(middleware::from_fn(request::with_timeout))
    };
    App::new()
        .app_data(web::Data::from(Arc::clone(state)))
        .wrap(middleware::from_fn(request::respond))
        .wrap(TracingLogger::<RequestSpan>::new())
        .service(resource("/webhooks/clerk", &[Method::POST], web::post().to(webhooks::receive)))
        .service(openapi::pages())
        .service(dashboard::pages())
        .service(get("/healthz", web::route().to(health::alive)))
        .service(get("/readyz", web::route().to(health::ready)))
        .service(read("/metrics", web::route().to(metrics::metrics)))
        .service(read("/v1/me", web::route().to(me::user)))
        .service(list("/v1/me/sessions", web::route().to(me::sessions)))
        .service(list("/v1/me/accounts", web::route().to(me::accounts)))
        .service(list("/v1/me/changes", web::route().to(changes::own)))
        .service(list("/v1/changes", web::route().to(changes::all)))
        .service(list("/v1/users", web::route().to(users::list::users)))
        .service(read("/v1/users/{id}", web::route().to(users::get::user)))
        .service(list("/v1/users/{id}/sessions", web::route().to(users::sessions::sessions)))
        .service(list("/v1/users/{id}/accounts", web::route().to(users::accounts::accounts)))
        .service(list(
            "/v1/users/{id}/verifications",
            web::route().to(users::verifications::verifications),
        ))
        // No page of a browser's may read it, and Clerk takes its time.
        .service(get(
            "/v1/users/{id}/accounts/{account}/token",
            web::route().to(users::token::token),
        ))
        .service(read("/v1/sessions/{id}", web::route().to(sessions::get::session)))
        .service(list("/v1/events", web::route().to(events::list::events)))
        .service(write("/v1/events/reprocess", web::post().to(events::reprocess::page)))
        .service(write("/v1/events/{id}/reprocess", web::post().to(events::reprocess::one)))
        .service(read("/v1/events/{id}", web::route().to(events::get::event)))
        .service(list("/v1/decisions", web::route().to(decisions::decisions)))
        .service(read("/v1/status", web::route().to(status::status)))
        .default_service(web::to(|| async { Err::<String, _>(Problem::not_found("no such page")) }))
}

/// A resource that is read; HEAD answers as GET does, without the body.
fn get(path: &str, route: Route) -> Resource {
    let read = guard::Any(guard::Get()).or(guard::Head());
    resource(path, &[Method::GET, Method::HEAD], route.guard(read))
}

/// A resource that knows one route, and says which methods it takes when asked with another.
fn resource(path: &str, methods: &'static [Method], route: Route) -> Resource {
    let refuse = move || async move { Err::<String, _>(Problem::method_not_allowed(methods)) };
    web::resource(path.to_owned()).route(route).default_service(web::to(refuse))
}
