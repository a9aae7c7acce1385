//! Reads the fields that fill columns, and notes those that a payload lacks.

use serde_json::Value;

use super::Fields;
use crate::{
    domain::{Millis, version::Version},
    objects::{FieldVersions, ObjectData, State},
};

/// Reader of the fields of an object. A field with the value null is not lacking.
#[derive(Debug)]
pub(in crate::objects) struct FieldReader<'r, 'j> {
    data: &'r Fields<'j>,
    lacking: Vec<&'static str>,
}

impl<'r, 'j> FieldReader<'r, 'j> {
    /// Creates a reader of the fields of an object.
    pub(in crate::objects) fn new(data: &'r Fields<'j>) -> Self {
        Self { data, lacking: Vec::new() }
    }

    /// Reads the value of a column from a field with another name.
    pub(in crate::objects) fn renamed<T>(
        &mut self,
        column: &'static str,
        field: &'static str,
        read: impl Fn(&Fields<'j>, &'static str) -> Option<T>,
    ) -> Option<T> {
        if !self.data.has(field) {
            self.lacking.push(column);
        }
        read(self.data, field)
    }

    /// Reads a text. See [`Fields::text`].
    pub(in crate::objects) fn text(&mut self, field: &'static str) -> Option<String> {
        self.renamed(field, field, Fields::text)
    }

    /// Reads a text for an indexed column. See [`Fields::indexed_text`].
    pub(in crate::objects) fn indexed_text(&mut self, field: &'static str) -> Option<String> {
        self.renamed(field, field, Fields::indexed_text)
    }

    /// Reads a text of an enumeration. See [`Fields::word`].
    pub(in crate::objects) fn word(&mut self, field: &'static str) -> Option<String> {
        self.renamed(field, field, Fields::word)
    }

    /// Reads an ID. See [`Fields::item_id`].
    pub(in crate::objects) fn item_id(&mut self, field: &'static str) -> Option<String> {
        self.renamed(field, field, Fields::item_id)
    }

    /// Reads a boolean. See [`Fields::flag`].
    pub(in crate::objects) fn flag(&mut self, field: &'static str) -> Option<bool> {
        self.renamed(field, field, Fields::flag)
    }

    /// Reads a whole number. See [`Fields::count`].
    pub(in crate::objects) fn count(&mut self, field: &'static str) -> Option<i64> {
        self.renamed(field, field, Fields::count)
    }

    /// Reads a time. See [`Fields::instant`].
    pub(in crate::objects) fn instant(&mut self, field: &'static str) -> Option<Millis> {
        self.renamed(field, field, Fields::instant)
    }

    /// Reads JSON of the customer. See [`Fields::json`].
    pub(in crate::objects) fn json(&mut self, field: &'static str) -> Option<Value> {
        self.renamed(field, field, Fields::json)
    }

    /// Reads a list of texts. See [`Fields::texts`].
    pub(in crate::objects) fn texts(&mut self, field: &'static str) -> Option<Value> {
        self.renamed(field, field, Fields::texts)
    }

    /// Returns the state with these values, without a version for the fields that it lacks.
    pub(in crate::objects) fn into_state<T: ObjectData>(
        self,
        id: String,
        data: T,
        version: Version,
    ) -> State<T> {
        let lacking = self.lacking.into_iter();
        let field_versions: FieldVersions =
            lacking.map(|field| (field, Version::default())).collect();
        State { id, data, version, field_versions }
    }
}
