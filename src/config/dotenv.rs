//! Parser for `.env` files.
//!
//! It reads only the lines that assign a variable of this program. Every other line is skipped,
//! whatever its form, because the file also belongs to other programs. Nothing is expanded: `$`
//! stays in a value, so that a password can contain it.
//!
//! | value | meaning |
//! |---|---|
//! | `NAME=value` | the text up to the end of the line or to a `#` after a blank, trimmed |
//! | `NAME='value'` | the text as it is, also over several lines |
//! | `NAME="value"` | the same, with the escapes `\n`, `\r`, `\t`, `\"`, `\\`, `\$` and `` \` `` |
//! | `NAME=-----BEGIN …` | a key in PEM, up to its `-----END` line |
//!
//! `export` before a name is ignored, and so are a byte order mark and carriage returns at the end
//! of lines.

/// Variable that a file assigns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) value: String,
    /// Number of its first line.
    pub(super) line: usize,
}

/// Line that names a variable of this program and does not assign it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FaultyLine {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) problem: &'static str,
}

/// Prefix of the first line of a key in PEM.
const PEM_BEGIN: &str = "-----BEGIN ";

/// Prefix of the last line of a key in PEM.
const PEM_END: &str = "-----END ";

/// Returns the assignments of the variables whose names satisfy `is_own`, and their faulty lines.
pub(super) fn parse(
    text: &str,
    is_own: impl Fn(&str) -> bool,
) -> (Vec<Assignment>, Vec<FaultyLine>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<_> = text.lines().collect();
    let (mut assignments, mut faulty) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let (number, following) = (at + 1, &lines[at + 1..]);
        at += 1;
        let Some((name, rest)) = name_and_rest(line) else { continue };
        let value = rest.strip_prefix('=');
        if !is_own(name) {
            // The lines of a quoted value are no assignments.
            if let Some(value) = value.map(str::trim_start)
                && value.starts_with(['"', '\'', '`'])
            {
                at += quoted(value, following).map_or(0, |(_, more)| more);
            }
            continue;
        }
        let parsed = match value {
            Some(value) => parse_value(value, following, &is_own),
            // `export NAME` passes an existing variable on.
            None if rest.trim().is_empty() => continue,
            None => Err("must be NAME=value"),
        };
        let name = name.to_owned();
        match parsed {
            Ok((value, more)) => {
                at += more;
                assignments.push(Assignment { name, value, line: number });
            }
            Err(problem) => faulty.push(FaultyLine { name, line: number, problem }),
        }
    }
    (assignments, faulty)
}

/// Splits a line into a name and the text after it. Returns `None` for comments and empty lines.
fn name_and_rest(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let exported = line.strip_prefix("export").filter(|it| it.starts_with([' ', '\t']));
    let line = exported.map_or(line, str::trim_start);
    let end = line.find(|it: char| it.is_whitespace() || it == '=' || it == ':');
    let (name, rest) = line.split_at(end.unwrap_or(line.len()));
    (!name.is_empty() && !name.starts_with('#')).then(|| (name, rest.trim_start()))
}

/// Returns the value and the number of further lines that it takes.
fn parse_value(
    text: &str,
    following: &[&str],
    is_own: impl Fn(&str) -> bool,
) -> Result<(String, usize), &'static str> {
    let trimmed = text.trim();
    if trimmed.starts_with(['"', '\'']) {
        // Blanks at the end of a line belong to a value of several lines.
        return quoted(text.trim_start(), following);
    }
    if trimmed.starts_with(PEM_BEGIN) && !trimmed.contains(PEM_END) {
        let is_assignment = |line: &str| {
            name_and_rest(line).is_some_and(|(name, rest)| is_own(name) && rest.starts_with('='))
        };
        let key = following.iter().take_while(|line| !is_assignment(line));
        let end = key.into_iter().position(|line| line.trim().starts_with(PEM_END));
        let end = end.ok_or("begins a key in PEM that has no -----END line")?;
        let rest = following[..=end].iter().map(|line| line.trim());
        let key: Vec<_> = std::iter::once(trimmed).chain(rest).collect();
        return Ok((key.join("\n"), end + 1));
    }
    let comment = text.match_indices('#').map(|(at, _)| at);
    let comment = comment.into_iter().find(|at| text[..*at].ends_with([' ', '\t']));
    Ok((text[..comment.unwrap_or(text.len())].trim().to_owned(), 0))
}

/// Reads a quoted value, and returns the number of further lines that it takes.
fn quoted(text: &str, following: &[&str]) -> Result<(String, usize), &'static str> {
    let (quote, first) = (&text[..1], &text[1..]);
    let mut value = String::new();
    let lines = std::iter::once(first).chain(following.iter().copied());
    for (more, line) in lines.enumerate() {
        if more > 0 {
            value.push('\n');
        }
        let mut characters = line.chars();
        while let Some(character) = characters.next() {
            if quote == "\"" && character == '\\' {
                value.push_str(&unescape(characters.next()));
            } else if quote.starts_with(character) {
                let rest = characters.as_str().trim_start();
                return match rest.is_empty() || rest.starts_with('#') {
                    true => Ok((value, more)),
                    false => Err("has text after the closing quotation mark"),
                };
            } else {
                value.push(character);
            }
        }
    }
    Err("has a quotation mark that is not closed")
}

/// Returns the meaning of a backslash before `character`. Other escapes stay as they are.
fn unescape(character: Option<char>) -> String {
    match character {
        Some('n') => "\n".to_owned(),
        Some('r') => "\r".to_owned(),
        Some('t') => "\t".to_owned(),
        Some(it @ ('"' | '\\' | '$' | '`')) => it.to_string(),
        Some(other) => format!("\\{other}"),
        None => "\\".to_owned(),
    }
}
