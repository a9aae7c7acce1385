//! State of an object at one version, and the merge of two states.
//!
//! A payload can lack fields. A field that a state lacks keeps the value of the newest state that
//! has it, with that state's version. The merge is therefore commutative, associative and
//! idempotent for each field.

use std::{collections::BTreeMap, fmt::Debug};

use serde_json::Value;

use super::{
    Kind,
    columns::{ColumnValue, Columns},
};
use crate::domain::{Millis, version::Version};

/// State of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State<T> {
    /// Clerk's ID.
    pub id: String,
    /// Values of the object.
    pub data: T,
    /// Version of this state.
    pub version: Version,
    /// Versions of the fields whose values are from another state, by the names of the fields. A
    /// field that no state had has the version `Version::default()`.
    pub field_versions: FieldVersions,
}

/// The objects that an object goes with: at most two.
pub type Owners<'a> = [Option<(Kind, &'a str)>; 2];

/// Versions of fields, by the names of the fields.
pub type FieldVersions = BTreeMap<&'static str, Version>;

/// Values of an object of one type, with the rules by which two of them merge.
pub trait ObjectData: Columns + Clone + Debug + Default + PartialEq {
    /// Returns the names of the fields that a payload can lack. Each decides columns or items of
    /// the object, and no two fields decide the same.
    #[must_use]
    fn fields() -> impl Iterator<Item = &'static str> {
        Self::COLUMNS.iter().map(|column| column.name)
    }

    /// Returns the columns that every state has, such as the IDs of the owners.
    #[must_use]
    fn required() -> &'static [&'static str] {
        &[]
    }

    /// Copies what a field decides from another state.
    fn copy_field(&mut self, field: &'static str, from: &Self) {
        self.copy_column(field, from);
    }

    /// Merges values that have a version of their own. Returns true if anything changed.
    fn merge_unversioned(&mut self, other: &Self) -> bool {
        let _ = other;
        false
    }

    /// Returns the version of such values.
    fn unversioned(&self) -> Option<&Version> {
        None
    }

    /// Removes such values.
    fn clear_unversioned(&mut self) {}

    /// Returns the objects that the object goes with.
    fn owners(&self) -> Owners<'_> {
        [None, None]
    }

    /// Returns the user whom the object is about, other than its owner.
    fn named_user(&self) -> Option<&str> {
        None
    }

    /// Returns the values of the items that belong to the object, one item after another, by the
    /// index of their table.
    fn items(&self, table: usize) -> Vec<ColumnValue<'_>> {
        let _ = table;
        Vec::new()
    }

    /// Adds an item from a table.
    fn add_item(&mut self, table: usize, values: &mut dyn Iterator<Item = ColumnValue<'_>>) {
        let _ = (table, values);
    }

    /// Returns the names of the columns and items that differ from those of Clerk's, except those
    /// that change without a webhook. `is_older` tells whether Clerk's state is newer.
    fn differences(&self, remote: &Self, is_older: bool) -> Vec<&'static str> {
        let _ = is_older;
        let mut differing = differing_columns(self, remote);
        differing.retain(|column| *column != "updated_at");
        differing
    }

    /// Returns the terms by which the object is found.
    fn search_terms(&self) -> Vec<String> {
        Vec::new()
    }
}

impl<T: ObjectData> State<T> {
    /// Returns true if all fields are from one state.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.field_versions.is_empty()
    }

    /// Returns the version of the state that a field is from.
    #[must_use]
    pub fn version_of(&self, field: &str) -> &Version {
        self.field_versions.get(field).unwrap_or(&self.version)
    }

    /// Merges another state of the object into this one. Each field is that of the newest state
    /// that has it. Returns true if anything changed.
    pub fn merge(&mut self, other: &Self) -> bool {
        let mut changed = other.version > self.version;
        let version = (&other.version).max(&self.version).clone();
        if self.is_whole() && other.is_whole() && changed {
            let mut data = other.data.clone();
            data.merge_unversioned(&self.data);
            (self.data, self.version) = (data, version);
            return true;
        }
        changed |= self.data.merge_unversioned(&other.data);
        let mut field_versions = FieldVersions::new();
        for field in T::fields() {
            let (current, incoming) = (self.version_of(field), other.version_of(field));
            let newest = current.max(incoming).clone();
            if incoming > current {
                self.data.copy_field(field, &other.data);
                changed = true;
            }
            if newest != version {
                field_versions.insert(field, newest);
            }
        }
        (self.version, self.field_versions) = (version, field_versions);
        changed
    }

    /// Returns the names of the columns and items that differ from those of Clerk's. See
    /// [`ObjectData::differences`].
    #[must_use]
    pub fn differences(&self, remote: &Self, is_older: bool) -> Vec<&'static str> {
        let mut differing = self.data.differences(&remote.data, is_older);
        // Clerk's lists leave out some fields.
        differing.retain(|field| !remote.field_versions.contains_key(field));
        differing
    }

    /// Returns the part of the state whose versions are kept, or none if there is none. `has_row`
    /// tells whether the object exists without the part.
    #[must_use]
    pub fn kept(mut self, has_row: bool, is_kept: impl Fn(&Version) -> bool) -> Option<Self> {
        if self.data.unversioned().is_some_and(|version| !is_kept(version)) {
            self.data.clear_unversioned();
        }
        if self.is_whole() && is_kept(&self.version) {
            return Some(self);
        }
        let version = |field| (field, self.version_of(field).clone());
        let mut versions: FieldVersions = T::fields().map(version).collect();
        for version in versions.values_mut().filter(|version| !is_kept(version)) {
            *version = Version::default();
        }
        let newest = versions.values().max().cloned().unwrap_or_default();
        let version = if is_kept(&self.version) { self.version.clone() } else { newest };
        if version == Version::default() {
            self.data.unversioned()?;
            // The default version is older than every other, so that the state has no effect but on
            // an object that does not exist.
            if has_row {
                (self.version, self.field_versions) = (version, FieldVersions::new());
            }
            return Some(self);
        }
        let mut kept = Self { id: self.id.clone(), version, ..Self::default() };
        for (field, _) in versions.iter().filter(|(_, version)| **version != Version::default()) {
            kept.data.copy_field(field, &self.data);
        }
        for column in T::required() {
            kept.data.copy_column(column, &self.data);
        }
        kept.data.merge_unversioned(&self.data);
        versions.retain(|_, version| *version != kept.version);
        kept.field_versions = versions;
        Some(kept)
    }
}

/// Returns the names of the columns whose values differ.
pub(super) fn differing_columns<T: Columns>(first: &T, second: &T) -> Vec<&'static str> {
    let values = first.values().into_iter().zip(second.values());
    let differing = T::COLUMNS.iter().zip(values).filter(|(_, (first, second))| first != second);
    differing.map(|(column, _)| column.name).collect()
}

/// Writes the versions of fields for the database: a JSON object that maps names to
/// `[updated_at, occurred_at, event_id]`, or to null for `Version::default()`. The version of a
/// final state has `true` as a fourth element. Returns none if there are no fields.
#[must_use]
pub fn field_versions_to_text(versions: &FieldVersions) -> Option<String> {
    let write = |version: &Version| match version {
        version if *version == Version::default() => Value::Null,
        Version { is_final: false, updated_at, occurred_at, event_id } => {
            serde_json::json!([updated_at, occurred_at, event_id])
        }
        Version { is_final: true, updated_at, occurred_at, event_id } => {
            serde_json::json!([updated_at, occurred_at, event_id, true])
        }
    };
    let fields = versions.iter().map(|(field, version)| ((*field).to_owned(), write(version)));
    (!versions.is_empty()).then(|| fields.collect::<Value>().to_string())
}

/// Reads the versions of fields from the database. Fields that this version of the program does not
/// know are left out.
#[must_use]
pub fn field_versions_from_text<T: ObjectData>(text: Option<&str>) -> FieldVersions {
    let Some(text) = text else { return FieldVersions::new() };
    let parsed: BTreeMap<String, Option<StoredVersion>> =
        serde_json::from_str(text).unwrap_or_default();
    let version = |stored: &Option<StoredVersion>| match stored.clone() {
        None => Version::default(),
        Some(stored) => stored.into(),
    };
    T::fields().filter_map(|field| Some((field, version(parsed.get(field)?)))).collect()
}

/// Version of a field in the database.
#[derive(Clone, serde::Deserialize)]
#[serde(untagged)]
enum StoredVersion {
    Plain(Millis, Millis, String),
    Final(Millis, Millis, String, bool),
}

impl From<StoredVersion> for Version {
    fn from(stored: StoredVersion) -> Self {
        let (updated_at, occurred_at, event_id, is_final) = match stored {
            StoredVersion::Plain(updated_at, occurred_at, id) => {
                (updated_at, occurred_at, id, false)
            }
            StoredVersion::Final(updated_at, occurred_at, id, is_final) => {
                (updated_at, occurred_at, id, is_final)
            }
        };
        Self { is_final, updated_at, occurred_at, event_id }
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldVersions, ObjectData, field_versions_from_text, field_versions_to_text};
    use crate::{domain::version::Version, objects::user::UserData};

    fn read(text: Option<&str>) -> FieldVersions {
        field_versions_from_text::<UserData>(text)
    }

    #[test]
    fn field_versions_round_trip() {
        let version = |(field, at): (&'static str, i64)| match at {
            0 => (field, Version::default()),
            at => {
                let version = Version::complete(Some(at), Some(at + 1), "msg_\"1");
                (field, version.with_final_status(at % 2 == 0))
            }
        };
        let versions: FieldVersions = UserData::fields().zip(0_i64..).map(version).collect();
        let text = field_versions_to_text(&versions);
        assert_eq!(read(text.as_deref()), versions);
        let none = FieldVersions::new();
        assert_eq!((field_versions_to_text(&none), read(None)), (None, none));
    }

    #[test]
    fn unknown_fields_are_left_out() {
        let text = r#"{"username":null,"shoe_size":null}"#;
        assert_eq!(read(Some(text)), [("username", Version::default())].into());
        assert_eq!(read(Some("not JSON")), FieldVersions::new());
    }
}
