//! State of an item of a subscription.

use crate::{
    domain::Millis,
    objects::{
        billing::payer,
        columns::columns,
        state::{ObjectData, Owners, State, differing_columns},
    },
};

/// State of an item of a subscription, `csub_item_…`.
pub type SubscriptionItem = State<SubscriptionItemData>;

columns! {
    /// Values of an item of a subscription: a payer's use of one plan.
    pub struct SubscriptionItemData {
        /// ID of the subscription.
        pub subscription_id: Option<String>,
        /// Clerk's ID of the payer, `cpayer_…`.
        pub payer_id: Option<String>,
        /// ID of the user who pays. Null if an organization pays.
        pub user_id: Option<String>,
        /// ID of the organization that pays. Null if a user pays.
        pub organization_id: Option<String>,
        /// `active`, `past_due`, `canceled`, `upcoming`, `ended`, …: an open set.
        pub status: Option<String>,
        /// Whether the item is a free trial.
        pub is_free_trial: Option<bool>,
        /// ID of the plan.
        pub plan_id: Option<String>,
        /// Key of the plan when the item last changed.
        pub plan_slug: Option<String>,
        /// Name of the plan when the item last changed.
        pub plan_name: Option<String>,
        /// Fee of the plan when the item last changed, in the smallest unit of the currency.
        pub plan_amount: Option<i64>,
        /// Currency of the fee.
        pub plan_currency: Option<String>,
        /// `month` or `annual`: an open set.
        pub plan_period: Option<String>,
        /// Start of the current period.
        pub period_start: Option<Millis>,
        /// End of the current period. Null for the default plan.
        pub period_end: Option<Millis>,
        /// Number of paid seats. Null if it is unlimited, or if seats are not paid.
        pub seats: Option<i64>,
        /// Whether the number of seats is unlimited. Null if seats are not paid.
        pub has_unlimited_seats: Option<bool>,
        /// Time of the creation.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

/// Columns that are copied from the plan, which changes without an event about its items.
const OF_PLAN: [&str; 4] = ["plan_slug", "plan_name", "plan_amount", "plan_currency"];

impl ObjectData for SubscriptionItemData {
    fn required() -> &'static [&'static str] {
        &["payer_id", "user_id", "organization_id"]
    }

    fn owners(&self) -> Owners<'_> {
        payer::owner(self.user_id.as_ref(), self.organization_id.as_ref())
    }

    fn differences(&self, remote: &Self, _is_older: bool) -> Vec<&'static str> {
        let mut differing = differing_columns(self, remote);
        differing.retain(|column| *column != "updated_at" && !OF_PLAN.contains(column));
        differing
    }
}
