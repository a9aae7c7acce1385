//! `/v1/me`: returns the objects of the signed-in user.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    State,
    auth::{SignedInMember, SignedInUser},
    memberships::Membership,
    organizations::Organization,
    owned::{self, Owned},
    pagination::{List, PageParams},
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, MemberProblems, NotFound},
    query::{PathId, Query},
    sessions::Session,
    users::{self, OfUser, User, accounts::Account, verifications::Verification},
    wait::{self, WaitParams, Waiter},
};
use crate::{
    domain::Millis,
    objects::organization::OrganizationData,
    store::{
        PageRequest, Store, StoreError, bounded_scan::ScanPage, changes::ChangeEntry,
        memberships::MembershipFilter, object_view::ObjectView,
    },
};

/// Get the signed-in user.
#[utoipa::path(
    get,
    path = "/v1/me",
    tag = "me",
    operation_id = "getMe",
    params(WaitParams),
    responses(
        (
            status = 200,
            description = "The signed-in user.",
            body = User,
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        CommonProblems,
        NotFound,
    ),
    security(("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(super) async fn user(
    signed_in: SignedInUser,
    Query(params): Query<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    users::get::full_user(&state, &signed_in.user_id, &params, None, &request).await
}

/// List the sessions of the signed-in user.
#[utoipa::path(
    get,
    path = "/v1/me/sessions",
    tag = "me",
    operation_id = "listMySessions",
    params(PageParams),
    responses(
        (status = 200, description = "Page of sessions, ordered by ID.", body = List<Session>),
        InvalidParameter,
        CommonProblems,
        NotFound,
    ),
    security(("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(super) async fn sessions(
    signed_in: SignedInUser,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<Session, OfUser>(&signed_in.user_id, page, &state).await
}

/// List the linked accounts of the signed-in user.
#[utoipa::path(
    get,
    path = "/v1/me/accounts",
    tag = "me",
    operation_id = "listMyAccounts",
    params(PageParams),
    responses(
        (
            status = 200,
            description = "Page of linked accounts, ordered by ID.",
            body = List<Account>,
        ),
        InvalidParameter,
        CommonProblems,
        NotFound,
    ),
    security(("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(super) async fn accounts(
    signed_in: SignedInUser,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<Account, OfUser>(&signed_in.user_id, page, &state).await
}

/// List the verifications of the signed-in user.
#[utoipa::path(
    get,
    path = "/v1/me/verifications",
    tag = "me",
    operation_id = "listMyVerifications",
    params(PageParams),
    responses(
        (
            status = 200,
            description = "Page of verifications, ordered by ID.",
            body = List<Verification>,
        ),
        InvalidParameter,
        CommonProblems,
        NotFound,
    ),
    security(("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(super) async fn verifications(
    signed_in: SignedInUser,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<Verification, OfUser>(&signed_in.user_id, page, &state).await
}

/// List the memberships of the signed-in user.
#[utoipa::path(
    get,
    path = "/v1/me/memberships",
    tag = "me",
    operation_id = "listMyMemberships",
    params(PageParams),
    responses(
        (
            status = 200,
            description = "Page of memberships, ordered by the ID of the organization.",
            body = List<Membership>,
        ),
        InvalidParameter,
        MemberProblems,
        NotFound,
    ),
    security(("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(super) async fn memberships(
    SignedInMember(signed_in): SignedInMember,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<Membership, OfUser>(&signed_in.user_id, page, &state).await
}

/// Get the signed-in user's membership in an organization.
#[utoipa::path(
    get,
    path = "/v1/me/memberships/{organization_id}",
    tag = "me",
    operation_id = "getMyMembership",
    params(
        (
            "organization_id" = String, Path,
            description = "ID of the organization.",
            example = "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
        ),
        WaitParams,
    ),
    responses(
        (
            status = 200,
            description = "The membership.",
            body = Membership,
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        MemberProblems,
        NotFound,
    ),
    security(("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(super) async fn membership(
    SignedInMember(signed_in): SignedInMember,
    PathId(organization_id): PathId,
    Query(params): Query<WaitParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let user_id = &signed_in.user_id;
    let filter = MembershipFilter {
        organization_id: Some(organization_id.clone()),
        user_id: Some(user_id.clone()),
        role: None,
    };
    let page = PageRequest { after: None, limit: 1 };
    let read = async || {
        let found = state.store.memberships(&filter, &page).await?.items.pop();
        Ok(found.map(Membership::from))
    };
    let wakes =
        |change: &ChangeEntry| wait::concerns(change, user_id) || change.id == organization_id;
    let waiter = Waiter { counted_by: user_id, key: None, wakes: &wakes };
    let result = wait::wait_for(&state, &params, waiter, read).await?;
    let none = || Problem::not_found("the user is not a member of this organization");
    result.respond(&request, none)
}

impl Owned<OfUser> for Organization {
    type Record = ObjectView<OrganizationData>;

    async fn read(
        store: &Store,
        user_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Self::Record>, StoreError> {
        store.organizations_of_user(user_id, page).await
    }

    fn cursor(record: &Self::Record) -> &str {
        &record.id
    }

    fn convert(organization: Self::Record, _: Millis) -> Self {
        organization.into()
    }
}

/// List the organizations of the signed-in user.
///
/// The list has the organizations of which the user is a member.
#[utoipa::path(
    get,
    path = "/v1/me/organizations",
    tag = "me",
    operation_id = "listMyOrganizations",
    params(PageParams),
    responses(
        (
            status = 200,
            description = "Page of organizations, ordered by ID.",
            body = List<Organization>,
        ),
        InvalidParameter,
        MemberProblems,
        NotFound,
    ),
    security(("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(super) async fn organizations(
    SignedInMember(signed_in): SignedInMember,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<Organization, OfUser>(&signed_in.user_id, page, &state).await
}
