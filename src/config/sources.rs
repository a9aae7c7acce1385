//! Sources of the settings, in increasing precedence.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use config::{Config, File, FileFormat};

use super::{Environment, Fault, Faults, SigningSecret};

/// Variable that names the environment.
const ENVIRONMENT: &str = "MEETVO_ENV";

/// Prefix of the systematic variable names, `MEETVO__SECTION__KEY`.
const PREFIX: &str = "MEETVO__";

/// Short variable names of some settings. If two variables give one setting, the later entry wins.
const SHORT_NAMES: [(&str, &str); 10] = [
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
];

const DEFAULT: &str = include_str!("../../config/default.toml");
const DEVELOPMENT: &str = include_str!("../../config/development.toml");
const PRODUCTION: &str = include_str!("../../config/production.toml");

/// Sources of the settings. The debug output omits the values of the variables.
#[derive(Clone, Default)]
pub struct Sources {
    /// Folder whose `default.toml` and `<environment>.toml` override the built-in files.
    pub folder: Option<PathBuf>,
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
    /// Variable that each setting comes from. Faults name it.
    pub(super) variables: BTreeMap<String, String>,
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
        let layers = self.variables().map_err(|fault| vec![fault])?;
        let named = layers.iter().rev().filter_map(|variables| variables.get(ENVIRONMENT));
        let environment = match named.map(String::as_str).find(|name| !name.is_empty()) {
            None | Some("production") => Environment::Production,
            Some("development") => Environment::Development,
            Some(other) => {
                let problem = format!("must be `production` or `development`, not `{other}`");
                return Err(vec![Fault { setting: ENVIRONMENT.to_owned(), problem }]);
            }
        };
        if let Some(folder) = self.folder.as_deref().filter(|folder| !folder.is_dir()) {
            let problem = "is not a folder that can be read: correct --config".to_owned();
            return Err(vec![Fault { setting: folder.display().to_string(), problem }]);
        }
        let mut faults = Vec::new();
        let mut builder = Config::builder();
        for (name, built_in) in
            [("default".to_owned(), DEFAULT), (environment.to_string(), built_in(environment))]
        {
            builder = builder.add_source(File::from_str(built_in, FileFormat::Toml));
            match self.file(&name) {
                Ok(Some(text)) => {
                    builder = builder.add_source(File::from_str(&text, FileFormat::Toml));
                }
                Ok(None) => {}
                Err(fault) => faults.push(fault),
            }
        }
        let mut origins = BTreeMap::new();
        for (setting, variable, value) in layers.iter().flat_map(given) {
            let fault = || Fault {
                setting: variable.clone(),
                problem: format!("must be named {PREFIX}SECTION__KEY"),
            };
            if !is_path(&setting) {
                faults.push(fault());
                continue;
            }
            builder = builder.set_override(&setting, value).map_err(|_| vec![fault()])?;
            origins.insert(setting, variable);
        }
        let merged = builder.build().map_err(|error| {
            vec![Fault { setting: "config".to_owned(), problem: error.to_string() }]
        });
        match merged {
            Ok(config) if faults.is_empty() => {
                Ok(Merged { environment, config, known: known(), variables: origins })
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
        let layers = self.variables().map_err(|fault| Faults(vec![fault]))?;
        let values = layers.iter().rev().filter_map(|variables| variables.get(name));
        Ok(values.map(|value| value.trim()).find(|value| !value.is_empty()).map(str::to_owned))
    }

    /// Returns the variables of `.env` and of the environment, in increasing precedence.
    fn variables(&self) -> Result<[BTreeMap<String, String>; 2], Fault> {
        let mut variables = BTreeMap::new();
        if let Some(file) = self.dotenv.as_deref().filter(|file| file.exists()) {
            // The library's message quotes the line, which can contain a secret.
            let unreadable = |_| Fault {
                setting: file.display().to_string(),
                problem: "cannot be read: expected lines of NAME=value".to_owned(),
            };
            let lines = dotenvy::from_path_iter(file).map_err(unreadable)?;
            variables = lines.collect::<Result<_, _>>().map_err(unreadable)?;
            variables.retain(|name, _| !begins_with_one_of(name, self.ignored_prefixes));
        }
        Ok([variables, self.variables.clone()])
    }

    fn file(&self, name: &str) -> Result<Option<String>, Fault> {
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
            Ok(_) => Ok(Some(text)),
            Err(error) => Err(fault(format!("has a {}", first_line(&error)))),
        }
    }
}

fn begins_with_one_of(name: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| name.starts_with(prefix))
}

/// Returns the settings that are set by variables, each as (setting, variable, value).
fn given(variables: &BTreeMap<String, String>) -> Vec<(String, String, String)> {
    let short = SHORT_NAMES.into_iter().filter_map(|(variable, setting)| {
        let value = variables.get(variable).filter(|value| !value.is_empty())?;
        Some((setting.to_owned(), variable.to_owned(), value.clone()))
    });
    let prefixed = variables.iter().filter_map(|(variable, value)| {
        let setting = variable.strip_prefix(PREFIX)?.to_ascii_lowercase().replace("__", ".");
        Some((setting, variable.clone(), value.clone()))
    });
    prefixed.chain(short).collect()
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
            folder: folder.or_else(|| default.is_dir().then(|| default.to_owned())),
            dotenv: Some(PathBuf::from(".env")),
            variables: environment_variables(),
            ignored_prefixes: &[],
        }
    }
}
