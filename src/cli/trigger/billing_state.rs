//! The user's subscription with its items and payments, as they are after each event of a scenario.
//!
//! The IDs of the subscription and its items are derived from the ID of the user. A later call with
//! the same user is therefore about the same objects, and begins with the plan `team`. Payments have
//! new IDs in each call.

use serde_json::{Value, json};

use self::BillingChange::{
    Activate, Cancel, Charge, Decline, EndFree, EndPrevious, FollowFree, MarkPastDue, PastDue, Pay,
    Refresh, Start, StartTrial, TrialEnds, Upgrade,
};
use super::{fake_user::FakeUser, ksuid, user_state::set_field};
use crate::domain::Millis;

/// Period of a plan in milliseconds.
const PERIOD: Millis = 30 * 24 * 60 * 60 * 1000;

/// Duration of a free trial in milliseconds.
const TRIAL: Millis = 14 * 24 * 60 * 60 * 1000;

/// A change of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BillingChange {
    /// The user gets a subscription, with the default plan.
    Start,
    /// Clerk starts to charge the user.
    Charge,
    /// The user gets the plan `team`.
    Activate,
    /// The item of the default plan ends.
    EndFree,
    /// The charge succeeds.
    Pay,
    /// The subscription has other items.
    Refresh,
    /// The user changes to the plan `scale`.
    Upgrade,
    /// The item of the plan before ends.
    EndPrevious,
    /// The user cancels the plan, which stays until its period ends.
    Cancel,
    /// The default plan follows.
    FollowFree,
    /// The charge fails.
    Decline,
    /// A payment for the plan is due.
    PastDue,
    /// A payment for the subscription is due.
    MarkPastDue,
    /// The user gets the plan `team` as a free trial.
    StartTrial,
    /// The trial ends in three days.
    TrialEnds,
}

/// A plan of the examples.
struct Plan {
    slug: &'static str,
    name: &'static str,
    /// Fee per month in cents.
    amount: i64,
}

const FREE: Plan = Plan { slug: "free", name: "Free", amount: 0 };
const TEAM: Plan = Plan { slug: "team", name: "Team", amount: 1_900 };
const SCALE: Plan = Plan { slug: "scale", name: "Scale", amount: 9_900 };

/// The subscription of a user. Objects are in Clerk's format.
#[derive(Debug)]
pub(super) struct BillingState<'a> {
    user: FakeUser,
    /// Key from which IDs are derived that are new in each call, and their creation second.
    key: &'a str,
    second: i64,
    /// Number of payments in this call.
    payments: u64,
    subscription: Value,
    /// Item of the default plan.
    free: Value,
    /// Item of the current plan.
    paid: Value,
    /// Item of the plan before.
    previous: Value,
    payment: Value,
}

impl<'a> BillingState<'a> {
    /// Returns the subscription of a user.
    pub(super) fn new(user: FakeUser, key: &'a str, second: i64) -> Self {
        let created_at = user.created_at;
        let mut state = Self {
            user,
            key,
            second,
            payments: 0,
            subscription: Value::Null,
            free: Value::Null,
            paid: Value::Null,
            previous: Value::Null,
            payment: Value::Null,
        };
        state.free = state.item(&FREE, "ended", created_at, None);
        state.paid = state.item(&TEAM, "active", created_at, Some(PERIOD));
        state.subscription = state.new_subscription();
        state
    }

    /// Applies a change.
    pub(super) fn apply(&mut self, change: BillingChange, at: Millis) {
        match change {
            Start => {
                self.free = self.item(&FREE, "active", at, None);
                self.paid = Value::Null;
            }
            Charge => self.payment = self.new_payment(at),
            Activate => self.paid = self.item(&TEAM, "active", at, Some(PERIOD)),
            EndFree => {
                set_field(&mut self.free, "/status", "ended");
                set_field(&mut self.free, "/period_end", at);
            }
            Pay => {
                set_field(&mut self.payment, "/status", "paid");
                set_field(&mut self.payment, "/paid_at", at);
            }
            Upgrade => {
                let scale = self.item(&SCALE, "active", at, Some(PERIOD));
                self.previous = std::mem::replace(&mut self.paid, scale);
            }
            EndPrevious => {
                set_field(&mut self.previous, "/status", "ended");
                set_field(&mut self.previous, "/period_end", at);
            }
            Cancel => set_field(&mut self.paid, "/status", "canceled"),
            FollowFree => {
                let start = self.paid["period_end"].as_i64().unwrap_or(at);
                self.free = self.item(&FREE, "upcoming", start, None);
            }
            Decline => {
                let reason =
                    json!({ "code": "card_declined", "decline_code": "insufficient_funds" });
                set_field(&mut self.payment, "/status", "failed");
                set_field(&mut self.payment, "/failed_at", at);
                set_field(&mut self.payment, "/failed_reason", reason);
            }
            PastDue => set_field(&mut self.paid, "/status", "past_due"),
            MarkPastDue => {
                set_field(&mut self.subscription, "/status", "past_due");
                set_field(&mut self.subscription, "/past_due_at", at);
            }
            StartTrial => {
                self.paid = self.item(&TEAM, "active", at, Some(TRIAL));
                set_field(&mut self.paid, "/is_free_trial", true);
            }
            Refresh | TrialEnds => {}
        }
        let items: Value = [&self.free, &self.paid]
            .into_iter()
            .filter(|item| !item.is_null() && item["status"] != "ended")
            .map(embedded)
            .collect();
        set_field(&mut self.subscription, "/items", items);
        set_field(self.object_mut(change), "/updated_at", at);
    }

    /// Returns the object in the event of a change.
    pub(super) fn object_mut(&mut self, change: BillingChange) -> &mut Value {
        match change {
            Start | Refresh | MarkPastDue => &mut self.subscription,
            Charge | Pay | Decline => &mut self.payment,
            EndFree | FollowFree => &mut self.free,
            EndPrevious => &mut self.previous,
            Activate | Upgrade | Cancel | PastDue | StartTrial | TrialEnds => &mut self.paid,
        }
    }

    /// Returns an ID that depends on the user alone.
    fn id(&self, prefix: &str, name: &str) -> String {
        ksuid::id(prefix, self.user.created_at / 1000, &self.user.id, name)
    }

    /// Returns an ID that is new in each call.
    fn new_id(&self, prefix: &str) -> String {
        let name = format!("payment {}", self.payments);
        ksuid::id(prefix, self.second, self.key, &name)
    }

    fn payer(&self) -> Value {
        json!({
            "object": "commerce_payer",
            "id": self.id("cpayer", "payer"),
            "user_id": self.user.id,
            "first_name": self.user.first_name,
            "last_name": self.user.last_name,
            "email": self.user.email(),
            "organization_id": "",
            "organization_name": "",
            "image_url": "https://img.clerk.com/payer",
            "created_at": self.user.created_at,
            "updated_at": self.user.created_at,
        })
    }

    fn new_subscription(&self) -> Value {
        let created_at = self.user.created_at;
        json!({
            "object": "commerce_subscription",
            "id": self.id("csub", "subscription"),
            "status": "active",
            "active_at": created_at,
            "past_due_at": null,
            "canceled_at": null,
            "ended_at": null,
            "latest_payment_id": null,
            "payer_id": self.id("cpayer", "payer"),
            "payer": self.payer(),
            "payment_source_id": null,
            "items": [],
            "created_at": created_at,
            "updated_at": created_at,
        })
    }

    fn item(&self, plan: &Plan, status: &str, start: Millis, period: Option<Millis>) -> Value {
        // The default plan that follows a canceled one has another item.
        let name = if status == "upcoming" { "next free" } else { plan.slug };
        let plan_id = ksuid::id("cplan", 0, "plans of the examples", plan.slug);
        json!({
            "object": "subscription_item",
            "id": self.id("csub_item", name),
            "status": status,
            "is_free_trial": false,
            "interval": "month",
            "plan_id": plan_id,
            "plan": {
                "id": plan_id,
                "slug": plan.slug,
                "name": plan.name,
                "is_recurring": plan.amount > 0,
                "amount": plan.amount,
                "currency": "USD",
            },
            "period_start": start,
            "period_end": period.map(|period| start.saturating_add(period)),
            "subscription_id": self.id("csub", "subscription"),
            "payer": self.payer(),
            "created_at": start,
            "updated_at": start,
        })
    }

    fn new_payment(&mut self, at: Millis) -> Value {
        self.payments += 1;
        let amount = self.paid["plan"]["amount"].as_i64().unwrap_or(TEAM.amount);
        let money = json!({
            "amount": amount,
            "amount_formatted": format!("${}.{:02}", amount / 100, amount % 100),
            "currency": "USD",
            "currency_symbol": "$",
        });
        let is_first = self.paid.is_null();
        json!({
            "id": self.new_id("pa"),
            "payment_id": self.new_id("cpa"),
            "statement_id": self.new_id("stmt"),
            "status": "pending",
            "charge_type": if is_first { "checkout" } else { "recurring" },
            "billing_date": at,
            "paid_at": null,
            "failed_at": null,
            "failed_reason": null,
            "payer": self.payer(),
            "totals": { "subtotal": money, "tax_total": null, "grand_total": money },
            "subscription_items": [],
            "created_at": at,
            "updated_at": at,
        })
    }
}

/// Returns an item as a subscription embeds it.
fn embedded(item: &Value) -> Value {
    let mut item = item.clone();
    if let Some(fields) = item.as_object_mut() {
        fields.remove("payer");
        fields.insert("object".to_owned(), "commerce_subscription_item".into());
        fields.insert("subscription_id".to_owned(), Value::Null);
    }
    item
}
