//! By what people look for a user: the beginning of an address, a username or a name.

use std::collections::BTreeSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::user::Profile;

/// How much of a text counts, in characters.
const LENGTH: usize = 64;

/// A text as it is compared: in small letters, without accents, with single blanks. `Krämer` and
/// `KRAMER` are the same.
#[must_use]
pub fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|char| !is_combining_mark(*char)).collect();
    let small = plain.to_lowercase();
    let words: Vec<&str> = small.split_whitespace().collect();
    words.join(" ").chars().take(LENGTH).collect()
}

/// What a user is found by: each of these, from its beginning.
#[must_use]
pub fn terms(profile: &Profile) -> BTreeSet<String> {
    let Profile { email, username, first_name, last_name, .. } = profile;
    let names = [first_name, last_name].into_iter().flatten().map(String::as_str);
    let name = names.collect::<Vec<_>>().join(" ");
    let parts = [email, username, first_name, last_name].into_iter().flatten();
    let folded = parts.map(|part| fold(part)).chain([fold(&name)]);
    folded.filter(|term| !term.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{LENGTH, fold, terms};
    use crate::domain::user::Profile;

    #[test]
    fn what_looks_the_same_is_the_same() {
        for (text, folded) in [
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
            assert_eq!(fold(text), folded, "{text}");
            assert_eq!(fold(folded), folded, "again is no change: {text}");
        }
        assert_eq!(fold(&"é".repeat(1_000)), "e".repeat(LENGTH));
    }

    #[test]
    fn a_user_is_found_by_address_username_and_names() {
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
