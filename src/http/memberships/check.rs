//! `GET /v1/memberships/check?user_id=&organization_id=&role=&permission=&plan=&feature=&wait=`: tells
//! whether a user may act in an organization.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::Membership;
use crate::{
    domain::organization_key::is_same_key,
    http::{
        State,
        auth::{Key, Read},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
        query::{FilterText, FilterWord, Query},
        timestamp::Timestamp,
        wait::{self, Awaited, EntityTag, Wait, WaitParams, Waiter},
    },
    objects::Kind,
    store::{
        authorization::{AbsentMember, MemberStanding, Standing},
        changes::ChangeEntry,
        entitlements::{Entitlement, PayerId},
    },
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct CheckParams {
    /// ID of the user.
    #[param(inline, example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau")]
    user_id: FilterText,
    /// ID of the organization.
    #[param(inline, example = "org_38TlHUSL0uDX6LtisQKNyeh0ip6")]
    organization_id: FilterText,
    /// Key of the role that the user must have, for example `org:admin`. The prefix `org:` can be
    /// left out.
    #[param(inline)]
    role: Option<FilterWord>,
    /// Key of the permission that the user must have, for example `org:posts:edit`. The prefix
    /// `org:` can be left out.
    #[param(inline)]
    permission: Option<FilterWord>,
    /// Key of the plan that the organization must have, for example `team`.
    #[param(inline)]
    plan: Option<FilterWord>,
    /// Key of the feature that the plan of the organization must have, for example `sso`.
    #[param(inline)]
    feature: Option<FilterWord>,
    /// Maximum time to wait for the membership, from `0s` to `30s`. Without `updated_after` and
    /// `match`, the request waits until the user is a member. By default, the request does not wait.
    #[serde(default)]
    #[param(inline, required = false)]
    wait: Wait,
    /// Waits until the `updated_at` of the membership is later than this time.
    #[param(inline)]
    updated_after: Option<Timestamp>,
    /// Waits until the `ETag` of the response differs from this one, which is that of an earlier
    /// result of the same check.
    #[serde(rename = "match")]
    #[param(inline, rename = "match")]
    known: Option<EntityTag>,
}

/// Result of the check whether a user may act in an organization.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "allowed": false,
        "reason": "no_membership",
        "membership": null
    })))]
struct MembershipCheck {
    /// Whether the user is a member and has the role and the permission of the request, and the
    /// organization has its plan and its feature.
    allowed: bool,
    /// Reason for the result.
    reason: Reason,
    /// Membership of the user in the organization, also if it does not allow the action. Null if
    /// there is none.
    #[schema(required)]
    membership: Option<Membership>,
}

/// Reason for a result. It is the first that applies:
///
/// - `user_deleted`: the user is deleted.
/// - `user_banned`: the user is banned, as a member or not.
/// - `organization_deleted`: the organization is deleted.
/// - `no_membership`: the user is not a member, or the membership is not synced yet.
/// - `role_missing`: the user has another role.
/// - `permission_missing`: the role of the user lacks the permission.
/// - `plan_missing`: the organization has another plan.
/// - `feature_missing`: the plan of the organization lacks the feature, or is not synced.
/// - `allowed`: the user is a member, and has the role and the permission of the request. The
///   organization has its plan and its feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MembershipCheckReason)]
enum Reason {
    UserDeleted,
    UserBanned,
    OrganizationDeleted,
    NoMembership,
    RoleMissing,
    PermissionMissing,
    PlanMissing,
    FeatureMissing,
    Allowed,
}

impl Awaited for MembershipCheck {
    fn updated_at(&self) -> Option<Timestamp> {
        self.membership.as_ref()?.updated_at()
    }

    fn is_present(&self) -> bool {
        self.membership.is_some()
    }

    fn is_final(&self) -> bool {
        matches!(self.reason, Reason::UserDeleted | Reason::OrganizationDeleted)
    }
}

/// Check a membership.
///
/// The result is that of the synced tables, and changes as soon as a webhook is processed. The
/// permissions are those of the role; if the role is not synced, they are those of the membership.
#[utoipa::path(
    get,
    path = "/v1/memberships/check",
    tag = "organizations",
    operation_id = "checkMembership",
    params(CheckParams),
    responses(
        (
            status = 200,
            description = "Result of the check, also if the user may not act.",
            body = MembershipCheck,
        ),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["read"])),
)]
pub(in crate::http) async fn check(
    key: Key<Read>,
    Query(params): Query<CheckParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let CheckParams { wait, updated_after, known, .. } = params;
    let (FilterText(user_id), FilterText(organization_id)) =
        (&params.user_id, &params.organization_id);
    let [role, permission, plan, feature] =
        [&params.role, &params.permission, &params.plan, &params.feature]
            .map(|filter| filter.as_ref().map(|FilterWord(key)| &**key));
    let read = async || {
        let standing = state.store.standing(user_id, organization_id).await?;
        let mut check = MembershipCheck::new(standing, role, permission);
        if check.allowed && (plan.is_some() || feature.is_some()) {
            let payer = PayerId::organization(organization_id);
            let entitlement = state.store.entitlement(&payer, state.clock.now()).await?;
            check.require(&entitlement, plan, feature);
        }
        Ok(Some(check))
    };
    let wakes = |change: &ChangeEntry| {
        wait::concerns(change, user_id)
            || change.id == **organization_id
            || change.kind == Kind::Role.into()
    };
    let waiter = Waiter { counted_by: user_id, key: Some(key.name()), wakes: &wakes };
    let params = WaitParams { wait, updated_after, known };
    let result = wait::wait_for(&state, &params, waiter, read).await?;
    result.respond(&request, || Problem::internal("the check of a membership has no answer"))
}

impl MembershipCheck {
    fn new(standing: Standing, role: Option<&str>, permission: Option<&str>) -> Self {
        let (reason, membership) = match standing {
            Standing::NotMember(absent) => (reason_without_membership(absent), None),
            Standing::Member(member) => {
                let reason = reason_with_membership(&member, role, permission);
                (reason, Some(member.membership.into()))
            }
        };
        Self { allowed: reason == Reason::Allowed, reason, membership }
    }

    /// Requires a plan and a feature of the organization.
    fn require(&mut self, entitlement: &Entitlement, plan: Option<&str>, feature: Option<&str>) {
        let held = entitlement.plan_slug();
        let features = entitlement.features().unwrap_or_default();
        self.reason = if plan.is_some() && plan != held {
            Reason::PlanMissing
        } else if !feature.is_none_or(|feature| features.contains(&feature)) {
            Reason::FeatureMissing
        } else {
            Reason::Allowed
        };
        self.allowed = self.reason == Reason::Allowed;
    }
}

fn reason_without_membership(absent: AbsentMember) -> Reason {
    if absent.is_user_deleted {
        Reason::UserDeleted
    } else if absent.is_banned {
        Reason::UserBanned
    } else if absent.is_organization_deleted {
        Reason::OrganizationDeleted
    } else {
        Reason::NoMembership
    }
}

fn reason_with_membership(
    member: &MemberStanding,
    role: Option<&str>,
    permission: Option<&str>,
) -> Reason {
    let membership = &member.membership.data;
    let has_role = |key: &str| membership.role.as_ref().is_some_and(|held| is_same_key(held, key));
    // Clerk sends an event when a role changes, and may not refresh the copies in memberships.
    let permissions = member.role_permissions.as_ref().or(membership.permissions.as_ref());
    let held = permissions.and_then(Value::as_array).into_iter().flatten();
    let mut held = held.filter_map(Value::as_str);
    if member.is_banned {
        Reason::UserBanned
    } else if !role.is_none_or(has_role) {
        Reason::RoleMissing
    } else if !permission.is_none_or(|key| held.any(|held| is_same_key(held, key))) {
        Reason::PermissionMissing
    } else {
        Reason::Allowed
    }
}
