//! `GET /v1/decisions?step=&steps=`: returns the number of events over time, by decision.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    State,
    auth::{Admin, Key},
    caching,
    events::DecisionName,
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
    query::{Query, WholeNumber},
    timestamp::Timestamp,
};
use crate::{
    domain::{Millis, decision::Decision},
    store::decisions::{DecisionCounts, Steps},
};

/// Maximum length of a step in seconds: 30 days.
const MAX_STEP: u32 = 2_592_000;

/// Maximum number of steps.
const MAX_STEPS: u32 = 200;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StepParams {
    /// Length of a step in seconds.
    #[serde(default = "default_step")]
    #[param(inline, value_type = u32, minimum = 1, maximum = 2_592_000, default = 1800)]
    step: WholeNumber<1, MAX_STEP>,
    /// Number of steps. The last one contains the current time.
    #[serde(default = "default_steps")]
    #[param(inline, value_type = u16, minimum = 1, maximum = 200, default = 48)]
    steps: WholeNumber<1, MAX_STEPS>,
}

/// Returns half an hour.
fn default_step() -> WholeNumber<1, MAX_STEP> {
    WholeNumber(1_800)
}

/// Returns the number of default steps in a day.
fn default_steps() -> WholeNumber<1, MAX_STEPS> {
    WholeNumber(48)
}

impl StepParams {
    /// Returns the steps up to the one that contains `now`. Steps of the same length begin at the
    /// same times in all responses.
    fn until(&self, now: Millis) -> Steps {
        let (WholeNumber(step), WholeNumber(steps)) = (self.step, self.steps);
        let length = i64::from(step) * 1_000;
        let end = now - now.rem_euclid(length) + length;
        let first = end - length * i64::from(steps);
        Steps { first, length, count: u16::try_from(steps).unwrap_or(u16::MAX) }
    }
}

/// Number of events over time, by decision.
#[derive(Serialize, ToSchema)]
#[schema(as = DecisionCounts)]
struct Decisions {
    /// Length of a step in seconds.
    step_seconds: u32,
    /// Decisions whose numbers are estimates from a sample, because there are too many events.
    estimated: Vec<DecisionName>,
    /// Steps, the oldest first.
    data: Vec<DecisionStep>,
}

/// Number of events that were received in a step, by decision.
#[derive(Serialize, ToSchema)]
struct DecisionStep {
    /// Start of the step.
    from: Timestamp,
    /// Events that changed the synced tables.
    applied: u64,
    /// Events that were older than the stored data.
    stale: u64,
    /// Events about deleted objects, or about objects whose owner is deleted.
    tombstoned: u64,
    /// Events of types that are not synced.
    ignored: u64,
    /// Events that are not from the pinned Clerk instance.
    quarantined: u64,
    /// Events that could not be decoded, or that the database rejected.
    failed: u64,
    /// Events that failed or were quarantined, and that an operator dismissed.
    dismissed: u64,
    /// Events with a decision that a newer version of the service recorded.
    other: u64,
}

impl DecisionStep {
    fn new(from: Millis, counts: &DecisionCounts) -> Self {
        Self {
            from: Timestamp(from),
            applied: counts.of(Decision::Applied),
            stale: counts.of(Decision::Stale),
            tombstoned: counts.of(Decision::Tombstoned),
            ignored: counts.of(Decision::Ignored),
            quarantined: counts.of(Decision::Quarantined),
            failed: counts.of(Decision::Failed),
            dismissed: counts.of(Decision::Dismissed),
            other: counts.of_unknown(),
        }
    }
}

/// Count events over time, by decision.
///
/// The response time does not depend on the number of events. From some thousand events on, numbers
/// are estimates from a sample; `estimated` lists their decisions.
#[utoipa::path(
    get,
    path = "/v1/decisions",
    tag = "events",
    operation_id = "countDecisions",
    params(StepParams),
    responses(
        (status = 200, description = "Number of events per step and decision.", body = Decisions),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(super) async fn decisions(
    _: Key<Admin>,
    Query(params): Query<StepParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let steps = params.until(state.clock.now());
    let history = state.store.decisions(&steps).await?;
    let data = (0..).zip(&history.steps);
    Ok(caching::private(&Decisions {
        step_seconds: params.step.0,
        estimated: history.estimated.into_iter().map(|it| DecisionName(it.into())).collect(),
        data: data.map(|(step, counts)| DecisionStep::new(steps.start_of(step), counts)).collect(),
    }))
}
