//! Name of the schema in which the tables are, on PostgreSQL.

use std::fmt;

/// Maximum length of an identifier in bytes, which PostgreSQL would otherwise cut.
const MAX_LENGTH: usize = 63;

/// Name of a schema: small letters, digits and `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaName(String);

impl SchemaName {
    /// Parses a name.
    pub(in crate::config) fn parse(name: &str) -> Result<Self, String> {
        let mut bytes = name.bytes();
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        let is_plain = bytes.next().is_some_and(is_letter)
            && bytes.all(|byte| is_letter(byte) || byte.is_ascii_digit());
        if !is_plain || name.len() > MAX_LENGTH {
            return Err(format!(
                "must be one name of small letters, digits and `_`, of at most {MAX_LENGTH} bytes"
            ));
        }
        if name.starts_with("pg_") || name == "information_schema" {
            return Err("must not be a schema of the server itself".to_owned());
        }
        Ok(Self(name.to_owned()))
    }

    /// Returns the name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SchemaName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
