//! Authenticated encryption of cached tokens, so that access to the database reveals none.
//!
//! The cipher is AES-256-GCM-SIV (RFC 8452) with random nonces. A repeated nonce reveals only
//! whether two encrypted texts are equal, so the number of encryptions per key needs no limit. The
//! user, account, column, key ID, expiry time and fetch time are associated data: a ciphertext
//! moved to another place, or with another time, does not decrypt.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};

use super::ProviderToken;
use crate::{domain::Millis, store::account_tokens::SealedToken};

/// Reasons why a token cannot be encrypted or decrypted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Key missing from the settings, by its ID.
    #[error(
        "the cached token is encrypted with the key `{0}`, which tokens.keys (MEETVO_TOKEN_KEYS) \
         does not contain; add the key again"
    )]
    UnknownKey(String),
    /// Altered ciphertext, or another key with the same ID.
    #[error(
        "the cached token cannot be decrypted with the key `{0}` of tokens.keys \
         (MEETVO_TOKEN_KEYS): either another key had this ID, or the row was altered"
    )]
    Unreadable(String),
    /// Failure of the cipher, or a key that it rejects.
    #[error("failed to encrypt a token")]
    Cipher,
}

/// Encryption and decryption of tokens. Its `Debug` output contains only the IDs of the keys.
pub struct Sealer {
    /// Key that encrypts and decrypts.
    primary: Key,
    /// Keys that only decrypt.
    secondary: Vec<Key>,
}

struct Key {
    id: String,
    key: RandomizedNonceKey,
}

/// Associated data of a ciphertext: the place and the times that it belongs to.
#[derive(Clone, Copy)]
struct SealContext<'a> {
    user_id: &'a str,
    account_id: &'a str,
    key_id: &'a str,
    expires_at: Option<Millis>,
    fetched_at: Millis,
}

impl Sealer {
    /// Creates a sealer from pairs of key ID and key. The first key encrypts, all keys decrypt.
    /// Returns `None` if there is no key.
    ///
    /// # Errors
    /// Returns an error if the cipher rejects a key.
    pub fn new<'a>(
        keys: impl IntoIterator<Item = (&'a str, &'a [u8; 32])>,
    ) -> Result<Option<Self>, SealError> {
        let key = |(id, bytes): (&str, &[u8; 32])| {
            let key = RandomizedNonceKey::new(&AES_256_GCM_SIV, bytes);
            Ok(Key { id: id.to_owned(), key: key.map_err(|_| SealError::Cipher)? })
        };
        let keys: Result<Vec<_>, SealError> = keys.into_iter().map(key).collect();
        let mut keys = keys?.into_iter();
        Ok(keys.next().map(|primary| Self { primary, secondary: keys.collect() }))
    }

    /// Encrypts a token.
    pub(super) fn seal(
        &self,
        user_id: &str,
        account_id: &str,
        token: &ProviderToken,
    ) -> Result<SealedToken, SealError> {
        let Key { id, key } = &self.primary;
        let (expires_at, fetched_at) = (token.access_token_expires_at, token.fetched_at);
        let context = SealContext { user_id, account_id, key_id: id, expires_at, fetched_at };
        let id_token = token.id_token.as_deref();
        Ok(SealedToken {
            access_token: context.seal(key, "access_token", &token.access_token)?,
            id_token: id_token.map(|text| context.seal(key, "id_token", text)).transpose()?,
            access_token_expires_at: expires_at,
            key_id: id.clone(),
            fetched_at,
        })
    }

    /// Decrypts a cached token.
    pub(super) fn open(
        &self,
        user_id: &str,
        account_id: &str,
        provider_id: &str,
        sealed: &SealedToken,
    ) -> Result<ProviderToken, SealError> {
        let SealedToken { key_id, fetched_at, .. } = sealed;
        let mut keys = [&self.primary].into_iter().chain(&self.secondary);
        let key = keys.find(|key| key.id == *key_id);
        let key = &key.ok_or_else(|| SealError::UnknownKey(key_id.clone()))?.key;
        let (expires_at, fetched_at) = (sealed.access_token_expires_at, *fetched_at);
        let context = SealContext { user_id, account_id, key_id, expires_at, fetched_at };
        let id_token = sealed.id_token.as_deref();
        Ok(ProviderToken {
            provider_id: provider_id.to_owned(),
            access_token: context.open(key, "access_token", &sealed.access_token)?,
            id_token: id_token.map(|text| context.open(key, "id_token", text)).transpose()?,
            access_token_expires_at: expires_at,
            fetched_at,
        })
    }
}

impl SealContext<'_> {
    /// Returns the associated data of a column. JSON separates the values, so no two different
    /// contexts have the same bytes.
    fn bytes(&self, column: &str) -> Option<Vec<u8>> {
        let Self { user_id, account_id, key_id, expires_at, fetched_at } = self;
        let table = "account_tokens";
        let data = (table, column, user_id, account_id, key_id, expires_at, fetched_at);
        serde_json::to_vec(&data).ok()
    }

    fn seal(
        &self,
        key: &RandomizedNonceKey,
        column: &str,
        text: &str,
    ) -> Result<String, SealError> {
        let associated_data = self.bytes(column).ok_or(SealError::Cipher)?;
        let mut sealed = text.as_bytes().to_vec();
        let nonce = key.seal_in_place_append_tag(Aad::from(associated_data), &mut sealed);
        let nonce = nonce.map_err(|_| SealError::Cipher)?;
        Ok(BASE64_STANDARD_NO_PAD.encode([nonce.as_ref(), &sealed[..]].concat()))
    }

    fn open(
        &self,
        key: &RandomizedNonceKey,
        column: &str,
        sealed: &str,
    ) -> Result<String, SealError> {
        let opened = || {
            let mut bytes = BASE64_STANDARD_NO_PAD.decode(sealed).ok()?;
            let (nonce, text) = bytes.split_at_mut_checked(NONCE_LEN)?;
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let text = key.open_in_place(nonce, Aad::from(self.bytes(column)?), text).ok()?;
            String::from_utf8(text.to_vec()).ok()
        };
        opened().ok_or_else(|| SealError::Unreadable(self.key_id.to_owned()))
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = [&self.primary].into_iter().chain(&self.secondary).map(|key| &key.id);
        f.debug_list().entries(keys).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{ProviderToken, SealError, SealedToken, Sealer};

    fn sealer(keys: &[(&str, u8)]) -> Sealer {
        let keys: Vec<_> = keys.iter().map(|(id, byte)| (*id, [*byte; 32])).collect();
        Sealer::new(keys.iter().map(|(id, key)| (*id, key))).unwrap().unwrap()
    }

    fn token() -> ProviderToken {
        ProviderToken {
            provider_id: "google".to_owned(),
            access_token: "ya29.tests".to_owned(),
            id_token: Some("header.claims.signature".to_owned()),
            access_token_expires_at: Some(2_000),
            fetched_at: 1_000,
        }
    }

    fn open(sealer: &Sealer, stored: &SealedToken) -> Result<ProviderToken, SealError> {
        sealer.open("user_1", "eac_1", "google", stored)
    }

    #[test]
    fn sealed_token_opens_and_ciphertexts_differ() {
        let sealer = sealer(&[("a", 1)]);
        let stored = sealer.seal("user_1", "eac_1", &token()).unwrap();
        assert!(open(&sealer, &stored).is_ok_and(|opened| opened == token()));
        let again = sealer.seal("user_1", "eac_1", &token()).unwrap();
        assert_ne!(stored.access_token, again.access_token);
        assert!(!stored.access_token.contains("ya29"), "{stored:?}");
        assert_eq!(stored.key_id, "a");
    }

    #[test]
    fn moved_or_altered_token_does_not_open() {
        let sealer = sealer(&[("a", 1), ("b", 2)]);
        let stored = sealer.seal("user_1", "eac_1", &token()).unwrap();
        for (user, account) in [("user_2", "eac_1"), ("user_1", "eac_2"), ("user_1eac", "_1")] {
            let swapped = sealer.open(user, account, "google", &stored);
            assert!(matches!(swapped, Err(SealError::Unreadable(_))), "{user} {account}");
        }
        let (mut cut, text) = (stored.access_token.clone(), &stored.access_token);
        cut.truncate(8);
        let flipped = |at: usize| {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            String::from_utf8(bytes).unwrap()
        };
        let with = |access_token: String| SealedToken { access_token, ..stored.clone() };
        let id_token = stored.id_token.clone().unwrap();
        for altered in [
            with(flipped(0)),
            with(flipped(20)),
            with(flipped(text.len() - 2)),
            with(cut),
            with(String::new()),
            with("?".to_owned()),
            with("ya29.tests".to_owned()),
            with(id_token),
            SealedToken { id_token: Some(text.clone()), ..stored.clone() },
            SealedToken { access_token_expires_at: Some(2_001), ..stored.clone() },
            SealedToken { access_token_expires_at: None, ..stored.clone() },
            SealedToken { fetched_at: 1_001, ..stored.clone() },
            SealedToken { key_id: "b".to_owned(), ..stored.clone() },
        ] {
            let opened = open(&sealer, &altered);
            assert!(matches!(opened, Err(SealError::Unreadable(_))), "{altered:?}");
        }
    }

    #[test]
    fn first_key_seals_and_all_keys_open() {
        let old = sealer(&[("a", 1)]).seal("user_1", "eac_1", &token()).unwrap();
        let both = sealer(&[("b", 2), ("a", 1)]);
        assert!(open(&both, &old).is_ok());
        assert_eq!(both.seal("user_1", "eac_1", &token()).unwrap().key_id, "b");
        let unknown = open(&sealer(&[("b", 2)]), &old).err().unwrap();
        assert_eq!(unknown, SealError::UnknownKey("a".to_owned()));
        assert!(unknown.to_string().contains("tokens.keys"), "{unknown}");
        let other = open(&sealer(&[("a", 3)]), &old).err().unwrap();
        assert_eq!(other, SealError::Unreadable("a".to_owned()));
        assert!(other.to_string().contains("tokens.keys"), "{other}");
        assert!(Sealer::new([]).unwrap().is_none());
        assert_eq!(format!("{both:?}"), r#"["b", "a"]"#);
    }
}
