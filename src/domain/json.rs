//! JSON documents, of which single values may be unusable.
//!
//! One value that cannot be read must not hide the rest of a document: a user can nest metadata so
//! deeply that a reader gives up, and must not escape a ban by it. A document is therefore read if
//! its syntax is correct. Values that cannot be kept are replaced by [`Json::Unusable`].

mod parse;

use std::{borrow::Cow, fmt};

use serde_json::{Number, Value};

pub use self::parse::parse;
use super::secrets::is_customer_json;

/// A JSON value. It borrows from the text of the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    Array(Vec<Self>),
    /// An object. Its entries are sorted by key, and each key occurs once.
    Object(Vec<Entry<'a>>),
    /// JSON of the customer under a key of [`is_customer_json`],
    /// with its unchanged text.
    Customer {
        /// The text of the value in the document.
        text: &'a str,
        /// The value.
        value: Value,
    },
    /// A value that replaces another one.
    Owned(Value),
    /// A value that cannot be kept. It is written as `null`, and JSON of the customer as
    /// `"[unusable]"`.
    Unusable(Unusable),
}

/// The text that is written in place of the customer's JSON that cannot be kept. It differs from
/// `null`, so that a payload that is read again has the same meaning.
const UNUSABLE: &str = "[unusable]";

/// An entry of an object.
pub type Entry<'a> = (Cow<'a, str>, Json<'a>);

/// Reasons for which a value cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// The value is nested too deeply, so that other readers of the stored JSON would fail.
    TooDeep,
    /// The value contains a number outside the range of floats, or text that is not Unicode.
    Malformed,
    /// The object contains the key more than once.
    Repeated,
}

impl Json<'_> {
    /// Returns the entries of an object, or none for other values.
    #[must_use]
    pub fn entries(&self) -> &[Entry<'_>] {
        if let Self::Object(entries) = self { entries } else { &[] }
    }

    /// Returns the text of a string.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Returns whether a value at any depth cannot be kept.
    #[must_use]
    pub fn has_unusable(&self) -> bool {
        match self {
            Self::Unusable(_) => true,
            Self::Array(items) => items.iter().any(Self::has_unusable),
            Self::Object(entries) => entries.iter().any(|(_, value)| value.has_unusable()),
            _ => false,
        }
    }

    /// Describes the kind of the value in a message, such as `a string`.
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match self {
            Self::Null | Self::Owned(Value::Null) => "null",
            Self::Bool(_) | Self::Owned(Value::Bool(_)) => "a boolean",
            Self::Number(_) | Self::Owned(Value::Number(_)) => "a number",
            Self::Text(_) | Self::Owned(Value::String(_)) => "a string",
            Self::Array(_) | Self::Owned(Value::Array(_)) => "an array",
            Self::Object(_) | Self::Owned(Value::Object(_)) => "an object",
            Self::Customer { .. } => "JSON of the customer",
            Self::Unusable(Unusable::TooDeep) => "too many levels",
            Self::Unusable(Unusable::Malformed) => "a malformed value",
            Self::Unusable(Unusable::Repeated) => "the key more than once",
        }
    }
}

impl<'a> Json<'a> {
    /// Returns the value of a key, if this is an object with the key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(entries) = self else { return None };
        find(entries, key).map(|at| &entries[at].1)
    }

    /// Returns the value of a key for a change.
    #[must_use]
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Self::Object(entries) = self else { return None };
        find(entries, key).map(|at| &mut entries[at].1)
    }

    /// Creates an object from entries in any order.
    fn object(mut entries: Vec<Entry<'a>>) -> Self {
        // Clerk sends sorted keys.
        if !entries.is_sorted_by(|(before, _), (after, _)| before < after) {
            entries.sort_by(|(left, _), (right, _)| left.cmp(right));
            entries.dedup_by(|(removed, _), (kept, value)| {
                let is_repeated = removed == kept;
                if is_repeated {
                    *value = Self::Unusable(Unusable::Repeated);
                }
                is_repeated
            });
        }
        Self::Object(entries)
    }
}

fn find(entries: &[Entry<'_>], key: &str) -> Option<usize> {
    entries.binary_search_by(|(entry, _)| (**entry).cmp(key)).ok()
}

/// Writes compact JSON.
impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null | Self::Unusable(_) => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{}", Value::from(&**text)),
            Self::Array(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { "," })?;
                }
                f.write_str("]")
            }
            Self::Object(entries) => {
                f.write_str("{")?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    let comma = if at == 0 { "" } else { "," };
                    write!(f, "{comma}{}:", Value::from(&**key))?;
                    match value {
                        Self::Unusable(_) if is_customer_json(key) => write!(f, "\"{UNUSABLE}\"")?,
                        value => write!(f, "{value}")?,
                    }
                }
                f.write_str("}")
            }
            Self::Customer { text, .. } => f.write_str(text),
            Self::Owned(value) => write!(f, "{value}"),
        }
    }
}

#[cfg(test)]
mod tests;
