//! Reasons for which a payload cannot be decoded, without personal data.

use serde::Deserialize;

use crate::clerk::inspect::{self, Inspected, Inspector};

/// The description of a struct in messages.
const OBJECT: &str = "an object";

/// Reasons for which a payload cannot be decoded. The messages contain no value of the payload,
/// because it may be personal data.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The payload is not JSON, or cannot be read back.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// A field has another type than Clerk documents.
    #[error("{path}: expected {expected}")]
    Shape {
        /// The path of the field.
        path: String,
        /// The documented type.
        expected: String,
    },
    /// A required field is missing.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A value is too long for an index.
    #[error("{field} is longer than {limit} characters")]
    TooLong {
        /// The name of the field.
        field: &'static str,
        /// Maximum length in characters.
        limit: usize,
    },
    /// A time is after the year 9999.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
}

impl Fault {
    pub(super) fn not_json(error: &serde_json::Error) -> Self {
        // The messages about syntax are constant texts with a position.
        Self::NotJson(error.to_string())
    }
}

/// Decodes and inspects a JSON text. `path` is its path in the payload. An empty path means the
/// whole payload.
///
/// # Errors
/// Returns an error if the text is not JSON, or has another shape than `T`.
pub(super) fn read<'a, T: Deserialize<'a>>(
    json: &'a str,
    path: &str,
) -> Result<Inspected<T>, Fault> {
    inspect::decode(json).map_err(|_| explain::<T>(json, path))
}

/// Decodes an object, and skips the fields that `T` does not have without inspecting them.
///
/// # Errors
/// Returns an error if the text is not JSON, or has another shape than `T`.
pub(super) fn skim<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Fault> {
    // Serde also reads a struct from an array, field by field.
    let is_object = json.trim_start().starts_with('{');
    let object = is_object.then(|| serde_json::from_str(json).ok()).flatten();
    object.ok_or_else(|| explain::<T>(json, ""))
}

fn path_or_body(path: &str) -> String {
    if path.is_empty() { "the body" } else { path }.to_owned()
}

/// Decodes a text again, which is slow, to find the path of the value with another shape.
fn explain<'a, T: Deserialize<'a>>(json: &'a str, path: &str) -> Fault {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let mut has_secrets = false;
    let inspector = Inspector::new(&mut deserializer, &mut has_secrets);
    let Err(error) = serde_path_to_error::deserialize::<_, T>(inspector) else {
        return Fault::NotJson("trailing characters".to_owned());
    };
    let path = match (path, &*error.path().to_string()) {
        (path, ".") => path_or_body(path),
        ("", inner) => inner.to_owned(),
        (path, inner) => format!("{path}.{inner}"),
    };
    // "invalid type: string "ada@example.com", expected i64 at line 1 column 9"
    let message = error.inner().to_string();
    let expected = message.rsplit_once(", expected ").map_or("another shape", |(_, rest)| rest);
    let expected = expected.split(" at line ").next().unwrap_or(expected);
    let expected = match expected {
        shape if shape.starts_with("struct ") => OBJECT,
        _ if message.starts_with("duplicate field ") => "each field once",
        shape => shape,
    };
    Fault::Shape { path, expected: expected.to_owned() }
}
