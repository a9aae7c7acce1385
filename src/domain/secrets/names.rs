//! Names that name secrets.

/// Parts of names, without separators and in lower case, that may name a secret.
const PARTS: [&str; 24] = [
    "accesskey",
    "apikey",
    "authorization",
    "backupcode",
    "bearer",
    "cookie",
    "credential",
    "encryptionkey",
    "invitationurl",
    "jwt",
    "magiclink",
    "mnemonic",
    "nonce",
    "otp",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "secret",
    "signature",
    "signingkey",
    "ticket",
    "token",
];

/// Words in the names of unknown fields that may name a secret.
const WORDS: [&str; 19] = [
    "body",
    "challenge",
    "code",
    "codes",
    "digest",
    "hash",
    "href",
    "link",
    "links",
    "message",
    "pin",
    "salt",
    "seed",
    "subject",
    "uri",
    "uris",
    "url",
    "urls",
    "verifier",
];

/// Words in the names of parameters of URLs that may name a secret.
const PARAMETER_WORDS: [&str; 7] =
    ["challenge", "code", "codes", "pin", "sig", "state", "verifier"];

/// Returns whether a known field of Clerk's holds a secret. The `message` of a wallet's
/// verification is the text to sign, which contains the nonce.
pub(super) fn is_secret(field: &str) -> bool {
    matches!(field, "backup_codes" | "nonce" | "message" | "external_verification_redirect_url")
}

/// Returns whether a known field may hold a secret in an event that cannot be decoded, such as text
/// in the place of the boolean `totp_enabled`.
pub(super) fn may_hold_secret(field: &str) -> bool {
    is_unread(field) || has_part(field)
}

/// Returns whether no column is decoded from a known field that may hold a secret.
pub(super) fn is_unread(field: &str) -> bool {
    field == "code"
}

/// Returns whether an unknown field may hold a secret, in snake case or camel case.
pub(super) fn is_possible_secret(name: &str) -> bool {
    has_part(name) || words(name).any(|word| WORDS.contains(&&*word))
}

/// Returns whether a parameter of a URL may hold a secret.
pub(super) fn is_secret_parameter(name: &str) -> bool {
    has_part(name) || words(name).any(|word| PARAMETER_WORDS.contains(&&*word))
}

fn has_part(name: &str) -> bool {
    let joined: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|it| it.to_ascii_lowercase())
        .collect();
    PARTS.iter().any(|part| joined.contains(part))
}

/// Splits a name at separators, and before a capital letter that follows a small one.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut was_lowercase = false;
    for character in name.chars() {
        let starts_word = was_lowercase && character.is_ascii_uppercase();
        if starts_word || !character.is_ascii_alphabetic() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_ascii_alphabetic()) {
            word.push(character.to_ascii_lowercase());
        }
        was_lowercase = character.is_ascii_lowercase();
    }
    words.into_iter().filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{is_possible_secret, is_secret_parameter};

    #[test]
    fn secrets_are_named_in_any_case() {
        for name in [
            "otp_code",
            "ticket",
            "magic_link",
            "invitation_url",
            "invitationUrl",
            "totp_uri",
            "totpUri",
            "backupCodes",
            "backup_codes",
            "accessToken",
            "access_token",
            "ACCESS_TOKEN",
            "secret_key",
            "secretKey",
            "password_hash",
            "passwordDigest",
            "code",
            "verificationCode",
            "url",
            "signInUrl",
            "private-key",
            "jwt",
            "lastActiveTokens",
        ] {
            assert!(is_possible_secret(name), "{name}");
        }
    }

    #[test]
    fn other_names_are_kept() {
        for name in
            ["shoe_size", "nickname", "codename", "country", "favorite", "linked", "curl", "", "é"]
        {
            assert!(!is_possible_secret(name), "{name}");
        }
        for name in ["width", "redirect", "lang", "name", "q"] {
            assert!(!is_secret_parameter(name), "{name}");
        }
        for name in ["__clerk_ticket", "code", "token", "id_token", "state", "rotating_token_nonce"]
        {
            assert!(is_secret_parameter(name), "{name}");
        }
    }
}
