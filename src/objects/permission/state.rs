//! State of a permission.

use crate::{
    domain::Millis,
    objects::{
        columns::columns,
        state::{ObjectData, State},
    },
};

/// State of a permission, `perm_…`.
pub type Permission = State<PermissionData>;

columns! {
    /// Values of a permission.
    pub struct PermissionData {
        /// Key in roles and memberships, such as `org:posts:edit`.
        pub key: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// Description.
        pub description: Option<String>,
        /// `system` or `custom`: an open set.
        pub r#type: Option<String>,
        /// Time of the creation.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

impl ObjectData for PermissionData {}
