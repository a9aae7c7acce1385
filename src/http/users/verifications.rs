//! `GET /v1/users/{id}/verifications?limit=&cursor=`

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{readable, require};
use crate::{
    domain::user,
    http::{
        State,
        auth::Caller,
        instant::Instant,
        pagination::{self, List, PageParams},
        params::{Id, Params},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
    },
};

/// A verification, as the API shows one.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Verification {
    id: String,
    kind: &'static str,
    identifier: Option<String>,
    status: Option<String>,
    strategy: Option<String>,
    attempts: Option<i64>,
    expires_at: Option<Instant>,
    created_at: Option<Instant>,
    updated_at: Option<Instant>,
}

impl From<user::Verification> for Verification {
    fn from(row: user::Verification) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            identifier: row.identifier,
            status: row.status,
            strategy: row.strategy,
            attempts: row.attempts,
            expires_at: Instant::some(row.expires_at),
            created_at: Instant::some(row.created_at),
            updated_at: Instant::some(row.updated_at),
        }
    }
}

/// The verifications of a user.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/verifications",
    tag = "users",
    operation_id = "listUserVerifications",
    params(("id" = String, Path, description = "A user", example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau"), PageParams),
    responses(
        (status = 200, description = "A page", body = List<Verification>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("key" = []), ("session" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn verifications(
    caller: Caller,
    Id(id): Id,
    Params(PageParams { limit, cursor }): Params<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let id = readable(&caller, id)?;
    let rows = state.store.verifications(&id, &limit.page_request(cursor)).await?;
    if rows.is_empty() {
        require(&state.store, &id).await?;
    }
    Ok(pagination::page_response(limit, rows, |row| row.id.clone(), Verification::from))
}
