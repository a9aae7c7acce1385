//! Logging to standard error: text on a terminal, JSON otherwise. A terminal shows colors unless
//! `NO_COLOR` is set.

use std::io::{IsTerminal, Stderr, stderr};

use anstream::{AutoStream, ColorChoice};
use tracing::Subscriber;
use tracing_appender::non_blocking::NonBlocking;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::ParseError,
    fmt::{
        layer,
        writer::{EitherWriter, MakeWriter},
    },
    layer::SubscriberExt,
    registry,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use super::{LogWriter, Traces};

/// Starts logging as text (`pretty` is true) or as one JSON object per line (false). With `None`,
/// logs text if standard error is a terminal, otherwise JSON. `writer` writes the lines. With
/// `None`, the thread that logs a line also writes it. Spans also go to `traces`. A second call has
/// no effect.
///
/// # Errors
/// Returns an error if the filter is malformed.
pub fn init(
    filter: &str,
    pretty: Option<bool>,
    writer: Option<&LogWriter>,
    traces: Option<&Traces>,
) -> Result<(), ParseError> {
    let filter = EnvFilter::try_new(filter)?;
    let output = Output(writer.map(LogWriter::queue));
    let result = match traces {
        // A filter for everything costs less than one for each layer.
        None => registry().with(filter).with(lines(pretty, output)).try_init(),
        Some(traces) => {
            let lines = lines(pretty, output).with_filter(filter);
            registry().with(traces.layer()).with(lines).try_init()
        }
    };
    // A second call fails because a subscriber is already installed.
    if let (Ok(()), Some(writer)) = (result, writer) {
        writer.export_lost_lines();
    }
    Ok(())
}

/// Destination of lines: a queue, or standard error.
struct Output(Option<NonBlocking>);

impl MakeWriter<'_> for Output {
    type Writer = EitherWriter<NonBlocking, Stderr>;

    fn make_writer(&self) -> Self::Writer {
        match &self.0 {
            Some(queue) => EitherWriter::A(queue.clone()),
            None => EitherWriter::B(stderr()),
        }
    }
}

/// Writes events as lines.
fn lines<S>(pretty: Option<bool>, output: Output) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    if pretty.unwrap_or_else(|| stderr().is_terminal()) {
        let colors = AutoStream::choice(&stderr()) != ColorChoice::Never;
        layer().with_ansi(colors).with_writer(output).boxed()
    } else {
        layer().json().flatten_event(true).with_span_list(false).with_writer(output).boxed()
    }
}
