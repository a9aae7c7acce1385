//! Secrets in the parameters of URLs.

use super::{REDACTED, names::is_secret_parameter};

/// Characters before a parameter.
const STARTS: [char; 4] = ['?', '&', '#', ';'];

/// Escape sequences in the values of parameters that are URLs themselves, and their meanings.
const ESCAPES: [(&str, &str); 5] =
    [("%3f", "?"), ("%26", "&"), ("%23", "#"), ("%3b", ";"), ("%3d", "=")];

/// Maximum number of times that a URL is escaped in others.
const MAX_ESCAPED: usize = 4;

/// Returns the text without the values of parameters that may be secrets, or none if it has no such
/// parameter.
pub(super) fn without_secrets(text: &str) -> Option<String> {
    // Most texts are no URLs with parameters.
    if !text.contains('=') || !text.contains(STARTS) {
        return None;
    }
    let (mut cut, mut rest, mut found) = (String::with_capacity(text.len()), text, false);
    while let Some(start) = rest.find(STARTS) {
        let (before, after) = rest.split_at(start + 1);
        cut.push_str(before);
        rest = after;
        let end = rest.find(ends_parameter).unwrap_or(rest.len());
        let Some((name, value)) = rest[..end].split_once('=') else { continue };
        let is_kept = value.is_empty() || value == REDACTED;
        if !is_kept && (is_secret_parameter(name) || holds_escaped_secret(value)) {
            cut.push_str(name);
            cut.push('=');
            cut.push_str(REDACTED);
            rest = &rest[end..];
            found = true;
        }
    }
    cut.push_str(rest);
    found.then_some(cut)
}

fn ends_parameter(character: char) -> bool {
    STARTS.contains(&character)
        || character.is_whitespace()
        || matches!(character, '"' | '\'' | '<' | '>')
}

/// Returns whether a value is an escaped URL with a parameter that may be a secret.
fn holds_escaped_secret(value: &str) -> bool {
    let mut url = value.to_ascii_lowercase();
    for _ in 0..MAX_ESCAPED {
        if !url.contains('%') {
            break;
        }
        for (escape, meaning) in ESCAPES {
            url = url.replace(escape, meaning);
        }
        let is_secret = url.split(STARTS).skip(1).any(|parameter| {
            parameter.split_once('=').is_some_and(|(name, value)| {
                !value.is_empty() && value != REDACTED && is_secret_parameter(name)
            })
        });
        if is_secret {
            return true;
        }
        url = url.replace("%25", "%");
    }
    false
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn tokens_in_urls_are_cut() {
        for (text, cut) in [
            (
                "https://a.example/v1?lang=en&__clerk_ticket=t-1&x=2#code=t-2",
                "https://a.example/v1?lang=en&__clerk_ticket=[redacted]&x=2#code=[redacted]",
            ),
            ("/verify?token=t-1", "/verify?token=[redacted]"),
            ("see https://a.example/?code=t-1 now", "see https://a.example/?code=[redacted] now"),
            ("<a href=\"/?TOKEN=t-1\">", "<a href=\"/?TOKEN=[redacted]\">"),
            ("a?x=b?token=t-1", "a?x=b?token=[redacted]"),
            (
                "https://a.example/?next=https%3A%2F%2Fb.example%2F%3Ftoken%3Dt-1&y=1",
                "https://a.example/?next=[redacted]&y=1",
            ),
            ("/?next=%2F%253Fcode%253Dt-1", "/?next=[redacted]"),
        ] {
            assert_eq!(without_secrets(text).as_deref(), Some(cut));
            assert_eq!(without_secrets(cut), None, "{cut}");
        }
    }

    #[test]
    fn other_texts_are_kept() {
        for text in [
            "",
            "https://img.clerk.com/eyJ0eXBlIjoiZGVmYXVsdCJ9?width=80&height=80",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)",
            "a=b&c=d",
            "/?next=%2Fhome%3Flang%3Den",
            "https://a.example/?token=",
        ] {
            assert_eq!(without_secrets(text), None, "{text}");
        }
    }
}
