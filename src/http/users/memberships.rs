//! `GET /v1/users/{id}/memberships?limit=&cursor=`: lists the memberships of a user.

use actix_web::{HttpResponse, web};

use super::{OfUser, authorized_page};
use crate::{
    domain::Millis,
    http::{
        State,
        auth::MemberCaller,
        memberships::Membership,
        owned::Owned,
        pagination::{List, PageParams},
        problem::Problem,
        problem_responses::{InvalidParameter, MemberProblems, NotFound, ScopeMissing},
        query::{PathId, Query},
    },
    store::{
        PageRequest, Store, StoreError,
        bounded_scan::ScanPage,
        memberships::{MembershipFilter, MembershipView},
    },
};

impl Owned<OfUser> for Membership {
    type Record = MembershipView;

    async fn read(
        store: &Store,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Self::Record>, StoreError> {
        let user_id = Some(user_id.to_owned());
        let filter = MembershipFilter { user_id, ..MembershipFilter::default() };
        store.memberships(&filter, page).await
    }

    fn cursor(record: &Self::Record) -> &str {
        &record.data.organization_id
    }

    fn convert(membership: Self::Record, _: Millis) -> Self {
        membership.into()
    }
}

/// List the memberships of a user.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/memberships",
    tag = "users",
    operation_id = "listUserMemberships",
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
            description = "Page of memberships, ordered by the ID of the organization.",
            body = List<Membership>,
        ),
        InvalidParameter,
        MemberProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn memberships(
    MemberCaller(caller): MemberCaller,
    PathId(user_id): PathId,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    authorized_page::<Membership>(&caller, &user_id, page, &state).await
}
