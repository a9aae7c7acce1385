//! Names of the cookies in which browsers send session tokens.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

/// Cookie of every instance. Instances that share a domain overwrite each other's.
pub const COOKIE: &str = "__session";

/// Length of the suffix in characters.
const SUFFIX_LENGTH: usize = 8;

/// Returns the name of the cookie that only the instance with this publishable key uses. Its suffix
/// is the beginning of the key's SHA-1 digest in base64, as in Clerk's SDKs.
#[must_use]
pub fn suffixed_cookie(publishable_key: &str) -> String {
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, publishable_key.as_bytes());
    let digest = BASE64_URL_SAFE_NO_PAD.encode(digest);
    let suffix: String = digest.chars().take(SUFFIX_LENGTH).collect();
    format!("{COOKIE}_{suffix}")
}

#[cfg(test)]
mod tests {
    use super::suffixed_cookie;

    #[test]
    fn suffix_is_that_of_clerk() {
        let key = "pk_test_cHJvcGVyLW90dGVyLTEyLmNsZXJrLmFjY291bnRzLmRldiQ";
        assert_eq!(suffixed_cookie(key), "__session_h0IiP8We");
    }
}
