//! `meetvo config`

use std::io::{Write, stdout};

use clap::Args;

use super::CommandError;
use crate::config::{Settings, Sources};

/// Print the settings in force, without secrets
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo config
  MEETVO_ENV=development meetvo config --json

config/default.toml in the repository says what each of them does. Each has a variable, which is
MEETVO__SECTION__KEY for `section.key`; DATABASE_URL, HOST, PORT, CLERK_WEBHOOK_SIGNING_SECRET and
MEETVO_API_KEYS work as well.")]
pub(super) struct Config {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Config, sources: &Sources) -> Result<(), CommandError> {
    let settings = Settings::load(sources)?;
    let effective = settings.effective();
    if command.json {
        let object = serde_json::to_string_pretty(&effective).map_err(std::io::Error::from)?;
        writeln!(stdout(), "{object}")?;
        return Ok(());
    }
    writeln!(stdout(), "# the settings in force in {}", settings.environment)?;
    for (name, value) in effective {
        writeln!(stdout(), "{name} = {value}")?;
    }
    Ok(())
}
