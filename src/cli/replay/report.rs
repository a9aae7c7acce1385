//! Counts the outcomes of the requests and measures their latencies.

use std::{collections::BTreeMap, fmt, time::Duration};

use http::StatusCode;
use serde_json::{Value, json};

use crate::cli::terminal::escape;

/// Outcome of one request.
#[derive(Debug)]
pub(in crate::cli) enum Outcome {
    /// A complete response: its status, and the decision or problem code if it names one.
    Response(StatusCode, Option<String>),
    /// No request, because it cannot be built, with the reason.
    NotSent(String),
    /// No complete response, with the reason.
    NotReached(String),
    /// No complete response before the timeout.
    TimedOut,
}

/// Outcomes and latencies of all requests.
#[derive(Debug, Default)]
pub(in crate::cli) struct Report {
    /// Number of requests by status or kind of failure.
    responses: BTreeMap<String, u64>,
    /// Number of requests by decision or problem code.
    decisions: BTreeMap<String, u64>,
    /// Latencies of the requests with a response.
    latencies: Vec<Duration>,
    elapsed: Duration,
    /// Number of requests that were sent.
    sent: u64,
    /// Number of requests without a 2xx response.
    rejected: u64,
    /// Reason of the first request that did not reach its target.
    not_reached_because: Option<String>,
}

impl Report {
    /// Adds one request.
    pub(super) fn add(&mut self, outcome: Outcome, latency: Duration) {
        self.sent += u64::from(!matches!(outcome, Outcome::NotSent(_)));
        let (name, decision, accepted) = match outcome {
            Outcome::Response(status, decision) => {
                self.latencies.push(latency);
                (status.as_str().to_owned(), decision, status.is_success())
            }
            Outcome::NotSent(reason) => {
                self.not_reached_because.get_or_insert(reason);
                ("not sent".to_owned(), None, false)
            }
            Outcome::NotReached(reason) => {
                self.not_reached_because.get_or_insert(reason);
                ("not reached".to_owned(), None, false)
            }
            Outcome::TimedOut => ("timed out".to_owned(), None, false),
        };
        *self.responses.entry(name).or_default() += 1;
        if let Some(decision) = decision {
            *self.decisions.entry(decision).or_default() += 1;
        }
        self.rejected += u64::from(!accepted);
    }

    /// Adds the requests of another report.
    pub(super) fn merge(&mut self, other: Self) {
        for (counts, more) in
            [(&mut self.responses, other.responses), (&mut self.decisions, other.decisions)]
        {
            for (name, count) in more {
                *counts.entry(name).or_default() += count;
            }
        }
        self.latencies.extend(other.latencies);
        self.sent += other.sent;
        self.rejected += other.rejected;
        self.not_reached_because = self.not_reached_because.take().or(other.not_reached_because);
    }

    /// Sets the total time after the last request has been added.
    pub(super) fn finish(&mut self, elapsed: Duration) {
        self.latencies.sort_unstable();
        self.elapsed = elapsed;
    }

    /// Returns whether every request got a 2xx response.
    pub(super) fn all_accepted(&self) -> bool {
        self.rejected == 0
    }

    /// Returns whether requests were sent and none got a response.
    pub(super) fn is_unreachable(&self) -> bool {
        self.sent > 0 && self.latencies.is_empty()
    }

    /// Returns the number of responses per second; `None` if there was no response.
    fn per_second(&self) -> Option<f64> {
        let responses = f64::from(u32::try_from(self.latencies.len()).unwrap_or(u32::MAX));
        let per_second = responses / self.elapsed.as_secs_f64().max(f64::EPSILON);
        (!self.latencies.is_empty()).then_some(per_second)
    }

    /// Returns a percentile of the latencies, by the nearest-rank method.
    fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.latencies.len() * percent).div_ceil(100);
        self.latencies.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// Returns the report as a JSON object.
    pub(super) fn to_json(&self) -> Value {
        let micros = |percent| self.percentile(percent).as_micros();
        let per_second = self.per_second();
        let latency =
            per_second.map(|_| json!({ "p50": micros(50), "p95": micros(95), "p99": micros(99) }));
        json!({
            "deliveries": self.deliveries(),
            "answered": self.latencies.len(),
            "responses": self.responses,
            "decisions": self.decisions,
            "not_reached_because": self.not_reached_because,
            "elapsed_ms": self.elapsed.as_millis(),
            "per_second": per_second.map(f64::round),
            "latency_us": latency,
        })
    }

    fn deliveries(&self) -> u64 {
        self.responses.values().sum()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, counts) in [("response", &self.responses), ("decision", &self.decisions)] {
            if counts.is_empty() {
                continue;
            }
            writeln!(f, "{title:<28}{:>10}", "deliveries")?;
            for (name, count) in counts {
                // Any program can answer.
                writeln!(f, "  {:<26}{count:>10}", escape(name))?;
            }
            writeln!(f)?;
        }
        if let Some(reason) = &self.not_reached_because {
            writeln!(f, "not reached: {}\n", escape(reason))?;
        }
        let (deliveries, answered) = (self.deliveries(), self.latencies.len());
        let Some(per_second) = self.per_second() else {
            return writeln!(f, "0 of {deliveries} deliveries answered");
        };
        let count = match self.latencies.len() as u64 == deliveries {
            true => format!("{deliveries} deliveries"),
            false => format!("{answered} of {deliveries} deliveries answered"),
        };
        let millis = |percent| self.percentile(percent).as_secs_f64() * 1e3;
        writeln!(
            f,
            "{count} in {:.2} s, {per_second:.0} a second; \
             latency p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms",
            self.elapsed.as_secs_f64(),
            millis(50),
            millis(95),
            millis(99),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Outcome, Report, StatusCode};

    #[test]
    fn percentiles_use_the_nearest_rank() {
        let mut report = Report::default();
        for millis in (1..=100).rev() {
            report.add(Outcome::Response(StatusCode::OK, None), Duration::from_millis(millis));
        }
        report.finish(Duration::from_secs(1));
        let percentiles = [50, 95, 99, 100].map(|percent| report.percentile(percent).as_millis());
        assert_eq!(percentiles, [50, 95, 99, 100]);
        assert!(report.all_accepted());
    }

    #[test]
    fn only_responses_have_throughput() {
        let mut report = Report::default();
        report.add(Outcome::NotReached("refused".into()), Duration::from_secs(9));
        report.add(Outcome::TimedOut, Duration::from_secs(9));
        report.finish(Duration::from_secs(1));
        assert!(report.is_unreachable() && !report.all_accepted());
        let shown = report.to_string();
        assert!(shown.ends_with("\n0 of 2 deliveries answered\n"), "{shown}");
        assert!(!shown.contains("a second") && !shown.contains("p50"), "{shown}");
        let object = report.to_json();
        assert_eq!((&object["deliveries"], &object["answered"]), (&2.into(), &0.into()));
        assert!(object["per_second"].is_null() && object["latency_us"].is_null(), "{object}");

        report.add(Outcome::Response(StatusCode::OK, None), Duration::from_millis(2));
        report.finish(Duration::from_secs(1));
        assert!(!report.is_unreachable());
        let shown = report.to_string();
        let end = "1 of 3 deliveries answered in 1.00 s, 1 a second; \
                   latency p50 2.0 ms, p95 2.0 ms, p99 2.0 ms\n";
        assert!(shown.ends_with(end), "{shown}");
    }

    #[test]
    fn unsendable_requests_do_not_blame_the_target() {
        let mut report = Report::default();
        report.add(Outcome::NotSent("message ID".into()), Duration::ZERO);
        assert!(!report.is_unreachable() && !report.all_accepted());
    }

    #[test]
    fn rejection_is_counted_by_its_code() {
        let mut report = Report::default();
        let rejected =
            Outcome::Response(StatusCode::BAD_REQUEST, Some("signature_mismatch".into()));
        report.add(rejected, Duration::ZERO);
        report.add(Outcome::NotReached("connection refused".into()), Duration::ZERO);
        let other = Outcome::Response(StatusCode::OK, Some("\u{1b}[2J\nok".into()));
        report.add(other, Duration::ZERO);
        assert!(!report.all_accepted());
        let shown = report.to_string();
        for part in
            ["400 ", "not reached ", "signature_mismatch", "connection refused", "\\u001b[2J\\nok"]
        {
            assert!(shown.contains(part), "{shown}");
        }
    }
}
