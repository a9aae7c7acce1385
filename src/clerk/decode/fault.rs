//! Why a signed body was not understood, in words that give nothing personal away.

use serde::Deserialize;

/// How a struct is called in words for those who do not read this program.
const OBJECT: &str = "an object";

/// Why a signed body was not understood. What the sender wrote never enters the message: it may
/// be somebody's address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not JSON, or cannot be read back.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// A field has another type than Clerk documents.
    #[error("{path}: expected {expected}")]
    Shape {
        /// Which.
        path: String,
        /// The type that was expected.
        expected: String,
    },
    /// A field without which there is nothing to apply.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A value that no index can hold.
    #[error("{field} is longer than {limit} characters")]
    TooLong {
        /// Which.
        field: &'static str,
        /// How long it may be.
        limit: usize,
    },
    /// A time past the year 9999.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
}

impl Fault {
    pub(super) fn not_json(error: &serde_json::Error) -> Self {
        // The messages of the syntax are fixed texts; they quote nothing.
        Self::NotJson(error.to_string())
    }
}

/// Reads an object that was inspected before; `place` is where in the message it stands.
pub(super) fn understood<'a, T: Deserialize<'a>>(json: &'a str, place: &str) -> Result<T, Fault> {
    if !is_object(json) {
        return Err(Fault::Shape { path: whole(place), expected: OBJECT.to_owned() });
    }
    serde_json::from_str(json).map_err(|_| explain::<T>(json, place))
}

/// What stands at a place, and not one of its fields.
fn whole(place: &str) -> String {
    if place.is_empty() { "the body" } else { place }.to_owned()
}

/// Whether this JSON is an object. A struct would also be read from an array, field by field, and
/// take `["user_1"]` for an object with that id.
fn is_object(json: &str) -> bool {
    json.trim_start().starts_with('{')
}

/// Reads it once more, slowly, to say where it went wrong.
fn explain<'a, T: Deserialize<'a>>(json: &'a str, place: &str) -> Fault {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut deserializer) else {
        return Fault::NotJson("trailing characters".to_owned());
    };
    let path = match (place, &*error.path().to_string()) {
        (place, ".") => whole(place),
        ("", path) => path.to_owned(),
        (place, path) => format!("{place}.{path}"),
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
