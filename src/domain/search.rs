//! The form in which texts are searched.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Maximum length of a normalized text, in characters. The rest is cut off.
const MAX_CHARS: usize = 64;

/// Returns the text in the form in which search compares it: lowercase, without accents, with
/// single spaces. `Krämer` and `KRAMER` normalize to the same text.
#[must_use]
pub fn normalize(text: &str) -> String {
    let plain: Cow<'_, str> = match text.is_ascii() {
        true => text.into(),
        false => text.nfkd().filter(|char| !is_combining_mark(*char)).collect(),
    };
    let lowercase = plain.to_lowercase();
    let mut normalized = String::with_capacity(lowercase.len());
    for word in lowercase.split_whitespace() {
        normalized.push_str(if normalized.is_empty() { "" } else { " " });
        normalized.push_str(word);
    }
    if let Some((end, _)) = normalized.char_indices().nth(MAX_CHARS) {
        normalized.truncate(end);
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::{MAX_CHARS, normalize};

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
}
