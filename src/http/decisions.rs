//! `GET /v1/decisions?step=&steps=`: how many events came in over time, by what became of them.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    State,
    auth::{Admin, Key},
    caching,
    timestamp::Timestamp,
    query::Query,
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
};
use crate::{
    domain::{Millis, event::Decision},
    store::decisions::{Counts, Steps},
};

/// The longest step, in seconds: 30 days.
const MAX_STEP: u32 = 2_592_000;

/// How many steps there may be.
const MAX_STEPS: u16 = 200;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StepParams {
    /// How long a step is, in seconds.
    #[serde(default = "half_an_hour")]
    #[param(minimum = 1, maximum = 2_592_000, default = 1800)]
    step: u32,
    /// How many steps. The last is the one that is under way.
    #[serde(default = "a_day_of_them")]
    #[param(minimum = 1, maximum = 200, default = 48)]
    steps: u16,
}

fn half_an_hour() -> u32 {
    1_800
}

fn a_day_of_them() -> u16 {
    48
}

impl StepParams {
    /// The steps that end with the one under way. They begin where others of the same length do,
    /// whenever somebody asks.
    fn until(&self, now: Millis) -> Result<Steps, Problem> {
        let invalid = |detail| Err(Problem::bad_request("parameter_invalid", detail));
        if !(1..=MAX_STEP).contains(&self.step) {
            return invalid(format!("step: expected 1 to {MAX_STEP}"));
        }
        if !(1..=MAX_STEPS).contains(&self.steps) {
            return invalid(format!("steps: expected 1 to {MAX_STEPS}"));
        }
        let length = i64::from(self.step) * 1_000;
        let end = now - now.rem_euclid(length) + length;
        let first = end - length * i64::from(self.steps);
        Ok(Steps { first, length, count: self.steps })
    }
}

/// How many events came in over time, by what became of them.
#[derive(Serialize, ToSchema)]
struct Decisions {
    /// How long a step is.
    step_seconds: u32,
    /// The decisions of which there are too many to count: they are estimated from a sample.
    estimated: Vec<&'static str>,
    /// The oldest step first.
    data: Vec<DecisionStep>,
}

/// How many events came in in a step of time.
#[derive(Serialize, ToSchema)]
struct DecisionStep {
    /// When it begins.
    from: Timestamp,
    applied: u64,
    stale: u64,
    tombstoned: u64,
    ignored: u64,
    quarantined: u64,
    failed: u64,
}

impl DecisionStep {
    fn new(from: Millis, counts: &Counts) -> Self {
        Self {
            from: Timestamp(from),
            applied: counts.of(Decision::Applied),
            stale: counts.of(Decision::Stale),
            tombstoned: counts.of(Decision::Tombstoned),
            ignored: counts.of(Decision::Ignored),
            quarantined: counts.of(Decision::Quarantined),
            failed: counts.of(Decision::Failed),
        }
    }
}

/// How many events came in over time, by what became of them.
///
/// It takes the same time however many there are: beyond some thousand, numbers are estimated from a sample, and `estimated` says which.
#[utoipa::path(
    get,
    path = "/v1/decisions",
    tag = "events",
    operation_id = "countDecisions",
    params(StepParams),
    responses(
        (status = 200, description = "The steps", body = Decisions),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("key" = [])),
)]
pub(super) async fn decisions(
    _: Key<Admin>,
    Query(params): Query<StepParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let steps = params.until(state.clock.now())?;
    let tally = state.store.decisions(&steps).await?;
    let data = (0..).zip(&tally.steps);
    Ok(caching::private(&Decisions {
        step_seconds: params.step,
        estimated: tally.estimated.into_iter().map(Decision::as_str).collect(),
        data: data.map(|(step, counts)| DecisionStep::new(steps.start_of(step), counts)).collect(),
    }))
}
