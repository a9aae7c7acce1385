//! State of a role.

use serde_json::Value;

use crate::{
    domain::Millis,
    objects::{
        columns::columns,
        state::{ObjectData, State},
    },
};

/// State of a role, `role_…`.
pub type Role = State<RoleData>;

columns! {
    /// Values of a role.
    pub struct RoleData {
        /// Key in memberships, such as `org:admin`.
        pub key: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// Description.
        pub description: Option<String>,
        /// Keys of the permissions, as a JSON array of strings.
        pub permissions: Option<Value>,
        /// Time of the creation.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

impl ObjectData for RoleData {}
