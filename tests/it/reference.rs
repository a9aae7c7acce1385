//! Reference pages below `docs/reference/`: generated from the source, or compared with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write,
    fs,
};

use serde_json::Value;

use crate::harness::repository::{files, path, read};

const SETTINGS: &str = "docs/reference/settings.md";
const ERRORS: &str = "docs/reference/errors.md";
const METRICS: &str = "docs/reference/metrics.md";

/// Text above the tables of the settings page.
const INTRODUCTION: &str = "\
# Settings

This page lists every setting with its default, its environment variables and its description. A
test generates the page from `config/default.toml`.

The service merges these sources. A later source overrides an earlier one:

1. the built-in `config/default.toml`
2. `default.toml` in the folder that `--config` names, by default `./config`
3. the built-in `config/<environment>.toml`
4. `<environment>.toml` in the same folder
5. `.env` in the working directory
6. environment variables

`MEETVO_ENV` selects the environment: `production` (default) or `development`. Each setting has a
variable `MEETVO__SECTION__KEY`. Some have a usual name too, which takes precedence. `meetvo config`
prints the settings in force, without secrets. If settings are invalid, the service does not start
and lists all faults, each with the variable, the file and the line that it comes from.

Blanks, line breaks and a pair of quotation marks around the value of a variable are removed. A
value that contains a line break is rejected, except for a key in PEM.

## Files with secrets

A secret can be in a file, such as a secret of Docker or Kubernetes. To use a file, append `_FILE`
to the name of the variable and set it to the path: `CLERK_SECRET_KEY_FILE=/run/secrets/key`. This
works for both names of these settings: `database.url`, `clerk.webhook_signing_secrets`,
`clerk.publishable_key`, `clerk.jwt_key`, `clerk.secret_key`, `api.keys`, `tokens.keys`,
`push.keys` and `telemetry.otlp_headers`.

The file must be text in UTF-8 of at most 64 KiB. A relative path starts at the working directory.
If a file is missing, unreadable or empty, or if one source sets the variable with and without
`_FILE`, the service does not start. The service reads files at start-up only, so restart it after a
change.

## Syntax of `.env`

The file also belongs to other programs. The service reads only the lines that assign one of its own
variables, and skips all others, whatever they contain. A faulty line with a variable of the service
is reported with its number.

| line | value |
|---|---|
| `NAME=value` | the text up to the end of the line, or up to a `#` after a blank; trimmed |
| `NAME='value'` | the text as it is, which can have several lines |
| `NAME=\"value\"` | the same, with the escapes `\\n`, `\\r`, `\\t`, `\\\"`, `\\\\` and `\\$`; other backslashes stay |
| `NAME=-----BEGIN PUBLIC KEY-----` | a key in PEM, up to its `-----END` line |

Nothing is expanded: `$NAME` and `${NAME}` stay as they are, with and without quotation marks.
`export` before a name, a byte order mark and carriage returns at the ends of lines are ignored. If
a variable occurs twice, the last line counts.

Neither `.env` nor a folder `./config` that `--config` does not name can set `clerk.api_url` if the
secret key comes from elsewhere. Otherwise a command that is run in a folder of another user could
send the key to another address.

## Development

With `MEETVO_ENV=development`, the service has a public signing secret and a public API key. It then
starts on a loopback address only. To use another address, for example in a container, set
`CLERK_WEBHOOK_SIGNING_SECRET` and `MEETVO_API_KEYS`. The service then logs a warning.
";

/// A key of a settings file.
struct Setting {
    section: String,
    /// Comment lines directly above the section, as one text.
    section_note: String,
    key: String,
    default: String,
    /// Comment lines directly above the key, as one text.
    description: String,
}

impl Setting {
    fn name(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }
}

/// Reads the keys of a settings file, in order.
fn settings(file: &str) -> Vec<Setting> {
    let (mut section, mut section_note) = (String::new(), String::new());
    let (mut comment, mut found) = (Vec::new(), Vec::new());
    for line in read(file).lines().map(str::trim) {
        if let Some(text) = line.strip_prefix('#') {
            comment.push(text.trim().to_owned());
        } else if let Some(name) = line.strip_prefix('[') {
            name.trim_end_matches(']').clone_into(&mut section);
            section_note = comment.join(" ");
            comment.clear();
        } else if let Some((key, value)) = line.split_once(" = ") {
            let setting = Setting {
                section: section.clone(),
                section_note: section_note.clone(),
                key: key.to_owned(),
                default: value.trim_matches('"').to_owned(),
                description: comment.join(" "),
            };
            comment.clear();
            found.push(setting);
        } else {
            assert!(line.is_empty(), "{file}: `{line}` is not a key with a value on one line");
            comment.clear();
        }
    }
    found
}

/// Reads the usual names of environment variables, by setting: `("PORT", "server.port"),`.
fn usual_names() -> BTreeMap<String, Vec<String>> {
    let source = read("src/config/sources.rs");
    let pairs = source.lines().filter_map(|line| {
        let pair = line.trim().strip_prefix("(\"")?.strip_suffix("\"),")?;
        pair.split_once("\", \"").filter(|(_, setting)| setting.contains('.'))
    });
    let mut names = BTreeMap::<String, Vec<String>>::new();
    for (variable, setting) in pairs {
        names.entry(setting.to_owned()).or_default().push(variable.to_owned());
    }
    assert!(names.len() > 5, "usual names are found: {names:?}");
    names
}

/// Removes the sentence that ends a description and only lists usual names, which have a column of
/// their own: `Variable: PORT.`
fn without_names(description: &str, names: &BTreeMap<String, Vec<String>>) -> String {
    let is_name = |word: &str| {
        let word = word.trim_end_matches([',', '.', ':']);
        let labels = ["Variable", "Variables"];
        labels.contains(&word) || names.values().flatten().any(|name| name == word)
    };
    let words: Vec<_> = description.split_whitespace().collect();
    let kept = words.iter().rev().skip_while(|word| is_name(word)).count();
    let text = words[..kept].join(" ");
    if text.ends_with('.') { text } else { description.to_owned() }
}

/// Links the pages that a text names: `docs/how-to/deploy.md`.
fn linked(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let page = word.trim_matches(['(', ')', ',', '.', ';', ':']);
        match page.strip_prefix("docs/").filter(|_| path(page).is_file()) {
            Some(below) => word.replace(page, &format!("[{page}](../{below})")),
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Escapes what Markdown or a table would interpret outside of code.
fn escaped(text: &str) -> String {
    let parts = text.replace('|', "\\|");
    let parts = parts.split('`').enumerate();
    let parts = parts.map(|(at, part)| match at % 2 {
        0 => linked(&part.replace('<', "&lt;")),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

/// Wraps a paragraph at 100 columns.
fn wrapped(text: &str) -> String {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > 100 {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines.join("\n")
}

fn shown(value: &str) -> String {
    if value.is_empty() { "empty".to_owned() } else { format!("`{value}`") }
}

fn settings_page() -> String {
    let (names, mut page) = (usual_names(), INTRODUCTION.to_owned());
    let settings_of = settings("config/default.toml");
    assert!(settings_of.len() > 30, "settings are found: {}", settings_of.len());
    let mut previous: Option<&Setting> = None;
    for setting in &settings_of {
        if previous.is_none_or(|previous| previous.section != setting.section) {
            let head =
                "| setting | default | environment variables | description |\n|---|---|---|---|";
            write!(page, "\n## {}\n\n", setting.section).unwrap();
            if !setting.section_note.is_empty() {
                write!(page, "{}\n\n", wrapped(&escaped(&setting.section_note))).unwrap();
            }
            writeln!(page, "{head}").unwrap();
        }
        let name = setting.name();
        let prefixed = format!("MEETVO__{}", name.to_uppercase().replace('.', "__"));
        let usual = names.get(&name).into_iter().flatten().cloned();
        let variables = usual.chain([prefixed]).map(|name| format!("`{name}`"));
        let variables = variables.collect::<Vec<_>>().join(", ");
        let description = match previous {
            Some(previous) if setting.description.is_empty() => {
                format!("See `{}`.", previous.name())
            }
            _ => escaped(&without_names(&setting.description, &names)),
        };
        let default = shown(&setting.default);
        writeln!(page, "| `{name}` | {default} | {variables} | {description} |").unwrap();
        if !setting.description.is_empty() {
            previous = Some(setting);
        }
    }
    page.push_str("\n## Defaults by environment\n\nThese files override the defaults above.\n\n");
    page.push_str("| environment | setting | value |\n|---|---|---|\n");
    for environment in ["production", "development"] {
        for setting in settings(&format!("config/{environment}.toml")) {
            let (name, value) = (setting.name(), shown(&setting.default));
            writeln!(page, "| `{environment}` | `{name}` | {value} |").unwrap();
        }
    }
    page
}

/// `TRYCMD=overwrite` writes the page, as it does for the transcripts.
#[test]
#[expect(clippy::disallowed_methods, reason = "the variable belongs to another tool")]
fn settings_page_matches_default_toml() {
    let generated = settings_page();
    if env::var("TRYCMD").is_ok_and(|it| it == "overwrite") {
        fs::write(path(SETTINGS), &generated).unwrap();
    }
    let is_current = path(SETTINGS).exists() && read(SETTINGS) == generated;
    let remedy = "run `TRYCMD=overwrite cargo test --test it reference`";
    assert!(is_current, "{SETTINGS} is out of date; {remedy}");
}

#[test]
fn every_setting_has_a_description() {
    let mut described = BTreeSet::new();
    let mut previous = String::new();
    for setting in settings("config/default.toml") {
        let name = setting.name();
        // A key without a comment shares that of the key above it.
        let shares = setting.description.is_empty() && described.contains(&previous);
        let is_described = setting.description.ends_with('.') || shares;
        assert!(
            is_described,
            "config/default.toml: {name} needs a comment that ends with a period"
        );
        described.insert(name.clone());
        previous = name;
    }
}

/// Constructors of problem documents with a fixed status.
const CONSTRUCTORS: [(&str, u16); 8] = [
    ("bad_request", 400),
    ("unauthorized", 401),
    ("forbidden", 403),
    ("conflict", 409),
    ("server_error", 500),
    ("not_implemented", 501),
    ("bad_gateway", 502),
    ("unavailable", 503),
];

fn is_code(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    text.len() > 3 && text.bytes().all(is_part)
}

/// Returns the string literal at the beginning of a text.
fn literal(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix('"')?.split('"').next()
}

/// Finds the error codes in a source: in calls (`Problem::unauthorized("key_revoked", …)`), in
/// match arms (`=> "key_revoked"`) and in tuples (`Some(("key_revoked", …))`).
fn codes(source: &str) -> BTreeSet<(String, Option<u16>)> {
    let mut found = BTreeSet::new();
    for (at, call) in source.match_indices("Problem::").chain(source.match_indices("Self::")) {
        let Some((name, arguments)) = source[at + call.len()..].split_once('(') else { continue };
        let arguments = arguments.trim_start();
        let first_is_status = arguments.starts_with("StatusCode::");
        let arguments = match arguments.split_once(',') {
            Some((_, rest)) if first_is_status => rest,
            _ => arguments,
        };
        if !is_code(name) && name != "new" {
            continue;
        }
        if let Some(code) = literal(arguments).filter(|code| is_code(code)) {
            let status = CONSTRUCTORS.iter().find(|(constructor, _)| *constructor == name);
            found.insert((code.to_owned(), status.map(|(_, status)| *status)));
        }
    }
    for before in ["=> ", "((", "=> ("] {
        for (at, _) in source.match_indices(before) {
            let code = literal(&source[at + before.len()..]);
            let code = code.filter(|code| is_code(code) && code.contains('_'));
            found.extend(code.map(|code| (code.to_owned(), None)));
        }
    }
    found
}

#[test]
fn error_codes_are_found_in_source() {
    let source = r#"Problem::bad_request("a_code", d); Self::new(StatusCode::GONE, "b_code", d);
        Some(("c_code", "a sentence")); X => "d_code", Problem::not_found("no such page")"#;
    let found: Vec<_> = codes(source).into_iter().collect();
    let expected = [("a_code", Some(400)), ("b_code", None), ("c_code", None), ("d_code", None)];
    assert_eq!(found, expected.map(|(code, status)| (code.to_owned(), status)));
}

#[test]
fn errors_page_lists_every_code() {
    let sources = files("src/http").into_iter().filter(|(path, source)| {
        path.extension().is_some_and(|it| it == "rs") && source.contains("Problem")
    });
    let in_source: BTreeSet<_> = sources.flat_map(|(_, source)| codes(&source)).collect();
    let mut in_page = BTreeMap::new();
    for row in read(ERRORS).lines().filter_map(|line| line.strip_prefix("| ")) {
        let cells: Vec<_> = row.split(" | ").collect();
        let [status, code, _, _] = cells[..] else { continue };
        let Ok(status) = status.parse::<u16>() else { continue };
        let earlier = in_page.insert(code.trim_matches('`').to_owned(), status);
        assert_eq!(earlier, None, "{ERRORS} lists {code} two times");
    }
    assert!(in_page.len() > 40, "rows are found: {}", in_page.len());
    let known: BTreeSet<_> = in_source.iter().map(|(code, _)| code).collect();
    let listed: BTreeSet<_> = in_page.keys().collect();
    let missing: Vec<_> = known.difference(&listed).collect();
    assert!(missing.is_empty(), "{ERRORS} lacks {missing:?}");
    let unknown: Vec<_> = listed.difference(&known).collect();
    assert!(unknown.is_empty(), "{ERRORS} lists codes that src/http does not have: {unknown:?}");
    for (code, status) in in_source {
        let expected = status.unwrap_or(in_page[&code]);
        assert_eq!(in_page[&code], expected, "{ERRORS}: status of {code}");
    }
}

/// The names in the first column of the table in a section.
fn first_column(page: &str, heading: &str) -> Vec<String> {
    let text = read(page);
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    rows.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn metrics_page_quotes_log_messages() {
    let source: String = files("src").into_iter().map(|(_, source)| source).collect();
    let messages = first_column(METRICS, "Log");
    assert!(messages.len() > 3, "{messages:?}");
    for message in messages {
        let logged = format!("\"{message}\"");
        assert!(source.contains(&logged), "{METRICS}: no source logs `{message}`");
    }
}

#[test]
fn metrics_page_lists_status_reasons() {
    let status = files("src/http/service_status").into_iter().map(|(_, source)| source);
    let source: String = status.chain([read("src/domain/unsynced.rs")]).collect();
    let codes: BTreeSet<_> = first_column(METRICS, "Status").into_iter().collect();
    let document: Value = serde_json::from_str(&read("docs/openapi.json")).unwrap();
    let finding = &document["components"]["schemas"]["Finding"]["properties"]["code"];
    let described = finding["x-extensible-enum"].as_array().unwrap().iter();
    let described: BTreeSet<_> = described.map(|it| it.as_str().unwrap().to_owned()).collect();
    assert_eq!(codes, described);
    for code in codes {
        let reported = format!("\"{code}\"");
        assert!(source.contains(&reported), "{METRICS}: /v1/status does not report `{code}`");
    }
}
