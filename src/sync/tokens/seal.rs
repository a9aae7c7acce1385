//! How tokens are kept so that who reads the database has none.
//!
//! AES-256-GCM-SIV (RFC 8452) with nonces at random: should one ever come twice, it gives away no more
//! than that two sealed texts are the same, so that nobody has to count how much a key has sealed. Whose
//! token it is, in which column, until when it is good and since when it is kept is sealed with it: a
//! text opens nowhere but where it was put.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};

use super::Token;
use crate::{domain::Millis, store::tokens::SealedToken};

/// Why a token cannot be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key is gone from the settings.
    #[error(
        "the kept token is sealed with the key `{0}`, which tokens.keys (MEETVO_TOKEN_KEYS) does not have"
    )]
    UnknownKey(String),
    /// The text is not the one that was put there, or the key is not the one of then.
    #[error(
        "the kept token does not open with the key `{0}` of tokens.keys (MEETVO_TOKEN_KEYS): either \
         another key had this id, or the row was altered"
    )]
    Unreadable(String),
    /// The cipher did not do its work.
    #[error("a token could not be sealed")]
    Unsealed,
}

/// What seals and opens tokens. Shown by the ids of its keys alone.
pub struct Sealer {
    /// This one seals.
    first: Key,
    /// These open too.
    others: Vec<Key>,
}

struct Key {
    id: String,
    key: RandomizedNonceKey,
}

/// Where a sealed text stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    user_id: &'a str,
    account_id: &'a str,
    key_id: &'a str,
    expires_at: Option<Millis>,
    fetched_at: Millis,
}

impl Sealer {
    /// One with these keys, by their ids, of which the first one seals; none without a key.
    ///
    /// # Errors
    /// When a key cannot be one.
    pub fn new<'a>(
        keys: impl IntoIterator<Item = (&'a str, &'a [u8; 32])>,
    ) -> Result<Option<Self>, SealError> {
        let key = |(id, bytes): (&str, &[u8; 32])| {
            let key = RandomizedNonceKey::new(&AES_256_GCM_SIV, bytes);
            Ok(Key { id: id.to_owned(), key: key.map_err(|_| SealError::Unsealed)? })
        };
        let keys: Result<Vec<_>, SealError> = keys.into_iter().map(key).collect();
        let mut keys = keys?.into_iter();
        Ok(keys.next().map(|first| Self { first, others: keys.collect() }))
    }

    /// A token, as it is to be kept.
    pub(super) fn seal(
        &self,
        user_id: &str,
        account_id: &str,
        token: &Token,
    ) -> Result<SealedToken, SealError> {
        let Key { id, key } = &self.first;
        let (expires_at, fetched_at) = (token.access_token_expires_at, token.fetched_at);
        let place = Place { user_id, account_id, key_id: id, expires_at, fetched_at };
        let id_token = token.id_token.as_deref();
        Ok(SealedToken {
            access_token: place.seal(key, "access_token", &token.access_token)?,
            id_token: id_token.map(|text| place.seal(key, "id_token", text)).transpose()?,
            access_token_expires_at: expires_at,
            key_id: id.clone(),
            fetched_at,
        })
    }

    /// A token that was kept.
    pub(super) fn open(
        &self,
        user_id: &str,
        account_id: &str,
        provider_id: &str,
        sealed: &SealedToken,
    ) -> Result<Token, SealError> {
        let SealedToken { key_id, fetched_at, .. } = sealed;
        let mut keys = [&self.first].into_iter().chain(&self.others);
        let key = keys.find(|key| key.id == *key_id);
        let key = &key.ok_or_else(|| SealError::UnknownKey(key_id.clone()))?.key;
        let (expires_at, fetched_at) = (sealed.access_token_expires_at, *fetched_at);
        let place = Place { user_id, account_id, key_id, expires_at, fetched_at };
        let id_token = sealed.id_token.as_deref();
        Ok(Token {
            provider_id: provider_id.to_owned(),
            access_token: place.open(key, "access_token", &sealed.access_token)?,
            id_token: id_token.map(|text| place.open(key, "id_token", text)).transpose()?,
            access_token_expires_at: expires_at,
            fetched_at,
        })
    }
}

impl Place<'_> {
    /// In a form in which no two places are the same.
    fn bytes(&self, column: &str) -> Option<Vec<u8>> {
        let Self { user_id, account_id, key_id, expires_at, fetched_at } = self;
        let place = ("account_tokens", column, user_id, account_id, key_id, expires_at, fetched_at);
        serde_json::to_vec(&place).ok()
    }

    fn seal(
        &self,
        key: &RandomizedNonceKey,
        column: &str,
        text: &str,
    ) -> Result<String, SealError> {
        let place = self.bytes(column).ok_or(SealError::Unsealed)?;
        let mut sealed = text.as_bytes().to_vec();
        let nonce = key.seal_in_place_append_tag(Aad::from(place), &mut sealed);
        let nonce = nonce.map_err(|_| SealError::Unsealed)?;
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
        let keys = [&self.first].into_iter().chain(&self.others).map(|key| &key.id);
        f.debug_list().entries(keys).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{SealError, SealedToken, Sealer, Token};

    fn sealer(keys: &[(&str, u8)]) -> Sealer {
        let keys: Vec<_> = keys.iter().map(|(id, byte)| (*id, [*byte; 32])).collect();
        Sealer::new(keys.iter().map(|(id, key)| (*id, key))).unwrap().unwrap()
    }

    fn token() -> Token {
        Token {
            provider_id: "google".to_owned(),
            access_token: "ya29.tests".to_owned(),
            id_token: Some("header.claims.signature".to_owned()),
            access_token_expires_at: Some(2_000),
            fetched_at: 1_000,
        }
    }

    fn open(keeper: &Sealer, sealed: &SealedToken) -> Result<Token, SealError> {
        keeper.open("user_1", "eac_1", "google", sealed)
    }

    #[test]
    fn what_is_sealed_opens_and_is_never_twice_the_same() {
        let keeper = sealer(&[("a", 1)]);
        let sealed = keeper.seal("user_1", "eac_1", &token()).unwrap();
        assert!(open(&keeper, &sealed).is_ok_and(|opened| opened == token()));
        let again = keeper.seal("user_1", "eac_1", &token()).unwrap();
        assert_ne!(sealed.access_token, again.access_token);
        assert!(!sealed.access_token.contains("ya29"), "{sealed:?}");
        assert_eq!(sealed.key_id, "a");
    }

    #[test]
    fn it_opens_nowhere_else_and_not_when_anything_of_it_is_altered() {
        let keeper = sealer(&[("a", 1), ("b", 2)]);
        let sealed = keeper.seal("user_1", "eac_1", &token()).unwrap();
        for (user, account) in [("user_2", "eac_1"), ("user_1", "eac_2"), ("user_1eac", "_1")] {
            let swapped = keeper.open(user, account, "google", &sealed);
            assert!(matches!(swapped, Err(SealError::Unreadable(_))), "{user} {account}");
        }
        let (mut cut, text) = (sealed.access_token.clone(), &sealed.access_token);
        cut.truncate(8);
        let flipped = |at: usize| {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            String::from_utf8(bytes).unwrap()
        };
        let with = |access_token: String| SealedToken { access_token, ..sealed.clone() };
        let id_token = sealed.id_token.clone().unwrap();
        for altered in [
            with(flipped(0)),
            with(flipped(20)),
            with(flipped(text.len() - 2)),
            with(cut),
            with(String::new()),
            with("?".to_owned()),
            with("ya29.tests".to_owned()),
            with(id_token),
            SealedToken { id_token: Some(text.clone()), ..sealed.clone() },
            SealedToken { access_token_expires_at: Some(2_001), ..sealed.clone() },
            SealedToken { access_token_expires_at: None, ..sealed.clone() },
            SealedToken { fetched_at: 1_001, ..sealed.clone() },
            SealedToken { key_id: "b".to_owned(), ..sealed.clone() },
        ] {
            let opened = open(&keeper, &altered);
            assert!(matches!(opened, Err(SealError::Unreadable(_))), "{altered:?}");
        }
    }

    #[test]
    fn a_new_key_in_front_seals_and_the_old_one_opens_until_it_goes() {
        let old = sealer(&[("a", 1)]).seal("user_1", "eac_1", &token()).unwrap();
        let both = sealer(&[("b", 2), ("a", 1)]);
        assert!(open(&both, &old).is_ok());
        assert_eq!(both.seal("user_1", "eac_1", &token()).unwrap().key_id, "b");
        let gone = open(&sealer(&[("b", 2)]), &old).err().unwrap();
        assert_eq!(gone, SealError::UnknownKey("a".to_owned()));
        assert!(gone.to_string().contains("tokens.keys"), "{gone}");
        let other = open(&sealer(&[("a", 3)]), &old).err().unwrap();
        assert_eq!(other, SealError::Unreadable("a".to_owned()));
        assert!(other.to_string().contains("tokens.keys"), "{other}");
        assert!(Sealer::new([]).unwrap().is_none());
        assert_eq!(format!("{both:?}"), r#"["b", "a"]"#);
    }
}
