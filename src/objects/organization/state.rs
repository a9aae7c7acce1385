//! State of an organization.

use serde_json::Value;

use crate::{
    domain::{Millis, search},
    objects::{
        columns::columns,
        state::{ObjectData, State},
    },
};

/// State of an organization, `org_…`.
pub type Organization = State<OrganizationData>;

columns! {
    /// Values of an organization.
    pub struct OrganizationData {
        /// Name.
        pub name: Option<String>,
        /// Name in URLs. `None` if the Clerk instance uses no slugs. Another organization can have
        /// had the same slug before.
        pub slug: Option<String>,
        /// URL of the logo.
        pub image: Option<String>,
        /// Maximum number of memberships. 0 is no limit.
        pub max_allowed_memberships: Option<i64>,
        /// True if administrators can delete the organization.
        pub admin_delete_enabled: Option<bool>,
        /// Metadata that frontends can read.
        pub public_metadata: Option<Value>,
        /// Metadata for backends. It is stored, and no API returns it.
        pub private_metadata: Option<Value>,
        /// Id of the user who created the organization. That user may no longer exist.
        pub created_by: Option<String>,
        /// Time of the creation.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

impl ObjectData for OrganizationData {
    fn search_terms(&self) -> Vec<String> {
        search::terms([&self.name, &self.slug].into_iter().flatten().map(String::as_str))
    }
}
