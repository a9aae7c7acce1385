//! `meetvo keys new|list|revoke`

use std::io::{Write, stdout};

use clap::{Args, Subcommand, ValueEnum};
use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::{CommandError, load_settings, with_store};
use crate::{
    clock::Clock,
    config::{ApiKey, Sources},
    domain::Millis,
    store::{
        Store,
        keys::{PREFIX, StoredKey},
    },
};

/// Make, list and revoke API keys
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Keys are kept in the database, by their SHA-256 alone. A service that runs knows a new one at once,
and refuses a revoked one within a second or two.")]
pub(super) enum Keys {
    New(New),
    List(List),
    Revoke(Revoke),
}

/// Make an API key
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo keys new --name web
  meetvo keys new --name ops --scope read --scope admin --json
  meetvo keys new --name web --setting")]
pub(super) struct New {
    /// What to call it in lists and logs
    #[arg(long, value_parser = name)]
    name: String,
    /// What it may do; may repeat
    #[arg(long = "scope", value_name = "SCOPE", default_value = "read")]
    scopes: Vec<Scope>,
    /// Keep it nowhere, and print the setting that lets it in
    #[arg(long)]
    setting: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// List the keys of the database, and when each was last used
#[derive(Debug, Args)]
pub(super) struct List {
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

/// Refuse a key from now on
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  meetvo keys revoke web")]
pub(super) struct Revoke {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Scope {
    /// Users and what is theirs
    Read,
    /// The events
    Admin,
    /// The tokens of linked accounts
    Tokens,
}

pub(super) fn run(command: &Keys, sources: &Sources) -> Result<(), CommandError> {
    match command {
        Keys::New(command) => make(command, sources),
        Keys::List(command) => {
            let keys = with_store(&load_settings(sources)?, async |store| Ok(store.keys().await?))?;
            match command.json {
                true => {
                    writeln!(stdout(), "{:#}", keys.iter().map(object).collect::<Value>())?;
                }
                false => writeln!(stdout(), "{}", table(&keys))?,
            }
            Ok(())
        }
        Keys::Revoke(Revoke { name }) => {
            let now = Clock::system().now();
            let revoke = async |store: &Store| Ok(store.revoke_key(name, now).await?);
            match with_store(&load_settings(sources)?, revoke)? {
                true => Ok(writeln!(stdout(), "{name} is refused from now on")?),
                false => Err(CommandError::UnknownKey(name.clone())),
            }
        }
    }
}

fn make(command: &New, sources: &Sources) -> Result<(), CommandError> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random)?;
    let key = format!("{PREFIX}{}", hex::encode(random));
    let names = command.scopes.iter().filter_map(ValueEnum::to_possible_value);
    let scopes: Vec<_> = names.map(|scope| scope.get_name().to_owned()).collect();
    let kept = StoredKey {
        name: command.name.clone(),
        sha256: hex::encode(ApiKey::digest(&key)),
        scopes: scopes.join("+"),
        created_at: Clock::system().now(),
        last_used_at: None,
        revoked_at: None,
    };
    let setting = format!("{}:{}:sha256:{}", kept.name, kept.scopes, kept.sha256);
    if !command.setting
        && !with_store(&load_settings(sources)?, async |store| Ok(store.add_key(&kept).await?))?
    {
        return Err(CommandError::KeyExists(kept.name));
    }
    if command.json {
        let mut made = json!({ "name": kept.name, "scopes": scopes, "key": key });
        if command.setting {
            made["setting"] = setting.into();
        }
        return Ok(writeln!(stdout(), "{made:#}")?);
    }
    let nowhere = if command.setting { " and kept nowhere" } else { "" };
    writeln!(stdout(), "The key, which is shown this once{nowhere}:\n\n  {key}")?;
    if command.setting {
        writeln!(stdout(), "\nThe setting that lets it in (more than one: comma-separated):\n")?;
        writeln!(stdout(), "  MEETVO_API_KEYS={setting}")?;
    }
    Ok(())
}

fn table(keys: &[StoredKey]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["name", "scopes", "created", "last used", "revoked"]);
    for key in keys {
        table.add_row([
            &*key.name,
            &*key.scopes,
            &*instant(key.created_at),
            key.last_used_at.map(instant).as_deref().unwrap_or("never"),
            key.revoked_at.map(instant).as_deref().unwrap_or_default(),
        ]);
    }
    table
}

fn object(key: &StoredKey) -> Value {
    json!({
        "name": key.name,
        "scopes": key.scopes.split('+').collect::<Vec<_>>(),
        "created_at": instant(key.created_at),
        "last_used_at": key.last_used_at.map(instant),
        "revoked_at": key.revoked_at.map(instant),
    })
}

/// To the second, in UTC.
fn instant(at: Millis) -> String {
    super::format_time(at - at.rem_euclid(1_000))
}

fn name(text: &str) -> Result<String, &'static str> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match !text.is_empty() && text.len() <= 64 && text.bytes().all(word) {
        true => Ok(text.to_owned()),
        false => Err("expected 1 to 64 of A-Z a-z 0-9 - _ ."),
    }
}
