//! Clerk Billing: plans, the list of items with the newest first, and the subscription of a payer.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::error;

/// Statuses of items that Clerk lists.
const LISTED: [&str; 3] = ["active", "past_due", "upcoming"];

/// Billing of an instance.
#[derive(Default)]
pub(super) struct Billing {
    /// Whether the instance uses billing.
    pub(super) is_enabled: bool,
    pub(super) plans: Vec<Value>,
    /// Subscriptions with their items, by the ID of the user or the organization.
    pub(super) subscriptions: BTreeMap<String, Value>,
}

impl Billing {
    /// Returns the response to a request, or `None` if it is for none of these paths.
    pub(super) fn respond(
        &self,
        path: &[&str],
        query: &HashMap<String, String>,
    ) -> Option<(u16, Value)> {
        match *path {
            ["billing", _] if !self.is_enabled => Some((403, error("billing_not_enabled"))),
            ["billing", "plans"] => Some((200, page(self.plans.iter().cloned(), query))),
            ["billing", "subscription_items"] => Some((200, page(self.items(query), query))),
            ["users" | "organizations", payer, "billing", "subscription"] => {
                Some(match self.subscriptions.get(payer) {
                    Some(subscription) => (200, subscription.clone()),
                    None => (404, error("resource_not_found")),
                })
            }
            _ => None,
        }
    }

    /// Returns the listed items, the newest first.
    fn items(&self, query: &HashMap<String, String>) -> impl Iterator<Item = Value> {
        let with_free = query.get("include_free").map(String::as_str) == Some("true");
        let subscriptions = self.subscriptions.values();
        let items = subscriptions.flat_map(|it| it["subscription_items"].as_array().unwrap());
        let is_listed = |item: &&Value| {
            let is_free = item["plan"]["is_default"] == true;
            LISTED.contains(&item["status"].as_str().unwrap()) && (with_free || !is_free)
        };
        let mut items: Vec<Value> = items.filter(is_listed).cloned().collect();
        let key = |item: &Value| (item["created_at"].as_i64(), item["id"].to_string());
        items.sort_by_cached_key(key);
        items.into_iter().rev()
    }
}

fn page(objects: impl Iterator<Item = Value>, query: &HashMap<String, String>) -> Value {
    assert_eq!(query["paginated"], "true", "the response has `data` and `total_count`");
    assert!(!query.contains_key("order_by"), "the list has no such parameter");
    let number = |name: &str, default: usize| {
        query.get(name).map_or(default, |value| value.parse().unwrap())
    };
    let limit = number("limit", 10);
    assert!((1..=500).contains(&limit), "Clerk's page size");
    let objects: Vec<Value> = objects.collect();
    let total_count = objects.len();
    let page: Vec<_> = objects.into_iter().skip(number("offset", 0)).take(limit).collect();
    json!({ "data": page, "total_count": total_count })
}
