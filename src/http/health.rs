//! `GET /healthz` and `GET /readyz`: for whoever watches over the process.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{State, problem::Problem, problem_responses::Unavailable};

/// How long the database may take to give a sign of life.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(1);

/// `ok`, or `ready`.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    status: &'static str,
}

/// The process runs. Says nothing of the database: restarting us would not mend it.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "health",
    operation_id = "alive",
    responses(
        (status = 200, description = "It runs", body = Health),
    ),
)]
pub(super) async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// The process can do its work: the database answers.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "health",
    operation_id = "ready",
    responses(
        (status = 200, description = "It can", body = Health),
        Unavailable,
    ),
)]
pub(super) async fn ready(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let in_time = tokio::time::timeout(DATABASE_TIMEOUT, state.store.ping()).await;
    in_time.map_err(|_| Problem::database_timeout())??;
    Ok(HttpResponse::Ok().json(Health { status: "ready" }))
}
