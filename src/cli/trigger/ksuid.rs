//! Ids as Clerk makes them: a prefix and a KSUID, which is 27 digits of base 62 for 20 bytes. The
//! first four are the second of creation, so that ids that are made later sort later.

use sha2::{Digest, Sha256};

/// The second that KSUIDs count from.
const EPOCH: i64 = 1_400_000_000;
const LENGTH: usize = 27;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// 32 bits in each, the highest first.
type Words = [u64; 5];

/// An id of a second. What would be random is made from `key` and `what`, so that the same
/// arguments make the same id.
pub(super) fn id(prefix: &str, second: i64, key: &str, what: &str) -> String {
    let mut words = Words::default();
    words[0] = u32::try_from(second.saturating_sub(EPOCH)).unwrap_or_default().into();
    for (word, bytes) in words[1..].iter_mut().zip(digest(key, what).chunks(4)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }
    format!("{prefix}_{}", encode(words))
}

/// The second in which an id was made, if it is of this shape.
pub(super) fn second(id: &str) -> Option<i64> {
    let (_, ksuid) = id.rsplit_once('_')?;
    Some(i64::try_from(decode(ksuid)?[0]).ok()?.saturating_add(EPOCH))
}

/// What stands for chance.
pub(super) fn digest(key: &str, what: &str) -> [u8; 32] {
    Sha256::new().chain_update(key).chain_update([0]).chain_update(what).finalize().into()
}

fn encode(mut words: Words) -> String {
    let mut digits = [DIGITS[0]; LENGTH];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0;
        for word in &mut words {
            let part = rest << 32 | *word;
            (*word, rest) = (part / 62, part % 62);
        }
        *digit = usize::try_from(rest).map_or(DIGITS[0], |rest| DIGITS[rest]);
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
        // More than 20 bytes.
        (carry == 0).then_some(())?;
    }
    (ksuid.len() == LENGTH).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::{EPOCH, decode, encode, id, second};

    /// From the readme of the first implementation, and its least and greatest.
    const KNOWN: [(&str, [u64; 5]); 3] = [
        (
            "0ujtsYcgvSTl8PAuAdqWYSMnLOv",
            [0x0669_F7EF, 0xB5A1_CD34, 0xB5F9_9D11, 0x54FB_6853, 0x345C_9735],
        ),
        ("000000000000000000000000000", [0; 5]),
        ("aWgEPTl1tmebfsQzFP4bxwgy80V", [0xFFFF_FFFF; 5]),
    ];

    #[test]
    fn known_ksuids_are_written_and_read() {
        for (text, words) in KNOWN {
            assert_eq!((encode(words).as_str(), decode(text)), (text, Some(words)));
        }
    }

    #[test]
    fn an_id_has_clerks_shape_and_tells_its_second() {
        let made = id("user", 1_772_439_331, "key", "user");
        let (prefix, ksuid) = made.split_once('_').unwrap();
        assert_eq!((prefix, ksuid.len()), ("user", 27));
        assert!(ksuid.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{made}");
        assert_eq!(second(&made), Some(1_772_439_331));
        // One of Clerk's own.
        assert_eq!(second("user_29w83sxmDNGwOuEthce5gg56FcC"), Some(1_654_012_591));
    }

    #[test]
    fn ids_differ_where_anything_differs_and_sort_by_their_second() {
        let made = id("user", EPOCH + 1, "key", "user");
        assert_eq!(made, id("user", EPOCH + 1, "key", "user"));
        assert_ne!(made, id("user", EPOCH + 1, "keyu", "ser"));
        assert!(made < id("user", EPOCH + 2, "other", "user"));
    }

    #[test]
    fn what_is_no_ksuid_tells_no_second() {
        let wrong = [
            "user_1",
            "0ujtsYcgvSTl8PAuAdqWYSMnLOv",
            "user_0ujtsYcgvSTl8PAuAdqWYSMnLO-",
            "user_zzzzzzzzzzzzzzzzzzzzzzzzzzz",
            "user_00ujtsYcgvSTl8PAuAdqWYSMnLOv",
        ];
        for wrong in wrong {
            assert_eq!(second(wrong), None, "{wrong}");
        }
    }
}
