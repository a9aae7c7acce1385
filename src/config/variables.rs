//! Variables of `.env` and of the environment, and the settings that they give.

use std::{collections::BTreeMap, fs::File, io::Read, path::Path};

use super::{
    Fault,
    dotenv::{self, Assignment},
    sources::{ENVIRONMENT, PREFIX, SHORT_NAMES},
};

/// Suffix of a variable that names a file with the value.
const FILE: &str = "_FILE";

/// Variable with the URL of the service, for commands that send requests to it. It is no setting.
pub const TARGET_VARIABLE: &str = "MEETVO_TO";

/// Variable with the API key of the commands that read from a running service. It is no setting.
pub const KEY_VARIABLE: &str = "MEETVO_API_KEY";

/// Settings whose value can be in a file: all secrets, and what comes with them.
const FILE_SETTINGS: [&str; 9] = [
    "database.url",
    "clerk.webhook_signing_secrets",
    "clerk.publishable_key",
    "clerk.jwt_key",
    "clerk.secret_key",
    "api.keys",
    "tokens.keys",
    "push.keys",
    "telemetry.otlp_headers",
];

/// Maximum size of such a file in bytes.
const MAX_FILE_BYTES: u64 = 64 << 10;

/// Variables of one source.
#[derive(Default)]
pub(super) struct Variables {
    values: BTreeMap<String, String>,
    /// The file that they come from, and the line of each.
    file: Option<(String, BTreeMap<String, usize>)>,
}

/// Setting that a variable gives.
pub(super) struct Given {
    pub(super) setting: String,
    pub(super) variable: String,
    pub(super) value: String,
}

impl Variables {
    pub(super) fn of_environment(values: &BTreeMap<String, String>) -> Self {
        Self { values: values.clone(), file: None }
    }

    /// Reads a file. A missing file has no variables. Adds a fault for each faulty line.
    pub(super) fn of_file(
        path: &Path,
        is_ignored: impl Fn(&str) -> bool,
        faults: &mut Vec<Fault>,
    ) -> Self {
        let shown = path.display().to_string();
        let mut fault = |setting, problem| faults.push(Fault { setting, problem });
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Self::default(),
            Err(error) => {
                fault(shown, format!("cannot be read: {error}"));
                return Self::default();
            }
        };
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            fault(shown, "is encoded as UTF-16: save it as UTF-8".to_owned());
            return Self::default();
        }
        // A line that is not UTF-8 may belong to another program. A value of this program is
        // converted lossily, so that the checks reject it.
        let text = String::from_utf8_lossy(&bytes);
        let (assignments, malformed) =
            dotenv::parse(&text, |name| is_own(name) && !is_ignored(name));
        for line in malformed {
            let setting = format!("{shown}, line {} ({})", line.line, line.name);
            fault(setting, line.problem.to_owned());
        }
        let (mut values, mut lines) = (BTreeMap::new(), BTreeMap::new());
        for Assignment { name, value, line } in assignments {
            lines.insert(name.clone(), line);
            values.insert(name, value);
        }
        Self { values, file: Some((shown, lines)) }
    }

    /// Returns the trimmed value of a variable, unless it is missing or empty.
    pub(super) fn get(&self, variable: &str) -> Option<Result<&str, &'static str>> {
        let value = trimmed(self.values.get(variable)?);
        Some(value).filter(|value| *value != Ok(""))
    }

    /// Returns the value of a secret that is no setting, or the content of the file that the
    /// variable with the suffix `_FILE` names.
    pub(super) fn secret(&self, variable: &str) -> Option<Result<String, Fault>> {
        let own = |problem: &str| Fault { setting: self.place(variable), problem: problem.into() };
        if let Some(value) = self.get(variable) {
            return Some(value.map(str::to_owned).map_err(own));
        }
        let file = format!("{variable}{FILE}");
        let fault = |problem| Fault { setting: self.place(&file), problem };
        Some(self.in_file(&file, variable)?.map_err(fault))
    }

    /// Describes the place of a variable, for faults.
    pub(super) fn place(&self, variable: &str) -> String {
        match &self.file {
            Some((file, lines)) => match lines.get(variable) {
                Some(line) => format!("{variable} in {file}, line {line}"),
                None => format!("{variable} in {file}"),
            },
            None => variable.to_owned(),
        }
    }

    /// Returns the settings that the variables give. A later entry overrides an earlier one. Adds a
    /// fault for each variable that gives none.
    pub(super) fn settings(&self, faults: &mut Vec<Fault>) -> Vec<Given> {
        let mut given = Vec::new();
        let prefixed = self.values.keys().filter_map(|variable| {
            let setting = variable.strip_prefix(PREFIX)?.to_ascii_lowercase().replace("__", ".");
            Some((variable.as_str(), setting))
        });
        for (variable, setting) in prefixed {
            let file = setting.strip_suffix("_file").filter(|it| FILE_SETTINGS.contains(it));
            let (name, found) = match (file, variable.strip_suffix(FILE)) {
                (Some(setting), Some(value)) => (setting, self.in_file(variable, value)),
                _ => (
                    &*setting,
                    Some(
                        self.get(variable)
                            .unwrap_or(Ok(""))
                            .map(str::to_owned)
                            .map_err(str::to_owned),
                    ),
                ),
            };
            self.collect(name, variable, found, &mut given, faults);
        }
        for (variable, setting) in SHORT_NAMES {
            let found = self.get(variable).map(|it| it.map(str::to_owned).map_err(str::to_owned));
            self.collect(setting, variable, found, &mut given, faults);
            if FILE_SETTINGS.contains(&setting) {
                let file = format!("{variable}{FILE}");
                let found = self.in_file(&file, variable);
                self.collect(setting, &file, found, &mut given, faults);
            }
        }
        given
    }

    fn collect(
        &self,
        setting: &str,
        variable: &str,
        found: Option<Result<String, String>>,
        given: &mut Vec<Given>,
        faults: &mut Vec<Fault>,
    ) {
        match found {
            None => {}
            Some(Ok(value)) => given.push(Given {
                setting: setting.to_owned(),
                variable: variable.to_owned(),
                value,
            }),
            Some(Err(problem)) => {
                let setting = format!("{setting} (from {})", self.place(variable));
                faults.push(Fault { setting, problem });
            }
        }
    }

    /// Returns the content of the file that `variable` names, in place of the variable `value`.
    fn in_file(&self, variable: &str, value: &str) -> Option<Result<String, String>> {
        let path = match self.get(variable)? {
            Ok(path) => path,
            Err(problem) => return Some(Err(problem.to_owned())),
        };
        if self.get(value).is_some() {
            return Some(Err(format!("is set together with {value}: remove one of them")));
        }
        let file = shown(path);
        Some(match read(Path::new(path)) {
            Err(problem) => Err(format!("names {file}, which {problem}")),
            Ok(text) => match trimmed(&text) {
                Ok("") => Err(format!("names {file}, which is empty: write the value into it")),
                Ok(value) => Ok(value.to_owned()),
                Err(problem) => Err(format!("names {file}, whose content {problem}")),
            },
        })
    }
}

/// Returns true if the program reads a variable of this name.
fn is_own(name: &str) -> bool {
    let value = name.strip_suffix(FILE);
    let is_short = |(variable, setting): (&str, &str)| {
        variable == name || value == Some(variable) && FILE_SETTINGS.contains(&setting)
    };
    name == ENVIRONMENT
        || name == TARGET_VARIABLE
        || value.unwrap_or(name) == KEY_VARIABLE
        || name.starts_with(PREFIX)
        || SHORT_NAMES.into_iter().any(is_short)
}

/// Removes the blanks, line breaks and the pair of quotation marks around a value. `echo` appends a
/// line break, and `docker run --env-file` keeps quotation marks. No value needs them.
fn trimmed(value: &str) -> Result<&str, &'static str> {
    let value = value.trim_matches(|it: char| it.is_whitespace() || it == '\u{feff}');
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote) {
            let inner = rest.strip_suffix(quote).map(str::trim);
            return inner.ok_or("begins with a quotation mark that is not closed: remove it");
        }
    }
    Ok(value)
}

/// Reads a small text file.
fn read(path: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("is larger than {MAX_FILE_BYTES} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| "is not text in UTF-8".to_owned())
}

/// Returns the path of a file for a message. A text that can be the secret itself is not shown.
fn shown(path: &str) -> String {
    let is_path = ["/", "./", "../"].iter().any(|start| path.starts_with(start))
        && !path.contains([':', '=', '@', '\n'])
        && !["whsec_", "sk_live_", "sk_test_"].iter().any(|secret| path.contains(secret))
        || Path::new(path).exists();
    match is_path {
        true => format!("the file {path}"),
        false => "a file (its name is not shown, because it can be the value itself)".to_owned(),
    }
}
