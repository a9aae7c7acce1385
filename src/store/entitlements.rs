//! Reads entitlements: the plan that each payer has, with its features.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::{
    Store, StoreError,
    driver::{Connection, Row},
    keyed,
    object_rows::{self, JsonReading},
    object_view::{self, ObjectView},
    stored_objects::{WholeObject, collect_objects},
};
use crate::{
    domain::Millis,
    objects::{
        AnyState, Kind, State,
        billing::entitlement::{self, Claim},
        plan::PlanData,
        subscription_item::{SubscriptionItem, SubscriptionItemData},
    },
};

/// SQL condition of the items that can decide the plan of a payer. Others stay forever.
pub(super) const CAN_BE_LIVE: &str = "status IN ('active', 'past_due', 'canceled')";

/// Payer: a user or an organization.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PayerId {
    /// [`Kind::User`] or [`Kind::Organization`].
    pub kind: Kind,
    /// ID of the user or the organization.
    pub id: String,
}

impl PayerId {
    /// Returns a user.
    #[must_use]
    pub fn user(id: impl Into<String>) -> Self {
        Self { kind: Kind::User, id: id.into() }
    }

    /// Returns an organization.
    #[must_use]
    pub fn organization(id: impl Into<String>) -> Self {
        Self { kind: Kind::Organization, id: id.into() }
    }

    /// Returns the payer of an item.
    #[must_use]
    pub fn of_item(item: &SubscriptionItem) -> Option<Self> {
        let data = &item.data;
        let organization = data.organization_id.as_ref().map(Self::organization);
        organization.or_else(|| data.user_id.as_ref().map(Self::user))
    }

    /// Returns the value of `for_payer_type` of the plans that the payer can have.
    fn payer_type(&self) -> &'static str {
        if self.kind == Kind::Organization { "org" } else { "user" }
    }
}

/// The plan that a payer has at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Entitlement {
    /// The payer.
    pub payer: PayerId,
    /// The item that decides the plan. None if the payer has the default plan without an item.
    pub item: Option<SubscriptionItem>,
    /// The plan. None if it is not synced.
    pub plan: Option<ObjectView<PlanData>>,
    /// Whether the plan is the default one.
    pub is_default: bool,
    /// Whether a payment is due.
    pub is_past_due: bool,
}

impl Entitlement {
    /// Returns the key of the plan, if it is known.
    #[must_use]
    pub fn plan_slug(&self) -> Option<&str> {
        let synced = self.plan.as_ref().and_then(|plan| plan.data.slug.as_deref());
        synced.or_else(|| self.item.as_ref()?.data.plan_slug.as_deref())
    }

    /// Returns the keys of the features of the plan. None if the plan is not synced.
    #[must_use]
    pub fn features(&self) -> Option<Vec<&str>> {
        let features = self.plan.as_ref()?.data.features.as_ref()?.as_array()?;
        Some(features.iter().filter_map(|feature| feature.as_str()).collect())
    }
}

impl Store {
    /// Reads the entitlement of a payer at the time `now`.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn entitlement(
        &self,
        payer: &PayerId,
        now: Millis,
    ) -> Result<Entitlement, StoreError> {
        let stored = self.stored_billing(std::slice::from_ref(payer)).await?;
        Ok(stored.entitlement(payer, now))
    }

    /// Reads the entitlements of payers at the time `now`, in their order. A payer can be repeated.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn entitlements(
        &self,
        payers: &[PayerId],
        now: Millis,
    ) -> Result<Vec<Entitlement>, StoreError> {
        // Most batches of messages are about no payer.
        if payers.is_empty() {
            return Ok(Vec::new());
        }
        let stored = self.stored_billing(payers).await?;
        Ok(payers.iter().map(|payer| stored.entitlement(payer, now)).collect())
    }

    async fn stored_billing(&self, payers: &[PayerId]) -> Result<StoredBilling, StoreError> {
        let mut connection = self.pool.read().await?;
        let mut items: HashMap<PayerId, Vec<SubscriptionItem>> = HashMap::new();
        for (kind, column) in OWNERS {
            let ids = distinct_ids(payers, kind);
            let rows = keyed::read(&mut connection, &items_sql(column), &ids).await?;
            for item in self.readable_items(&rows)? {
                if let Some(payer) = PayerId::of_item(&item) {
                    items.entry(payer).or_default().push(item);
                }
            }
        }
        let plans = self.read_plans(&mut connection, items.values().flatten()).await?;
        let past_due = past_due(&mut connection, items.values().flatten()).await?;
        Ok(StoredBilling { items, plans, past_due })
    }

    /// Reads the plans of items, and the default plans.
    async fn read_plans<'i>(
        &self,
        connection: &mut Connection,
        items: impl Iterator<Item = &'i SubscriptionItem>,
    ) -> Result<Vec<ObjectView<PlanData>>, StoreError> {
        let mut ids: Vec<&str> = items.filter_map(|item| item.data.plan_id.as_deref()).collect();
        ids.sort_unstable();
        ids.dedup();
        let columns = object_view::columns::<PlanData>();
        let sql = format!("SELECT {columns} FROM plans WHERE deleted_at IS NULL AND id IN {{}}");
        let mut rows = keyed::read(connection, &sql, &ids).await?;
        let sql = format!(
            "SELECT {columns} FROM plans WHERE for_payer_type IN ('org', 'user') \
             AND is_default = TRUE AND deleted_at IS NULL ORDER BY id LIMIT 100"
        );
        rows.extend(connection.query(AssertSqlSafe(sql)).rows().await?);
        self.readable(&rows)
    }

    /// Reads the items in rows. Those that cannot be read are reported and left out.
    fn readable_items(&self, rows: &[Row]) -> Result<Vec<SubscriptionItem>, StoreError> {
        let mut unreadable = Vec::new();
        let objects =
            collect_objects(Kind::SubscriptionItem, rows, JsonReading::Lenient, &mut unreadable)?;
        for value in &unreadable {
            self.unreadable.report(value);
        }
        Ok(objects.into_iter().filter_map(item).collect())
    }
}

/// Returns the item in a row.
pub(super) fn item(object: WholeObject) -> Option<State<SubscriptionItemData>> {
    match object.state {
        AnyState::SubscriptionItem(item) => Some(*item),
        _ => None,
    }
}

/// Kinds of payers, with the columns of their IDs.
pub(super) const OWNERS: [(Kind, &str); 2] =
    [(Kind::User, "user_id"), (Kind::Organization, "organization_id")];

/// Returns the IDs of the payers of a kind, each once.
pub(super) fn distinct_ids(payers: &[PayerId], kind: Kind) -> Vec<&str> {
    let ids = payers.iter().filter(|payer| payer.kind == kind).map(|payer| &*payer.id);
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Returns the SQL that reads the items of payers by this column.
pub(super) fn items_sql(column: &str) -> String {
    let select = object_rows::table(Kind::SubscriptionItem).select();
    format!("{select} WHERE {CAN_BE_LIVE} AND {column} IN {{}}")
}

/// Returns the IDs of the subscriptions of items with a payment that is due.
async fn past_due<'i>(
    connection: &mut Connection,
    items: impl Iterator<Item = &'i SubscriptionItem>,
) -> Result<Vec<String>, StoreError> {
    let ids = items.filter_map(|item| item.data.subscription_id.as_deref());
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let sql = "SELECT id FROM subscriptions WHERE status = 'past_due' AND id IN {}";
    let rows = keyed::read(connection, sql, &ids).await?;
    Ok(rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?)
}

/// Stored objects that decide about the plans of payers.
struct StoredBilling {
    items: HashMap<PayerId, Vec<SubscriptionItem>>,
    /// Plans of these items, and the default plans.
    plans: Vec<ObjectView<PlanData>>,
    /// IDs of the subscriptions of these items with a payment that is due.
    past_due: Vec<String>,
}

impl StoredBilling {
    fn plan_of(&self, item: &SubscriptionItem) -> Option<&ObjectView<PlanData>> {
        self.plans.iter().find(|plan| Some(&plan.id) == item.data.plan_id.as_ref())
    }

    fn default_plan(&self, payer: &PayerId) -> Option<&ObjectView<PlanData>> {
        self.plans.iter().find(|plan| {
            let payer_type = plan.data.for_payer_type.as_deref();
            plan.data.is_default == Some(true) && payer_type == Some(payer.payer_type())
        })
    }

    fn entitlement(&self, payer: &PayerId, now: Millis) -> Entitlement {
        let claims = self.items.get(payer).into_iter().flatten().map(|item| {
            let is_default = self.plan_of(item).and_then(|plan| plan.data.is_default);
            Claim { item, is_default }
        });
        let payer = payer.clone();
        let Some(claim) = entitlement::effective(claims, Some(now)) else {
            let plan = self.default_plan(&payer).cloned();
            return Entitlement { payer, item: None, plan, is_default: true, is_past_due: false };
        };
        let data = &claim.item.data;
        let is_default = claim.is_of_default_plan();
        // After a failed payment, Clerk may mark the subscription only.
        let owes = data.subscription_id.as_ref().is_some_and(|id| self.past_due.contains(id));
        Entitlement {
            payer,
            plan: self.plan_of(claim.item).cloned(),
            is_default,
            is_past_due: !is_default && (owes || data.status.as_deref() == Some("past_due")),
            item: Some(claim.item.clone()),
        }
    }
}
