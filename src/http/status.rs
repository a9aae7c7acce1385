//! `GET /v1/status`: returns the service status and its findings.

use actix_web::{HttpResponse, web};

use super::{
    State,
    auth::{Admin, Key},
    caching,
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
    query::{NoParameters, Query},
    service_status::ServiceStatus,
};

/// Get the status of the service.
///
/// The response is 200 whatever the status is.
#[utoipa::path(
    get,
    path = "/v1/status",
    tag = "events",
    operation_id = "getStatus",
    responses(
        (
            status = 200,
            description = "Status of the service, with its findings.",
            body = ServiceStatus,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(super) async fn status(
    _: Key<Admin>,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    Ok(caching::private(&ServiceStatus::read(&state).await))
}
