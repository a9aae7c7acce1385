//! IDs in the format of Clerk: a prefix and a KSUID.
//!
//! A KSUID is 20 bytes, written as 27 base-62 digits. The first four bytes are the second of its
//! creation, so that newer IDs sort later.

use sha2::{Digest, Sha256};

/// Unix time from which KSUIDs count seconds.
const EPOCH: i64 = 1_400_000_000;
/// Number of digits.
const LENGTH: usize = 27;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The 20 bytes as 32-bit words, most significant first.
type Words = [u64; 5];

/// Returns an ID that was created in a second (Unix time). The other bytes are derived from `key`
/// and `purpose` instead of random numbers, so that the same arguments make the same ID.
pub(super) fn id(prefix: &str, second: i64, key: &str, purpose: &str) -> String {
    let mut words = Words::default();
    words[0] = u32::try_from(second.saturating_sub(EPOCH)).unwrap_or_default().into();
    for (word, bytes) in words[1..].iter_mut().zip(digest(key, purpose).chunks(4)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }
    format!("{prefix}_{}", encode(words))
}

/// Returns the second (Unix time) in which an ID was created; `None` if it has no KSUID.
pub(super) fn creation_second(id: &str) -> Option<i64> {
    let (_, ksuid) = id.rsplit_once('_')?;
    Some(i64::try_from(decode(ksuid)?[0]).ok()?.saturating_add(EPOCH))
}

/// Returns bytes that look random and depend only on the arguments.
pub(super) fn digest(key: &str, purpose: &str) -> [u8; 32] {
    Sha256::new().chain_update(key).chain_update([0]).chain_update(purpose).finalize().into()
}

fn encode(mut words: Words) -> String {
    let mut digits = [DIGITS[0]; LENGTH];
    for digit in digits.iter_mut().rev() {
        let mut remainder = 0;
        for word in &mut words {
            let part = remainder << 32 | *word;
            (*word, remainder) = (part / 62, part % 62);
        }
        *digit = usize::try_from(remainder).map_or(DIGITS[0], |digit| DIGITS[digit]);
    }
    digits.into_iter().map(char::from).collect()
}

fn decode(ksuid: &str) -> Option<Words> {
    let mut words = Words::default();
    for digit in ksuid.bytes() {
        let digit = DIGITS.iter().position(|known| *known == digit)?;
        let mut carry = u64::try_from(digit).ok()?;
        for word in words.iter_mut().rev() {
            let part = *word * 62 + carry;
            (*word, carry) = (part & 0xFFFF_FFFF, part >> 32);
        }
        // A carry means more than 20 bytes.
        (carry == 0).then_some(())?;
    }
    (ksuid.len() == LENGTH).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::{EPOCH, creation_second, decode, encode, id};

    /// The example in the README of the reference implementation, the minimum and the maximum.
    const KNOWN: [(&str, [u64; 5]); 3] = [
        (
            "0ujtsYcgvSTl8PAuAdqWYSMnLOv",
            [0x0669_F7EF, 0xB5A1_CD34, 0xB5F9_9D11, 0x54FB_6853, 0x345C_9735],
        ),
        ("000000000000000000000000000", [0; 5]),
        ("aWgEPTl1tmebfsQzFP4bxwgy80V", [0xFFFF_FFFF; 5]),
    ];

    #[test]
    fn known_ksuids_are_encoded_and_decoded() {
        for (text, words) in KNOWN {
            assert_eq!((encode(words).as_str(), decode(text)), (text, Some(words)));
        }
    }

    #[test]
    fn id_has_clerks_format_and_creation_second() {
        let made = id("user", 1_772_439_331, "key", "user");
        let (prefix, ksuid) = made.split_once('_').unwrap();
        assert_eq!((prefix, ksuid.len()), ("user", 27));
        assert!(ksuid.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{made}");
        assert_eq!(creation_second(&made), Some(1_772_439_331));
        // An ID from Clerk's documentation.
        assert_eq!(creation_second("user_29w83sxmDNGwOuEthce5gg56FcC"), Some(1_654_012_591));
    }

    #[test]
    fn ids_differ_and_sort_by_second() {
        let made = id("user", EPOCH + 1, "key", "user");
        assert_eq!(made, id("user", EPOCH + 1, "key", "user"));
        assert_ne!(made, id("user", EPOCH + 1, "keyu", "ser"));
        assert!(made < id("user", EPOCH + 2, "other", "user"));
    }

    #[test]
    fn invalid_ksuid_has_no_creation_second() {
        let wrong = [
            "user_1",
            "0ujtsYcgvSTl8PAuAdqWYSMnLOv",
            "user_0ujtsYcgvSTl8PAuAdqWYSMnLO-",
            "user_zzzzzzzzzzzzzzzzzzzzzzzzzzz",
            "user_00ujtsYcgvSTl8PAuAdqWYSMnLOv",
        ];
        for wrong in wrong {
            assert_eq!(creation_second(wrong), None, "{wrong}");
        }
    }
}
