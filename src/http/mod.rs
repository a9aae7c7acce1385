//! HTTP API: the route table, and one module per endpoint. Errors are [`problem`] documents.
//!
//! Modules use types of this module and of each other, without import cycles.

#![expect(unused_qualifications, reason = "the macro utoipa::path generates full paths")]

mod auth;
mod billing;
mod caching;
mod changes;
mod compression;
mod concurrency;
mod connection;
mod cors;
mod counts;
mod dashboard;
mod decisions;
mod endpoints;
mod events;
mod health;
mod json_body;
mod json_object;
mod known_values;
mod listening_page;
mod log_sampler;
mod me;
mod memberships;
pub mod metrics;
mod openapi;
mod organizations;
mod owned;
mod paced_stream;
mod page_headers;
mod pagination;
pub mod problem;
mod problem_codes;
mod problem_responses;
mod query;
mod refused_deliveries;
mod request;
mod request_body;
mod roles;
mod search;
mod service_status;
mod sessions;
mod shapes;
mod status;
mod timestamp;
mod users;
mod wait;
mod webhooks;

use std::{convert::Infallible, sync::Arc, time::Duration};

use actix_web::{
    App, Error, HttpRequest, Resource, Route,
    body::BoxBody,
    dev::{HttpServiceFactory, ServiceFactory, ServiceRequest, ServiceResponse},
    guard,
    http::Method,
    middleware, rt, web,
};
use tokio_util::sync::CancellationToken;
use tracing_actix_web::{StreamSpan, TracingLogger};

pub use self::{
    auth::{ApiKey, ApiKeys, DashboardSession, KeyRing, RateLimits, Sha256Digest},
    concurrency::ConcurrencyLimits,
    connection::OpenRequests,
    cors::CorsPolicy,
    listening_page::Page as ListeningPage,
    log_sampler::LogSampler,
    metrics::Metrics,
    paced_stream::PacedStream,
    refused_deliveries::RefusedDeliveries,
    service_status::{ClockOffset, UsualSilence, Writability},
    shapes::SHAPES,
};
use self::{problem::Problem, request::RequestSpan};
use crate::{
    clerk::{session_token::Verifier, signature::SigningSecrets},
    clock::Clock,
    ingest::{Queue, ThreadAnswers},
    objects::decode::Decoder,
    push::admin::EndpointAdmin,
    store::Store,
    sync::{read_through::ReadThrough, tokens::ProviderTokens},
};

/// Dependencies of the endpoints, shared by all threads.
#[derive(Debug)]
pub struct State {
    /// Source of the current time.
    pub clock: Clock,
    /// Signing secrets that deliveries are verified with.
    pub secrets: SigningSecrets,
    /// Decoder of deliveries.
    pub decoder: Decoder,
    /// Queue to the database writers.
    pub queue: Queue,
    /// Database.
    pub store: Store,
    /// Management of the endpoints to which changes are pushed.
    pub endpoints: EndpointAdmin,
    /// Accepted API keys.
    pub keys: KeyRing,
    /// Rate limits of the callers, and of failed authentications.
    pub rate_limits: RateLimits,
    /// Limit of the log lines that callers without credentials can cause.
    pub log_sampler: LogSampler,
    /// Verifier of session tokens; `None` if they are not accepted.
    pub session_verifier: Option<Verifier>,
    /// Source of the tokens of linked accounts; `None` without a Clerk secret key.
    pub provider_tokens: Option<ProviderTokens>,
    /// Import of single users from Clerk's API; `None` without a Clerk secret key.
    pub read_through: Option<ReadThrough>,
    /// Origins whose pages can read the API in a browser, and the headers that they can send.
    pub cors: CorsPolicy,
    /// Whether signed-in users can read the public profiles of other users.
    pub public_profiles: bool,
    /// Whether signed-in users can read their organizations and the other members.
    pub members_see_members: bool,
    /// Size limits and timeouts of requests.
    pub limits: Limits,
    /// Counters of the metrics.
    pub metrics: Metrics,
    /// Offset of this machine's clock from the sender's.
    pub clock_offset: ClockOffset,
    /// Longest usual interval without a delivery.
    pub usual_silence: UsualSilence,
    /// Check that the database accepts writes.
    pub writability: Writability,
    /// Refused deliveries of this process.
    pub refused_deliveries: RefusedDeliveries,
    /// Token that is canceled when the shutdown begins, which ends waits and streams.
    pub stopping: CancellationToken,
    /// Limits of the requests that are held open.
    pub concurrency: ConcurrencyLimits,
}

/// Size limits and timeouts of requests.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Maximum body size in bytes.
    pub max_body_bytes: usize,
    /// Timeout for receiving a body.
    pub body_timeout: Duration,
    /// Timeout for handling a read request.
    pub read_timeout: Duration,
    /// Lifetime of a session of the dashboard.
    pub dashboard_session: Duration,
}

/// Creates the service with all routes. Each thread of the server runs one, and tests call it
/// directly.
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
    let data = web::Data::from(Arc::clone(state));
    let read = |path: &str, route| {
        get(path, route)
            .wrap(middleware::from_fn(request::with_timeout))
            .wrap(cors::headers(&data))
            .wrap(middleware::from_fn(cors::check_preflight))
    };
    let list = |path: &str, route| {
        read(path, route).wrap(middleware::from_fn(compression::compress_large))
    };
    let write = |path: &str, route| {
        resource(path, &[Method::POST], route).wrap(middleware::from_fn(request::with_timeout))
    };
    App::new()
        .app_data(data.clone())
        .data_factory(thread_answers)
        .wrap(middleware::from_fn(request::respond))
        .wrap(TracingLogger::<RequestSpan>::new())
        .service(resource(
            refused_deliveries::PATH,
            &[Method::POST],
            web::post().to(webhooks::receive),
        ))
        .service(openapi::document())
        .service(openapi::pages())
        .service(dashboard::root())
        .service(dashboard::pages())
        .service(get("/healthz", web::route().to(health::alive)))
        .service(get("/readyz", web::route().to(health::ready)))
        .service(read("/metrics", web::route().to(metrics::metrics)))
        .service(read("/v1/me", web::route().to(me::user)))
        .service(list("/v1/me/sessions", web::route().to(me::sessions)))
        .service(list("/v1/me/accounts", web::route().to(me::accounts)))
        .service(list("/v1/me/verifications", web::route().to(me::verifications)))
        .service(list("/v1/me/changes", web::route().to(changes::own)))
        .service(list("/v1/changes", web::route().to(changes::all)))
        .configure(|config| add_users(config, read, list))
        .service(read("/v1/sessions/{id}", web::route().to(sessions::get::session)))
        .configure(|config| add_organizations(config, read, list))
        .configure(|config| add_billing(config, read, list))
        .configure(|config| add_endpoints(config, read, write))
        .service(list("/v1/events", web::route().to(events::list::events)))
        .service(write("/v1/events/reprocess", web::post().to(events::reprocess::page)))
        .service(write("/v1/events/{id}/reprocess", web::post().to(events::reprocess::one)))
        .service(write("/v1/events/dismiss", web::post().to(events::dismiss::page)))
        .service(write("/v1/events/{id}/dismiss", web::post().to(events::dismiss::one)))
        .service(read("/v1/events/reasons", web::route().to(events::reasons::reasons)))
        .service(read("/v1/events/{id}", web::route().to(events::get::event)))
        .service(read("/v1/events/{id}/messages", web::route().to(events::messages::messages)))
        .service(list("/v1/decisions", web::route().to(decisions::decisions)))
        .service(read("/v1/status", web::route().to(status::status)))
        .default_service(web::to(|| async { Err::<String, _>(Problem::no_such_path()) }))
}

/// Lets this thread of the server wake the requests whose events were committed.
#[expect(
    clippy::disallowed_methods,
    reason = "the task belongs to this thread of the server, and ends with it"
)]
async fn thread_answers() -> Result<ThreadAnswers, Infallible> {
    let (answers, task) = ThreadAnswers::new();
    rt::spawn(task);
    Ok(answers)
}

/// Adds the routes of users and what belongs to them. `read` and `list` create resources.
fn add_users<R: HttpServiceFactory + 'static, L: HttpServiceFactory + 'static>(
    config: &mut web::ServiceConfig,
    read: impl Fn(&str, Route) -> R,
    list: impl Fn(&str, Route) -> L,
) {
    config
        .service(list("/v1/users", web::route().to(users::list::users)))
        .service(read("/v1/users/count", web::route().to(counts::users)))
        .service(read("/v1/users/{id}", web::route().to(users::get::user)))
        .service(read("/v1/users/{id}/profile", web::route().to(users::profile::profile)))
        .service(list("/v1/users/{id}/sessions", web::route().to(users::sessions::sessions)))
        .service(list("/v1/users/{id}/accounts", web::route().to(users::accounts::accounts)))
        .service(list(
            "/v1/users/{id}/verifications",
            web::route().to(users::verifications::verifications),
        ))
        // Without CORS, because web pages must not read tokens. Without the timeout of reads,
        // because a response from Clerk can take longer.
        .service(get(
            "/v1/users/{id}/accounts/{account_id}/token",
            web::route().to(users::token::token),
        ));
}

/// Adds the routes of organizations and what belongs to them. `read` and `list` create resources.
fn add_organizations<R: HttpServiceFactory + 'static, L: HttpServiceFactory + 'static>(
    config: &mut web::ServiceConfig,
    read: impl Fn(&str, Route) -> R,
    list: impl Fn(&str, Route) -> L,
) {
    config
        .service(list("/v1/me/memberships", web::route().to(me::memberships)))
        .service(read("/v1/me/memberships/{organization_id}", web::route().to(me::membership)))
        .service(list("/v1/me/organizations", web::route().to(me::organizations)))
        .service(list(
            "/v1/users/{id}/memberships",
            web::route().to(users::memberships::memberships),
        ))
        .service(list("/v1/organizations", web::route().to(organizations::list::organizations)))
        .service(read("/v1/organizations/count", web::route().to(counts::organizations)))
        .service(read("/v1/organizations/{id}", web::route().to(organizations::get::organization)))
        .service(list(
            "/v1/organizations/{id}/memberships",
            web::route().to(organizations::memberships::memberships),
        ))
        .service(list(
            "/v1/organizations/{id}/invitations",
            web::route().to(organizations::invitations::invitations),
        ))
        .service(list(
            "/v1/organizations/{id}/domains",
            web::route().to(organizations::domains::domains),
        ))
        .service(list("/v1/memberships", web::route().to(memberships::list::memberships)))
        .service(read("/v1/memberships/check", web::route().to(memberships::check::check)))
        .service(read("/v1/memberships/count", web::route().to(counts::memberships)))
        .service(read("/v1/memberships/{id}", web::route().to(memberships::get::membership)))
        .service(list("/v1/roles", web::route().to(roles::roles)))
        .service(list("/v1/permissions", web::route().to(roles::permissions)));
}

/// Adds the routes of Clerk Billing. `read` and `list` create resources.
fn add_billing<R: HttpServiceFactory + 'static, L: HttpServiceFactory + 'static>(
    config: &mut web::ServiceConfig,
    read: impl Fn(&str, Route) -> R,
    list: impl Fn(&str, Route) -> L,
) {
    config
        .service(list("/v1/me/entitlements", web::route().to(billing::entitlements::own)))
        .service(read(
            "/v1/users/{id}/entitlements",
            web::route().to(billing::entitlements::of_user),
        ))
        .service(read(
            "/v1/organizations/{id}/entitlements",
            web::route().to(billing::entitlements::of_organization),
        ))
        .service(read(
            "/v1/users/{id}/subscriptions",
            web::route().to(billing::subscriptions::of_user),
        ))
        .service(read(
            "/v1/organizations/{id}/subscriptions",
            web::route().to(billing::subscriptions::of_organization),
        ))
        .service(list("/v1/subscriptions", web::route().to(billing::subscriptions::subscriptions)))
        .service(list(
            "/v1/payment-attempts",
            web::route().to(billing::payment_attempts::payment_attempts),
        ))
        .service(list("/v1/plans", web::route().to(billing::plans::plans)));
}

/// Adds the routes of the endpoints to which changes are pushed. `read` and `write` create resources.
fn add_endpoints<R: HttpServiceFactory + 'static, W: HttpServiceFactory + 'static>(
    config: &mut web::ServiceConfig,
    read: impl Fn(&str, Route) -> R,
    write: impl Fn(&str, Route) -> W,
) {
    let all = [
        (Method::GET, web::route().to(endpoints::read::list)),
        (Method::POST, web::route().to(endpoints::values::create)),
    ];
    let one = [
        (Method::GET, web::route().to(endpoints::read::get)),
        (Method::PATCH, web::route().to(endpoints::values::update)),
        (Method::DELETE, web::route().to(endpoints::change::delete)),
    ];
    config
        .service(methods("/v1/endpoints", all))
        .service(methods("/v1/endpoints/{id}", one))
        .service(write("/v1/endpoints/{id}/enable", web::post().to(endpoints::change::enable)))
        .service(write("/v1/endpoints/{id}/disable", web::post().to(endpoints::change::disable)))
        .service(write("/v1/endpoints/{id}/rotate", web::post().to(endpoints::secrets::rotate)))
        .service(write("/v1/endpoints/{id}/replay", web::post().to(endpoints::replay::replay)))
        // Without the timeout of reads, because an endpoint can take longer.
        .service(resource(
            "/v1/endpoints/{id}/test",
            &[Method::POST],
            web::post().to(endpoints::secrets::test),
        ))
        .service(read(
            "/v1/endpoints/{id}/attempts",
            web::route().to(endpoints::attempts::attempts),
        ));
}

/// Creates a resource with a route for each of these methods. Requests with other methods are
/// answered with 405.
fn methods<const N: usize>(
    path: &str,
    routes: [(Method, Route); N],
) -> impl HttpServiceFactory + use<N> {
    let mut supported: Vec<Method> = routes.iter().map(|(method, _)| method.clone()).collect();
    if let Some(get) = supported.iter().position(|method| method == Method::GET) {
        supported.insert(get + 1, Method::HEAD);
    }
    let reject = move || {
        let problem = Problem::method_not_allowed(&supported);
        async { Err::<String, _>(problem) }
    };
    let resource = web::resource(path.to_owned()).default_service(web::to(reject));
    let routes = routes.into_iter().map(|(method, route)| match method {
        Method::GET => route.guard(guard::Any(guard::Get()).or(guard::Head())),
        method => route.guard(guard::Method(method)),
    });
    routes.fold(resource, Resource::route).wrap(middleware::from_fn(request::with_timeout))
}

/// Creates a resource for GET and HEAD. The response to HEAD is that to GET without the body.
fn get(path: &str, route: Route) -> Resource {
    let read = guard::Any(guard::Get()).or(guard::Head());
    resource(path, &[Method::GET, Method::HEAD], route.guard(read))
}

/// Creates a resource with one route. Requests with other methods are answered with 405.
fn resource(path: &str, methods: &'static [Method], route: Route) -> Resource {
    let reject = move |request: HttpRequest, state: web::Data<State>| async move {
        cors::log_unsupported(&request, &state);
        Err::<String, _>(Problem::method_not_allowed(methods))
    };
    web::resource(path.to_owned()).route(route).default_service(web::to(reject))
}
