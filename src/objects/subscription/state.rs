//! State of a subscription.

use crate::{
    domain::Millis,
    objects::{
        billing::payer,
        columns::columns,
        state::{ObjectData, Owners, State},
    },
};

/// State of a subscription, `csub_…`.
pub type Subscription = State<SubscriptionData>;

columns! {
    /// Values of a subscription. Each payer has one, whose items have the plans.
    pub struct SubscriptionData {
        /// Clerk's ID of the payer, `cpayer_…`.
        pub payer_id: Option<String>,
        /// ID of the user who pays. Null if an organization pays.
        pub user_id: Option<String>,
        /// ID of the organization that pays. Null if a user pays.
        pub organization_id: Option<String>,
        /// `active`, `past_due`, `canceled`, `ended`, …: an open set.
        pub status: Option<String>,
        /// ID of the newest payment.
        pub latest_payment_id: Option<String>,
        /// Time since which it is active.
        pub active_at: Option<Millis>,
        /// Time since which a payment is due.
        pub past_due_at: Option<Millis>,
        /// Time of the cancellation.
        pub canceled_at: Option<Millis>,
        /// Time of the end.
        pub ended_at: Option<Millis>,
        /// Time of the creation.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

impl ObjectData for SubscriptionData {
    fn required() -> &'static [&'static str] {
        &["payer_id", "user_id", "organization_id"]
    }

    fn owners(&self) -> Owners<'_> {
        payer::owner(self.user_id.as_ref(), self.organization_id.as_ref())
    }
}
