//! Events of organizations, memberships, invitations, domains, roles and permissions.

mod deletions;
mod domains;
mod embedded;
mod failures;
mod invitations;
mod memberships;
mod payloads;
mod roles;

use serde_json::Value;

use crate::harness::{Delivery, NOW, SECRET, Service, Tables};

/// Returns a delivery with an ID that the test chooses.
fn signed(id: &str, body: &Value) -> Delivery {
    Delivery::signed(SECRET, id, NOW, body.to_string())
}

/// Sends events in order, and asserts their decisions.
async fn send_all(service: &Service, events: &[(Value, &str)]) {
    for (body, decision) in events {
        assert_eq!(service.send(body).await, *decision, "{body}");
    }
}

/// Returns the row of a table that has an ID.
async fn row(tables: &mut Tables, table: &str, id: &str) -> Value {
    let key = if table == "users" { "clerk_id" } else { "id" };
    let rows = tables.rows(table).await;
    rows.into_iter().find(|row| row[key] == id).unwrap_or_else(|| panic!("{table} has no {id}"))
}

/// Returns the columns of a row that are not null, sorted, except for the version.
fn values(row: &Value) -> Vec<&str> {
    let values = row.as_object().unwrap().iter().filter(|(_, value)| !value.is_null());
    let values = values.map(|(name, _)| &**name).filter(|name| !name.starts_with("version_"));
    let mut values: Vec<_> = values.collect();
    values.sort_unstable();
    values
}

/// Returns the IDs of a table's rows that are not deleted.
async fn live_ids(tables: &mut Tables, table: &str) -> Vec<String> {
    tables.column(&format!("SELECT id FROM {table} WHERE deleted_at IS NULL ORDER BY id")).await
}

/// Returns `ID DECISION HAS_PAYLOAD` of each event with a type like a pattern, in commit order.
async fn payload_states(tables: &mut Tables, pattern: &str) -> Vec<String> {
    let sql = format!(
        "SELECT id || ' ' || decision || CASE WHEN payload IS NULL THEN ' empty' ELSE ' stored' END \
         FROM webhook_events WHERE type LIKE '{pattern}' ORDER BY seq"
    );
    tables.column(&sql).await
}
