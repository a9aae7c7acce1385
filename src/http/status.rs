//! `GET /v1/status`: how it goes, in one word and with the reasons.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::{
    State,
    auth::{Admin, Key},
    caching,
    instant::Instant,
    openapi::refusals::{Refused, Unscoped},
    problem::Problem,
};
use crate::{
    domain::event::Decision,
    store::{Page, Store, StoreError, checks::Check, events::EventFilter, secrets::SecretUse},
};

/// How it goes.
#[derive(Serialize, ToSchema)]
pub(super) struct Status {
    status: Light,
    /// Why it is not green.
    reasons: Vec<Reason>,
    /// Of this program.
    version: &'static str,
    queue: Waiting,
    /// What the database tells; null where it does not answer.
    #[schema(inline)]
    events: Option<Events>,
    /// What the last comparison of the users with Clerk's came to; null where there was none.
    #[schema(inline)]
    drift: Option<Drift>,
}

#[derive(Clone, Copy, Serialize, ToSchema, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Light {
    Green,
    /// Somebody should look.
    Amber,
    /// Deliveries are refused.
    Red,
}

/// Something that is not as it should be.
#[derive(Serialize, ToSchema)]
struct Reason {
    #[serde(skip)]
    light: Light,
    /// Stable, for programs.
    code: &'static str,
    /// For people, with the mend.
    detail: &'static str,
}

/// Deliveries that wait for their commit.
#[derive(Serialize, ToSchema)]
struct Waiting {
    waiting: usize,
    /// One more is refused.
    capacity: usize,
}

/// What came in.
#[derive(Serialize, ToSchema)]
struct Events {
    /// When the newest came.
    newest_received_at: Option<Instant>,
    /// When the newest came that failed.
    newest_failed_at: Option<Instant>,
    /// When each signing secret last matched: one that is silent can go.
    secrets: Vec<Secret>,
}

/// A comparison of the users with Clerk's. The numbers are null where it came to nothing.
#[derive(Serialize, ToSchema)]
struct Drift {
    /// When the newest began.
    begun_at: Instant,
    /// When the last one ended, of which the rest tells.
    ended_at: Option<Instant>,
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
struct Secret {
    label: String,
    last_used_at: Instant,
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
    // Before those who ask are told that it takes too long.
    let read = timeout(state.limits.read_timeout / 2, read(&state.store)).await;
    let read = read.ok().and_then(|read| match read {
        Ok(read) => Some(read),
        Err(error) => {
            tracing::warn!(%error, "the status cannot be read");
            None
        }
    });
    let queue = Waiting { waiting: state.queue.waiting(), capacity: state.queue.capacity() };
    let (events, drift) = read.map_or((None, None), |(events, drift)| (Some(events), drift));
    let reasons = reasons(&queue, events.as_ref(), drift.as_ref());
    let status = reasons.iter().map(|reason| reason.light).max().unwrap_or(Light::Green);
    let version = env!("CARGO_PKG_VERSION");
    Ok(caching::private(&Status { status, reasons, version, queue, events, drift }))
}

fn reasons(queue: &Waiting, events: Option<&Events>, drift: Option<&Drift>) -> Vec<Reason> {
    let unavailable = Reason {
        light: Light::Red,
        code: "database_unavailable",
        detail: "the database does not answer; the log says why",
    };
    let full = Reason {
        light: Light::Amber,
        code: "queue_filling",
        detail: "more than half of the queue waits for the database",
    };
    let failed = Reason {
        light: Light::Amber,
        code: "events_failed",
        detail: "events were not understood: see /v1/events?decision=failed, and reprocess them \
                 after an upgrade",
    };
    let differ = Reason {
        light: Light::Amber,
        code: "users_differ",
        detail: "users are not as Clerk has them: `meetvo drift` names them, and with --repair mends \
                 it",
    };
    let uncompared = Reason {
        light: Light::Amber,
        code: "users_not_compared",
        detail: "not all users could be compared with Clerk's: see `drift`, and the log",
    };
    let found = [
        (events.is_none(), unavailable),
        (queue.waiting * 2 > queue.capacity, full),
        (events.is_some_and(|it| it.newest_failed_at.is_some()), failed),
        (drift.is_some_and(Drift::is_some), differ),
        (drift.is_some_and(Drift::is_partial), uncompared),
    ];
    found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, reason)| reason).collect()
}

async fn read(store: &Store) -> Result<(Events, Option<Drift>), StoreError> {
    Ok((events(store).await?, store.check().await?.map(Drift::from)))
}

async fn events(store: &Store) -> Result<Events, StoreError> {
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
    })
}
