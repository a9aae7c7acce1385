//! `meetvo config`

use std::io::{Write, stdout};

use clap::Args;

use super::Failure;
use crate::config::{Settings, Sources};

#[derive(Debug, Args)]
pub(super) struct Config {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Config, sources: &Sources) -> Result<(), Failure> {
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
