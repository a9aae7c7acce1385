//! Generated events of Clerk Billing, in the shapes that Clerk sends.

use serde_json::{Value, json};

use super::{NOW, fixtures::event};

/// A payer: a user or an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer<'a> {
    User(&'a str),
    Organization(&'a str),
}

impl<'a> Payer<'a> {
    pub fn id(self) -> &'a str {
        match self {
            Self::User(id) | Self::Organization(id) => id,
        }
    }

    /// Returns the payer as Clerk embeds it. The ID that does not apply is empty.
    pub fn object(self) -> Value {
        let (user_id, organization_id) = match self {
            Self::User(id) => (id, ""),
            Self::Organization(id) => ("", id),
        };
        json!({
            "object": "commerce_payer", "id": format!("cpayer_{}", self.id()),
            "user_id": user_id, "first_name": "Ada", "last_name": "Lovelace",
            "email": "ada@example.com", "organization_id": organization_id,
            "organization_name": "Acme", "image_url": "https://img.clerk.com/payer",
            "created_at": NOW, "updated_at": NOW,
        })
    }

    pub fn subscription_id(self) -> String {
        format!("csub_{}", self.id())
    }
}

/// An item of a subscription. Its plan is `free`, which is the default one, or costs 20 dollars.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    pub id: String,
    pub payer: Payer<'a>,
    pub plan: String,
    pub status: String,
    /// Start of the period and last update, as offsets from `NOW`.
    pub start: i64,
    pub updated: i64,
    /// End of the period. The default plan has none.
    pub end: Option<i64>,
}

impl<'a> Item<'a> {
    pub fn new(id: &str, payer: Payer<'a>, plan: &str, status: &str, updated: i64) -> Self {
        Self {
            id: id.to_owned(),
            payer,
            plan: plan.to_owned(),
            status: status.to_owned(),
            start: 0,
            updated,
            end: (plan != "free").then_some(1_000_000),
        }
    }

    /// Returns the item as a subscription embeds it.
    pub fn embedded(&self) -> Value {
        let is_free = self.plan == "free";
        json!({
            "object": "commerce_subscription_item", "id": self.id, "status": self.status,
            "is_free_trial": false, "interval": "month",
            "plan_id": format!("cplan_{}", self.plan),
            "plan": {
                "id": format!("cplan_{}", self.plan), "slug": self.plan,
                "name": format!("Plan {}", self.plan), "is_recurring": !is_free,
                "amount": if is_free { 0 } else { 2_000 }, "currency": "USD",
            },
            "period_start": NOW + self.start, "period_end": self.end.map(|end| NOW + end),
            "subscription_id": null, "created_at": NOW + self.start,
            "updated_at": NOW + self.updated,
        })
    }

    /// Returns the event about the item.
    pub fn event(&self, action: &str) -> Value {
        let mut data = self.embedded();
        data["object"] = "subscription_item".into();
        data["payer"] = self.payer.object();
        data["subscription_id"] = self.payer.subscription_id().into();
        event(&format!("subscriptionItem.{action}"), data, self.updated)
    }

    /// Returns the item as the Backend API returns it.
    pub fn fetched(&self) -> Value {
        let is_free = self.plan == "free";
        let fee = json!({
            "amount": if is_free { 0 } else { 2_000 }, "amount_formatted": "20.00",
            "currency": "USD", "currency_symbol": "$",
        });
        // Clerk returns a canceled item as an active one with a time.
        let is_canceled = self.status == "canceled";
        json!({
            "object": "commerce_subscription_item", "id": self.id, "instance_id": "ins_1",
            "status": if is_canceled { "active" } else { &self.status },
            "is_free_trial": false, "plan_period": "month",
            "plan_id": format!("cplan_{}", self.plan),
            "plan": {
                "object": "commerce_plan", "id": format!("cplan_{}", self.plan),
                "slug": self.plan, "name": format!("Plan {}", self.plan), "fee": fee,
                "is_default": is_free, "is_recurring": !is_free,
            },
            "payer_id": format!("cpayer_{}", self.payer.id()), "payer": self.payer.object(),
            "period_start": NOW + self.start, "period_end": self.end.map(|end| NOW + end),
            "canceled_at": is_canceled.then_some(NOW + self.updated),
            "past_due_at": null, "ended_at": null,
            "created_at": NOW + self.start, "updated_at": NOW + self.updated,
        })
    }
}

/// Returns a subscription of a payer with items, as events contain it.
pub fn subscription(payer: Payer<'_>, status: &str, items: &[Item<'_>], offset: i64) -> Value {
    json!({
        "object": "commerce_subscription", "id": payer.subscription_id(), "status": status,
        "active_at": NOW, "past_due_at": null, "canceled_at": null, "ended_at": null,
        "latest_payment_id": null, "payer_id": format!("cpayer_{}", payer.id()),
        "payer": payer.object(), "payment_source_id": null,
        "items": items.iter().map(Item::embedded).collect::<Value>(),
        "created_at": NOW, "updated_at": NOW + offset,
    })
}

/// Returns the event about a subscription.
pub fn subscription_event(
    action: &str,
    payer: Payer<'_>,
    status: &str,
    items: &[Item<'_>],
    offset: i64,
) -> Value {
    let data = subscription(payer, status, items, offset);
    event(&format!("subscription.{action}"), data, offset)
}

/// Returns the subscription of a payer as the Backend API returns it.
pub fn fetched_subscription(
    payer: Payer<'_>,
    status: &str,
    items: &[Item<'_>],
    offset: i64,
) -> Value {
    json!({
        "object": "commerce_subscription", "id": payer.subscription_id(), "instance_id": "ins_1",
        "status": status, "payer_id": format!("cpayer_{}", payer.id()),
        "active_at": NOW, "past_due_at": null,
        "subscription_items": items.iter().map(Item::fetched).collect::<Value>(),
        "created_at": NOW, "updated_at": NOW + offset,
    })
}

/// Returns a plan as the Backend API returns it.
pub fn plan(slug: &str, payer_type: &str, features: &[&str]) -> Value {
    let is_default = slug.starts_with("free");
    let fee = json!({
        "amount": 2_000, "amount_formatted": "20.00", "currency": "USD", "currency_symbol": "$",
    });
    let feature = |slug: &&str| {
        json!({
            "object": "feature", "id": format!("feat_{slug}"), "name": slug, "slug": slug,
            "description": null, "avatar_url": null,
        })
    };
    json!({
        "object": "commerce_plan", "id": format!("cplan_{slug}"), "slug": slug,
        "name": format!("Plan {slug}"), "description": null, "product_id": "cprd_1",
        "fee": if is_default { Value::Null } else { fee.clone() },
        "annual_fee": null, "annual_monthly_fee": null,
        "is_default": is_default, "is_recurring": !is_default, "publicly_visible": true,
        "has_base_fee": !is_default, "for_payer_type": payer_type, "avatar_url": null,
        "features": features.iter().map(feature).collect::<Value>(),
        "free_trial_enabled": false, "free_trial_days": null,
    })
}

/// Returns the event about a payment attempt.
pub fn payment_event(id: &str, payer: Payer<'_>, status: &str, offset: i64) -> Value {
    let money = |amount: i64| json!({ "amount": amount, "amount_formatted": "$1", "currency": "USD", "currency_symbol": "$" });
    let failure = json!({ "code": "card_declined", "decline_code": "insufficient_funds" });
    let data = json!({
        "id": id, "instance_id": "ins_1", "payment_id": format!("cpa_{id}"),
        "statement_id": "stmt_1", "gateway_external_id": "pi_secret", "status": status,
        "charge_type": "recurring", "billing_date": NOW,
        "paid_at": (status == "paid").then_some(NOW + offset),
        "failed_at": (status == "failed").then_some(NOW + offset),
        "failed_reason": if status == "failed" { failure } else { Value::Null },
        "payer": payer.object(),
        "payment_source": { "id": "cps_1", "gateway": "stripe", "gateway_external_id": "pm_secret",
            "payment_method": "card", "status": "active", "card_type": "visa", "last4": "4242" },
        "totals": { "subtotal": money(2_000), "tax_total": money(200), "grand_total": money(2_200) },
        "subscription_items": [{ "id": "csub_item_1", "status": "active" }],
        "created_at": NOW, "updated_at": NOW + offset,
    });
    let action = if status == "pending" { "created" } else { "updated" };
    event(&format!("paymentAttempt.{action}"), data, offset)
}
