//! `meetvo keys new`

use std::io::{Write, stdout};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::Failure;
use crate::config::ApiKey;

/// What keys begin with, so that secret scanners find them.
const PREFIX: &str = "meetvo_key_";

#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    New(New),
}

/// Make an API key, and the setting that lets it in
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo keys new --name web
  meetvo keys new --name ops --scope read --scope admin --json")]
pub(super) struct New {
    /// What to call it in settings and logs
    #[arg(long, value_parser = name)]
    name: String,
    /// What it may do; may repeat
    #[arg(long = "scope", value_name = "SCOPE", default_value = "read")]
    scopes: Vec<Scope>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Scope {
    /// Users and what is theirs
    Read,
    /// The events
    Admin,
}

pub(super) fn run(Keys::New(command): &Keys) -> Result<(), Failure> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random)?;
    let key = format!("{PREFIX}{}", hex::encode(random));
    let scopes: Vec<_> = command
        .scopes
        .iter()
        .filter_map(|scope| Some(scope.to_possible_value()?.get_name().to_owned()))
        .collect();
    let sha256 = hex::encode(ApiKey::digest(&key));
    let setting = format!("{}:{}:sha256:{sha256}", command.name, scopes.join("+"));
    if command.json {
        let made =
            json!({ "name": command.name, "scopes": scopes, "key": key, "setting": setting });
        writeln!(stdout(), "{made:#}")?;
    } else {
        writeln!(stdout(), "The key, which is shown this once and kept nowhere:\n\n  {key}\n")?;
        writeln!(stdout(), "The setting that lets it in (more than one: comma-separated):\n")?;
        writeln!(stdout(), "  MEETVO_API_KEYS={setting}")?;
    }
    Ok(())
}

fn name(text: &str) -> Result<String, &'static str> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    match !text.is_empty() && text.len() <= 64 && text.bytes().all(word) {
        true => Ok(text.to_owned()),
        false => Err("expected 1 to 64 of A-Z a-z 0-9 - _ ."),
    }
}
