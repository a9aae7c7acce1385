//! Logging to standard error: text on a terminal, JSON otherwise. A terminal shows colors unless
//! `NO_COLOR` is set.
//!
//! Logs can contain IDs, types, decisions and durations. They never contain bodies, addresses,
//! names or tokens.

use std::io::{IsTerminal, stderr};

use anstream::{AutoStream, ColorChoice};
use tracing_subscriber::{
    EnvFilter, filter::ParseError, fmt::layer, layer::SubscriberExt, registry,
    util::SubscriberInitExt,
};

/// Starts logging as text (`pretty` is true) or as one JSON object per line (false). With `None`,
/// logs text if standard error is a terminal, otherwise JSON. A second call has no effect.
///
/// # Errors
/// Returns an error if the filter is malformed.
pub fn init(filter: &str, pretty: Option<bool>) -> Result<(), ParseError> {
    let registry = registry().with(EnvFilter::try_new(filter)?);
    let colors = AutoStream::choice(&stderr()) != ColorChoice::Never;
    let result = if pretty.unwrap_or_else(|| stderr().is_terminal()) {
        registry.with(layer().with_ansi(colors).with_writer(stderr)).try_init()
    } else {
        let json = layer().json().flatten_event(true).with_span_list(false);
        registry.with(json.with_writer(stderr)).try_init()
    };
    // A second call fails because a subscriber is already installed.
    drop(result);
    Ok(())
}
