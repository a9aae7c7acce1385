//! `meetvo config`: prints the effective settings.

use std::io::{Write, stdout};

use clap::Args;

use super::CommandError;
use crate::config::{Settings, Sources};

/// Print the effective settings, without secrets.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo config
  MEETVO_ENV=development meetvo config --json

config/default.toml in the repository documents every setting. The environment
variable of `section.key` is MEETVO__SECTION__KEY. DATABASE_URL, HOST, PORT,
CLERK_WEBHOOK_SIGNING_SECRET, MEETVO_API_KEYS and others are accepted too.")]
pub(super) struct Config {
    /// Print one JSON object.
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
    writeln!(stdout(), "# effective settings of the environment {}", settings.environment)?;
    for (name, value) in effective {
        writeln!(stdout(), "{name} = {value}")?;
    }
    Ok(())
}
