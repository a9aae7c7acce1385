//! Confirmation of a command that cannot be undone.

use std::io::{self, IsTerminal, Write, stdin};

use super::terminal::stderr;

/// Asks a question on a terminal. Returns true if the answer is `yes`, and false if it is not or if
/// standard input is not a terminal.
pub(super) fn is_confirmed(question: &str) -> io::Result<bool> {
    if !stdin().is_terminal() {
        return Ok(false);
    }
    write!(stderr(), "{question} This cannot be undone. Type yes to continue: ")?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}
