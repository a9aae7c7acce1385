//! State of a membership.

use serde_json::Value;

use crate::{
    domain::Millis,
    objects::{
        Kind,
        columns::columns,
        state::{ObjectData, Owners, State, differing_columns},
    },
};

/// State of a membership, `orgmem_…`. A user who leaves an organization and joins again has a new
/// membership with another ID.
pub type Membership = State<MembershipData>;

columns! {
    /// Values of a membership.
    pub struct MembershipData {
        /// Id of the organization.
        pub organization_id: String,
        /// Id of the member.
        pub user_id: String,
        /// Key of the role. An open set: `org:admin`, `org:member`, and those of the customer.
        pub role: Option<String>,
        /// Keys of the permissions, as a JSON array of strings. The role's own permissions count,
        /// because Clerk may not refresh this copy.
        pub permissions: Option<Value>,
        /// Metadata that frontends can read.
        pub public_metadata: Option<Value>,
        /// Metadata for backends. It is stored, and no API returns it.
        pub private_metadata: Option<Value>,
        /// Time at which the user joined.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

impl ObjectData for MembershipData {
    fn required() -> &'static [&'static str] {
        &["organization_id", "user_id"]
    }

    fn owners(&self) -> Owners<'_> {
        [Some((Kind::Organization, &self.organization_id)), Some((Kind::User, &self.user_id))]
    }

    fn differences(&self, remote: &Self, is_older: bool) -> Vec<&'static str> {
        let mut differing = differing_columns(self, remote);
        // A change of the role's permissions changes this copy, without a webhook and without
        // `updated_at`.
        differing.retain(|it| *it != "updated_at" && (is_older || *it != "permissions"));
        differing
    }
}
