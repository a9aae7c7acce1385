//! Where settings come from, from the weakest to the strongest.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
};

use config::{Config, File, FileFormat};

use super::{Environment, Fault, SigningSecret};

/// The variable that names the environment.
const ENVIRONMENT: &str = "MEETVO_ENV";

/// What every variable that is not a usual name begins with.
const PREFIX: &str = "MEETVO__";

/// The usual names of some settings. Of two names for one setting the last counts.
const USUAL_NAMES: [(&str, &str); 10] = [
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

/// Where settings come from. Shown without what the variables hold.
#[derive(Clone, Default)]
pub struct Sources {
    /// A folder whose `default.toml` and `<environment>.toml` come before those that are built in.
    pub folder: Option<PathBuf>,
    /// A file of variables, weaker than the environment's own.
    pub dotenv: Option<PathBuf>,
    /// The environment's variables.
    pub variables: BTreeMap<String, String>,
    /// Variables of `.env` whose names begin like this are passed over.
    pub unheard: &'static [&'static str],
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("folder", &self.folder)
            .field("dotenv", &self.dotenv)
            .field("variables", &self.variables.keys())
            .field("unheard", &self.unheard)
            .finish()
    }
}

/// What the sources come to, before it is checked.
pub(super) struct Merged {
    pub(super) environment: Environment,
    pub(super) config: Config,
    /// The names of every setting there is.
    pub(super) known: Vec<String>,
    /// Which variable gave a setting, to name it in a fault.
    pub(super) variables: BTreeMap<String, String>,
}

/// The environment's variables. One whose name is no text is nobody's setting; a value that is
/// none is read as far as it goes, for the checks to refuse.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn environment() -> BTreeMap<String, String> {
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
                let problem = format!("`{other}` is neither `production` nor `development`");
                return Err(vec![Fault { setting: ENVIRONMENT.to_owned(), problem }]);
            }
        };
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
                problem: format!("is not the name of a setting: expected {PREFIX}SECTION__KEY"),
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

    /// The same without the variables whose names begin like this, wherever they stand.
    #[must_use]
    pub fn without(mut self, prefixes: &'static [&'static str]) -> Self {
        self.variables.retain(|name, _| !begins_with_one_of(name, prefixes));
        self.unheard = prefixes;
        self
    }

    /// The variables of `.env`, and above them those of the environment.
    fn variables(&self) -> Result<[BTreeMap<String, String>; 2], Fault> {
        let mut variables = BTreeMap::new();
        if let Some(file) = self.dotenv.as_deref().filter(|file| file.exists()) {
            // The library's message quotes the line, which may hold a secret.
            let unreadable = |_| Fault {
                setting: file.display().to_string(),
                problem: "cannot be read as lines of NAME=value".to_owned(),
            };
            let lines = dotenvy::from_path_iter(file).map_err(unreadable)?;
            variables = lines.collect::<Result<_, _>>().map_err(unreadable)?;
            variables.retain(|name, _| !begins_with_one_of(name, self.unheard));
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
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && folder.is_dir() => {
                return Ok(None);
            }
            Err(error) => return Err(fault(format!("cannot be read: {error}"))),
        };
        match parse(&text) {
            Ok(_) => Ok(Some(text)),
            Err(error) => Err(fault(first_line(&error))),
        }
    }
}

fn begins_with_one_of(name: &str, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| name.starts_with(prefix))
}

/// The settings that variables give: the setting, the variable, the value.
fn given(variables: &BTreeMap<String, String>) -> Vec<(String, String, String)> {
    let usual = USUAL_NAMES.into_iter().filter_map(|(variable, setting)| {
        let value = variables.get(variable).filter(|value| !value.is_empty())?;
        Some((setting.to_owned(), variable.to_owned(), value.clone()))
    });
    let prefixed = variables.iter().filter_map(|(variable, value)| {
        let setting = variable.strip_prefix(PREFIX)?.to_ascii_lowercase().replace("__", ".");
        Some((setting, variable.clone(), value.clone()))
    });
    prefixed.chain(usual).collect()
}

/// Whether a name is one or more words with dots between them.
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

/// The names of every setting: `default.toml` is complete.
fn known() -> Vec<String> {
    let defaults = parse(DEFAULT).map(|config| names(&config));
    defaults.unwrap_or_default()
}

/// The names of the settings that a configuration gives: `section.key`.
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

/// A value of the built-in development settings, which production must not use.
pub(super) fn development_value(setting: &str) -> Option<String> {
    parse(DEVELOPMENT).ok()?.get_string(setting).ok()
}

/// The signing secret of `config/development.toml`, which everybody knows.
#[must_use]
pub fn development_secret() -> Option<SigningSecret> {
    let secrets = development_value("clerk.webhook_signing_secrets")?;
    SigningSecret::parse_list(&secrets).ok()?.into_iter().next()
}

/// The API key of `config/development.toml`, which everybody knows.
#[must_use]
pub fn development_key() -> Option<String> {
    let keys = development_value("api.keys")?;
    keys.rsplit(':').next().map(str::to_owned)
}

/// The variables that give the secrets and keys of `config/development.toml`.
#[must_use]
pub fn development_variables() -> Vec<(String, String)> {
    let public = ["clerk.webhook_signing_secrets", "api.keys"];
    let public = USUAL_NAMES.into_iter().filter(|(_, setting)| public.contains(setting));
    let given = public.filter_map(|(name, setting)| Some((name, development_value(setting)?)));
    given.map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Messages about TOML go on to quote the line, which may hold a secret.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

impl Sources {
    /// What a started program reads: `folder`, or `./config` where there is one; `./.env`; the
    /// environment.
    #[must_use]
    pub fn of_process(folder: Option<PathBuf>) -> Self {
        let usual = Path::new("config");
        Self {
            folder: folder.or_else(|| usual.is_dir().then(|| usual.to_owned())),
            dotenv: Some(PathBuf::from(".env")),
            variables: environment(),
            unheard: &[],
        }
    }
}
