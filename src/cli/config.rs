//! `meetvo config`: prints the effective settings.

use std::io::Write;

use clap::Args;

use super::{CommandError, terminal::stdout};
use crate::config::{Settings, Sources};

/// Print the effective settings, without secrets.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo config
  MEETVO_ENV=development meetvo config --json

docs/reference/settings.md describes every setting and lists its environment
variables. The variable MEETVO__SECTION__KEY sets `section.key`. Some settings
also have a short variable, such as DATABASE_URL or PORT.")]
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
