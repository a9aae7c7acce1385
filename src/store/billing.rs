//! Reads plans, subscriptions, their items, and payment attempts.

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::ScanPage,
    conditions::Conditions,
    entitlements::PayerId,
    object_list::ObjectList,
    object_view::{self, ObjectView, Viewed},
};
use crate::objects::{
    Kind, payment_attempt::PaymentAttemptData, plan::PlanData, subscription::SubscriptionData,
    subscription_item::SubscriptionItemData,
};

/// Maximum number of items of one subscription that are read. Ended ones stay forever.
const MAX_ITEMS: u16 = 500;

/// Filter of lists of subscriptions and payment attempts. `None` matches every object.
#[derive(Clone, Debug, Default)]
pub struct BillingFilter {
    /// The payer.
    pub payer: Option<PayerId>,
    /// Status.
    pub status: Option<String>,
}

impl Store {
    /// Reads a page of plans, by ID.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn plans(
        &self,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<PlanData>>, StoreError> {
        self.billing_objects(&BillingFilter::default(), page).await
    }

    /// Reads a page of subscriptions, by ID.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn subscriptions(
        &self,
        filter: &BillingFilter,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<SubscriptionData>>, StoreError> {
        self.billing_objects(filter, page).await
    }

    /// Reads the items of a payer's subscription, by ID.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn subscription_items(
        &self,
        payer: PayerId,
    ) -> Result<Vec<ObjectView<SubscriptionItemData>>, StoreError> {
        let filter = BillingFilter { payer: Some(payer), status: None };
        let page = PageRequest { after: None, limit: MAX_ITEMS };
        Ok(self.billing_objects(&filter, &page).await?.items)
    }

    /// Reads a page of payment attempts, by ID.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn payment_attempts(
        &self,
        filter: &BillingFilter,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<PaymentAttemptData>>, StoreError> {
        self.billing_objects(filter, page).await
    }

    async fn billing_objects<T: Viewed>(
        &self,
        BillingFilter { payer, status }: &BillingFilter,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<T>>, StoreError> {
        let mut conditions = Conditions::default();
        let of_payer = payer.as_ref().map(|payer| match payer.kind {
            Kind::Organization => ("organization_id", &*payer.id),
            _ => ("user_id", &*payer.id),
        });
        // Subscriptions have an index by their status.
        let of_status = status.as_ref().filter(|_| T::KIND == Kind::Subscription);
        let owner = of_payer.or_else(|| of_status.map(|status| ("status", &**status)));
        let is_filter = of_payer.is_some() || owner.is_none();
        if let Some(status) = status.as_ref().filter(|_| is_filter) {
            conditions.add("status = ?", [status]);
        }
        let list = ObjectList {
            table: T::TABLE,
            key: "id",
            owner,
            conditions,
            needs_scan: owner.is_none() || status.is_some() && is_filter,
        };
        self.object_page(object_view::columns::<T>(), list, page).await
    }
}
