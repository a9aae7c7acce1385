//! Entitlement: the plan that a payer has at a time.
//!
//! It follows from all items of the payer and never from one event, because Clerk announces a change
//! of the plan with two events in any order. Clerk documents the statuses of an item in its guide to
//! billing:
//!
//! | status | has the plan |
//! |---|---|
//! | `active`, `past_due` | yes |
//! | `canceled` | until the period ends |
//! | every other one, such as `upcoming`, `ended` and `abandoned`, and an unknown one | no |
//!
//! An item of a plan that is not the default plan wins, then the one whose period starts last. Clerk
//! lets a payer have one active item per plan. Two of them have a plan only between the two events.

use crate::{domain::Millis, objects::subscription_item::SubscriptionItem};

/// An item with what decides about the plan of its payer.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The item.
    pub item: &'a SubscriptionItem,
    /// Whether the plan is the default one. None if the plan is not synced.
    pub is_default: Option<bool>,
}

impl Claim<'_> {
    /// Returns whether the item is one of the default plan. Without the plan itself, the item tells:
    /// that of the default plan has no end and costs nothing.
    #[must_use]
    pub fn is_of_default_plan(&self) -> bool {
        let data = &self.item.data;
        let is_free = data.plan_amount.unwrap_or_default() == 0 && data.period_end.is_none();
        self.is_default.unwrap_or(is_free)
    }

    /// Returns the order of the items of a payer. The greatest one decides.
    fn rank(&self) -> (bool, Option<Millis>, Option<Millis>, &str) {
        let data = &self.item.data;
        (!self.is_of_default_plan(), data.period_start, data.created_at, &self.item.id)
    }
}

/// Returns whether a payer has the plan of an item at a time. Without a time, a canceled item counts
/// until the event about its end.
#[must_use]
pub fn is_live(item: &SubscriptionItem, now: Option<Millis>) -> bool {
    match item.data.status.as_deref() {
        Some("active" | "past_due") => true,
        Some("canceled") => item.data.period_end.is_none_or(|end| now.is_none_or(|now| now < end)),
        _ => false,
    }
}

/// Returns the item that decides the plan of a payer, if one does. See [`is_live`] for the time.
#[must_use]
pub fn effective<'a>(
    claims: impl IntoIterator<Item = Claim<'a>>,
    now: Option<Millis>,
) -> Option<Claim<'a>> {
    let live = claims.into_iter().filter(|claim| is_live(claim.item, now));
    live.max_by(|first, second| first.rank().cmp(&second.rank()))
}

#[cfg(test)]
mod tests {
    use super::{Claim, effective};
    use crate::{
        domain::Millis,
        objects::subscription_item::{SubscriptionItem, SubscriptionItemData},
    };

    const NOW: Millis = 1_800_000_000_000;

    fn item(
        id: &str,
        status: &str,
        amount: i64,
        period: (Millis, Option<Millis>),
    ) -> SubscriptionItem {
        let data = SubscriptionItemData {
            status: Some(status.to_owned()),
            plan_amount: Some(amount),
            period_start: Some(period.0),
            period_end: period.1,
            ..SubscriptionItemData::default()
        };
        SubscriptionItem { id: id.to_owned(), data, ..SubscriptionItem::default() }
    }

    fn decides(items: &[SubscriptionItem], now: Option<Millis>) -> Option<&str> {
        let claims = items.iter().map(|item| Claim { item, is_default: None });
        effective(claims, now).map(|claim| &*claim.item.id)
    }

    #[test]
    fn paid_item_wins_over_default() {
        let free = item("free", "active", 0, (NOW - 1, None));
        for status in ["active", "past_due", "canceled"] {
            let paid = item("paid", status, 2_000, (NOW - 9, Some(NOW + 1)));
            assert_eq!(decides(&[free.clone(), paid], Some(NOW)), Some("paid"), "{status}");
        }
        for status in ["upcoming", "ended", "abandoned", "incomplete", "expired", "paused", ""] {
            let paid = item("paid", status, 2_000, (NOW - 9, Some(NOW + 1)));
            assert_eq!(decides(&[free.clone(), paid], Some(NOW)), Some("free"), "{status}");
        }
        assert_eq!(decides(&[], Some(NOW)), None);
    }

    #[test]
    fn canceled_item_counts_until_period_ends() {
        let free = item("free", "active", 0, (NOW - 1, None));
        let canceled = item("paid", "canceled", 2_000, (NOW - 9, Some(NOW)));
        let items = [canceled, free];
        for (now, expected) in [(Some(NOW - 1), "paid"), (Some(NOW), "free"), (None, "paid")] {
            assert_eq!(decides(&items, now), Some(expected), "{now:?}");
        }
    }

    #[test]
    fn newest_of_two_paid_items_decides() {
        let earlier = item("b", "active", 2_000, (NOW - 9, Some(NOW + 9)));
        let later = item("a", "active", 5_000, (NOW - 1, Some(NOW + 9)));
        assert_eq!(decides(&[later.clone(), earlier.clone()], None), Some("a"));
        assert_eq!(decides(&[earlier, later], None), Some("a"));
    }

    #[test]
    fn synced_plan_tells_whether_it_is_default() {
        let trial = item("trial", "active", 0, (NOW - 9, None));
        let free = item("free", "active", 0, (NOW - 1, None));
        let claims = [
            Claim { item: &trial, is_default: Some(false) },
            Claim { item: &free, is_default: Some(true) },
        ];
        assert_eq!(effective(claims, Some(NOW)).map(|it| &*it.item.id), Some("trial"));
    }
}
