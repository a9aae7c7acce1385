//! Reads the fields of Clerk's objects.
//!
//! A field that only fills a column never makes an event fail. If its value has another JSON type
//! than Clerk documents, it is converted where the meaning is clear, and is null otherwise. Both
//! are counted by the name of the field.

use std::cell::RefCell;

use serde_json::Value;

use super::{Fault, instant, value};
use crate::domain::{
    Millis,
    json::{Entry, Json},
};

/// The names of the fields that had another JSON type than Clerk documents, each once. A long list
/// of malformed items must not need memory for each of them.
#[derive(Debug, Default)]
pub(crate) struct FieldFaults(RefCell<Vec<&'static str>>);

impl FieldFaults {
    fn add(&self, field: &'static str) {
        let mut fields = self.0.borrow_mut();
        if !fields.contains(&field) {
            fields.push(field);
        }
    }

    pub(crate) fn into_names(self) -> Vec<&'static str> {
        self.0.into_inner()
    }
}

/// The fields of an object.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'j> {
    entries: &'j [Entry<'j>],
    faults: &'j FieldFaults,
}

impl<'j> Fields<'j> {
    /// Returns the fields of a required object.
    ///
    /// # Errors
    /// Returns an error if the value is missing or not an object.
    pub(crate) fn required(
        json: Option<&'j Json<'j>>,
        path: &'static str,
        faults: &'j FieldFaults,
    ) -> Result<Self, Fault> {
        match json {
            None | Some(Json::Null) => Err(Fault::Missing(path)),
            Some(Json::Object(entries)) => Ok(Self { entries, faults }),
            Some(other) => {
                Err(Fault::Shape { path, expected: "an object", found: other.describe() })
            }
        }
    }

    /// Returns the value of a field, if it is present.
    pub(crate) fn get(&self, field: &str) -> Option<&'j Json<'j>> {
        let entries = self.entries;
        let at = entries.binary_search_by(|(key, _)| (**key).cmp(field)).ok()?;
        Some(&entries[at].1)
    }

    /// Returns whether a field is present, also with the value null.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    /// Returns whether a field is present and not null.
    pub(crate) fn has_value(&self, field: &str) -> bool {
        self.get(field).is_some_and(|value| *value != Json::Null)
    }

    /// Counts a value of another type, and returns the value that it is read as.
    fn fault<T>(&self, field: &'static str, read_as: Option<T>) -> Option<T> {
        self.faults.add(field);
        read_as
    }

    /// Reads an ID that the event requires.
    ///
    /// # Errors
    /// Returns an error if the ID is missing, not a string, or too long.
    pub(crate) fn required_id(&self, field: &str, path: &'static str) -> Result<String, Fault> {
        match self.get(field) {
            None | Some(Json::Null) => Err(Fault::Missing(path)),
            Some(Json::Text(text)) => value::required_id(text, path),
            Some(other) => {
                Err(Fault::Shape { path, expected: "a string", found: other.describe() })
            }
        }
    }

    /// Reads a time that orders states. A time of zero or less counts as missing.
    ///
    /// # Errors
    /// Returns an error if the value is no time.
    pub(crate) fn ordering_time(
        &self,
        field: &'static str,
        path: &'static str,
    ) -> Result<Option<Millis>, Fault> {
        let Some(value) = self.get(field) else { return Ok(None) };
        if *value != Json::Null && instant::read(value).is_none() {
            return Err(match instant::is_late(value) {
                true => Fault::OutOfRange(path),
                false => Fault::Shape { path, expected: "a time", found: value.describe() },
            });
        }
        Ok(self.instant(field))
    }

    /// Reads a time. Fractions of a millisecond are rounded down.
    pub(crate) fn instant(&self, field: &'static str) -> Option<Millis> {
        match self.get(field)? {
            Json::Null => None,
            value => {
                let read = instant::read(value);
                let at = read.filter(|at| *at > 0);
                match read.is_some() && instant::is_documented(value) {
                    true => at,
                    false => self.fault(field, at),
                }
            }
        }
    }

    /// Reads a text. An empty text is null. A number becomes text, such as an ID at a provider.
    pub(crate) fn text(&self, field: &'static str) -> Option<String> {
        match self.get(field)? {
            Json::Null => None,
            Json::Text(text) => value::text(text),
            Json::Number(number) => self.fault(field, Some(number.to_string())),
            _ => self.fault(field, None),
        }
    }

    /// Reads a text of an enumeration, in which no number has a meaning.
    pub(crate) fn word(&self, field: &'static str) -> Option<String> {
        match self.get(field)? {
            Json::Null => None,
            Json::Text(text) => value::text(text),
            _ => self.fault(field, None),
        }
    }

    /// Reads a text for an indexed column. A text that is too long for the index is null.
    pub(crate) fn indexed_text(&self, field: &'static str) -> Option<String> {
        self.fitting_index(field, self.text(field))
    }

    /// Returns the text of a field, or null if it is too long for an index.
    pub(crate) fn fitting_index(
        &self,
        field: &'static str,
        text: Option<String>,
    ) -> Option<String> {
        match text {
            Some(text) if !value::fits_index(&text) => self.fault(field, None),
            text => text,
        }
    }

    /// Reads the ID of an item. An ID that is too long is null.
    pub(crate) fn item_id(&self, field: &'static str) -> Option<String> {
        let text = self.text(field)?;
        match value::fits_id(&text) {
            true => Some(text),
            false => self.fault(field, None),
        }
    }

    /// Reads a boolean, also from `"true"`, `"false"`, 1 and 0.
    pub(crate) fn flag(&self, field: &'static str) -> Option<bool> {
        match self.get(field)? {
            Json::Null => None,
            Json::Bool(value) => Some(*value),
            Json::Text(text) if text.eq_ignore_ascii_case("true") => self.fault(field, Some(true)),
            Json::Text(text) if text.eq_ignore_ascii_case("false") => {
                self.fault(field, Some(false))
            }
            Json::Number(number) => {
                let value = [(0, false), (1, true)];
                let value = value.into_iter().find(|(bit, _)| number.as_i64() == Some(*bit));
                self.fault(field, value.map(|(_, flag)| flag))
            }
            _ => self.fault(field, None),
        }
    }

    /// Reads a whole number, also from text. Fractions are rounded down.
    pub(crate) fn count(&self, field: &'static str) -> Option<i64> {
        match self.get(field)? {
            Json::Null => None,
            Json::Number(number) if number.is_i64() => number.as_i64(),
            Json::Number(number) => self.fault(field, value::whole_number(&number.to_string())),
            Json::Text(text) => self.fault(field, value::whole_number(text)),
            _ => self.fault(field, None),
        }
    }

    /// Reads a list of words that are separated by spaces, also from an array.
    pub(crate) fn words(&self, field: &'static str) -> Option<String> {
        let Some(Json::Array(items)) = self.get(field) else { return self.text(field) };
        let words: Vec<&str> = items.iter().filter_map(Json::as_text).collect();
        self.fault(field, value::text(&words.join(" ")))
    }

    /// Reads a list of texts as JSON. Other items are left out.
    pub(crate) fn texts(&self, field: &'static str) -> Option<Value> {
        let items = match self.get(field)? {
            Json::Null => return None,
            Json::Array(items) => items,
            _ => return self.fault(field, None),
        };
        let text = |item: &Json<'_>| match item.as_text().and_then(value::text) {
            None => self.fault(field, None),
            text => text,
        };
        Some(items.iter().filter_map(text).collect())
    }

    /// Reads JSON of the customer.
    pub(crate) fn json(&self, field: &'static str) -> Option<Value> {
        match self.get(field)? {
            Json::Null => None,
            Json::Customer { value, .. } | Json::Owned(value) => Some(value::portable(value)),
            _ => self.fault(field, None),
        }
    }

    /// Reads an object. The fields of a value that is null or missing are missing.
    pub(crate) fn object(&self, field: &'static str) -> Option<Self> {
        match self.get(field)? {
            Json::Null => None,
            Json::Object(entries) => Some(Self { entries, ..*self }),
            _ => self.fault(field, None),
        }
    }

    /// Returns the text that a field has in place of an object.
    pub(crate) fn text_in_place_of_object(&self, field: &'static str) -> Option<&'j str> {
        let text = self.get(field)?.as_text()?;
        self.fault(field, Some(text))
    }

    /// Reads the objects of an array. Returns none if the field is missing, null or not an array.
    /// Items that are null are left out.
    pub(crate) fn list(&self, field: &'static str) -> Option<Vec<Self>> {
        let items = match self.get(field)? {
            Json::Null => return None,
            Json::Array(items) => items,
            _ => return self.fault(field, None),
        };
        let object = |item: &'j Json<'j>| match item {
            Json::Null => None,
            Json::Object(entries) => Some(Self { entries, ..*self }),
            _ => self.fault(field, None),
        };
        Some(items.iter().filter_map(object).collect())
    }
}
