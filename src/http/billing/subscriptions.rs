//! `GET /v1/subscriptions`, `GET /v1/users/{id}/subscriptions` and
//! `GET /v1/organizations/{id}/subscriptions`: list subscriptions, those of a payer with their items.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{
        State,
        auth::{Admin, Key},
        caching,
        known_values::{ITEM_STATUSES, PLAN_PERIODS, SUBSCRIPTION_STATUSES},
        organizations::OfOrganization,
        owned::Owner,
        pagination::{self, Limit, List},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{FilterWord, NoParameters, PathId, Query},
        timestamp::Timestamp,
        users::OfUser,
    },
    objects::{subscription::SubscriptionData, subscription_item::SubscriptionItemData},
    store::{PageRequest, billing::BillingFilter, entitlements::PayerId, object_view::ObjectView},
};

/// Subscription of a payer. Each payer has one.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Subscription {
    /// Clerk's ID of the subscription.
    id: String,
    /// Clerk's ID of the payer.
    payer_id: Option<String>,
    /// ID of the user who pays; null if an organization pays.
    user_id: Option<String>,
    /// ID of the organization that pays; null if a user pays.
    organization_id: Option<String>,
    /// Status. It does not tell which plan the payer has: see `/v1/users/{id}/entitlements`.
    #[schema(extensions(("x-extensible-enum" = json!(SUBSCRIPTION_STATUSES))))]
    status: Option<String>,
    /// ID of the newest payment.
    latest_payment_id: Option<String>,
    /// Time since which it is active.
    active_at: Option<Timestamp>,
    /// Time since which a payment is due.
    past_due_at: Option<Timestamp>,
    /// Time of the cancellation.
    canceled_at: Option<Timestamp>,
    /// Time of the end.
    ended_at: Option<Timestamp>,
    /// Time of the creation.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

impl From<ObjectView<SubscriptionData>> for Subscription {
    fn from(ObjectView { id, data }: ObjectView<SubscriptionData>) -> Self {
        Self {
            id,
            payer_id: data.payer_id,
            user_id: data.user_id,
            organization_id: data.organization_id,
            status: data.status,
            latest_payment_id: data.latest_payment_id,
            active_at: Timestamp::from_option(data.active_at),
            past_due_at: Timestamp::from_option(data.past_due_at),
            canceled_at: Timestamp::from_option(data.canceled_at),
            ended_at: Timestamp::from_option(data.ended_at),
            created_at: Timestamp::from_option(data.created_at),
            updated_at: Timestamp::from_option(data.updated_at),
        }
    }
}

/// Item of a subscription: a payer's use of one plan.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SubscriptionItem {
    /// Clerk's ID of the item.
    id: String,
    /// ID of the subscription.
    subscription_id: Option<String>,
    /// ID of the user who pays; null if an organization pays.
    user_id: Option<String>,
    /// ID of the organization that pays; null if a user pays.
    organization_id: Option<String>,
    /// Status. A payer with a `canceled` item keeps the plan until `period_end`.
    #[schema(extensions(("x-extensible-enum" = json!(ITEM_STATUSES))))]
    status: Option<String>,
    /// Whether the item is a free trial.
    is_free_trial: Option<bool>,
    /// ID of the plan.
    plan_id: Option<String>,
    /// Key of the plan when the item last changed.
    plan_slug: Option<String>,
    /// Name of the plan when the item last changed.
    plan_name: Option<String>,
    /// Fee of the plan when the item last changed, in the smallest unit of the currency.
    plan_amount: Option<i64>,
    /// Currency of the fee.
    plan_currency: Option<String>,
    /// Period for which the plan is paid.
    #[schema(extensions(("x-extensible-enum" = json!(PLAN_PERIODS))))]
    plan_period: Option<String>,
    /// Start of the current period.
    period_start: Option<Timestamp>,
    /// End of the current period; null for the default plan.
    period_end: Option<Timestamp>,
    /// Paid seats; null if seats are not paid.
    #[schema(required)]
    seats: Option<Seats>,
    /// Time of the creation.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

/// Number of paid seats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(in crate::http) struct Seats {
    /// Number; null if it is unlimited.
    #[schema(required)]
    quantity: Option<i64>,
}

impl Seats {
    /// Returns the seats of an item, if they are paid.
    pub(super) fn of(data: &SubscriptionItemData) -> Option<Self> {
        let is_paid = data.seats.is_some() || data.has_unlimited_seats == Some(true);
        is_paid.then_some(Self { quantity: data.seats })
    }
}

impl From<ObjectView<SubscriptionItemData>> for SubscriptionItem {
    fn from(ObjectView { id, data }: ObjectView<SubscriptionItemData>) -> Self {
        Self {
            id,
            seats: Seats::of(&data),
            subscription_id: data.subscription_id,
            user_id: data.user_id,
            organization_id: data.organization_id,
            status: data.status,
            is_free_trial: data.is_free_trial,
            plan_id: data.plan_id,
            plan_slug: data.plan_slug,
            plan_name: data.plan_name,
            plan_amount: data.plan_amount,
            plan_currency: data.plan_currency,
            plan_period: data.plan_period,
            period_start: Timestamp::from_option(data.period_start),
            period_end: Timestamp::from_option(data.period_end),
            created_at: Timestamp::from_option(data.created_at),
            updated_at: Timestamp::from_option(data.updated_at),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct SubscriptionParams {
    /// Status of the subscriptions, for example `past_due`.
    #[param(inline)]
    status: Option<FilterWord>,
    /// Maximum number of subscriptions on the page. A page can have fewer and still have a next
    /// page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Value of `next_cursor` of the previous page.
    #[param(min_length = 1, pattern = r"\S")]
    cursor: Option<String>,
}

/// List subscriptions.
#[utoipa::path(
    get,
    path = "/v1/subscriptions",
    tag = "billing",
    operation_id = "listSubscriptions",
    params(SubscriptionParams),
    responses(
        (
            status = 200,
            description = "Page of subscriptions, ordered by ID.",
            body = List<Subscription>,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn subscriptions(
    _: Key<Admin>,
    Query(SubscriptionParams { status, limit, cursor }): Query<SubscriptionParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let status = status.map(|FilterWord(status)| status);
    let filter = BillingFilter { payer: None, status };
    let found = state.store.subscriptions(&filter, &limit.page_request(cursor)).await?;
    Ok(pagination::bounded_page_response(limit, found, |row| row.id.clone(), Subscription::from))
}

/// Subscriptions of a payer, with the items.
#[derive(Serialize, ToSchema)]
struct PayersSubscriptions {
    /// Subscriptions. Clerk has one for each payer. It is absent until it is synced.
    data: Vec<Subscription>,
    /// Items, ordered by ID. They include those that have ended.
    items: Vec<SubscriptionItem>,
}

/// Get the subscription of a user.
#[utoipa::path(
    get,
    path = "/v1/users/{id}/subscriptions",
    tag = "billing",
    operation_id = "listUserSubscriptions",
    params((
        "id" = String, Path,
        description = "ID of the user.",
        example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau",
    )),
    responses(
        (
            status = 200,
            description = "The subscription and its items.",
            body = PayersSubscriptions,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn of_user(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    of_payer::<OfUser>(PayerId::user(id), &state).await
}

/// Get the subscription of an organization.
#[utoipa::path(
    get,
    path = "/v1/organizations/{id}/subscriptions",
    tag = "billing",
    operation_id = "listOrganizationSubscriptions",
    params((
        "id" = String, Path,
        description = "ID of the organization.",
        example = "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
    )),
    responses(
        (
            status = 200,
            description = "The subscription and its items.",
            body = PayersSubscriptions,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn of_organization(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    of_payer::<OfOrganization>(PayerId::organization(id), &state).await
}

async fn of_payer<O: Owner>(payer: PayerId, state: &State) -> Result<HttpResponse, Problem> {
    let filter = BillingFilter { payer: Some(payer.clone()), status: None };
    // Clerk has one subscription for each payer.
    let page = PageRequest { after: None, limit: 10 };
    let found = state.store.subscriptions(&filter, &page).await?.items;
    let items = state.store.subscription_items(payer.clone()).await?;
    if found.is_empty() && items.is_empty() && !O::exists(&state.store, &payer.id).await? {
        return Err(O::not_found());
    }
    Ok(caching::private(&PayersSubscriptions {
        data: found.into_iter().map(Subscription::from).collect(),
        items: items.into_iter().map(SubscriptionItem::from).collect(),
    }))
}
