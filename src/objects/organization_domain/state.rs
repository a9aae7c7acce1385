//! State of a domain.

use crate::{
    domain::Millis,
    objects::{
        Kind,
        columns::columns,
        state::{ObjectData, Owners, State, differing_columns},
    },
};

/// State of a domain, `orgdmn_…`.
pub type OrganizationDomain = State<OrganizationDomainData>;

columns! {
    /// Values of a domain.
    pub struct OrganizationDomainData {
        /// Id of the organization.
        pub organization_id: String,
        /// Name of the domain, such as `example.com`.
        pub name: Option<String>,
        /// `manual_invitation`, `automatic_invitation`, `automatic_suggestion`, `enterprise_sso`: an
        /// open set.
        pub enrollment_mode: Option<String>,
        /// Status of the verification of an address in the domain.
        pub affiliation_status: Option<String>,
        /// Status of the verification that the organization owns the domain.
        pub ownership_status: Option<String>,
        /// Time at which the domain was added.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

impl ObjectData for OrganizationDomainData {
    fn required() -> &'static [&'static str] {
        &["organization_id"]
    }

    fn owners(&self) -> Owners<'_> {
        [Some((Kind::Organization, &self.organization_id)), None]
    }

    fn differences(&self, remote: &Self, _is_older: bool) -> Vec<&'static str> {
        // A verification expires without a webhook.
        let has_expired = |stored: &Option<String>, remote: &Option<String>| {
            stored.as_deref() == Some("unverified") && remote.as_deref() == Some("expired")
        };
        let mut differing = differing_columns(self, remote);
        differing.retain(|column| match *column {
            "updated_at" => false,
            "affiliation_status" => {
                !has_expired(&self.affiliation_status, &remote.affiliation_status)
            }
            "ownership_status" => !has_expired(&self.ownership_status, &remote.ownership_status),
            _ => true,
        });
        differing
    }
}
