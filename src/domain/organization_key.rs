//! Keys of roles and permissions in organizations.

/// Prefix of the keys. Session tokens of version 2 and old roles do not have it.
const PREFIX: &str = "org:";

/// Returns whether two keys name the same role or permission. A key without the prefix stands for
/// the key with it.
#[must_use]
pub fn is_same_key(one: &str, other: &str) -> bool {
    let [one, other] = [one, other].map(|key| key.strip_prefix(PREFIX).unwrap_or(key));
    one == other
}

#[cfg(test)]
mod tests {
    use super::is_same_key;

    #[test]
    fn keys_match_with_and_without_prefix() {
        for (one, other, expected) in [
            ("org:admin", "org:admin", true),
            ("org:admin", "admin", true),
            ("admin", "org:admin", true),
            ("org:posts:edit", "posts:edit", true),
            ("org:admin", "org:member", false),
            ("org:admin", "ADMIN", false),
            ("org:org:admin", "admin", false),
            ("org:admin", "", false),
        ] {
            assert_eq!(is_same_key(one, other), expected, "{one} {other}");
        }
    }
}
