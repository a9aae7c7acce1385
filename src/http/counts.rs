//! `GET /v1/users/count`, `/v1/organizations/count` and `/v1/memberships/count`.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    State,
    auth::{Key, Read},
    caching,
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
    query::{FilterText, FilterWord, Flag, NoParameters, Query},
    timestamp::Timestamp,
};
use crate::store::{
    TimeRange,
    counts::{self, UserCountFilter},
    memberships::MembershipFilter,
};

/// Number of objects.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "count": 1234,
        "is_exact": true
    })))]
pub(super) struct Count {
    /// Number of objects. If `is_exact` is false, there are at least as many.
    count: u64,
    /// Whether the number is exact. It is false if a filter matches among more than 10,000 objects.
    is_exact: bool,
}

impl From<counts::Count> for Count {
    fn from(counts::Count { count, is_exact }: counts::Count) -> Self {
        Self { count, is_exact }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UserCountParams {
    /// Whether the users are banned. `false` also counts users for whom Clerk has not sent the value.
    #[param(inline)]
    banned: Option<Flag>,
    /// Counts users with a later `created_at`.
    #[param(inline)]
    created_after: Option<Timestamp>,
    /// Counts users with an earlier `created_at`.
    #[param(inline)]
    created_before: Option<Timestamp>,
}

/// Count users.
///
/// Without a filter, the number is exact, and up to thirty seconds old.
#[utoipa::path(
    get,
    path = "/v1/users/count",
    tag = "users",
    operation_id = "countUsers",
    params(UserCountParams),
    responses(
        (status = 200, description = "Number of users that match all filters.", body = Count),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["read"])),
)]
pub(super) async fn users(
    _: Key<Read>,
    Query(params): Query<UserCountParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let time = |time: Option<Timestamp>| time.map(|Timestamp(at)| at);
    let filter = UserCountFilter {
        banned: params.banned.map(|Flag(banned)| banned),
        created: TimeRange {
            after: time(params.created_after),
            before: time(params.created_before),
        },
    };
    Ok(caching::private(&Count::from(state.store.count_users(&filter).await?)))
}

/// Count organizations.
///
/// The number is exact, and up to thirty seconds old.
#[utoipa::path(
    get,
    path = "/v1/organizations/count",
    tag = "organizations",
    operation_id = "countOrganizations",
    responses(
        (status = 200, description = "Number of organizations.", body = Count),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["read"])),
)]
pub(super) async fn organizations(
    _: Key<Read>,
    Query(NoParameters {}): Query<NoParameters>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    Ok(caching::private(&Count::from(state.store.count_organizations().await?)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MembershipCountParams {
    /// ID of the organization.
    #[param(inline)]
    organization_id: Option<FilterText>,
    /// ID of the user.
    #[param(inline)]
    user_id: Option<FilterText>,
    /// Key of the role, for example `org:admin`. It needs `organization_id` or `user_id`.
    #[param(inline)]
    role: Option<FilterWord>,
}

/// Count memberships.
///
/// A user has at most one membership in an organization. Without a filter, the number is exact, and
/// up to thirty seconds old.
#[utoipa::path(
    get,
    path = "/v1/memberships/count",
    tag = "organizations",
    operation_id = "countMemberships",
    params(MembershipCountParams),
    responses(
        (status = 200, description = "Number of memberships that match all filters.", body = Count),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["read"])),
)]
pub(super) async fn memberships(
    _: Key<Read>,
    Query(params): Query<MembershipCountParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let filter = MembershipFilter {
        organization_id: params.organization_id.map(|FilterText(id)| id),
        user_id: params.user_id.map(|FilterText(id)| id),
        role: params.role.map(|FilterWord(role)| role),
    };
    if filter.role.is_some() && filter.organization_id.is_none() && filter.user_id.is_none() {
        let detail = "role: expected organization_id or user_id with it";
        return Err(Problem::bad_request("parameter_invalid", detail));
    }
    Ok(caching::private(&Count::from(state.store.count_memberships(&filter).await?)))
}
