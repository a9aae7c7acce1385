//! Encryption of cached tokens.
//!
//! The user, account, column, key ID, expiry time and fetch time are the place of a text: a
//! ciphertext moved to another place, or with another time, does not decrypt.

use super::ProviderToken;
use crate::{
    domain::Millis,
    sealing::{SealError, Sealer},
    store::account_tokens::SealedToken,
};

/// Place of an encrypted token, and the times that it belongs to.
#[derive(Clone, Copy)]
struct Place<'a> {
    user_id: &'a str,
    account_id: &'a str,
    key_id: &'a str,
    expires_at: Option<Millis>,
    fetched_at: Millis,
}

/// Encrypts a token.
pub(super) fn seal(
    keys: &Sealer,
    user_id: &str,
    account_id: &str,
    token: &ProviderToken,
) -> Result<SealedToken, SealError> {
    let key_id = keys.key_id();
    let (expires_at, fetched_at) = (token.access_token_expires_at, token.fetched_at);
    let place = Place { user_id, account_id, key_id, expires_at, fetched_at };
    let seal = |column, text| keys.seal(&place.bytes(column)?, text);
    let id_token = token.id_token.as_deref();
    Ok(SealedToken {
        access_token: seal("access_token", &token.access_token)?,
        id_token: id_token.map(|text| seal("id_token", text)).transpose()?,
        access_token_expires_at: expires_at,
        key_id: key_id.to_owned(),
        fetched_at,
    })
}

/// Decrypts a cached token.
pub(super) fn open(
    keys: &Sealer,
    user_id: &str,
    account_id: &str,
    provider_id: &str,
    sealed: &SealedToken,
) -> Result<ProviderToken, SealError> {
    let SealedToken { key_id, fetched_at, .. } = sealed;
    let (expires_at, fetched_at) = (sealed.access_token_expires_at, *fetched_at);
    let place = Place { user_id, account_id, key_id, expires_at, fetched_at };
    let open = |column, text| keys.open(key_id, &place.bytes(column)?, text);
    let id_token = sealed.id_token.as_deref();
    Ok(ProviderToken {
        provider_id: provider_id.to_owned(),
        access_token: open("access_token", &sealed.access_token)?,
        id_token: id_token.map(|text| open("id_token", text)).transpose()?,
        access_token_expires_at: expires_at,
        fetched_at,
    })
}

impl Place<'_> {
    /// Returns the associated data of a column. JSON separates the values, so no two different
    /// places have the same bytes.
    fn bytes(&self, column: &str) -> Result<Vec<u8>, SealError> {
        let Self { user_id, account_id, key_id, expires_at, fetched_at } = self;
        let table = "account_tokens";
        let data = (table, column, user_id, account_id, key_id, expires_at, fetched_at);
        serde_json::to_vec(&data).map_err(|_| SealError::Cipher)
    }
}

#[cfg(test)]
mod tests {
    use super::{ProviderToken, SealError, SealedToken, Sealer, seal};

    const SETTING: &str = "tokens.keys";

    fn sealer(keys: &[(&str, u8)]) -> Sealer {
        let keys: Vec<_> = keys.iter().map(|(id, byte)| (*id, [*byte; 32])).collect();
        Sealer::new(SETTING, keys.iter().map(|(id, key)| (*id, key))).unwrap().unwrap()
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
        super::open(sealer, "user_1", "eac_1", "google", stored)
    }

    #[test]
    fn sealed_token_opens_and_ciphertexts_differ() {
        let sealer = sealer(&[("a", 1)]);
        let stored = seal(&sealer, "user_1", "eac_1", &token()).unwrap();
        assert!(open(&sealer, &stored).is_ok_and(|opened| opened == token()));
        let again = seal(&sealer, "user_1", "eac_1", &token()).unwrap();
        assert_ne!(stored.access_token, again.access_token);
        assert!(!stored.access_token.contains("ya29"), "{stored:?}");
        assert_eq!(stored.key_id, "a");
    }

    #[test]
    fn moved_or_altered_token_does_not_open() {
        let sealer = sealer(&[("a", 1), ("b", 2)]);
        let stored = seal(&sealer, "user_1", "eac_1", &token()).unwrap();
        for (user, account) in [("user_2", "eac_1"), ("user_1", "eac_2"), ("user_1eac", "_1")] {
            let swapped = super::open(&sealer, user, account, "google", &stored);
            assert!(matches!(swapped, Err(SealError::Unreadable { .. })), "{user} {account}");
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
            assert!(matches!(opened, Err(SealError::Unreadable { .. })), "{altered:?}");
        }
    }

    #[test]
    fn first_key_seals_and_all_keys_open() {
        let old = seal(&sealer(&[("a", 1)]), "user_1", "eac_1", &token()).unwrap();
        let both = sealer(&[("b", 2), ("a", 1)]);
        assert!(open(&both, &old).is_ok());
        assert_eq!(seal(&both, "user_1", "eac_1", &token()).unwrap().key_id, "b");
        let unknown = open(&sealer(&[("b", 2)]), &old).err().unwrap();
        assert_eq!(unknown, SealError::UnknownKey { key: "a".to_owned(), setting: SETTING });
        assert!(unknown.to_string().contains("tokens.keys"), "{unknown}");
        let other = open(&sealer(&[("a", 3)]), &old).err().unwrap();
        assert_eq!(other, SealError::Unreadable { key: "a".to_owned(), setting: SETTING });
        assert!(other.to_string().contains("tokens.keys"), "{other}");
        assert!(Sealer::new(SETTING, []).unwrap().is_none());
        assert_eq!(format!("{both:?}"), r#"["b", "a"]"#);
    }
}
