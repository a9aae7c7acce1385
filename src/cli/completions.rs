//! `meetvo completions`: prints shell completions.

use std::io::Write;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Cli, CommandError, terminal::stdout};

/// Print the completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  meetvo completions bash > ~/.local/share/bash-completion/completions/meetvo
  meetvo completions zsh > ~/.zfunc/_meetvo
  meetvo completions fish > ~/.config/fish/completions/meetvo.fish")]
pub(super) struct Completions {
    /// Shell.
    shell: Shell,
}

pub(super) fn run(command: &Completions) -> Result<(), CommandError> {
    let mut program = Cli::command();
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(command.shell, &mut program, name, &mut script);
    Ok(stdout().write_all(&script)?)
}
