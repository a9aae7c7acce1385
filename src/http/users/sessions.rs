//! `GET /v1/users/{id}/sessions?limit=&cursor=`: lists the sessions of a user.

use actix_web::{HttpResponse, web};

use super::{OfUser, authorized_page};
use crate::{
    domain::Millis,
    http::{
        State,
        auth::Caller,
        owned::Owned,
        pagination::{List, PageParams},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{PathId, Query},
        sessions::Session,
    },
    objects::session,
    store::{PageRequest, Store, StoreError, bounded_scan::ScanPage},
};

impl Owned<OfUser> for Session {
    type Record = session::Session;

    async fn read(
        store: &Store,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Self::Record>, StoreError> {
        store.sessions(user_id, page).await
    }

    fn cursor(record: &Self::Record) -> &str {
        &record.id
    }

    fn convert(session: Self::Record, now: Millis) -> Self {
        Self::at(session, now)
    }
}

/// List the sessions of a user.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/sessions",
    tag = "users",
    operation_id = "listUserSessions",
    params(
        (
            "id" = String, Path,
            description = "ID of the user.",
            example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau",
        ),
        PageParams,
    ),
    responses(
        (status = 200, description = "Page of sessions, ordered by ID.", body = List<Session>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn sessions(
    caller: Caller,
    PathId(user_id): PathId,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    authorized_page::<Session>(&caller, &user_id, page, &state).await
}
