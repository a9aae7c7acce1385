//! `GET /v1/events/{id}/messages`: lists the messages about an event to the operator's endpoints.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::no_such_event;
use crate::{
    http::{
        State,
        auth::{Admin, Key},
        caching,
        endpoints::attempts::Attempt,
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{NoParameters, PathId, Query},
        timestamp::Timestamp,
    },
    push::event_messages::{self, EventMessage},
};

/// Message about a change of an event, for one endpoint.
#[derive(Serialize, ToSchema)]
struct Message {
    /// ID of the endpoint.
    endpoint_id: String,
    /// URL of the endpoint.
    url: String,
    /// Cursor of the change.
    cursor: String,
    /// Type of the message, such as `user.created`.
    r#type: String,
    /// Status.
    status: MessageStatus,
    /// Time of the next attempt; null if none follows, or if the first one has not been made.
    next_attempt_at: Option<Timestamp>,
    /// Attempts, the oldest first.
    attempts: Vec<Attempt>,
}

/// Status of a message: `waiting` (not sent yet), `disabled` (sent when the endpoint is enabled),
/// `retrying` (sent again after a failure), `delivered`, or `failed` (not sent again).
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum MessageStatus {
    Waiting,
    Disabled,
    Retrying,
    Delivered,
    Failed,
}

impl From<event_messages::MessageStatus> for MessageStatus {
    fn from(status: event_messages::MessageStatus) -> Self {
        match status {
            event_messages::MessageStatus::Waiting => Self::Waiting,
            event_messages::MessageStatus::Disabled => Self::Disabled,
            event_messages::MessageStatus::Retrying => Self::Retrying,
            event_messages::MessageStatus::Delivered => Self::Delivered,
            event_messages::MessageStatus::Failed => Self::Failed,
        }
    }
}

impl From<EventMessage> for Message {
    fn from(message: EventMessage) -> Self {
        Self {
            endpoint_id: message.endpoint_id,
            url: message.url,
            cursor: message.seq.to_string(),
            r#type: message.message_type,
            status: message.status.into(),
            next_attempt_at: Timestamp::from_option(message.next_attempt_at),
            attempts: message.attempts.into_iter().map(Attempt::from).collect(),
        }
    }
}

/// Messages about an event.
#[derive(Serialize, ToSchema)]
struct MessageList {
    /// Messages in the order of their changes. An event that changed nothing has none.
    data: Vec<Message>,
}

/// List the messages about an event to your endpoints.
///
/// An event can change several objects, and each endpoint gets a message about each change.
#[utoipa::path(
    get,
    path = "/v1/events/{id}/messages",
    tag = "events",
    operation_id = "listEventMessages",
    params(
        (
            "id" = String, Path,
            description = "Message ID of the event (`svix-id`).",
            example = "msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq",
        ),
    ),
    responses(
        (status = 200, description = "The messages.", body = MessageList),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["admin"])),
)]
pub(in crate::http) async fn messages(
    _: Key<Admin>,
    PathId(id): PathId,
    _: Query<NoParameters>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let found = event_messages::of_event(&state.store, &id).await?;
    if found.is_empty() && state.store.event(&id).await?.is_none() {
        return Err(no_such_event());
    }
    Ok(caching::private(&MessageList { data: found.into_iter().map(Message::from).collect() }))
}
