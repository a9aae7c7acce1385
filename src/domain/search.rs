//! The form in which texts are searched.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

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
