//! `GET /v1/users/{id}/verifications?limit=&cursor=`: lists the verifications of a user.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::owned::{self, Owned};
use crate::{
    domain::{Millis, user},
    http::{
        State,
        auth::Caller,
        timestamp::Timestamp,
        pagination::{List, PageParams},
        query::{PathId, Query},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
    },
    store::{PageRequest, Store, StoreError},
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
    expires_at: Option<Timestamp>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

impl Owned for Verification {
    type Record = user::Verification;

    async fn read(
        store: &Store,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<Vec<Self::Record>, StoreError> {
        store.verifications(user_id, page).await
    }

    fn id(record: &Self::Record) -> &str {
        &record.id
    }

    fn convert(verification: Self::Record, _: Millis) -> Self {
        Self {
            id: verification.id,
            kind: verification.kind,
            identifier: verification.identifier,
            status: verification.status,
            strategy: verification.strategy,
            attempts: verification.attempts,
            expires_at: Timestamp::from_option(verification.expires_at),
            created_at: Timestamp::from_option(verification.created_at),
            updated_at: Timestamp::from_option(verification.updated_at),
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
    PathId(user_id): PathId,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::authorized_page::<Verification>(&caller, &user_id, page, &state).await
}
