//! Search terms of a user: email address, username and names, in normalized form.

use std::collections::BTreeSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::user::Profile;

/// Maximum length of a normalized text, in characters. The rest is cut off.
const MAX_CHARS: usize = 64;

/// Returns the text in the form in which search compares it: lowercase, without accents, with
/// single spaces. `Krämer` and `KRAMER` normalize to the same text.
#[must_use]
pub fn normalize(text: &str) -> String {
    let plain: String = text.nfkd().filter(|char| !is_combining_mark(*char)).collect();
    let lowercase = plain.to_lowercase();
    let words: Vec<&str> = lowercase.split_whitespace().collect();
    words.join(" ").chars().take(MAX_CHARS).collect()
}

/// Returns the terms of a user. A search finds the user by a prefix of any of them.
#[must_use]
pub fn terms(profile: &Profile) -> BTreeSet<String> {
    let Profile { email, username, first_name, last_name, .. } = profile;
    let names = [first_name, last_name].into_iter().flatten().map(String::as_str);
    let name = names.collect::<Vec<_>>().join(" ");
    let parts = [email, username, first_name, last_name].into_iter().flatten();
    let terms = parts.map(|part| normalize(part)).chain([normalize(&name)]);
    terms.filter(|term| !term.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{MAX_CHARS, normalize, terms};
    use crate::domain::user::Profile;

    #[test]
    fn normalizing_ignores_case_accents_and_spacing() {
        for (text, normalized) in [
            ("Krämer", "kramer"),
            ("KRA\u{308}MER", "kramer"),
            ("  Ada \t\n Lovelace ", "ada lovelace"),
            ("ﬁne", "fine"),
            ("ÅSA", "asa"),
            ("Ελένη", "ελενη"),
            ("山田 太郎", "山田 太郎"),
            ("İpek", "ipek"),
            (" \n", ""),
        ] {
            assert_eq!(normalize(text), normalized, "{text}");
            assert_eq!(normalize(normalized), normalized, "normalizing is idempotent: {text}");
        }
        assert_eq!(normalize(&"é".repeat(1_000)), "e".repeat(MAX_CHARS));
    }

    #[test]
    fn terms_are_email_username_and_names() {
        let some = |text: &str| Some(text.to_owned());
        let profile = Profile {
            email: some("Ada@Example.com"),
            username: some("ada"),
            first_name: some("Ada"),
            last_name: some("Lovelace"),
            ..Profile::default()
        };
        let expected = ["ada", "ada lovelace", "ada@example.com", "lovelace"];
        assert_eq!(terms(&profile), BTreeSet::from(expected.map(str::to_owned)));
        assert_eq!(terms(&Profile::default()), BTreeSet::new());
    }
}
