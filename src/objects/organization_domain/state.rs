//! State of a domain.

use crate::{
    domain::Millis,
    objects::{
        Kind,
        columns::columns,
        state::{ObjectData, State},
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

    fn owners(&self) -> Vec<(Kind, &str)> {
        vec![(Kind::Organization, &self.organization_id)]
    }
}
