//! Description of a type of synced objects: all that the rest of the program needs to know of it.

use super::{
    AnyState, Kind,
    api_access::ApiAccess,
    columns::{Column, ColumnValue},
    decode::{Decoded, Fault, Fields, Labels, Message},
    state::FieldVersions,
};
use crate::domain::{clerk_object::ClerkObject, json::Json, version::Version};

/// A type of synced objects. Each has one, in the module of its objects.
#[derive(Debug)]
pub struct ObjectType {
    /// Name in the API, in the change feed, and in the types of local events.
    pub name: &'static str,
    /// The table, and how its rows are read.
    pub table: ObjectTable,
    /// The objects that an object goes with: the column with the ID, and the kind. If one of them
    /// is deleted, the object is removed.
    pub owners: &'static [(&'static str, Kind)],
    /// Clerk's event types, and what they ask for.
    pub events: &'static [(&'static str, Request)],
    /// Access to the objects in the Backend API. None if it lists them for single users only.
    pub api: Option<ApiAccess>,
    /// The known fields of the message with a state.
    pub fields: &'static ClerkObject,
    /// The known fields of the message about a deletion.
    pub deletion_fields: &'static ClerkObject,
    /// Way to find the payloads of events about such an object when a person is deleted.
    pub personal_data: PersonalData,
    /// Decodes the object in the data of an event.
    pub decode: fn(&Message<'_>, &Fields<'_>) -> Result<Decoded, Fault>,
    /// Reads the IDs of the user and the organization from data that may not be decodable.
    pub labels: fn(&Json<'_>) -> Labels,
}

/// Request of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// To store the state of the object.
    Store,
    /// To delete the object.
    Delete,
}

/// Way to find the payloads with personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonalData {
    /// By the user or the organization that the event is about. A payload without one is reduced to
    /// its IDs, statuses and times.
    Labeled,
    /// By an email address in this column of the stored object. The payload of an event that is not
    /// applied is reduced.
    Addressed(&'static str),
    /// There are none.
    None,
}

impl PersonalData {
    /// Returns whether the payloads are found by an email address.
    #[must_use]
    pub fn is_addressed(self) -> bool {
        matches!(self, Self::Addressed(_))
    }
}

/// The table of the objects of one type.
#[derive(Debug)]
pub struct ObjectTable {
    /// Name of the table.
    pub name: &'static str,
    /// Column with the ID.
    pub id: &'static str,
    /// Columns with the values of the object.
    pub columns: &'static [Column],
    /// The columns that an index contains or depends on, except for the ID. A commit does not write
    /// them if they keep their values, because SQLite would write each of their indexes again.
    pub indexed: &'static [&'static str],
    /// Whether deleted objects leave a tombstone. Otherwise Clerk sends no deletion.
    pub has_tombstones: bool,
    /// Whether a commit reads only the versions of stored objects, unless it needs all columns. This
    /// is faster for wide rows.
    pub versions_first: bool,
    /// Column of the status, if a status can be final, and whether a status is.
    pub final_status: Option<(&'static str, IsFinal)>,
    /// Table with the search terms of the objects, and its column with the ID.
    pub terms: Option<(&'static str, &'static str)>,
    /// Tables with items that belong to an object.
    pub items: &'static [ItemTable],
    /// Creates the state of an object from a row.
    pub read: fn(StoredRow<'_>) -> AnyState,
}

/// Function that returns whether a status is final.
pub type IsFinal = fn(&str) -> bool;

/// A table with items that belong to an object. All items of an object are replaced together.
#[derive(Debug)]
pub struct ItemTable {
    /// Name of the table.
    pub name: &'static str,
    /// Column with the ID of the object. The column with the ID of the item is `id`.
    pub owner: &'static str,
    /// Columns with the values of the item, the first of which is its ID.
    pub columns: &'static [Column],
}

/// The row of an object, without its items.
pub struct StoredRow<'r> {
    /// ID of the object.
    pub id: String,
    /// Values of the columns of [`ObjectTable::columns`].
    pub values: &'r mut dyn Iterator<Item = ColumnValue<'r>>,
    /// Version of the state.
    pub version: Version,
    /// Stored versions of fields.
    pub field_versions: Option<&'r str>,
}

impl StoredRow<'_> {
    /// Creates the state of an object.
    #[must_use]
    pub fn into_state<T: super::state::ObjectData>(mut self) -> super::State<T> {
        let field_versions: FieldVersions =
            super::state::field_versions_from_text::<T>(self.field_versions);
        let data = T::from_values(&mut self.values);
        super::State { id: self.id, data, version: self.version, field_versions }
    }
}
