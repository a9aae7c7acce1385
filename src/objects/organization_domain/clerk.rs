//! Decodes domain events.

use super::state::OrganizationDomainData;
use crate::objects::decode::{Decoded, Fault, FieldReader, Fields, Message};

/// Decodes the state of a domain.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let organization = data.object("public_organization_data");
    let organization_id = match &organization {
        Some(organization) if !data.has_value("organization_id") => {
            organization.required_id("id", "data.organization_id")?
        }
        _ => data.required_id("organization_id", "data.organization_id")?,
    };
    // `verification` is the name of `affiliation_verification` until May 2026.
    let affiliation = match data.has("affiliation_verification") {
        true => "affiliation_verification",
        false => "verification",
    };
    let mut read = FieldReader::new(data);
    let columns = OrganizationDomainData {
        organization_id,
        name: read.text("name"),
        enrollment_mode: read.word("enrollment_mode"),
        affiliation_status: read.renamed("affiliation_status", affiliation, status),
        ownership_status: read.renamed("ownership_status", "ownership_verification", status),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
    };
    let version = message.version(updated_at, data.has_value("name"));
    Ok(read.into_state(id, columns, version).into())
}

/// Reads the status of a verification.
fn status(data: &Fields<'_>, field: &'static str) -> Option<String> {
    data.object(field)?.word("status")
}
