//! Plans of Clerk Billing.

mod clerk;
pub mod known_fields;
mod state;

use super::{
    api_access::{ApiAccess, List, Paging, PathPart, SingleRead, VersionSource},
    columns::Columns,
    decode::Labels,
    object_type::{ObjectTable, ObjectType, PersonalData},
};

pub use self::state::{Plan, PlanData};
use crate::domain::clerk_object::DELETION_MESSAGE;

/// The type of plans.
pub static TYPE: ObjectType = ObjectType {
    name: "plan",
    table: ObjectTable {
        name: "plans",
        id: "id",
        columns: PlanData::COLUMNS,
        indexed: &["slug", "for_payer_type", "is_default"],
        // Clerk sends no deletion. The drift check deletes a plan that the list lacks.
        has_tombstones: true,
        versions_first: false,
        final_status: None,
        terms: None,
        items: &[],
        read: |row| row.into_state::<PlanData>().into(),
    },
    owners: &[],
    // Clerk sends no event about plans.
    events: &[],
    api: Some(ApiAccess {
        list: List { path: &["billing", "plans"], parameters: &[("paginated", "true")] },
        paging: Paging::Offset,
        single: SingleRead::List(&[PathPart::Text("billing"), PathPart::Text("plans")], None),
        omitted: &[],
        version: VersionSource::Fetch,
    }),
    fields: &known_fields::MESSAGE,
    deletion_fields: &DELETION_MESSAGE,
    personal_data: PersonalData::None,
    decode: clerk::decode,
    labels: |_| Labels::default(),
};
