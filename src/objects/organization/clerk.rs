//! Decodes organization events, and the organizations that membership events embed.

use super::state::{Organization, OrganizationData};
use crate::{
    domain::version::Version,
    objects::decode::{Decoded, Fault, FieldReader, Fields, Message},
};

/// The fields that Clerk sends with each complete organization. One that a membership embeds lacks
/// the private metadata.
const REQUIRED: [&str; 3] = ["name", "public_metadata", "private_metadata"];

/// Decodes the state of an organization.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let is_complete = REQUIRED.iter().all(|field| data.has(field));
    let version = message.version(updated_at, is_complete);
    Ok(organization(id, data, version).into())
}

/// Returns the organization that a membership event embeds. It lacks fields, and must lose to every
/// complete one.
#[must_use]
pub fn embedded(message: &Message<'_>, data: &Fields<'_>) -> Option<Organization> {
    let id = data.item_id("id")?;
    let updated_at = data.instant("updated_at");
    let is_complete = REQUIRED.iter().all(|field| data.has(field));
    let version = message.embedded_version(updated_at, is_complete);
    Some(organization(id, data, version))
}

fn organization(id: String, data: &Fields<'_>, version: Version) -> Organization {
    let mut read = FieldReader::new(data);
    let columns = OrganizationData {
        name: read.text("name"),
        slug: read.indexed_text("slug"),
        image: read.renamed("image", "image_url", Fields::text),
        max_allowed_memberships: read.count("max_allowed_memberships"),
        admin_delete_enabled: read.flag("admin_delete_enabled"),
        public_metadata: read.json("public_metadata"),
        private_metadata: read.json("private_metadata"),
        created_by: read.item_id("created_by"),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
    };
    read.into_state(id, columns, version)
}
