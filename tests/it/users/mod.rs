//! `/v1/users` and the paths below it.

mod filters;
mod order;
mod owned_objects;
mod paging;
mod profiles;
mod projection;
mod search;
mod single_user;

use serde_json::{Value, json};

use crate::harness::fixtures;

/// Returns `user.created` of a user with some overridden fields, updated at `NOW + later`.
fn created(id: &str, later: i64, overrides: &Value) -> Value {
    let mut user = fixtures::user(id, later);
    for (field, value) in overrides.as_object().unwrap() {
        user[field] = value.clone();
    }
    fixtures::event("user.created", user, later)
}

/// Returns `user.created` of a user who claims an address, verified or not.
fn claiming(id: &str, address: &str, status: &str, later: i64) -> Value {
    let address = json!({
        "id": format!("idn_{id}"), "email_address": address,
        "verification": { "status": status, "strategy": "email_code" },
    });
    created(id, later, &json!({ "email_addresses": [address] }))
}
