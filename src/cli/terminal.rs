//! Output of the commands: text that is safe on terminals, tables, and URLs without secrets.
//!
//! IDs, names, reasons and responses come from outside and can contain control sequences of
//! terminals. All output passes two steps:
//!
//! - [`escape`] makes one line of a value, so that a value cannot imitate other output. [`table`]
//!   escapes every cell.
//! - [`stdout`] and [`stderr`] escape the remaining control characters of any text. In JSON the
//!   result is still valid, because the characters can occur only in strings.

use std::{
    borrow::Cow,
    fmt::{self, Display, Write as _},
    io::{self, Write},
    process::ExitCode,
};

use comfy_table::{Table, presets};

/// Text that replaces the secret parts of a URL.
const REDACTED: &str = "[redacted]";

/// Writer that escapes characters that control a terminal. Line breaks and tabs pass.
pub(super) struct SafeWriter<W> {
    inner: W,
    /// Bytes of a character that is not complete yet.
    incomplete: Vec<u8>,
}

/// Returns the standard output.
pub(super) fn stdout() -> SafeWriter<io::Stdout> {
    SafeWriter { inner: io::stdout(), incomplete: Vec::new() }
}

/// Returns the standard error.
pub(super) fn stderr() -> SafeWriter<io::Stderr> {
    SafeWriter { inner: io::stderr(), incomplete: Vec::new() }
}

/// Writes a line for people to the standard error, where it does not mix with the output of the
/// command. A closed standard error is ignored.
pub(super) fn note(text: impl Display) {
    writeln!(stderr(), "{text}").ok();
}

/// Prints the help, or an error of the command line, and returns its exit code.
pub(super) fn print_usage_error(error: &clap::Error) -> ExitCode {
    let plain = error.render().to_string();
    // The error quotes arguments. The text without secrets has no colors.
    let safe = WithoutSecrets(&plain).to_string();
    if safe == plain && !plain.contains(is_unsafe_in_text) {
        error.print().ok();
    } else {
        note(safe.trim_end());
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

impl<W: Write> Write for SafeWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.incomplete.extend_from_slice(bytes);
        let complete = match str::from_utf8(&self.incomplete) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.incomplete.len(),
        };
        let text = String::from_utf8_lossy(&self.incomplete[..complete]);
        self.inner.write_all(escape_where(&text, is_unsafe_in_text).as_bytes())?;
        self.incomplete.drain(..complete);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Escapes a value from outside for a line of text.
pub(super) fn escape(text: &str) -> Cow<'_, str> {
    escape_where(text, is_unsafe)
}

/// Returns whether a character moves the cursor, changes the display, reorders text or is
/// invisible.
fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            // Bidirectional controls.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Separators of lines and paragraphs, and characters without width. The joiners of
            // emoji and scripts (U+200C and U+200D) are harmless.
            | '\u{2028}' | '\u{2029}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

fn is_unsafe_in_text(char: char) -> bool {
    is_unsafe(char) && !matches!(char, '\n' | '\t')
}

/// Replaces characters by their escape sequences in JSON.
fn escape_where(text: &str, is_unsafe: fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' if is_unsafe(char) => escaped.push_str("\\n"),
            '\r' if is_unsafe(char) => escaped.push_str("\\r"),
            '\t' if is_unsafe(char) => escaped.push_str("\\t"),
            char if is_unsafe(char) => {
                for unit in char.encode_utf16(&mut [0; 2]) {
                    write!(escaped, "\\u{unit:04x}").ok();
                }
            }
            char => escaped.push(char),
        }
    }
    escaped.into()
}

/// Returns a table without borders. Every cell is escaped.
pub(super) fn table<const N: usize, C: AsRef<str>>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [C; N]>,
) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(header);
    for row in rows {
        table.add_row(row.map(|cell| escape(cell.as_ref()).into_owned()));
    }
    table
}

/// URL or text with URLs, shown without passwords and the values of query parameters.
pub(super) struct WithoutSecrets<T>(pub(super) T);

impl<T: Display> Display for WithoutSecrets<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let mut rest = &*text;
        while let Some((before, after)) = rest.split_once("://") {
            let is_end = |char: char| char.is_whitespace() || "\"'`<>".contains(char);
            let url = &after[..after.find(is_end).unwrap_or(after.len())];
            // Punctuation at the end belongs to the sentence.
            let url = url.trim_end_matches(['.', ',', ';', ':', ')']);
            let is_web = before.ends_with("http") || before.ends_with("https");
            write!(f, "{before}://{}", without_secrets(url, is_web))?;
            rest = &after[url.len()..];
        }
        f.write_str(rest)
    }
}

/// Removes the secrets of a URL without its scheme.
fn without_secrets(url: &str, is_web: bool) -> String {
    let end = url.find(['/', '?', '#']).unwrap_or(url.len());
    let (authority, path) = url.split_at(end);
    let (location, fragment) = match path.split_once('#') {
        Some((location, _)) => (location, format!("#{REDACTED}")),
        None => (path, String::new()),
    };
    let (location, query) = match location.split_once('?') {
        Some((location, query)) => (location, format!("?{}", without_values(query))),
        None => (location, String::new()),
    };
    if let Some((login, host)) = authority.rsplit_once('@') {
        let login = match login.split_once(':') {
            Some((user, _)) => format!("{user}:{REDACTED}"),
            // A single word in a web URL is usually a token.
            None if is_web => REDACTED.to_owned(),
            None => login.to_owned(),
        };
        return format!("{login}@{host}{location}{query}{fragment}");
    }
    // A login with a reserved character, such as `user:pass/word@host`, ends the authority early.
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    if authority.ends_with(']') || port.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("{authority}{location}{query}{fragment}");
    }
    REDACTED.to_owned()
}

/// Returns a query with the names of its parameters, and without their values.
fn without_values(query: &str) -> String {
    let parameter = |parameter: &str| match parameter.split_once('=') {
        Some((name, _)) => format!("{name}={REDACTED}"),
        None => REDACTED.to_owned(),
    };
    query.split('&').map(parameter).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use serde_json::{Value, json};

    use super::{SafeWriter, WithoutSecrets, escape, table};

    /// Texts with characters that a terminal must not receive, and their escaped forms.
    const CASES: [(&str, &str); 7] = [
        ("\u{1b}[31mred", "\\u001b[31mred"),
        ("\u{9b}2J\u{7f}\0", "\\u009b2J\\u007f\\u0000"),
        ("a\u{202e}b\u{2066}c", "a\\u202eb\\u2066c"),
        ("user\nmeetvo: ok\r", "user\\nmeetvo: ok\\r"),
        ("\u{200b}\u{feff}\u{e0041}", "\\u200b\\ufeff\\udb40\\udc41"),
        ("KRA\u{308}MER \"x\" \\", "KRA\u{308}MER \"x\" \\"),
        ("👩\u{200d}🔬 山田 می\u{200c}خواهم", "👩\u{200d}🔬 山田 می\u{200c}خواهم"),
    ];

    #[test]
    fn control_characters_are_escaped() {
        for (text, expected) in CASES {
            assert_eq!(escape(text), expected);
            assert_eq!(escape(expected), expected, "escaping is idempotent");
        }
    }

    #[test]
    fn writer_escapes_text_and_keeps_json_valid() {
        let mut bytes = Vec::new();
        let mut writer = SafeWriter { inner: &mut bytes, incomplete: Vec::new() };
        let value = json!({ "cases": CASES.map(|(text, _)| text) });
        let text = format!("{value:#}\nline\ttab\n");
        // Characters that are split between two writes are written whole.
        for chunk in text.as_bytes().chunks(3) {
            writer.write_all(chunk).unwrap();
        }
        let written = String::from_utf8(bytes).unwrap();
        let (object, rest) = written.split_at(written.find("\nline").unwrap());
        assert_eq!(serde_json::from_str::<Value>(object).unwrap(), value);
        assert_eq!(rest, "\nline\ttab\n");
        for char in ['\u{1b}', '\u{9b}', '\u{7f}', '\u{202e}', '\u{feff}'] {
            assert!(!written.contains(char), "{char:?}: {written}");
        }
    }

    #[test]
    fn table_cells_are_escaped() {
        let shown = table(["id"], [["a\u{1b}[1m\nb"]]).to_string();
        assert_eq!(shown.lines().count(), 2, "{shown}");
        assert!(shown.contains("a\\u001b[1m\\nb"), "{shown}");
    }

    #[test]
    fn urls_are_shown_without_secrets() {
        for (text, expected) in [
            ("https://ada:pw@host/hook", "https://ada:[redacted]@host/hook"),
            ("https://token@host", "https://[redacted]@host"),
            ("postgres://ada@host/db", "postgres://ada@host/db"),
            ("postgres://ada:[redacted]@host/db", "postgres://ada:[redacted]@host/db"),
            (
                "http://h:80/a?key=1&b#c: refused; x",
                "http://h:80/a?key=[redacted]&[redacted]#[redacted]: refused; x",
            ),
            ("http://ada:p/w@host/", "http://[redacted]"),
            (
                "a http://u:p@h and (https://u:p@[::1]:9/).",
                "a http://u:[redacted]@h and (https://u:[redacted]@[::1]:9/).",
            ),
            ("http://[::1]/ http://h:8080 sqlite:a.db", "http://[::1]/ http://h:8080 sqlite:a.db"),
            ("no url, a@b", "no url, a@b"),
        ] {
            assert_eq!(WithoutSecrets(text).to_string(), expected);
        }
    }
}
