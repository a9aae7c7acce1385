//! `meetvo keys new|list|revoke`: manages API keys.

use std::io::Write;

use clap::{Args, Subcommand, ValueEnum, builder::PossibleValue};
use comfy_table::Table;
use serde_json::{Value, json};

use super::{
    CommandError, load_settings,
    terminal::{self, note, stdout},
    with_store,
};
use crate::{
    clock::Clock,
    config::{ApiKey, Sources},
    domain::{Millis, scope::Scope},
    store::{
        Store,
        api_keys::{PREFIX, StoredApiKey},
    },
};

/// Create, list and revoke API keys.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  meetvo keys new --name web
  meetvo keys list
  meetvo keys revoke web

The database stores only the SHA-256 digest of a key. A running service accepts
a new key immediately, and rejects a revoked one within two seconds.")]
pub(super) enum Keys {
    New(New),
    List(List),
    Revoke(Revoke),
}

/// Create an API key.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo keys new --name web
  meetvo keys new --name ops --scope read --scope admin --json
  meetvo keys new --name web --setting

Standard output contains only the key. With --setting, a second line contains
the environment variable. The service does not store the key itself, so no
command can show it again.")]
pub(super) struct New {
    /// Name of the key, which lists and logs contain.
    #[arg(long, value_parser = name)]
    name: String,
    /// Scope of the key; repeatable.
    #[arg(long = "scope", value_name = "SCOPE", default_value = "read")]
    scopes: Vec<Scope>,
    /// Do not store the key in the database; also print the environment variable with which a
    /// service accepts it.
    #[arg(long)]
    setting: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// List the API keys in the database, with the time of their last use.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo keys list
  meetvo keys list --json")]
pub(super) struct List {
    /// Print one JSON array.
    #[arg(long)]
    json: bool,
}

/// Revoke an API key, so that services reject it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo keys revoke web
  meetvo keys revoke web --json")]
pub(super) struct Revoke {
    /// Name of the key.
    #[arg(value_name = "NAME")]
    name: String,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

impl ValueEnum for Scope {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let help = match self {
            Self::Read => "Users, organizations, what belongs to them, and changes",
            Self::Admin => "Events, decisions, metrics and status",
            Self::Tokens => "OAuth tokens of linked accounts",
            Self::Metrics => "Metrics, and nothing else",
        };
        Some(PossibleValue::new(self.as_str()).help(help))
    }
}

pub(super) fn run(command: &Keys, sources: &Sources) -> Result<(), CommandError> {
    match command {
        Keys::New(command) => create(command, sources),
        Keys::List(command) => {
            let keys =
                with_store(&load_settings(sources)?, async |store| Ok(store.api_keys().await?))?;
            match command.json {
                true => {
                    writeln!(stdout(), "{:#}", keys.iter().map(object).collect::<Value>())?;
                }
                false => writeln!(stdout(), "{}", table(&keys))?,
            }
            Ok(())
        }
        Keys::Revoke(Revoke { name, json }) => {
            let now = Clock::system().now();
            let revoke = async |store: &Store| Ok(store.revoke_api_key(name, now).await?);
            match with_store(&load_settings(sources)?, revoke)? {
                true if *json => {
                    let object = json!({ "name": name, "revoked_at": format_seconds(now) });
                    Ok(writeln!(stdout(), "{object:#}")?)
                }
                true => {
                    note(format_args!("revoked the key {}", terminal::escape(name)));
                    Ok(())
                }
                false => Err(CommandError::UnknownKey(name.clone())),
            }
        }
    }
}

fn create(command: &New, sources: &Sources) -> Result<(), CommandError> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random)?;
    let key = format!("{PREFIX}{}", hex::encode(random));
    let scopes: Vec<_> = command.scopes.iter().map(|scope| scope.as_str()).collect();
    let stored = StoredApiKey {
        name: command.name.clone(),
        sha256: hex::encode(ApiKey::digest(&key)),
        scopes: scopes.join("+"),
        created_at: Clock::system().now(),
        last_used_at: None,
        revoked_at: None,
    };
    let setting = format!("{}:{}:sha256:{}", stored.name, stored.scopes, stored.sha256);
    if !command.setting
        && !with_store(&load_settings(sources)?, async |store| {
            Ok(store.add_api_key(&stored).await?)
        })?
    {
        return Err(CommandError::KeyExists(stored.name));
    }
    if command.json {
        let mut object = json!({ "name": stored.name, "scopes": scopes, "key": key });
        if command.setting {
            object["setting"] = setting.into();
        }
        return Ok(writeln!(stdout(), "{object:#}")?);
    }
    let name = &stored.name;
    match command.setting {
        true => note(format_args!(
            "API key {name}, which is not stored, and the environment variable for the service \
             (separate several keys with commas):"
        )),
        false => note(format_args!("API key {name}, which is not shown again:")),
    }
    writeln!(stdout(), "{key}")?;
    if command.setting {
        writeln!(stdout(), "MEETVO_API_KEYS={setting}")?;
    }
    Ok(())
}

fn table(keys: &[StoredApiKey]) -> Table {
    let header = ["name", "scopes", "created", "last used", "revoked"];
    let rows = keys.iter().map(|key| {
        [
            key.name.clone(),
            key.scopes.clone(),
            format_seconds(key.created_at),
            key.last_used_at.map_or_else(|| "never".to_owned(), format_seconds),
            key.revoked_at.map(format_seconds).unwrap_or_default(),
        ]
    });
    terminal::table(header, rows)
}

fn object(key: &StoredApiKey) -> Value {
    json!({
        "name": key.name,
        "scopes": key.scopes.split('+').collect::<Vec<_>>(),
        "created_at": format_seconds(key.created_at),
        "last_used_at": key.last_used_at.map(format_seconds),
        "revoked_at": key.revoked_at.map(format_seconds),
    })
}

/// Formats a time in UTC, truncated to seconds.
fn format_seconds(at: Millis) -> String {
    super::format_time(at - at.rem_euclid(1_000))
}

fn name(text: &str) -> Result<String, &'static str> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match !text.is_empty() && text.len() <= 64 && text.bytes().all(is_allowed) {
        true => Ok(text.to_owned()),
        false => Err("expected 1 to 64 characters of A-Z a-z 0-9 - _ ."),
    }
}
