//! Reads the roles and permissions of the Clerk instance.

use super::{
    PageRequest, Store, StoreError,
    bounded_scan::ScanPage,
    conditions::Conditions,
    object_list::ObjectList,
    object_view::{self, ObjectView, Viewed},
};
use crate::objects::{permission::PermissionData, role::RoleData};

impl Store {
    /// Reads a page of roles, by ID.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn roles(
        &self,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<RoleData>>, StoreError> {
        self.all_objects(page).await
    }

    /// Reads a page of permissions, by ID.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn permissions(
        &self,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<PermissionData>>, StoreError> {
        self.all_objects(page).await
    }

    async fn all_objects<T: Viewed>(
        &self,
        page: &PageRequest,
    ) -> Result<ScanPage<ObjectView<T>>, StoreError> {
        let list = ObjectList {
            table: T::TABLE,
            key: "id",
            owner: None,
            conditions: Conditions::default(),
            // Tombstones are left out.
            needs_scan: true,
        };
        self.object_page(object_view::columns::<T>(), list, page).await
    }
}
