//! Data about the running service for its operators: the log, and traces and metrics for
//! OpenTelemetry.
//!
//! They can contain IDs, types, decisions and durations. They never contain bodies, addresses, names
//! or tokens.

mod log;
mod log_writer;
mod metrics;
mod resource;
mod traces;

pub use self::{
    log::init,
    log_writer::{LogWriter, dropped_log_lines},
    metrics::{MetricsError, MetricsExport},
    traces::{Traces, TracesError, begin_request, end_request, trace_headers},
};

/// Address of an OpenTelemetry collector.
#[derive(Clone, Debug)]
pub struct Collector<'a> {
    /// URL without a trailing slash.
    pub endpoint: &'a str,
    /// Names and values of the headers of each request.
    pub headers: Vec<(&'a str, &'a str)>,
}
