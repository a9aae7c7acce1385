//! The keys with which tokens are sealed before they are kept.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};

use super::values::items;

/// How many bytes a key has: those of AES-256.
const LENGTH: usize = 32;

/// A key that seals tokens, with the id that stands beside what it sealed. Shown by its id alone.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenKey {
    /// What it is called in the database.
    pub id: String,
    bytes: [u8; LENGTH],
}

impl TokenKey {
    /// The key itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &[u8; LENGTH] {
        &self.bytes
    }

    /// Reads `id=base64,id=base64`. The first one seals, and all of them open. What is wrong is told by
    /// the place: without its id, a key stands where the id should be.
    pub(super) fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        let mut keys: Vec<Self> = Vec::new();
        for (place, item) in items(text).enumerate() {
            let key = Self::parse(item).ok_or_else(|| {
                format!(
                    "the key {} is not id=KEY, with 1 to 64 of A-Z a-z 0-9 - _ . as its id and the \
                     base64 of {LENGTH} bytes; `openssl rand -base64 {LENGTH}` makes one",
                    place + 1
                )
            })?;
            if keys.iter().any(|other| other.id == key.id) {
                return Err(format!("the id `{}` stands twice", key.id));
            }
            if keys.iter().any(|other| other.bytes == key.bytes) {
                return Err(format!("`{}` is the same key as one before it", key.id));
            }
            keys.push(key);
        }
        Ok(keys)
    }

    fn parse(item: &str) -> Option<Self> {
        let (id, key) = item.split_once('=')?;
        let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let id = id.trim();
        let good = !id.is_empty() && id.len() <= 64 && id.bytes().all(word);
        let key = BASE64_STANDARD_NO_PAD.decode(key.trim().trim_end_matches('=')).ok()?;
        let bytes = <[u8; LENGTH]>::try_from(key).ok().filter(|_| good)?;
        Some(Self { id: id.to_owned(), bytes })
    }
}

impl fmt::Display for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=[redacted]", self.id)
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
