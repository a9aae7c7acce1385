//! Reasons for which a payload cannot be decoded, without personal data.

/// Reasons for which a payload cannot be decoded. The messages contain no value of the payload,
/// because it may be personal data.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The payload is not JSON.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// A required value has another JSON type than Clerk documents.
    #[error("{path}: expected {expected}, found {found}")]
    Shape {
        /// The path of the field.
        path: &'static str,
        /// The documented type.
        expected: &'static str,
        /// The type of the value.
        found: &'static str,
    },
    /// The type of the event is not a name.
    #[error("type: expected a name of letters, digits, `.`, `_` and `-`")]
    NotAName,
    /// A required field is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// An ID is too long for an index.
    #[error("{field} is longer than {limit} characters")]
    TooLong {
        /// The name of the field.
        field: &'static str,
        /// Maximum length in characters.
        limit: usize,
    },
    /// A time that orders states is after the year 9999.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
}

impl Fault {
    pub(crate) fn not_json(error: &serde_json::Error) -> Self {
        // The messages about syntax are constant texts with a position.
        Self::NotJson(error.to_string())
    }
}
