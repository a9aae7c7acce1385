//! Decodes invitation events.

use super::state::{InvitationData, is_final};
use crate::objects::decode::{Decoded, Fault, FieldReader, Fields, Message};

/// Decodes the state of an invitation. Clerk's specification has the data of an accepted invitation
/// one level deeper, its SDK does not.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let nested = data.object("data").filter(|_| !data.has_value("id"));
    let data = nested.as_ref().unwrap_or(data);
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let organization = data.object("public_organization_data");
    let organization_id = match &organization {
        Some(organization) if !data.has_value("organization_id") => {
            organization.required_id("id", "data.organization_id")?
        }
        _ => data.required_id("organization_id", "data.organization_id")?,
    };
    let mut read = FieldReader::new(data);
    let columns = InvitationData {
        organization_id,
        email: read.renamed("email", "email_address", Fields::indexed_text),
        role: read.word("role"),
        status: data.word("status").or_else(|| implied_status(message)),
        inviter_id: read.item_id("inviter_id"),
        user_id: read.item_id("user_id"),
        public_metadata: read.json("public_metadata"),
        private_metadata: read.json("private_metadata"),
        expires_at: read.instant("expires_at"),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
    };
    let is_final = columns.status.as_deref().is_some_and(is_final);
    let version = message.version(updated_at, data.has_value("email_address"));
    Ok(read.into_state(id, columns, version.with_final_status(is_final)).into())
}

/// Returns the status of an invitation whose payload has none. A fetched one without a status is
/// pending.
fn implied_status(message: &Message<'_>) -> Option<String> {
    let status = match message.event_type.rsplit_once('.')?.1 {
        "accepted" => "accepted",
        "revoked" => "revoked",
        _ => "pending",
    };
    Some(status.to_owned())
}
