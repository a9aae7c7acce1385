//! Sources of the settings, in increasing precedence.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use config::{Config, File, FileFormat};

use super::{
    Environment, Fault, Faults, SigningSecret,
    variables::{Given, Variables},
};

/// Variable that names the environment.
pub(super) const ENVIRONMENT: &str = "MEETVO_ENV";

/// Prefix of the systematic variable names, `MEETVO__SECTION__KEY`.
pub(super) const PREFIX: &str = "MEETVO__";

/// Short variable names of some settings. If two variables give one setting, the later entry wins.
pub(super) const SHORT_NAMES: [(&str, &str); 14] = [
    ("DATABASE_URL", "database.url"),
    ("CLERK_WEBHOOK_SECRET", "clerk.webhook_signing_secrets"),
    ("CLERK_WEBHOOK_SIGNING_SECRET", "clerk.webhook_signing_secrets"),
    ("CLERK_PUBLISHABLE_KEY", "clerk.publishable_key"),
    ("CLERK_JWT_KEY", "clerk.jwt_key"),
    ("CLERK_SECRET_KEY", "clerk.secret_key"),
    ("HOST", "server.host"),
    ("PORT", "server.port"),
    ("MEETVO_API_KEYS", "api.keys"),
    ("MEETVO_TOKEN_KEYS", "tokens.keys"),
    ("MEETVO_PUSH_KEYS", "push.keys"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "telemetry.otlp_endpoint"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "telemetry.otlp_headers"),
    ("OTEL_METRIC_EXPORT_INTERVAL", "telemetry.metrics_interval_ms"),
];

const DEFAULT: &str = include_str!("../../config/default.toml");
const DEVELOPMENT: &str = include_str!("../../config/development.toml");
const PRODUCTION: &str = include_str!("../../config/production.toml");

/// Sources of the settings. The debug output omits the values of the variables.
#[derive(Clone, Default)]
pub struct Sources {
    /// Folder whose `default.toml` and `<environment>.toml` override the built-in files.
    pub folder: Option<PathBuf>,
    /// True if the folder was found in the working directory, and not named.
    pub found_folder: bool,
    /// File of variables. The variables of the environment override it.
    pub dotenv: Option<PathBuf>,
    /// Variables of the environment.
    pub variables: BTreeMap<String, String>,
    /// Prefixes of the `.env` variables to ignore.
    pub ignored_prefixes: &'static [&'static str],
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("folder", &self.folder)
            .field("found_folder", &self.found_folder)
            .field("dotenv", &self.dotenv)
            .field("variables", &self.variables.keys())
            .field("ignored_prefixes", &self.ignored_prefixes)
            .finish()
    }
}

/// Merged sources, before they are checked.
pub(super) struct Merged {
    pub(super) environment: Environment,
    pub(super) config: Config,
    /// Names of all settings.
    pub(super) known: Vec<String>,
    /// Place that each setting comes from, unless it is built in. Faults name it.
    pub(super) origins: BTreeMap<String, Origin>,
}

/// Place that a setting comes from.
pub(super) struct Origin {
    /// Variable or file.
    pub(super) place: String,
    /// True if the place is a file that was found in the working directory. Its author can be
    /// another user than the one who runs the program.
    found: bool,
}

/// Returns the variables of the environment. A variable whose name is not UTF-8 cannot be a setting
/// and is left out. A value that is not UTF-8 is converted lossily, so that the checks reject it.
#[expect(clippy::disallowed_methods, reason = "the only place that reads the environment")]
fn environment_variables() -> BTreeMap<String, String> {
    let text = |value: OsString| value.to_string_lossy().into_owned();
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, text(value))))
        .collect()
}

impl Sources {
    pub(super) fn merge(&self) -> Result<Merged, Vec<Fault>> {
        let mut faults = Vec::new();
        let layers = self.variables(&mut faults);
        let environment = environment(&layers).map_err(|fault| vec![fault])?;
        if let Some(folder) = self.folder.as_deref().filter(|folder| !folder.is_dir()) {
            let problem = "is not a folder that can be read: correct --config".to_owned();
            return Err(vec![Fault { setting: folder.display().to_string(), problem }]);
        }
        let mut builder = Config::builder();
        let mut origins = BTreeMap::new();
        for (name, built_in) in
            [("default".to_owned(), DEFAULT), (environment.to_string(), built_in(environment))]
        {
            builder = builder.add_source(File::from_str(built_in, FileFormat::Toml));
            match self.file(&name) {
                Ok(Some((place, text, settings))) => {
                    builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
                    origins.extend(settings.into_iter().map(|setting| {
                        (setting, Origin { place: place.clone(), found: self.found_folder })
                    }));
                }
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        for (variables, found) in layers.iter().zip([true, false]) {
            for Given { setting, variable, value } in variables.settings(&mut faults) {
                let place = variables.place(&variable);
                let fault = || {
                    let problem = format!("must be named {PREFIX}SECTION__KEY");
                    Fault { setting: place.clone(), problem }
                };
                if !is_path(&setting) {
                    faults.push(fault());
                    continue;
                }
                builder = builder.set_override(&setting, value).map_err(|_| vec![fault()])?;
                origins.insert(setting, Origin { place, found });
            }
        }
        let merged = builder.build().map_err(|error| {
            vec![Fault { setting: "config".to_owned(), problem: error.to_string() }]
        });
        match merged {
            Ok(config) if faults.is_empty() => {
                Ok(Merged { environment, config, known: known(), origins })
            }
            Ok(_) => Err(faults),
            Err(more) => Err([faults, more].concat()),
        }
    }

    /// Returns the sources without the variables whose names begin with one of the prefixes, both
    /// in the environment and in `.env`.
    #[must_use]
    pub fn ignoring(mut self, prefixes: &'static [&'static str]) -> Self {
        self.variables.retain(|name, _| !begins_with_one_of(name, prefixes));
        self.ignored_prefixes = prefixes;
        self
    }

    /// Returns a variable that is no setting, from the environment or from `.env`. An empty value
    /// counts as none.
    ///
    /// # Errors
    /// Returns an error if `.env` is unreadable.
    pub fn variable(&self, name: &str) -> Result<Option<String>, Faults> {
        let mut faults = Vec::new();
        let layers = self.variables(&mut faults);
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        let found = layers.iter().rev().find_map(|variables| variables.get(name)?.ok());
        Ok(found.map(str::to_owned))
    }

    /// Returns a secret that is no setting, from the environment or from `.env`. The variable with
    /// the suffix `_FILE` names a file with it.
    ///
    /// # Errors
    /// Returns the faults of `.env`, or of the file.
    pub fn secret(&self, name: &str) -> Result<Option<String>, Faults> {
        let mut faults = Vec::new();
        let layers = self.variables(&mut faults);
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        let found = layers.iter().rev().find_map(|variables| variables.secret(name));
        found.transpose().map_err(|fault| Faults(vec![fault]))
    }

    /// Returns the variables of `.env` and of the environment, in increasing precedence.
    fn variables(&self, faults: &mut Vec<Fault>) -> [Variables; 2] {
        let is_ignored = |name: &str| begins_with_one_of(name, self.ignored_prefixes);
        let dotenv = self.dotenv.as_deref();
        let dotenv = dotenv.map(|file| Variables::of_file(file, is_ignored, faults));
        [dotenv.unwrap_or_default(), Variables::of_environment(&self.variables)]
    }

    /// Reads a file of the folder. Returns its path, its text and the names of its settings.
    fn file(&self, name: &str) -> Result<Option<(String, String, Vec<String>)>, Fault> {
        let Some(folder) = &self.folder else {
            return Ok(None);
        };
        let path = folder.join(format!("{name}.toml"));
        let fault = |problem: String| Fault { setting: path.display().to_string(), problem };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fault(format!("cannot be read: {error}"))),
        };
        match parse(&text) {
            Ok(config) => Ok(Some((path.display().to_string(), text, names(&config)))),
            Err(error) => Err(fault(format!("has a {}", first_line(&error)))),
        }
    }
}

impl Merged {
    /// Rejects a file of the working directory that sends a secret key from elsewhere to another
    /// address. A command that is run in a folder of another user must not give the key away.
    pub(super) fn redirected_secret_key(&self) -> Option<Fault> {
        let url = self.origins.get("clerk.api_url").filter(|url| url.found)?;
        let key = self.origins.get("clerk.secret_key").filter(|key| !key.found)?;
        let is_set = |name: &str| self.config.get_string(name).is_ok_and(|it| !it.is_empty());
        let default = parse(DEFAULT).ok().and_then(|it| it.get_string("clerk.api_url").ok());
        if !is_set("clerk.secret_key") || self.config.get_string("clerk.api_url").ok() == default {
            return None;
        }
        let problem = format!(
            "would receive the secret key of {}, which comes from elsewhere: set both in the same \
             place, or set MEETVO__CLERK__API_URL in the environment",
            key.place
        );
        Some(Fault { setting: format!("clerk.api_url (from {})", url.place), problem })
    }
}

/// Returns the environment that the variables select.
fn environment(layers: &[Variables]) -> Result<Environment, Fault> {
    let fault = |problem| Fault { setting: ENVIRONMENT.to_owned(), problem };
    match layers.iter().rev().find_map(|variables| variables.get(ENVIRONMENT)) {
        None | Some(Ok("production")) => Ok(Environment::Production),
        Some(Ok("development")) => Ok(Environment::Development),
        Some(Ok(other)) => {
            Err(fault(format!("must be `production` or `development`, not `{other}`")))
        }
        Some(Err(problem)) => Err(fault(problem.to_owned())),
    }
}

fn begins_with_one_of(name: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| name.starts_with(prefix))
}

/// Returns true if the name consists of words that are separated by dots.
fn is_path(setting: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    setting.split('.').all(|part| !part.is_empty() && part.bytes().all(word))
}

fn built_in(environment: Environment) -> &'static str {
    match environment {
        Environment::Development => DEVELOPMENT,
        Environment::Production => PRODUCTION,
    }
}

fn parse(text: &str) -> Result<Config, String> {
    let source = File::from_str(text, FileFormat::Toml);
    Config::builder().add_source(source).build().map_err(|error| error.to_string())
}

/// Returns the names of all settings. `default.toml` lists every setting.
fn known() -> Vec<String> {
    let defaults = parse(DEFAULT).map(|config| names(&config));
    defaults.unwrap_or_default()
}

/// Returns the names, `section.key`, of the settings in a configuration.
pub(super) fn names(config: &Config) -> Vec<String> {
    let sections = config.cache.clone().into_table().unwrap_or_default();
    let mut names: Vec<_> = sections
        .into_iter()
        .flat_map(|(section, value)| match value.into_table() {
            Ok(keys) => keys.into_keys().map(|key| format!("{section}.{key}")).collect(),
            Err(_) => vec![section],
        })
        .collect();
    names.sort();
    names
}

/// Returns a value of the built-in development settings, which production must not use.
pub(super) fn development_value(setting: &str) -> Option<String> {
    parse(DEVELOPMENT).ok()?.get_string(setting).ok()
}

/// Returns the signing secret of `config/development.toml`, which is public.
#[must_use]
pub fn development_signing_secret() -> Option<SigningSecret> {
    let secrets = development_value("clerk.webhook_signing_secrets")?;
    SigningSecret::parse_list(&secrets).ok()?.into_iter().next()
}

/// Returns the API key of `config/development.toml`, which is public.
#[must_use]
pub fn development_api_key() -> Option<String> {
    let keys = development_value("api.keys")?;
    keys.rsplit(':').next().map(str::to_owned)
}

/// Returns the variables that set the secrets and keys of `config/development.toml`.
#[must_use]
pub fn development_variables() -> Vec<(String, String)> {
    let public = ["clerk.webhook_signing_secrets", "api.keys"];
    let public = SHORT_NAMES.into_iter().filter(|(_, setting)| public.contains(setting));
    let given = public.filter_map(|(name, setting)| Some((name, development_value(setting)?)));
    given.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Returns the first line of a TOML error. The rest quotes the file, which can contain a secret.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

impl Sources {
    /// Returns the sources of a running process: `folder` or, if it exists, `./config`; then
    /// `./.env`; then the environment.
    #[must_use]
    pub fn from_process(folder: Option<PathBuf>) -> Self {
        let default = Path::new("config");
        Self {
            found_folder: folder.is_none(),
            folder: folder.or_else(|| default.is_dir().then(|| default.to_owned())),
            dotenv: Some(PathBuf::from(".env")),
            variables: environment_variables(),
            ignored_prefixes: &[],
        }
    }
}
