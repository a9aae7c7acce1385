//! `GET /v1/plans`: lists the plans of the Clerk instance.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{
        State,
        auth::{Key, Read},
        known_values::PAYER_TYPES,
        memberships::texts,
        pagination::{self, List, PageParams},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
        query::Query,
        timestamp::Timestamp,
    },
    objects::plan::PlanData,
    store::object_view::ObjectView,
};

/// Plan that payers can subscribe to.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "id": "cplan_37pyeGuwADPNlgqDUTpYM91qTwR",
        "slug": "team",
        "name": "Team",
        "description": "For teams",
        "for_payer_type": "org",
        "is_default": false,
        "is_recurring": true,
        "publicly_visible": true,
        "amount": 1900,
        "annual_monthly_amount": 1600,
        "currency": "USD",
        "features": ["audit_log", "sso"],
        "free_trial_days": null,
        "fetched_at": "2026-08-12T09:30:00.123Z"
    })))]
pub(in crate::http) struct Plan {
    /// Clerk's ID of the plan.
    id: String,
    /// Key, for example `pro`.
    slug: Option<String>,
    /// Name.
    name: Option<String>,
    /// Description.
    description: Option<String>,
    /// Payers who can have the plan.
    #[schema(extensions(("x-extensible-enum" = json!(PAYER_TYPES))))]
    for_payer_type: Option<String>,
    /// Whether payers without another plan have it.
    is_default: Option<bool>,
    /// Whether it is paid for each period.
    is_recurring: Option<bool>,
    /// Whether Clerk's pricing table shows it.
    publicly_visible: Option<bool>,
    /// Fee per month, in the smallest unit of the currency, such as cents. Null if it is free.
    amount: Option<i64>,
    /// Fee per month if a year is paid at once.
    annual_monthly_amount: Option<i64>,
    /// Currency, for example `USD`.
    currency: Option<String>,
    /// Keys of the features.
    features: Option<Vec<String>>,
    /// Number of days of a free trial; null without one.
    free_trial_days: Option<i64>,
    /// Time at which the plan was fetched from Clerk. Clerk sends no webhook about plans.
    fetched_at: Option<Timestamp>,
}

impl From<ObjectView<PlanData>> for Plan {
    fn from(ObjectView { id, data }: ObjectView<PlanData>) -> Self {
        Self {
            id,
            slug: data.slug,
            name: data.name,
            description: data.description,
            for_payer_type: data.for_payer_type,
            is_default: data.is_default,
            is_recurring: data.is_recurring,
            publicly_visible: data.publicly_visible,
            amount: data.amount,
            annual_monthly_amount: data.annual_monthly_amount,
            currency: data.currency,
            features: data.features.as_ref().and_then(texts),
            free_trial_days: data.free_trial_days,
            fetched_at: Timestamp::from_option(data.fetched_at),
        }
    }
}

/// List plans.
///
/// Plans come from Clerk's Backend API, by a backfill or a drift check.
#[utoipa::path(
    get,
    path = "/v1/plans",
    tag = "billing",
    operation_id = "listPlans",
    params(PageParams),
    responses(
        (status = 200, description = "Page of plans, ordered by ID.", body = List<Plan>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["read"])),
)]
pub(in crate::http) async fn plans(
    _: Key<Read>,
    Query(PageParams { limit, cursor }): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let found = state.store.plans(&limit.page_request(cursor)).await?;
    Ok(pagination::bounded_page_response(limit, found, |row| row.id.clone(), Plan::from))
}
