//! `POST /v1/endpoints/{id}/replay`: sends messages again.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    http::{
        State,
        auth::{Admin, Key},
        json_body::JsonBody,
        pagination::EventCursor,
        problem::Problem,
        problem_responses::{CommonProblems, CursorExpired, InvalidBody, NotFound, ScopeMissing},
        query::{NoParameters, PathId, Query},
        timestamp::Timestamp,
    },
    store::push::messages,
};

/// Messages to send again. Exactly one property is set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Replay {
    /// The message about the change with this cursor.
    #[schema(inline)]
    cursor: Option<EventCursor>,
    /// The messages that have failed for good since this time.
    failed_since: Option<Timestamp>,
    /// The messages about all changes after this cursor.
    #[schema(inline)]
    after: Option<EventCursor>,
}

impl Replay {
    fn selection(&self) -> Result<messages::Replay, Problem> {
        match (self.cursor, self.failed_since, self.after) {
            (Some(EventCursor(seq)), None, None) => Ok(messages::Replay::One(seq)),
            (None, Some(Timestamp(since)), None) => Ok(messages::Replay::FailedSince(since)),
            (None, None, Some(EventCursor(seq))) => Ok(messages::Replay::After(seq)),
            _ => {
                let detail = "expected exactly one of `cursor`, `failed_since` and `after`";
                Err(Problem::bad_request("body_invalid", detail))
            }
        }
    }
}

/// Send messages of an endpoint again.
///
/// They have the same IDs as before.
#[utoipa::path(
    post,
    path = "/v1/endpoints/{id}/replay",
    tag = "endpoints",
    operation_id = "replayEndpoint",
    params(
        (
            "id" = String, Path,
            description = "ID of the endpoint.",
            example = "ep_3c9d0e1f2a4b5c6d7e8f9a0b",
        ),
    ),
    request_body(content = Replay, description = "The messages to send again."),
    responses(
        (status = 202, description = "The messages are sent soon."),
        InvalidBody,
        CommonProblems,
        ScopeMissing,
        NotFound,
        CursorExpired,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn replay(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    JsonBody(replay): JsonBody<Replay>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    state.endpoints.replay(&id, replay.selection()?).await?;
    Ok(HttpResponse::Accepted().finish())
}
