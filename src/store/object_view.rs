//! Views of synced objects: their public values, without private metadata and versions.

use super::{
    driver::{DbError, Record, Row},
    object_rows::JsonReading,
};
use crate::objects::{
    Kind, columns::Columns, invitation::InvitationData, membership::MembershipData,
    organization::OrganizationData, organization_domain::OrganizationDomainData,
    payment_attempt::PaymentAttemptData, permission::PermissionData, plan::PlanData,
    role::RoleData, subscription::SubscriptionData, subscription_item::SubscriptionItemData,
};

/// An object without `private_metadata`, which is not read from the database.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectView<T> {
    /// Clerk's ID of the object.
    pub id: String,
    /// Values of the object, in which `private_metadata` is always `None`.
    pub data: T,
}

/// Values of objects that the API reads as views.
pub(super) trait Viewed: Columns {
    /// Kind of the objects.
    const KIND: Kind;
    /// Table of the objects, for errors and logs.
    const TABLE: &'static str;
}

macro_rules! viewed {
    ($($data:ty, $kind:ident, $table:literal;)+) => {
        $(impl Viewed for $data {
            const KIND: Kind = Kind::$kind;
            const TABLE: &'static str = $table;
        })+
    };
}

viewed! {
    OrganizationData, Organization, "organizations";
    MembershipData, Membership, "organization_memberships";
    InvitationData, Invitation, "organization_invitations";
    OrganizationDomainData, OrganizationDomain, "organization_domains";
    RoleData, Role, "roles";
    PermissionData, Permission, "permissions";
    PlanData, Plan, "plans";
    SubscriptionData, Subscription, "subscriptions";
    SubscriptionItemData, SubscriptionItem, "subscription_items";
    PaymentAttemptData, PaymentAttempt, "payment_attempts";
}

/// Returns the selected columns of views, the ID first.
pub(super) fn columns<T: Viewed>() -> String {
    let columns = T::COLUMNS.iter().map(|column| column.name);
    let public = columns.filter(|column| *column != "private_metadata");
    let columns: Vec<_> = [T::KIND.object_type().table.id].into_iter().chain(public).collect();
    columns.join(", ")
}

impl<T: Viewed> Record for ObjectView<T> {
    const TABLE: &'static str = T::TABLE;

    fn read(row: &Row) -> Result<Self, DbError> {
        let values = row.values(T::COLUMNS, JsonReading::Public)?;
        let id = row.get(T::KIND.object_type().table.id)?;
        Ok(Self { id, data: T::from_values(&mut values.into_iter()) })
    }
}

#[cfg(test)]
mod tests {
    use super::{
        InvitationData, MembershipData, OrganizationData, OrganizationDomainData, PermissionData,
        RoleData, Viewed, columns,
    };

    fn check<T: Viewed>() {
        assert_eq!(T::TABLE, T::KIND.object_type().table.name);
        let columns = columns::<T>();
        assert!(columns.starts_with("id, ") && !columns.contains("private"), "{columns}");
    }

    #[test]
    fn views_have_public_columns_of_their_tables() {
        check::<OrganizationData>();
        check::<MembershipData>();
        check::<InvitationData>();
        check::<OrganizationDomainData>();
        check::<RoleData>();
        check::<PermissionData>();
    }
}
