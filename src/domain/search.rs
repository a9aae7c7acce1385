//! The form in which texts are searched.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Maximum length of a normalized text, in characters. The rest is cut off.
const MAX_CHARS: usize = 64;

/// Returns the text in the form in which search compares it: lowercase, without accents, with
/// single spaces. `Krämer` and `KRAMER` normalize to the same text.
#[must_use]
pub fn normalize(text: &str) -> String {
    let lowercase = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        let plain = text.nfkd().filter(|char| !is_combining_mark(*char));
        plain.collect::<String>().to_lowercase()
    };
    if is_normalized(&lowercase) {
        return lowercase;
    }
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

/// Returns whether a lowercase text is normalized already, as most are. Other normalized texts are
/// only found by normalizing them.
fn is_normalized(lowercase: &str) -> bool {
    let is_plain = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_graphic());
    lowercase.len() <= MAX_CHARS && lowercase.split(' ').all(is_plain)
}

/// Returns the search terms that these texts make: their normalized forms, sorted, each once.
#[must_use]
pub fn terms<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut terms: Vec<String> = texts.map(normalize).filter(|term| !term.is_empty()).collect();
    terms.sort_unstable();
    terms.dedup();
    terms
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
