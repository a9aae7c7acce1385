//! `GET /v1/users/{id}/verifications?limit=&cursor=`: lists the verifications of a user.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{OfUser, authorized_page};
use crate::{
    domain::Millis,
    http::{
        State,
        auth::Caller,
        known_values::{VERIFICATION_KINDS, VERIFICATION_STATUSES, VERIFICATION_STRATEGIES},
        owned::Owned,
        pagination::{List, PageParams},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{PathId, Query},
        timestamp::Timestamp,
    },
    objects::user,
    store::{PageRequest, Store, StoreError, bounded_scan::ScanPage},
};

/// Verification that an address, number, wallet or account belongs to a user.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Verification {
    /// Clerk's ID of the verified object.
    id: String,
    /// Kind of the verified object.
    #[schema(extensions(("x-extensible-enum" = json!(VERIFICATION_KINDS))))]
    kind: String,
    /// Address, number or wallet.
    identifier: Option<String>,
    /// Status.
    #[schema(extensions(("x-extensible-enum" = json!(VERIFICATION_STATUSES))))]
    status: Option<String>,
    /// Verification method.
    #[schema(extensions(("x-extensible-enum" = json!(VERIFICATION_STRATEGIES))))]
    strategy: Option<String>,
    /// Number of attempts.
    attempts: Option<i64>,
    /// Time at which the attempt expires.
    expires_at: Option<Timestamp>,
    /// Time at which the object was added.
    created_at: Option<Timestamp>,
    /// Time of the last change.
    updated_at: Option<Timestamp>,
}

impl Owned<OfUser> for Verification {
    type Record = user::Verification;

    async fn read(
        store: &Store,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Self::Record>, StoreError> {
        store.verifications(user_id, page).await
    }

    fn cursor(record: &Self::Record) -> &str {
        &record.id
    }

    fn convert(verification: Self::Record, _: Millis) -> Self {
        Self {
            id: verification.id,
            kind: verification.kind.into_owned(),
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

/// List the verifications of a user.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/verifications",
    tag = "users",
    operation_id = "listUserVerifications",
    params(
        (
            "id" = String, Path,
            description = "ID of the user.",
            example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau",
        ),
        PageParams,
    ),
    responses(
        (
            status = 200,
            description = "Page of verifications, ordered by ID.",
            body = List<Verification>,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn verifications(
    caller: Caller,
    PathId(user_id): PathId,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    authorized_page::<Verification>(&caller, &user_id, page, &state).await
}
