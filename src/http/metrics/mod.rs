//! `GET /metrics`: returns metrics for Prometheus.

mod counters;
mod duplicates;
mod scrape;
mod unknown_fields;

use std::sync::Arc;

use actix_web::{
    App, Error, HttpResponse,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    http::header::CACHE_CONTROL,
    middleware, web,
};
use tracing_actix_web::{StreamSpan, TracingLogger};

pub use self::{
    counters::{AcceptedDelivery, Metrics},
    scrape::families,
};
use super::{
    State,
    auth::{self, Key},
    caching, get,
    problem::Problem,
    problem_responses::{CommonProblems, ScopeMissing},
    request::{self, RequestSpan},
};

/// Media type of the Prometheus text format.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Get the metrics for Prometheus.
///
/// If the database does not answer, its metrics are absent and `meetvo_database_up` is 0.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "health",
    operation_id = "getMetrics",
    responses(
        (
            status = 200,
            description = "Metrics in the Prometheus text format.",
            body = String,
            content_type = "text/plain",
        ),
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["metrics"])),
)]
pub(super) async fn metrics(
    _: Key<auth::Metrics>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    text(&state).await
}

/// Creates a service that returns the metrics without a key. It is for an address that only this
/// machine can reach.
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
    let open = async |state: web::Data<State>| text(&state).await;
    App::new()
        .app_data(web::Data::from(Arc::clone(state)))
        .wrap(middleware::from_fn(request::respond))
        .wrap(TracingLogger::<RequestSpan>::new())
        .service(get("/metrics", web::route().to(open)))
        .default_service(web::to(|| async { Err::<String, _>(Problem::no_such_path()) }))
}

async fn text(state: &State) -> Result<HttpResponse, Problem> {
    let text = scrape::text(state).await.map_err(Problem::internal)?;
    Ok(HttpResponse::Ok()
        .content_type(TEXT_FORMAT)
        .insert_header((CACHE_CONTROL, caching::NO_STORE))
        .body(text))
}
