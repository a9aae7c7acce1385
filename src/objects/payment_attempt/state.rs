//! State of a payment attempt.

use serde_json::Value;

use crate::{
    domain::Millis,
    objects::{
        billing::payer,
        columns::columns,
        state::{ObjectData, Owners, State},
    },
};

/// State of a payment attempt, `pa_…`.
pub type PaymentAttempt = State<PaymentAttemptData>;

columns! {
    /// Values of a payment attempt. Amounts are in the smallest unit of the currency, such as cents.
    pub struct PaymentAttemptData {
        /// Clerk's ID of the payer, `cpayer_…`.
        pub payer_id: Option<String>,
        /// ID of the user who pays. Null if an organization pays.
        pub user_id: Option<String>,
        /// ID of the organization that pays. Null if a user pays.
        pub organization_id: Option<String>,
        /// ID of the payment, of which there can be several attempts.
        pub payment_id: Option<String>,
        /// ID of the statement.
        pub statement_id: Option<String>,
        /// `pending`, `paid` or `failed`: an open set.
        pub status: Option<String>,
        /// `checkout` or `recurring`: an open set.
        pub charge_type: Option<String>,
        /// Amount without taxes.
        pub subtotal: Option<i64>,
        /// Taxes.
        pub tax_total: Option<i64>,
        /// Amount with taxes.
        pub grand_total: Option<i64>,
        /// Currency, such as `USD`.
        pub currency: Option<String>,
        /// Clerk's reason of the failure.
        pub failed_code: Option<String>,
        /// Reason of the bank that declined.
        pub decline_code: Option<String>,
        /// IDs of the items that are paid, as a JSON array of strings.
        pub subscription_item_ids: Option<Value>,
        /// Time for which the payment is due.
        pub billing_date: Option<Millis>,
        /// Time of the payment.
        pub paid_at: Option<Millis>,
        /// Time of the failure.
        pub failed_at: Option<Millis>,
        /// Time of the creation.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

impl ObjectData for PaymentAttemptData {
    fn required() -> &'static [&'static str] {
        &["payer_id", "user_id", "organization_id"]
    }

    fn owners(&self) -> Owners<'_> {
        payer::owner(self.user_id.as_ref(), self.organization_id.as_ref())
    }
}
