//! The cause of an error.

use std::error::Error;

/// Returns the message of the innermost error, because the outer errors of HTTP clients do not name
/// the cause.
#[must_use]
pub fn root_cause(mut error: &dyn Error) -> String {
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
