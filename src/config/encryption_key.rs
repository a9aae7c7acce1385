//! Encryption keys for secrets in the database.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};

use super::{reader::SameSecret, values::items};

/// Size of a key in bytes, as AES-256 requires.
const KEY_BYTES: usize = 32;

/// Encryption key for secrets in the database. Its id is stored with each secret that it encrypted.
/// Outputs show only the id.
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptionKey {
    /// Id of the key in the database.
    pub id: String,
    bytes: [u8; KEY_BYTES],
}

impl EncryptionKey {
    /// Returns the bytes of the key.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.bytes
    }

    /// Parses `id=base64,id=base64`. The first key encrypts, and all keys decrypt. Errors name a
    /// malformed item by its position: if the id is missing, the text at its place is the key.
    pub(super) fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        let mut keys: Vec<Self> = Vec::new();
        for (position, item) in (1..).zip(items(text)) {
            let key = Self::parse(item).ok_or_else(|| malformed(position))?;
            if keys.iter().any(|other| other.id == key.id) {
                return Err(format!("has the id `{}` twice", key.id));
            }
            if keys.iter().any(|other| other.bytes == key.bytes) {
                return Err(format!("repeats an earlier key as `{}`", key.id));
            }
            keys.push(key);
        }
        Ok(keys)
    }

    fn parse(item: &str) -> Option<Self> {
        let (id, key) = item.split_once('=')?;
        let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let id = id.trim();
        let valid_id = !id.is_empty() && id.len() <= 64 && id.bytes().all(word);
        let key = BASE64_STANDARD_NO_PAD.decode(key.trim().trim_end_matches('=')).ok()?;
        let bytes = <[u8; KEY_BYTES]>::try_from(key).ok().filter(|_| valid_id)?;
        Some(Self { id: id.to_owned(), bytes })
    }
}

fn malformed(position: u32) -> String {
    format!(
        "has a malformed key (number {position}): use ID=KEY; the ID is 1 to 64 of the characters \
         A-Z a-z 0-9 - _ . and the key is {KEY_BYTES} bytes in base64, which \
         `openssl rand -base64 {KEY_BYTES}` generates"
    )
}

impl SameSecret for EncryptionKey {
    fn same_secret(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl fmt::Display for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}=[redacted]", self.id)
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
