//! What became of the requests.

use std::{collections::BTreeMap, fmt, time::Duration};

use http::StatusCode;
use serde_json::{Value, json};

/// What a request was answered.
#[derive(Debug)]
pub(in crate::cli) enum Outcome {
    /// With a status, and what the service said it did.
    Response(StatusCode, Option<String>),
    /// The target could not be reached, or hung up.
    NotReached(String),
    /// Not in time.
    TimedOut,
}

/// What became of all requests.
#[derive(Debug, Default)]
pub(in crate::cli) struct Report {
    answers: BTreeMap<String, u64>,
    decisions: BTreeMap<String, u64>,
    latencies: Vec<Duration>,
    elapsed: Duration,
    not_taken: u64,
    /// Why the first of those that did not reach a target did not.
    trouble: Option<String>,
}

impl Report {
    pub(super) fn add(&mut self, outcome: Outcome, latency: Duration) {
        let (name, decision, taken) = match outcome {
            Outcome::Response(status, decision) => {
                (status.as_str().to_owned(), decision, status.is_success())
            }
            Outcome::NotReached(reason) => {
                self.trouble.get_or_insert(reason);
                ("not reached".to_owned(), None, false)
            }
            Outcome::TimedOut => ("timed out".to_owned(), None, false),
        };
        *self.answers.entry(name).or_default() += 1;
        if let Some(decision) = decision {
            *self.decisions.entry(decision).or_default() += 1;
        }
        self.not_taken += u64::from(!taken);
        self.latencies.push(latency);
    }

    pub(super) fn merge(&mut self, part: Self) {
        for (counts, more) in
            [(&mut self.answers, part.answers), (&mut self.decisions, part.decisions)]
        {
            for (name, count) in more {
                *counts.entry(name).or_default() += count;
            }
        }
        self.latencies.extend(part.latencies);
        self.not_taken += part.not_taken;
        self.trouble = self.trouble.take().or(part.trouble);
    }

    pub(super) fn finish(&mut self, elapsed: Duration) {
        self.latencies.sort_unstable();
        self.elapsed = elapsed;
    }

    /// Whether every request was answered with success.
    pub(super) fn all_taken(&self) -> bool {
        self.not_taken == 0
    }

    fn per_second(&self) -> f64 {
        f64::from(u32::try_from(self.latencies.len()).unwrap_or(u32::MAX))
            / self.elapsed.as_secs_f64().max(f64::EPSILON)
    }

    /// The latency below which this share of the requests, in percent, was answered.
    fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.latencies.len() * percent).div_ceil(100);
        self.latencies.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    pub(super) fn to_json(&self) -> Value {
        let micros = |percent| self.percentile(percent).as_micros();
        json!({
            "deliveries": self.latencies.len(),
            "answers": self.answers,
            "decisions": self.decisions,
            "not_reached_because": self.trouble,
            "elapsed_ms": self.elapsed.as_millis(),
            "per_second": self.per_second().round(),
            "latency_us": { "p50": micros(50), "p95": micros(95), "p99": micros(99) },
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, counts) in [("answer", &self.answers), ("decision", &self.decisions)] {
            if counts.is_empty() {
                continue;
            }
            writeln!(f, "{title:<28}{:>10}", "deliveries")?;
            for (name, count) in counts {
                writeln!(f, "  {name:<26}{count:>10}")?;
            }
            writeln!(f)?;
        }
        if let Some(trouble) = &self.trouble {
            writeln!(f, "not reached: {trouble}\n")?;
        }
        let millis = |percent| self.percentile(percent).as_secs_f64() * 1e3;
        writeln!(
            f,
            "{} deliveries in {:.2} s, {:.0} a second; latency p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms",
            self.latencies.len(),
            self.elapsed.as_secs_f64(),
            self.per_second(),
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
    fn percentiles_are_those_of_the_nearest_rank() {
        let mut report = Report::default();
        for millis in (1..=100).rev() {
            report.add(Outcome::Response(StatusCode::OK, None), Duration::from_millis(millis));
        }
        report.finish(Duration::from_secs(1));
        let percentiles = [50, 95, 99, 100].map(|percent| report.percentile(percent).as_millis());
        assert_eq!(percentiles, [50, 95, 99, 100]);
        assert!(report.all_taken());
    }

    #[test]
    fn a_refusal_is_counted_under_its_code() {
        let mut report = Report::default();
        let refused = Outcome::Response(StatusCode::BAD_REQUEST, Some("signature_mismatch".into()));
        report.add(refused, Duration::ZERO);
        report.add(Outcome::NotReached("nobody is there".into()), Duration::ZERO);
        assert!(!report.all_taken());
        let shown = report.to_string();
        for part in ["400 ", "not reached ", "signature_mismatch", "nobody is there"] {
            assert!(shown.contains(part), "{shown}");
        }
    }
}
