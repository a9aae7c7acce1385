//! `GET /v1/users/{id}/entitlements`, `GET /v1/organizations/{id}/entitlements` and
//! `GET /v1/me/entitlements`: return the plans that payers have now.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::subscriptions::Seats;
use crate::{
    http::{
        State,
        auth::{Caller, MemberCaller, SignedInMember},
        caching,
        known_values::ITEM_STATUSES,
        organizations::OfOrganization,
        owned::Owner,
        pagination::{self, List, PageParams},
        problem::Problem,
        problem_responses::{InvalidParameter, MemberProblems, NotFound, ScopeMissing},
        query::{NoParameters, PathId, Query},
        timestamp::Timestamp,
        users::OfUser,
    },
    objects::Kind,
    store::{
        StoreError,
        bounded_scan::ScanPage,
        entitlements::{self, PayerId},
    },
};

/// Plan that a payer has now, with its features. It follows from all items of the payer's
/// subscription, so that the order of the webhooks does not matter.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "payer": { "type": "organization", "id": "org_38TlHUSL0uDX6LtisQKNyeh0ip6" },
        "plan_id": "cplan_37pyeGuwADPNlgqDUTpYM91qTwR",
        "plan": "team",
        "plan_name": "Team",
        "is_default": false,
        "features": ["audit_log", "sso"],
        "status": "canceled",
        "past_due": false,
        "trial": false,
        "period_end": "2026-09-12T09:30:00.123Z",
        "ends_at": "2026-09-12T09:30:00.123Z",
        "seats": { "quantity": 5 },
        "subscription_item_id": "csub_item_3DPQ0aP8GQywVv58FLWYQAzAJvx"
    })))]
pub(in crate::http) struct Entitlement {
    /// The payer.
    payer: Payer,
    /// Clerk's ID of the plan; null if the payer has the default plan, and it is not synced.
    #[schema(required)]
    plan_id: Option<String>,
    /// Key of the plan, for example `pro`.
    #[schema(required)]
    plan: Option<String>,
    /// Name of the plan.
    #[schema(required)]
    plan_name: Option<String>,
    /// Whether the plan is the default one, which payers without another plan have.
    is_default: bool,
    /// Keys of the features of the plan; null if the plan is not synced. Clerk sends no webhook
    /// about plans: run a backfill.
    #[schema(required)]
    features: Option<Vec<String>>,
    /// Status of the item; null if the payer has none.
    #[schema(required, extensions(("x-extensible-enum" = json!(ITEM_STATUSES))))]
    status: Option<String>,
    /// Whether a payment is due. The payer keeps the plan until Clerk ends it.
    past_due: bool,
    /// Whether the payer has the plan as a free trial.
    trial: bool,
    /// End of the current period; null for the default plan.
    #[schema(required)]
    period_end: Option<Timestamp>,
    /// Time at which the plan ends, because it is canceled; null if it is renewed.
    #[schema(required)]
    ends_at: Option<Timestamp>,
    /// Paid seats; null if seats are not paid.
    #[schema(required)]
    seats: Option<Seats>,
    /// ID of the item from which the plan follows; null if the payer has none.
    #[schema(required)]
    subscription_item_id: Option<String>,
}

/// User or organization that pays.
#[derive(Serialize, ToSchema)]
struct Payer {
    /// Type.
    r#type: PayerType,
    /// ID of the user or the organization.
    id: String,
}

/// Type of a payer.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PayerType {
    User,
    Organization,
}

impl From<entitlements::Entitlement> for Entitlement {
    fn from(entitlement: entitlements::Entitlement) -> Self {
        let plan = entitlement.plan_slug().map(str::to_owned);
        let features = entitlement.features();
        let features = features.map(|it| it.into_iter().map(str::to_owned).collect());
        let entitlements::Entitlement { payer, item, plan: synced, is_default, is_past_due } =
            entitlement;
        let r#type = match payer.kind {
            Kind::Organization => PayerType::Organization,
            _ => PayerType::User,
        };
        let subscription_item_id = item.as_ref().map(|item| item.id.clone());
        let data = item.map(|item| item.data).unwrap_or_default();
        let synced_id = synced.as_ref().map(|plan| plan.id.clone());
        let is_canceled = data.status.as_deref() == Some("canceled");
        Self {
            payer: Payer { r#type, id: payer.id },
            plan_id: data.plan_id.clone().or(synced_id),
            plan,
            plan_name: synced.and_then(|plan| plan.data.name).or(data.plan_name.clone()),
            is_default,
            features,
            past_due: is_past_due,
            trial: data.is_free_trial == Some(true),
            period_end: Timestamp::from_option(data.period_end),
            ends_at: Timestamp::from_option(data.period_end.filter(|_| is_canceled)),
            seats: Seats::of(&data),
            status: data.status,
            subscription_item_id,
        }
    }
}

/// Reads the plan that a payer has now.
pub(in crate::http) async fn read(
    state: &State,
    payer: PayerId,
) -> Result<Entitlement, StoreError> {
    Ok(state.store.entitlement(&payer, state.clock.now()).await?.into())
}

/// Get the plan of a user.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/entitlements",
    tag = "billing",
    operation_id = "getUserEntitlements",
    params((
        "id" = String, Path,
        description = "ID of the user.",
        example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau",
    )),
    responses(
        (status = 200, description = "The plan that the user has now.", body = Entitlement),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        MemberProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn of_user(
    caller: Caller,
    PathId(id): PathId,
    _: Query<NoParameters>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if !caller.may_read(&id) || !OfUser::exists(&state.store, &id).await? {
        return Err(OfUser::not_found());
    }
    Ok(caching::conditional(&request, &read(&state, PayerId::user(id)).await?))
}

/// Get the plan of an organization.
///
/// A session token reads the plans of the organizations of which its user is a member.
#[utoipa::path(
    get,
    path = "/v1/organizations/{id}/entitlements",
    tag = "billing",
    operation_id = "getOrganizationEntitlements",
    params((
        "id" = String, Path,
        description = "ID of the organization.",
        example = "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
    )),
    responses(
        (status = 200, description = "The plan that the organization has now.", body = Entitlement),
        (status = 304, description = "The body matches the entity tag in `If-None-Match`."),
        InvalidParameter,
        MemberProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"]), ("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn of_organization(
    MemberCaller(caller): MemberCaller,
    PathId(id): PathId,
    _: Query<NoParameters>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let may_read = caller.may_read_organization(&state.store, &id).await?;
    if !may_read || !OfOrganization::exists(&state.store, &id).await? {
        return Err(OfOrganization::not_found());
    }
    Ok(caching::conditional(&request, &read(&state, PayerId::organization(id)).await?))
}

/// List the plans of the signed-in user and of the user's organizations.
///
/// The first item of the first page is the plan of the user. The plans of the organizations follow,
/// ordered by the ID of the organization.
#[utoipa::path(
    get,
    path = "/v1/me/entitlements",
    tag = "me",
    operation_id = "listMyEntitlements",
    params(PageParams),
    responses(
        (status = 200, description = "Page of plans.", body = List<Entitlement>),
        InvalidParameter,
        MemberProblems,
        NotFound,
    ),
    security(("sessionToken" = []), ("sessionCookie" = [])),
)]
pub(in crate::http) async fn own(
    SignedInMember(signed_in): SignedInMember,
    Query(PageParams { limit, cursor }): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let user_id = signed_in.user_id;
    if !OfUser::exists(&state.store, &user_id).await? {
        return Err(OfUser::not_found());
    }
    let page = limit.page_request(cursor);
    let is_first = page.after.is_none();
    let organizations = state.store.organizations_of_user(&user_id, &page).await?;
    let own = is_first.then(|| PayerId::user(user_id));
    let others = organizations.items.into_iter().map(|it| PayerId::organization(it.id));
    let payers: Vec<PayerId> = own.into_iter().chain(others).collect();
    let items = state.store.entitlements(&payers, state.clock.now()).await?;
    let found = ScanPage { items, through: organizations.through };
    Ok(pagination::bounded_page_response(limit, found, cursor_after, Entitlement::from))
}

/// Returns the cursor after a plan: the ID of the organization. The plan of the user comes before
/// those of all organizations.
fn cursor_after(last: &entitlements::Entitlement) -> String {
    match last.payer.kind {
        Kind::Organization => last.payer.id.clone(),
        // Every ID is greater.
        _ => "!".to_owned(),
    }
}
