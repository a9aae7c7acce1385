//! `GET /v1/memberships?organization_id=&user_id=&role=&limit=&cursor=`: lists memberships.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Membership;
use crate::{
    http::{
        State,
        auth::{Key, Read},
        pagination::{self, Limit, List},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
        query::{FilterText, FilterWord, Query},
    },
    store::memberships::MembershipFilter,
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct MembershipParams {
    /// ID of the organization.
    #[param(inline)]
    organization_id: Option<FilterText>,
    /// ID of the user.
    #[param(inline)]
    user_id: Option<FilterText>,
    /// Key of the role, for example `org:admin`.
    #[param(inline)]
    role: Option<FilterWord>,
    /// Maximum number of memberships on the page. A page can have fewer and still have a next page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Value of `next_cursor` of the previous page.
    #[param(min_length = 1, pattern = r"\S")]
    cursor: Option<String>,
}

/// List memberships.
///
/// The list has the memberships that match all filters. With `user_id` alone, it is ordered by the
/// ID of the organization. A user has at most one membership in an organization.
#[utoipa::path(
    get,
    path = "/v1/memberships",
    tag = "organizations",
    operation_id = "listMemberships",
    params(MembershipParams),
    responses(
        (
            status = 200,
            description = "Page of memberships, ordered by ID or by the ID of the organization.",
            body = List<Membership>,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["read"])),
)]
pub(in crate::http) async fn memberships(
    _: Key<Read>,
    Query(params): Query<MembershipParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let filter = MembershipFilter {
        organization_id: params.organization_id.map(|FilterText(id)| id),
        user_id: params.user_id.map(|FilterText(id)| id),
        role: params.role.map(|FilterWord(role)| role),
    };
    let page = params.limit.page_request(params.cursor);
    let found = state.store.memberships(&filter, &page).await?;
    let cursor = |row: &_| filter.key(row).to_owned();
    Ok(pagination::bounded_page_response(params.limit, found, cursor, Membership::from))
}
