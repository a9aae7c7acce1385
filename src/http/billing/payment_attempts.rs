//! `GET /v1/payment-attempts`: lists payment attempts.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    http::{
        State,
        auth::{Admin, Key},
        known_values::{CHARGE_TYPES, PAYMENT_STATUSES},
        memberships::texts,
        pagination::{self, Limit, List},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
        query::{FilterText, FilterWord, Query},
        timestamp::Timestamp,
    },
    objects::payment_attempt::PaymentAttemptData,
    store::{
        billing::BillingFilter, bounded_scan::ScanPage, entitlements::PayerId,
        object_view::ObjectView,
    },
};

/// Attempt to charge a payer. It has no card data, and amounts are in the smallest unit of the
/// currency, such as cents.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PaymentAttempt {
    /// Clerk's ID of the attempt.
    id: String,
    /// ID of the payment, of which there can be several attempts.
    payment_id: Option<String>,
    /// ID of the statement.
    statement_id: Option<String>,
    /// Clerk's ID of the payer.
    payer_id: Option<String>,
    /// ID of the user who pays; null if an organization pays.
    user_id: Option<String>,
    /// ID of the organization that pays; null if a user pays.
    organization_id: Option<String>,
    /// Status.
    #[schema(extensions(("x-extensible-enum" = json!(PAYMENT_STATUSES))))]
    status: Option<String>,
    /// Cause of the charge.
    #[schema(extensions(("x-extensible-enum" = json!(CHARGE_TYPES))))]
    charge_type: Option<String>,
    /// Amount without taxes.
    subtotal: Option<i64>,
    /// Taxes.
    tax_total: Option<i64>,
    /// Amount with taxes.
    grand_total: Option<i64>,
    /// Currency, for example `USD`.
    currency: Option<String>,
    /// Clerk's reason for the failure; null if it did not fail.
    failed_code: Option<String>,
    /// Reason of the bank that declined.
    decline_code: Option<String>,
    /// IDs of the items that are paid.
    subscription_item_ids: Option<Vec<String>>,
    /// Time for which the payment is due.
    billing_date: Option<Timestamp>,
    /// Time of the payment.
    paid_at: Option<Timestamp>,
    /// Time of the failure.
    failed_at: Option<Timestamp>,
    /// Time of the creation.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

impl From<ObjectView<PaymentAttemptData>> for PaymentAttempt {
    fn from(ObjectView { id, data }: ObjectView<PaymentAttemptData>) -> Self {
        Self {
            id,
            payment_id: data.payment_id,
            statement_id: data.statement_id,
            payer_id: data.payer_id,
            user_id: data.user_id,
            organization_id: data.organization_id,
            status: data.status,
            charge_type: data.charge_type,
            subtotal: data.subtotal,
            tax_total: data.tax_total,
            grand_total: data.grand_total,
            currency: data.currency,
            failed_code: data.failed_code,
            decline_code: data.decline_code,
            subscription_item_ids: data.subscription_item_ids.as_ref().and_then(texts),
            billing_date: Timestamp::from_option(data.billing_date),
            paid_at: Timestamp::from_option(data.paid_at),
            failed_at: Timestamp::from_option(data.failed_at),
            created_at: Timestamp::from_option(data.created_at),
            updated_at: Timestamp::from_option(data.updated_at),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct PaymentParams {
    /// ID of the user who pays.
    #[param(inline, example = "user_2rfTF8P3Cf1zjl92u9aNy4VJjau")]
    user_id: Option<FilterText>,
    /// ID of the organization that pays. With `user_id`, no attempt is found.
    #[param(inline)]
    organization_id: Option<FilterText>,
    /// Status of the attempts, for example `failed`.
    #[param(inline)]
    status: Option<FilterWord>,
    /// Maximum number of attempts on the page. A page can have fewer and still have a next page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Value of `next_cursor` of the previous page.
    #[param(min_length = 1, pattern = r"\S")]
    cursor: Option<String>,
}

/// List payment attempts.
#[utoipa::path(
    get,
    path = "/v1/payment-attempts",
    tag = "billing",
    operation_id = "listPaymentAttempts",
    params(PaymentParams),
    responses(
        (
            status = 200,
            description = "Page of payment attempts, ordered by ID.",
            body = List<PaymentAttempt>,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn payment_attempts(
    _: Key<Admin>,
    Query(params): Query<PaymentParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let PaymentParams { user_id, organization_id, status, limit, cursor } = params;
    let is_impossible = user_id.is_some() && organization_id.is_some();
    let user = user_id.map(|FilterText(id)| PayerId::user(id));
    let payer = user.or(organization_id.map(|FilterText(id)| PayerId::organization(id)));
    let filter = BillingFilter { payer, status: status.map(|FilterWord(status)| status) };
    let found = if is_impossible {
        ScanPage { items: Vec::new(), through: None }
    } else {
        state.store.payment_attempts(&filter, &limit.page_request(cursor)).await?
    };
    Ok(pagination::bounded_page_response(limit, found, |row| row.id.clone(), PaymentAttempt::from))
}
