//! Logs: readable on a terminal, JSON elsewhere, always on standard error. Colours are for terminals
//! whose user has not turned them off (`NO_COLOR`).
//!
//! What may stand in them: ids, types, decisions, durations. Never bodies, addresses, names, tokens.

use std::io::{IsTerminal, stderr};

use anstream::{AutoStream, ColorChoice};
use tracing_subscriber::{
    EnvFilter, filter::ParseError, fmt::layer, layer::SubscriberExt, registry,
    util::SubscriberInitExt,
};

/// Starts logging: for people, as one JSON object a line, or as the terminal suggests where it is
/// none. A second call changes nothing.
///
/// # Errors
/// When the filter is malformed.
pub fn init(filter: &str, pretty: Option<bool>) -> Result<(), ParseError> {
    let registry = registry().with(EnvFilter::try_new(filter)?);
    let colours = AutoStream::choice(&stderr()) != ColorChoice::Never;
    let already_there = if pretty.unwrap_or_else(|| stderr().is_terminal()) {
        registry.with(layer().with_ansi(colours).with_writer(stderr)).try_init()
    } else {
        let json = layer().json().flatten_event(true).with_span_list(false);
        registry.with(json.with_writer(stderr)).try_init()
    };
    drop(already_there);
    Ok(())
}
