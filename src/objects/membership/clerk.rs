//! Decodes membership events. All of them, also the deletion, carry the whole membership.

use super::state::MembershipData;
use crate::objects::{
    decode::{Decoded, Fault, FieldReader, Fields, Message},
    organization,
};

/// Decodes the state of a membership, and the organization that it embeds.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let organization = data.object("organization");
    let organization_id = match &organization {
        Some(organization) => organization.required_id("id", "data.organization.id")?,
        None => data.required_id("organization_id", "data.organization")?,
    };
    let user_id = match data.object("public_user_data") {
        Some(user) => user.required_id("user_id", "data.public_user_data.user_id")?,
        None => data.required_id("user_id", "data.public_user_data")?,
    };
    let mut read = FieldReader::new(data);
    let columns = MembershipData {
        organization_id,
        user_id,
        role: read.word("role"),
        permissions: read.texts("permissions"),
        public_metadata: read.json("public_metadata"),
        private_metadata: read.json("private_metadata"),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
    };
    let version = message.version(updated_at, data.has_value("role"));
    let embedded = organization.and_then(|it| organization::embedded(message, &it));
    let state = read.into_state(id, columns, version);
    Ok(Decoded { embedded: embedded.map(Into::into).into_iter().collect(), ..state.into() })
}
