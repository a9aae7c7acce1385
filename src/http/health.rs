//! `GET /healthz` and `GET /readyz`: liveness and readiness of the process.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{State, problem::Problem, problem_responses::Unavailable, service_status::Writes};

/// Timeout of the database query of a readiness check.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(1);

/// Result of a health check.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok` for liveness, `ready` for readiness.
    status: HealthStatus,
}

/// Status of a health check.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum HealthStatus {
    Ok,
    Ready,
}

/// Check that the process runs.
///
/// The check does not use the database, because a restart of the process does not repair it.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "health",
    operation_id = "checkLiveness",
    responses(
        (status = 200, description = "The process runs.", body = Health),
    ),
)]
pub(super) async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: HealthStatus::Ok })
}

/// Check that the service is ready.
///
/// The service is ready if the database answers within one second and accepts the writes of
/// deliveries. A service that started on a read-only server, and has received no delivery, is ready
/// if the database answers.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "health",
    operation_id = "checkReadiness",
    responses(
        (status = 200, description = "The service is ready.", body = Health),
        Unavailable,
    ),
)]
pub(super) async fn ready(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let (result, writes) = tokio::join!(
        tokio::time::timeout(DATABASE_TIMEOUT, state.store.ping()),
        state.writability.check(&state.store),
    );
    result.map_err(|_| Problem::database_timeout())??;
    if let Writes::Rejected(cause) = writes {
        return Err(Problem::database_not_writable(cause));
    }
    Ok(HttpResponse::Ok().json(Health { status: HealthStatus::Ready }))
}
