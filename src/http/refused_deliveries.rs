//! Refused deliveries of this process: numbers by reason and hour, and the newest ones.
//!
//! They are kept in memory and not in the database, because anybody can send a delivery that is
//! refused. Each replica has its own, and a restart forgets them. Bodies are never kept.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use actix_web::{
    HttpRequest,
    http::{Method, header::HeaderValue},
    web,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{State, problem::Problem, timestamp::Timestamp};
use crate::{
    clerk::signature::{ID, MAX_ID_LENGTH},
    domain::Millis,
};

/// Path of the webhook endpoint.
pub(super) const PATH: &str = "/webhooks/clerk";

/// Header with the message ID in the family of Standard Webhooks.
const STANDARD_ID: &str = "webhook-id";

/// Reason for a delivery to another path or with another method than that of the endpoint.
const WRONG_PATH: &str = "wrong_path";

const HOUR: Millis = 3_600_000;

/// Number of hours that are counted.
const HOURS: i64 = 24;

/// Number of refused deliveries that are kept.
const KEPT: usize = 20;

/// Maximum length of a path that is kept, in bytes.
const MAX_PATH: usize = 128;

/// Refused deliveries of this process, shared by all threads.
#[derive(Debug, Default)]
pub struct RefusedDeliveries(Mutex<Recorded>);

#[derive(Debug, Default)]
struct Recorded {
    /// Numbers by reason, the oldest hour first. Hours without a refused delivery are left out.
    hours: VecDeque<Hour>,
    /// The newest refused delivery is the last.
    newest: VecDeque<Refused>,
}

#[derive(Debug)]
struct Hour {
    number: i64,
    counts: BTreeMap<&'static str, u64>,
}

#[derive(Clone, Debug)]
struct Refused {
    at: Millis,
    reason: &'static str,
    peer: Option<String>,
    message_id: Option<String>,
    path: Option<String>,
}

/// Refused deliveries of the replica that answers, since its start. Other replicas have their own.
#[derive(Serialize, ToSchema)]
#[schema(as = RefusedDeliveries)]
pub(super) struct RefusedStatus {
    /// Number of refused deliveries of the last 24 hours, by reason: the code of the problem, or
    /// `wrong_path` for another path or method than that of the webhook endpoint.
    pub(super) counts: BTreeMap<String, u64>,
    /// Numbers by hour, the oldest first. Hours without a refused delivery are left out.
    hours: Vec<RefusedHour>,
    /// The newest refused deliveries, the newest first.
    newest: Vec<RefusedDelivery>,
}

/// Refused deliveries of an hour.
#[derive(Serialize, ToSchema)]
struct RefusedHour {
    /// Start of the hour.
    from: Timestamp,
    /// Number of refused deliveries, by reason.
    counts: BTreeMap<String, u64>,
}

/// Refused delivery, without its body.
#[derive(Serialize, ToSchema)]
struct RefusedDelivery {
    /// Time of the refusal.
    at: Timestamp,
    /// `code` of the problem, or `wrong_path` for another path or method than that of the webhook
    /// endpoint.
    reason: String,
    /// IP address of the connection: the sender, or the proxy in front of the service.
    peer: Option<String>,
    /// Message ID that the request names, which is not verified; null if it names none.
    message_id: Option<String>,
    /// Path of the request, if the reason is `wrong_path`.
    path: Option<String>,
}

/// Records the request if it is a delivery. Called for every response that is a problem.
pub(super) fn record(request: &HttpRequest, problem: &Problem) {
    let Some(state) = request.app_data::<web::Data<State>>() else { return };
    let headers = request.headers();
    let id = headers.get(ID).or_else(|| headers.get(STANDARD_ID));
    let is_at_endpoint = request.path() == PATH && request.method() == Method::POST;
    if !is_at_endpoint && id.is_none() {
        return;
    }
    let reason = if is_at_endpoint { problem.code() } else { WRONG_PATH };
    if !is_at_endpoint {
        state.metrics.count_rejected_as(WRONG_PATH);
    }
    state.refused_deliveries.add(Refused {
        at: state.clock.now(),
        reason,
        peer: request.peer_addr().map(|peer| peer.ip().to_string()),
        message_id: id.and_then(message_id),
        path: (!is_at_endpoint).then(|| shortened(request.path())),
    });
}

/// Returns a message ID that can be shown.
fn message_id(value: &HeaderValue) -> Option<String> {
    let id = value.to_str().ok().filter(|id| (1..=MAX_ID_LENGTH).contains(&id.len()))?;
    id.bytes().all(|byte| byte.is_ascii_graphic()).then(|| id.to_owned())
}

fn shortened(path: &str) -> String {
    path[..path.floor_char_boundary(MAX_PATH)].to_owned()
}

impl RefusedDeliveries {
    fn add(&self, refused: Refused) {
        let number = refused.at.div_euclid(HOUR);
        let mut recorded = self.lock();
        if recorded.hours.back().is_none_or(|hour| hour.number < number) {
            recorded.hours.push_back(Hour { number, counts: BTreeMap::new() });
        }
        if let Some(hour) = recorded.hours.back_mut() {
            *hour.counts.entry(refused.reason).or_default() += 1;
        }
        recorded.hours.retain(|hour| hour.number > number - HOURS);
        if recorded.newest.len() == KEPT {
            recorded.newest.pop_front();
        }
        recorded.newest.push_back(refused);
    }

    /// Returns the refused deliveries of the last 24 hours.
    pub(super) fn status(&self, now: Millis) -> RefusedStatus {
        let first = now.div_euclid(HOUR) - HOURS + 1;
        let recorded = self.lock();
        let hours = || recorded.hours.iter().filter(|hour| hour.number >= first);
        let mut counts = BTreeMap::new();
        for (reason, count) in hours().flat_map(|hour| &hour.counts) {
            *counts.entry((*reason).to_owned()).or_default() += count;
        }
        let owned = |counts: &BTreeMap<&'static str, u64>| {
            counts.iter().map(|(reason, count)| ((*reason).to_owned(), *count)).collect()
        };
        let hours = hours().map(|hour| RefusedHour {
            from: Timestamp(hour.number * HOUR),
            counts: owned(&hour.counts),
        });
        let newest = recorded.newest.iter().rev().cloned().map(|refused| RefusedDelivery {
            at: Timestamp(refused.at),
            reason: refused.reason.to_owned(),
            peer: refused.peer,
            message_id: refused.message_id,
            path: refused.path,
        });
        RefusedStatus { counts, hours: hours.collect(), newest: newest.collect() }
    }

    /// Returns the most frequent reason of the last one to two hours, and the number of refused
    /// deliveries in this time. Problems of the service itself are left out, because other findings
    /// name them.
    pub(super) fn recent(&self, now: Millis) -> Option<(&'static str, u64)> {
        let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
        let first = now.div_euclid(HOUR) - 1;
        for hour in self.lock().hours.iter().filter(|hour| hour.number >= first) {
            for (reason, count) in &hour.counts {
                *counts.entry(reason).or_default() += count;
            }
        }
        counts.retain(|reason, _| !SERVICE_REASONS.contains(reason));
        let total = counts.values().sum();
        let (reason, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        Some((reason, total))
    }

    fn lock(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reasons that are problems of the service itself.
const SERVICE_REASONS: [&str; 6] = [
    "commit_late",
    "database_unavailable",
    "internal_error",
    "pending_bytes_full",
    "queue_full",
    "stopping",
];

#[cfg(test)]
mod tests {
    use super::{HOUR, HOURS, KEPT, Millis, Refused, RefusedDeliveries};

    fn refused(at: Millis, reason: &'static str) -> Refused {
        Refused { at, reason, peer: None, message_id: None, path: None }
    }

    #[test]
    fn memory_is_bounded() {
        let deliveries = RefusedDeliveries::default();
        for hour in 0..100 {
            deliveries.add(refused(hour * HOUR, "signature_mismatch"));
        }
        let status = deliveries.status(99 * HOUR);
        let hours = usize::try_from(HOURS).unwrap();
        assert_eq!((status.hours.len(), status.newest.len()), (hours, KEPT));
        assert_eq!(status.counts["signature_mismatch"], hours as u64);
        assert_eq!(status.newest[0].at.0, 99 * HOUR, "the newest comes first");
        assert!(deliveries.status(200 * HOUR).counts.is_empty(), "old hours do not count");
    }

    #[test]
    fn recent_reason_is_most_frequent() {
        let deliveries = RefusedDeliveries::default();
        assert_eq!(deliveries.recent(0), None);
        for reason in ["wrong_path", "signature_mismatch", "signature_mismatch", "queue_full"] {
            deliveries.add(refused(10, reason));
        }
        assert_eq!(deliveries.recent(20), Some(("signature_mismatch", 3)));
        assert_eq!(deliveries.recent(2 * HOUR), None);
    }
}
