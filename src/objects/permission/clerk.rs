//! Decodes permission events.

use super::state::PermissionData;
use crate::objects::decode::{Decoded, Fault, FieldReader, Fields, Message};

/// Decodes the state of a permission.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let mut read = FieldReader::new(data);
    let columns = PermissionData {
        key: read.indexed_text("key"),
        name: read.text("name"),
        description: read.text("description"),
        r#type: read.word("type"),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
    };
    let version = message.version(updated_at, data.has_value("key"));
    Ok(read.into_state(id, columns, version).into())
}
