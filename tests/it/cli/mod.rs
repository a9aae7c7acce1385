//! The program as a process: its output, its exit codes, and its effects on the database.

mod api_lists;
mod backfill;
mod backups;
mod billing_scenarios;
mod commands;
mod crash;
mod delivery_path;
mod dev;
mod digest;
mod dismiss;
mod doctor;
mod drift;
mod embedded_fixtures;
mod erase;
mod event_messages;
mod exit_codes;
mod health;
mod keys;
mod load;
mod log;
mod log_reader;
mod migrate;
mod organization_scenarios;
mod organizations;
mod replay;
mod reprocess;
mod schemas;
mod shared_settings;
mod signals;
mod tail;
mod terminal;
mod transcripts;
mod trigger;
mod unusable_database;
mod why;

use std::process::Output;

/// Asserts exit code 0, and returns the standard output.
fn printed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Returns the standard error.
fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
