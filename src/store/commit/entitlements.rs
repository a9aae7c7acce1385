//! Changes of the plans that payers have.
//!
//! The plan follows from all items of a payer. It is computed before and after each event that
//! changes one of them, and a difference is recorded in the event log. Unlike a reader, a commit
//! counts a canceled item until the event about its end, so that the end is recorded once.

use std::collections::{BTreeMap, HashMap};

use super::{Tx, keyed};
use crate::{
    objects::{
        AnyState, Kind,
        billing::entitlement::{self, Claim},
        event::{Change, Content},
        merge::{Merge, StoredObjects},
        subscription_item::SubscriptionItem,
    },
    store::{
        StoreError,
        entitlements::{self, PayerId},
        object_rows::JsonReading,
        stored_objects::collect_objects,
    },
};

/// Change of the plan of a payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::store) struct EntitlementChange {
    pub(super) payer: PayerId,
    pub(super) before: PayersPlan,
    pub(super) after: PayersPlan,
}

/// Plan of a payer. The default one has neither ID nor key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PayersPlan {
    pub(super) id: Option<String>,
    pub(super) slug: Option<String>,
}

/// Items of the payers that a batch is about.
#[derive(Default)]
pub(super) struct Entitlements {
    items: HashMap<PayerId, BTreeMap<String, SubscriptionItem>>,
    /// Whether plans are default ones, by ID. Others are not synced.
    plans: HashMap<String, bool>,
}

impl Entitlements {
    /// Reads the items of the payers whose items change. Without such a change, reads nothing.
    pub(super) async fn read(
        tx: &mut Tx,
        contents: &[&Content],
        stored: &StoredObjects,
    ) -> Result<Self, StoreError> {
        let changes = contents.iter().filter_map(|content| content.change());
        let after: Vec<_> = changes.flat_map(Change::states).filter_map(as_item).collect();
        let plans: Vec<&str> =
            after.iter().filter_map(|item| item.data.plan_id.as_deref()).collect();
        let items = after.into_iter().chain(stored.states().filter_map(as_item));
        let payers: Vec<PayerId> = items.filter_map(PayerId::of_item).collect();
        let mut found = Self::default();
        if payers.is_empty() {
            return Ok(found);
        }
        for (kind, column) in entitlements::OWNERS {
            let ids = entitlements::distinct_ids(&payers, kind);
            let rows = keyed::rows(tx, &entitlements::items_sql(column), &ids).await?;
            // The merge reports an item that it cannot read.
            let objects = collect_objects(
                Kind::SubscriptionItem,
                &rows,
                JsonReading::Strict,
                &mut Vec::new(),
            )?;
            for item in objects.into_iter().filter_map(entitlements::item) {
                found.insert(item);
            }
        }
        found.read_plans(tx, plans).await?;
        Ok(found)
    }

    async fn read_plans(&mut self, tx: &mut Tx, changed: Vec<&str>) -> Result<(), StoreError> {
        let items = self.items.values().flat_map(BTreeMap::values);
        let stored = items.filter_map(|item| item.data.plan_id.as_deref());
        let mut ids: Vec<&str> = stored.chain(changed).collect();
        ids.sort_unstable();
        ids.dedup();
        let sql = "SELECT id, is_default FROM plans WHERE id IN {}";
        for row in keyed::rows(tx, sql, &ids).await? {
            if let Some(is_default) = row.get("is_default")? {
                self.plans.insert(row.get("id")?, is_default);
            }
        }
        Ok(())
    }

    fn insert(&mut self, item: SubscriptionItem) {
        if let Some(payer) = PayerId::of_item(&item) {
            self.items.entry(payer).or_default().insert(item.id.clone(), item);
        }
    }

    /// Takes over the items that a merged change changed. Returns the change of the plan of their
    /// payer, if there is one.
    pub(super) fn update(
        &mut self,
        merge: &Merge<'_>,
        change: &Change,
    ) -> Option<EntitlementChange> {
        let deleted = change.deletion().filter(|it| it.kind == Kind::SubscriptionItem);
        let items = change.states().filter_map(as_item).map(|item| &*item.id);
        let ids: Vec<&str> = items.chain(deleted.map(|it| &*it.id)).collect();
        // All items of an event have the same payer.
        let payer = ids.iter().find_map(|id| match current(merge, id) {
            Some(item) => PayerId::of_item(item),
            None => {
                self.items.iter().find(|(_, items)| items.contains_key(*id)).map(|it| it.0.clone())
            }
        })?;
        let before = self.plan(&payer);
        for id in &ids {
            match current(merge, id) {
                Some(item) => self.insert(item.clone()),
                None => drop(self.items.get_mut(&payer).and_then(|items| items.remove(*id))),
            }
        }
        let after = self.plan(&payer);
        (before != after).then_some(EntitlementChange { payer, before, after })
    }

    fn plan(&self, payer: &PayerId) -> PayersPlan {
        let claims = self.items.get(payer).into_iter().flat_map(BTreeMap::values).map(|item| {
            let plan = item.data.plan_id.as_ref();
            Claim { item, is_default: plan.and_then(|id| self.plans.get(id)).copied() }
        });
        let effective = entitlement::effective(claims, None);
        let Some(claim) = effective.filter(|claim| !claim.is_of_default_plan()) else {
            return PayersPlan::default();
        };
        let data = &claim.item.data;
        PayersPlan { id: data.plan_id.clone(), slug: data.plan_slug.clone() }
    }
}

/// Returns the merged state of an item, if it exists.
fn current<'m>(merge: &'m Merge<'_>, id: &'m str) -> Option<&'m SubscriptionItem> {
    merge.state((Kind::SubscriptionItem, id)).and_then(as_item)
}

fn as_item(state: &AnyState) -> Option<&SubscriptionItem> {
    match state {
        AnyState::SubscriptionItem(item) => Some(item),
        _ => None,
    }
}
