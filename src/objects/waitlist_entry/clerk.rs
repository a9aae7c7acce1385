//! Decodes events of the waitlist.

use super::state::WaitlistEntryData;
use crate::objects::decode::{Decoded, Fault, FieldReader, Fields, Message};

/// Decodes the state of an entry.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let mut read = FieldReader::new(data);
    let columns = WaitlistEntryData {
        email: read.renamed("email", "email_address", Fields::indexed_text),
        status: read.word("status"),
        invitation_id: read.renamed("invitation_id", "invitation", invitation_id),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
    };
    let version = message.version(updated_at, data.has_value("email_address"));
    Ok(read.into_state(id, columns, version).into())
}

/// Reads the ID of the embedded invitation.
fn invitation_id(data: &Fields<'_>, field: &'static str) -> Option<String> {
    data.object(field)?.item_id("id")
}
