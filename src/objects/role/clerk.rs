//! Decodes role events.

use serde_json::Value;

use super::state::RoleData;
use crate::objects::decode::{Decoded, Fault, FieldReader, Fields, Message};

/// Decodes the state of a role.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let mut read = FieldReader::new(data);
    let columns = RoleData {
        key: read.indexed_text("key"),
        name: read.text("name"),
        description: read.text("description"),
        permissions: read.renamed("permissions", "permissions", permission_keys),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
    };
    let version = message.version(updated_at, data.has_value("key"));
    Ok(read.into_state(id, columns, version).into())
}

/// Reads the keys of the permissions, which are objects.
fn permission_keys(data: &Fields<'_>, field: &'static str) -> Option<Value> {
    let permissions = data.list(field)?;
    Some(permissions.iter().filter_map(|permission| permission.text("key")).collect())
}
