//! Payment attempts of Clerk Billing.

mod clerk;
pub mod known_fields;
mod state;

use super::{
    Kind,
    billing::payer,
    columns::Columns,
    object_type::{ObjectTable, ObjectType, PersonalData, Request},
};

pub use self::state::{PaymentAttempt, PaymentAttemptData};
use crate::domain::clerk_object::DELETION_MESSAGE;

/// The type of payment attempts.
pub static TYPE: ObjectType = ObjectType {
    name: "payment_attempt",
    table: ObjectTable {
        name: "payment_attempts",
        id: "id",
        columns: PaymentAttemptData::COLUMNS,
        indexed: &["user_id", "organization_id"],
        // Clerk keeps them and sends no deletion.
        has_tombstones: false,
        versions_first: false,
        final_status: None,
        terms: None,
        items: &[],
        read: |row| row.into_state::<PaymentAttemptData>().into(),
    },
    owners: &[("user_id", Kind::User), ("organization_id", Kind::Organization)],
    events: &[
        ("paymentAttempt.created", Request::Store),
        ("paymentAttempt.updated", Request::Store),
    ],
    // Clerk lists the attempts of one statement.
    api: None,
    fields: &known_fields::MESSAGE,
    deletion_fields: &DELETION_MESSAGE,
    personal_data: PersonalData::Labeled,
    decode: clerk::decode,
    labels: payer::labels,
};
