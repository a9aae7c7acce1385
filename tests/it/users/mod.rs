//! `/v1/users` and what is below it.

mod filters;
mod single_user;
mod owned_objects;
mod paging;
mod search;

use serde_json::{Value, json};

use crate::harness::fixtures;

/// `user.created` of a user with some fields that differ, changed at `NOW + later`.
fn created(id: &str, later: i64, differ: &Value) -> Value {
    let mut user = fixtures::user(id, later);
    for (field, value) in differ.as_object().unwrap() {
        user[field] = value.clone();
    }
    fixtures::event("user.created", user, later)
}

/// `user.created` of a user who claims an address, with or without proof.
fn claiming(id: &str, address: &str, status: &str, later: i64) -> Value {
    let address = json!({
        "id": format!("idn_{id}"), "email_address": address,
        "verification": { "status": status, "strategy": "email_code" },
    });
    created(id, later, &json!({ "email_addresses": [address] }))
}
