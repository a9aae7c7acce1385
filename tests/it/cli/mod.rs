//! The program as a process: what it prints, how it ends, and what is left after it.

mod backfill;
mod commands;
mod crash;
mod dev;
mod digest;
mod doctor;
mod drift;
mod erase;
mod health;
mod keys;
mod load;
mod log;
mod refusals;
mod replay;
mod reprocess;
mod signals;
mod transcripts;
mod trigger;
mod why;

use std::process::Output;

/// What a command printed that was to succeed.
fn printed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What a command wrote to standard error.
fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
