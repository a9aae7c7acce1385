//! `GET /v1/organizations/{id}/memberships?limit=&cursor=`: lists the memberships in an
//! organization.

use actix_web::{HttpResponse, web};

use super::{OfOrganization, no_such_organization};
use crate::{
    domain::Millis,
    http::{
        State,
        auth::{Caller, OrganizationReader},
        memberships::Membership,
        owned::{self, Owned},
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

impl Owned<OfOrganization> for Membership {
    type Record = MembershipView;

    async fn read(
        store: &Store,
        organization_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Self::Record>, StoreError> {
        let organization_id = Some(organization_id.to_owned());
        let filter = MembershipFilter { organization_id, ..MembershipFilter::default() };
        store.memberships(&filter, page).await
    }

    fn cursor(record: &Self::Record) -> &str {
        &record.id
    }

    fn convert(membership: Self::Record, _: Millis) -> Self {
        membership.into()
    }
}

/// List the memberships in an organization.
///
/// If `api.members_see_members` is on, a session token reads the memberships in the organizations of
/// which its user is a member. In the memberships of other members, `permissions`,
/// `public_metadata` and `user.email` are null.
#[utoipa::path(
    get,
    path = "/v1/organizations/{id}/memberships",
    tag = "organizations",
    operation_id = "listOrganizationMemberships",
    params(
        (
            "id" = String, Path,
            description = "ID of the organization.",
            example = "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
        ),
        PageParams,
    ),
    responses(
        (status = 200, description = "Page of memberships, ordered by ID.", body = List<Membership>),
        InvalidParameter,
        MemberProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn memberships(
    OrganizationReader(caller): OrganizationReader,
    PathId(id): PathId,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if !caller.may_read_organization(&state.store, &id).await? {
        return Err(no_such_organization());
    }
    let convert = |membership| match &caller {
        Caller::Key(_) => Membership::from(membership),
        Caller::Session(signed_in) => Membership::seen_by(&signed_in.user_id, membership),
    };
    owned::converted_page::<Membership, OfOrganization>(&id, page, &state, convert).await
}
