//! Reads the status of the service and derives its findings. `GET /v1/status` and `GET /metrics`
//! show it.
//!
//! | module | content |
//! |---|---|
//! | [`clock_offset`] | offset of this machine's clock from the sender's |
//! | [`drift`] | result of the last drift check |
//! | [`findings`] | reasons for a status that is not green |
//! | [`setup`] | checklist up to the first delivery |
//! | [`silence`] | longest usual interval without a delivery |
//! | [`writability`] | whether the database accepts the writes of deliveries |

mod clock_offset;
mod drift;
mod findings;
mod setup;
mod silence;
mod writability;

use serde::Serialize;
use tokio::time;
use utoipa::ToSchema;

pub(in crate::http) use self::writability::Writes;
pub use self::{clock_offset::ClockOffset, silence::UsualSilence, writability::Writability};
use self::{
    drift::DriftStatus,
    findings::{Finding, Measurements, StatusColor},
    setup::SetupStep,
};
use super::{
    State,
    refused_deliveries::RefusedStatus,
    timestamp::{self, Timestamp},
};
use crate::{
    domain::{Millis, decision::Decision, unsynced::RecentDeliveries},
    store::{
        PageRequest, Store, StoreError,
        decisions::RecentEventCounts,
        driver::{BlockingForeignKey, OutageCause},
        events::EventFilter,
        push::endpoints::StoredEndpoint,
        secret_usage::SecretUsage,
    },
};

const HOUR: Millis = 3_600_000;

const DAY: Millis = 24 * HOUR;

/// Status of the service.
#[derive(Serialize, ToSchema)]
pub(super) struct ServiceStatus {
    /// Most severe color of the findings, or green.
    status: StatusColor,
    /// Findings, which are the reasons for a status that is not green.
    pub(super) reasons: Vec<Finding>,
    /// Version of the service.
    pub(super) version: &'static str,
    /// Source revision that the service was built from.
    pub(super) revision: &'static str,
    /// Queue of the events that wait for their commit.
    pub(super) queue: QueueStatus,
    /// Seconds by which the clock of the service is ahead of the sender's clock. Null if no
    /// delivery arrived in the last minutes.
    pub(super) clock_offset_seconds: Option<f64>,
    /// Whether the database accepts the writes of deliveries.
    pub(super) accepts_writes: bool,
    /// Received events; null if the database does not answer.
    pub(super) events: Option<EventStatus>,
    /// Refused deliveries of the replica that answers.
    refused_deliveries: RefusedStatus,
    /// Steps of the set-up; null after the first verified delivery, or if the database does not
    /// answer.
    setup: Option<Vec<SetupStep>>,
    /// Last drift check; null if there was none, or if the database does not answer.
    pub(super) drift: Option<DriftStatus>,
    /// Endpoints to which changes are pushed.
    #[serde(skip)]
    pub(super) endpoints: Vec<StoredEndpoint>,
}

/// Queue of the events that wait for their commit.
#[derive(Serialize, ToSchema)]
pub(super) struct QueueStatus {
    /// Number of waiting events.
    pub(super) waiting: usize,
    /// Maximum number of waiting events. If the queue is full, deliveries are rejected.
    pub(super) capacity: usize,
}

/// Received events.
#[derive(Serialize, ToSchema)]
pub(super) struct EventStatus {
    /// Time at which the newest event was received.
    pub(super) newest_received_at: Option<Timestamp>,
    /// Time at which the newest failed event was received.
    newest_failed_at: Option<Timestamp>,
    /// Last use of each signing secret. A secret that is no longer used can be deleted.
    pub(super) secrets: Vec<SecretStatus>,
    /// Events of the last hour.
    #[serde(skip)]
    last_hour: RecentEventCounts,
    /// Deliveries of the last day.
    #[serde(skip)]
    recent: RecentDeliveries,
    /// Foreign keys that can prevent deletions, if there are failed events.
    #[serde(skip)]
    blocking: Vec<BlockingForeignKey>,
}

impl EventStatus {
    /// Returns the time of the last verified delivery, accurate to a minute. The newest event is no
    /// substitute: objects that are fetched from Clerk and local changes create events as well.
    pub(super) fn last_delivery(&self) -> Option<Millis> {
        self.secrets.iter().map(|secret| secret.last_used_at.0).max()
    }
}

/// Last use of a signing secret.
#[derive(Serialize, ToSchema)]
pub(super) struct SecretStatus {
    /// Label of the secret.
    pub(super) label: String,
    /// Time of the last delivery that the secret verified, accurate to a minute.
    pub(super) last_used_at: Timestamp,
}

impl From<SecretUsage> for SecretStatus {
    fn from(secret: SecretUsage) -> Self {
        Self { label: secret.label, last_used_at: Timestamp(secret.last_used_at) }
    }
}

impl ServiceStatus {
    /// Reads the current status. If the database is unavailable, the status says so.
    pub(super) async fn read(state: &State) -> Self {
        let (now, limit) = (state.clock.now(), state.limits.read_timeout);
        let (read, writes) = tokio::join!(
            // Shorter than the timeout of the request, so that a slow database is a finding.
            time::timeout(limit / 2, Box::pin(read(&state.store, now))),
            Box::pin(state.writability.check(&state.store)),
        );
        let read = read.unwrap_or(Err(StoreError::Timeout(limit / 2)));
        let events = read.as_ref().map(|read| &read.events).map_err(|error| {
            tracing::warn!(%error, "failed to read the status");
            error.outage().unwrap_or(OutageCause::Other)
        });
        let newest = events.ok().map(EventStatus::last_delivery);
        let setup = match newest {
            Some(None) => Box::pin(setup::steps_in_time(state, limit / 4)).await,
            _ => None,
        };
        let usual_silence = match newest.flatten() {
            Some(newest) => state.usual_silence.get(&state.store, newest, now, limit / 4).await,
            None => None,
        };
        let queue =
            QueueStatus { waiting: state.queue.waiting(), capacity: state.queue.capacity() };
        let clock_offset = state.clock_offset.get(now);
        let findings = findings::derive(&Measurements {
            queue: &queue,
            events,
            writes,
            drift: read.as_ref().ok().and_then(|read| read.drift.as_ref()),
            endpoints: read.as_ref().map_or(&[], |read| &read.endpoints),
            duplicates: state.metrics.consecutive_duplicates(now - HOUR),
            refused: state.refused_deliveries.recent(now),
            pinned_instance: state.decoder.pinned_instance.as_deref(),
            usual_silence,
            clock_offset,
            now,
        });
        let colors = findings.iter().map(|finding| finding.color);
        let (events, drift, endpoints) = match read {
            Ok(StoredStatus { events, drift, endpoints }) => (Some(events), drift, endpoints),
            Err(_) => (None, None, Vec::new()),
        };
        Self {
            status: colors.max().unwrap_or(StatusColor::Green),
            reasons: findings,
            version: env!("CARGO_PKG_VERSION"),
            revision: env!("MEETVO_REVISION"),
            queue,
            clock_offset_seconds: clock_offset.map(timestamp::seconds),
            accepts_writes: writes == Writes::Accepted,
            refused_deliveries: state.refused_deliveries.status(now),
            events,
            setup,
            drift,
            endpoints,
        }
    }

    /// Returns the name of the status color.
    pub(super) fn color(&self) -> &'static str {
        self.status.name()
    }
}

/// Parts of the status that the database has.
struct StoredStatus {
    events: EventStatus,
    drift: Option<DriftStatus>,
    endpoints: Vec<StoredEndpoint>,
}

async fn read(store: &Store, now: Millis) -> Result<StoredStatus, StoreError> {
    Ok(StoredStatus {
        events: Box::pin(events(store, now)).await?,
        drift: store.drift_check().await?.map(DriftStatus::from),
        endpoints: store.push_endpoints().await?,
    })
}

async fn events(store: &Store, now: Millis) -> Result<EventStatus, StoreError> {
    let newest = async |decision| {
        let filter = EventFilter { decision, ..EventFilter::default() };
        let found = store.events(&filter, &PageRequest { after: None, limit: 1 }).await?;
        let newest = found.items.first().map(|event| event.received_at);
        Ok::<_, StoreError>(Timestamp::from_option(newest))
    };
    let (newest_received_at, newest_failed_at, secrets, last_hour, recent) = tokio::try_join!(
        newest(None),
        newest(Some(Decision::Failed)),
        store.secret_usage(),
        store.count_events_since(now - HOUR),
        store.recent_deliveries(now - DAY),
    )?;
    // Without a failed event, none has prevented a deletion.
    let blocking = match newest_failed_at {
        Some(_) => store.blocking_foreign_keys().await?,
        None => Vec::new(),
    };
    Ok(EventStatus {
        newest_received_at,
        newest_failed_at,
        secrets: secrets.into_iter().map(SecretStatus::from).collect(),
        last_hour,
        recent,
        blocking,
    })
}
