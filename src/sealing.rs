//! Authenticated encryption of secrets in the database, so that access to it reveals none.
//!
//! The cipher is AES-256-GCM-SIV (RFC 8452) with random nonces. A repeated nonce reveals only
//! whether two encrypted texts are equal, so the number of encryptions per key needs no limit. The
//! place of a text is associated data: a text that was moved to another place does not decrypt.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};

/// Reasons why a secret cannot be encrypted or decrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Key missing from the setting, by its ID.
    #[error(
        "a stored secret is encrypted with the key `{key}`, which {setting} does not contain; add \
         the key again"
    )]
    UnknownKey {
        /// ID of the key.
        key: String,
        /// Name of the setting.
        setting: &'static str,
    },
    /// Altered ciphertext, or another key with the same ID.
    #[error(
        "a stored secret cannot be decrypted with the key `{key}` of {setting}: either another key \
         had this ID, or the row was altered"
    )]
    Unreadable {
        /// ID of the key.
        key: String,
        /// Name of the setting.
        setting: &'static str,
    },
    /// Failure of the cipher, or a key that it rejects.
    #[error("failed to encrypt a secret")]
    Cipher,
}

/// Encryption and decryption of secrets. Its `Debug` output contains only the IDs of the keys.
pub struct Sealer {
    /// Name of the setting with the keys, for errors.
    setting: &'static str,
    /// Key that encrypts and decrypts.
    primary: Key,
    /// Keys that only decrypt.
    secondary: Vec<Key>,
}

struct Key {
    id: String,
    key: RandomizedNonceKey,
}

impl Sealer {
    /// Creates a sealer from the pairs of key ID and key in a setting. The first key encrypts, all
    /// keys decrypt. Returns `None` if there is no key.
    ///
    /// # Errors
    /// Returns an error if the cipher rejects a key.
    pub fn new<'a>(
        setting: &'static str,
        keys: impl IntoIterator<Item = (&'a str, &'a [u8; 32])>,
    ) -> Result<Option<Self>, SealError> {
        let key = |(id, bytes): (&str, &[u8; 32])| {
            let key = RandomizedNonceKey::new(&AES_256_GCM_SIV, bytes);
            Ok(Key { id: id.to_owned(), key: key.map_err(|_| SealError::Cipher)? })
        };
        let keys: Result<Vec<_>, SealError> = keys.into_iter().map(key).collect();
        let mut keys = keys?.into_iter();
        Ok(keys.next().map(|primary| Self { setting, primary, secondary: keys.collect() }))
    }

    /// Returns the ID of the key that encrypts.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.primary.id
    }

    /// Encrypts a text for a place.
    ///
    /// # Errors
    /// Returns an error if the cipher fails.
    pub fn seal(&self, place: &[u8], text: &str) -> Result<String, SealError> {
        let mut sealed = text.as_bytes().to_vec();
        let nonce = self.primary.key.seal_in_place_append_tag(Aad::from(place), &mut sealed);
        let nonce = nonce.map_err(|_| SealError::Cipher)?;
        Ok(BASE64_STANDARD_NO_PAD.encode([nonce.as_ref(), &sealed[..]].concat()))
    }

    /// Decrypts the text of a place.
    ///
    /// # Errors
    /// Returns an error if there is no such key, or if the text belongs to another place.
    pub fn open(&self, key_id: &str, place: &[u8], sealed: &str) -> Result<String, SealError> {
        let mut keys = [&self.primary].into_iter().chain(&self.secondary);
        let key = keys.find(|key| key.id == *key_id);
        let (id, setting) = (|| key_id.to_owned(), self.setting);
        let key = &key.ok_or_else(|| SealError::UnknownKey { key: id(), setting })?.key;
        let opened = || {
            let mut bytes = BASE64_STANDARD_NO_PAD.decode(sealed).ok()?;
            let (nonce, text) = bytes.split_at_mut_checked(NONCE_LEN)?;
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let text = key.open_in_place(nonce, Aad::from(place), text).ok()?;
            String::from_utf8(text.to_vec()).ok()
        };
        opened().ok_or_else(|| SealError::Unreadable { key: id(), setting })
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = [&self.primary].into_iter().chain(&self.secondary).map(|key| &key.id);
        f.debug_list().entries(keys).finish()
    }
}
