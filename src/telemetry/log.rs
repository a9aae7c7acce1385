//! Logging to standard error: text on a terminal, JSON otherwise. A terminal shows colors unless
//! `NO_COLOR` is set.

use std::io::{IsTerminal, stderr};

use anstream::{AutoStream, ColorChoice};
use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, Layer, filter::ParseError, fmt::layer, layer::SubscriberExt, registry,
    registry::LookupSpan, util::SubscriberInitExt,
};

use super::Traces;

/// Starts logging as text (`pretty` is true) or as one JSON object per line (false). With `None`,
/// logs text if standard error is a terminal, otherwise JSON. Spans also go to `traces`. A second
/// call has no effect.
///
/// # Errors
/// Returns an error if the filter is malformed.
pub fn init(filter: &str, pretty: Option<bool>, traces: Option<&Traces>) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(filter)?;
    let result = match traces {
        // A filter for everything costs less than one for each layer.
        None => registry().with(filter).with(lines(pretty)).try_init(),
        Some(traces) => {
            let lines = lines(pretty).with_filter(filter);
            registry().with(traces.layer()).with(lines).try_init()
        }
    };
    // A second call fails because a subscriber is already installed.
    drop(result);
    Ok(())
}

/// Writes events as lines.
fn lines<S>(pretty: Option<bool>) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    if pretty.unwrap_or_else(|| stderr().is_terminal()) {
        let colors = AutoStream::choice(&stderr()) != ColorChoice::Never;
        layer().with_ansi(colors).with_writer(stderr).boxed()
    } else {
        layer().json().flatten_event(true).with_span_list(false).with_writer(stderr).boxed()
    }
}
