//! `GET /v1/status`: how it goes, in one word and with the reasons.

mod reasons;
mod silence;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use self::reasons::{Light, Reason};
pub use self::silence::Silence;
use super::{
    State,
    auth::{Admin, Key},
    caching,
    instant::{self, Instant},
    openapi::refusals::{Refused, Unscoped},
    problem::Problem,
};
use crate::{
    domain::{Millis, event::Decision},
    store::{
        Page, Store, StoreError, checks::Check, decisions::Arrivals, events::EventFilter,
        secrets::SecretUse,
    },
};

const HOUR: Millis = 3_600_000;

/// How it goes.
#[derive(Serialize, ToSchema)]
pub(super) struct Status {
    status: Light,
    /// Why it is not green.
    pub(super) reasons: Vec<Reason>,
    /// Of this program.
    pub(super) version: &'static str,
    /// What this program was built from.
    pub(super) revision: &'static str,
    pub(super) queue: Waiting,
    /// How far this clock is before that of whoever sends the deliveries, in seconds; null where none came
    /// in the last minutes.
    pub(super) clock_offset_seconds: Option<f64>,
    /// What the database tells; null where it does not answer.
    #[schema(inline)]
    pub(super) events: Option<Events>,
    /// What the last comparison of the users with Clerk's came to; null where there was none.
    #[schema(inline)]
    pub(super) drift: Option<Drift>,
}

/// Deliveries that wait for their commit.
#[derive(Serialize, ToSchema)]
pub(super) struct Waiting {
    pub(super) waiting: usize,
    /// One more is refused.
    pub(super) capacity: usize,
}

/// What came in.
#[derive(Serialize, ToSchema)]
pub(super) struct Events {
    /// When the newest came.
    pub(super) newest_received_at: Option<Instant>,
    /// When the newest came that failed.
    newest_failed_at: Option<Instant>,
    /// When each signing secret last matched: one that is silent can go.
    pub(super) secrets: Vec<Secret>,
    /// Those of the last hour.
    #[serde(skip)]
    hour: Arrivals,
}

impl Events {
    /// When a delivery was last verified, give or take a minute. What is fetched from Clerk and what is done
    /// here makes events as well, also while no delivery comes.
    pub(super) fn last_delivery(&self) -> Option<Millis> {
        self.secrets.iter().map(|secret| secret.last_used_at.0).max()
    }
}

/// A comparison of the users with Clerk's. The numbers are null where it came to nothing.
#[derive(Serialize, ToSchema)]
pub(super) struct Drift {
    /// When the newest began.
    begun_at: Instant,
    /// When the last one ended, of which the rest tells.
    pub(super) ended_at: Option<Instant>,
    /// Why it came to nothing.
    problem: Option<String>,
    /// How many users Clerk has.
    users: Option<u64>,
    /// Clerk has them, and they are not here.
    missing: Option<u64>,
    /// They are here, and Clerk has them no more.
    extra: Option<u64>,
    /// They say something else here.
    different: Option<u64>,
    /// They are deleted here, and Clerk has them.
    deleted: Option<u64>,
    /// They could not be compared.
    not_understood: Option<u64>,
}

impl From<Check> for Drift {
    fn from(check: Check) -> Self {
        let counts = check.found.map(|found| found.counts);
        Self {
            begun_at: Instant(check.begun_at),
            ended_at: Instant::some(check.ended_at),
            problem: check.problem,
            users: check.found.map(|found| found.users),
            missing: counts.map(|it| it.missing),
            extra: counts.map(|it| it.extra),
            different: counts.map(|it| it.different),
            deleted: counts.map(|it| it.deleted),
            not_understood: check.found.map(|found| found.not_understood),
        }
    }
}

impl Drift {
    /// How many there are of each kind.
    pub(super) fn counts(&self) -> impl Iterator<Item = (&'static str, Option<u64>)> {
        let differ = [
            ("missing", self.missing),
            ("extra", self.extra),
            ("different", self.different),
            ("deleted", self.deleted),
        ];
        differ.into_iter().chain([("not_understood", self.not_understood)])
    }

    /// Whether anybody differs.
    fn is_some(&self) -> bool {
        let counts = [self.missing, self.extra, self.different, self.deleted];
        counts.into_iter().flatten().any(|count| count > 0)
    }

    /// Whether somebody was not compared.
    fn is_partial(&self) -> bool {
        self.problem.is_some() || self.not_understood.is_some_and(|count| count > 0)
    }
}

#[derive(Serialize, ToSchema)]
pub(super) struct Secret {
    pub(super) label: String,
    pub(super) last_used_at: Instant,
}

impl From<SecretUse> for Secret {
    fn from(secret: SecretUse) -> Self {
        Self { label: secret.label, last_used_at: Instant(secret.last_used_at) }
    }
}

/// How it goes.
#[utoipa::path(
    get,
    path = "/v1/status",
    tag = "events",
    operation_id = "getStatus",
    responses((status = 200, description = "Whatever its colour", body = Status), Refused, Unscoped),
    security(("key" = [])),
)]
pub(super) async fn status(
    _: Key<Admin>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    Ok(caching::private(&look(&state).await))
}

/// Looks how it goes.
pub(super) async fn look(state: &State) -> Status {
    let (now, limit) = (state.clock.now(), state.limits.read_timeout);
    // Before those who ask are told that it takes too long.
    let read = match timeout(limit / 2, read(&state.store, now)).await {
        Ok(read) => read,
        Err(_) => Err(StoreError::Timeout(limit / 2)),
    };
    let (events, drift) = match read {
        Ok((events, drift)) => (Some(events), drift),
        Err(error) => {
            tracing::warn!(%error, "the status cannot be read");
            (None, None)
        }
    };
    let usual = match events.as_ref().and_then(Events::last_delivery) {
        Some(newest) => state.silence.usual(&state.store, newest, now, limit / 4).await,
        None => None,
    };
    let queue = Waiting { waiting: state.queue.waiting(), capacity: state.queue.capacity() };
    let offset = state.metrics.offset(now);
    let seen = reasons::Seen {
        queue: &queue,
        events: events.as_ref(),
        drift: drift.as_ref(),
        usual,
        offset,
        now,
    };
    let reasons = reasons::of(&seen);
    Status {
        status: reasons.iter().map(|reason| reason.light).max().unwrap_or(Light::Green),
        reasons,
        version: env!("CARGO_PKG_VERSION"),
        revision: env!("MEETVO_REVISION"),
        queue,
        clock_offset_seconds: offset.map(instant::seconds),
        events,
        drift,
    }
}

impl Status {
    /// The colour's name.
    pub(super) fn light(&self) -> &'static str {
        self.status.name()
    }
}

async fn read(store: &Store, now: Millis) -> Result<(Events, Option<Drift>), StoreError> {
    Ok((events(store, now).await?, store.check().await?.map(Drift::from)))
}

async fn events(store: &Store, now: Millis) -> Result<Events, StoreError> {
    let newest = async |decision| {
        let filter = EventFilter { decision, ..EventFilter::default() };
        let found = store.events(&filter, &Page { after: None, limit: 1 }).await?;
        let newest = found.items.first().map(|event| event.received_at);
        Ok::<_, StoreError>(Instant::some(newest))
    };
    Ok(Events {
        newest_received_at: newest(None).await?,
        newest_failed_at: newest(Some(Decision::Failed)).await?,
        secrets: store.secrets().await?.into_iter().map(Secret::from).collect(),
        hour: store.arrivals_since(now - HOUR).await?,
    })
}
