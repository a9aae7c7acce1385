//! `GET /v1/events/reasons?decision=`: groups the events that were not applied by their reason.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::KnownDecision;
use crate::{
    domain::decision::Decision,
    http::{
        State,
        auth::{Admin, Key},
        caching,
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
        query::Query,
        timestamp::Timestamp,
    },
    store::event_groups::EventGroup,
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct ReasonParams {
    /// Decision for the events. Events that are `applied` or `stale` have no reason, and are in no
    /// group.
    #[param(inline, value_type = KnownDecision)]
    decision: String,
}

/// Events with the same decision, grouped by reason.
#[derive(Serialize, ToSchema)]
struct EventReasonList {
    /// Groups, the one with the newest event first.
    data: Vec<EventReason>,
    /// Whether all events with the decision are grouped. If not, only the newest 2048 are, and the
    /// numbers are too low.
    is_complete: bool,
}

/// Events with the same decision and reason.
#[derive(Serialize, ToSchema)]
struct EventReason {
    /// Reason for the decision; null if none is stored.
    reason: Option<String>,
    /// Number of events.
    count: u64,
    /// Message ID of the newest event.
    newest_id: String,
    /// Time at which the newest event was received.
    newest_received_at: Timestamp,
    /// Time at which the oldest event was received.
    oldest_received_at: Timestamp,
}

impl From<EventGroup> for EventReason {
    fn from(group: EventGroup) -> Self {
        Self {
            reason: group.reason,
            count: group.count,
            newest_id: group.newest_id,
            newest_received_at: Timestamp(group.newest_received_at),
            oldest_received_at: Timestamp(group.oldest_received_at),
        }
    }
}

/// Group events by reason.
#[utoipa::path(
    get,
    path = "/v1/events/reasons",
    tag = "events",
    operation_id = "listEventReasons",
    params(ReasonParams),
    responses(
        (status = 200, description = "Events by reason.", body = EventReasonList),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn reasons(
    _: Key<Admin>,
    Query(params): Query<ReasonParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let invalid = |detail: String| Problem::bad_request("parameter_invalid", detail);
    let decision: Decision =
        params.decision.parse().map_err(|unknown| invalid(format!("decision: {unknown}")))?;
    let found = state.store.event_groups(decision).await?;
    Ok(caching::private(&EventReasonList {
        data: found.groups.into_iter().map(EventReason::from).collect(),
        is_complete: found.is_complete,
    }))
}
