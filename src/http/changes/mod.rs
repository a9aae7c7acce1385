//! `GET /v1/changes` and `GET /v1/me/changes`: the change feed in commit order, as pages or as a
//! stream.

mod stream;

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method,
        header::{ACCEPT, HeaderName, HeaderValue, VARY},
    },
    web,
};
use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, ToSchema,
    openapi::schema::{Object, ObjectBuilder, Type},
};

use super::{
    State,
    auth::{Key, KeyWatch, Read, SignedInUser},
    caching,
    pagination::{EventCursor, Limit},
    problem::Problem,
    problem_responses::{CommonProblems, CursorExpired, InvalidParameter, ScopeMissing},
    query::Query,
};
use crate::{
    objects::Kind,
    store::{Store, changes},
};

/// Header with which a browser resumes a stream.
pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesParams {
    /// Cursor after which the changes begin. Pages begin at the oldest change by default, which is
    /// also the meaning of `0`. Streams begin at the newest change by default.
    #[param(inline)]
    after: Option<EventCursor>,
    /// Maximum number of events that are read for the page. Not every event is a change.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
}

/// Request header with which a stream resumes.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
pub(super) struct LastEventId {
    /// Cursor after which a stream resumes. It takes precedence over `after`.
    #[param(rename = "last-event-id", inline, value_type = EventCursor, required = false)]
    cursor: Option<EventCursor>,
}

impl FromRequest for LastEventId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(header) = request.headers().get(LAST_EVENT_ID) else {
            return ready(Ok(Self { cursor: None }));
        };
        let cursor = header.to_str().ok().and_then(EventCursor::parse);
        ready(cursor.map(|cursor| Self { cursor: Some(cursor) }).ok_or_else(|| {
            let detail = "last-event-id: expected a cursor of this service";
            Problem::bad_request("parameter_invalid", detail)
        }))
    }
}

/// Change of an object. It names the object, and does not contain its new values; read the object to
/// get them.
#[derive(Serialize, ToSchema)]
pub(super) struct Change {
    /// Cursor to resume after this change.
    cursor: String,
    /// Kind of the object that changed.
    #[schema(schema_with = kind_schema)]
    kind: &'static str,
    /// ID of the object.
    id: String,
    /// ID of the user, or of the user that the object belongs to. Null for an object without a user.
    user_id: Option<String>,
    /// ID of the organization, or of the organization that the object belongs to. Null for an object
    /// without an organization.
    organization_id: Option<String>,
    /// Whether the object is deleted. If a user or an organization is deleted, this is true for all
    /// changes of what belongs to it.
    deleted: bool,
}

/// Returns the schema of the kinds of objects.
fn kind_schema() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("Kind of the object that changed."))
        .enum_values(Some(Kind::ALL.map(Kind::name)))
        .build()
}

impl From<changes::ChangeEntry> for Change {
    fn from(change: changes::ChangeEntry) -> Self {
        Self {
            cursor: change.seq.to_string(),
            kind: change.kind.name(),
            id: change.id,
            user_id: change.user_id,
            organization_id: change.organization_id,
            deleted: change.deleted,
        }
    }
}

/// Caller of the change feed.
enum Reader {
    /// Backend, which reads the changes of all users while its key is valid.
    Key(KeyWatch),
    /// Signed-in user, who reads their own changes.
    Session(SignedInUser),
}

impl Reader {
    /// Returns the user to whom the changes are limited.
    fn user_id(&self) -> Option<&str> {
        match self {
            Self::Key(_) => None,
            Self::Session(signed_in) => Some(&signed_in.user_id),
        }
    }

    /// Returns the name of the API key, or `None` for a signed-in user.
    fn key_name(&self) -> Option<&str> {
        match self {
            Self::Key(watch) => Some(&watch.name),
            Self::Session(_) => None,
        }
    }
}

/// Page of changes.
#[derive(Serialize, ToSchema)]
struct ChangesPage {
    /// Changes in commit order.
    data: Vec<Change>,
    /// Value of `after` for the next request, also on the last page. Null if the service has never
    /// received an event.
    #[schema(required)]
    next_cursor: Option<String>,
    /// Whether there are more changes after this page.
    has_more: bool,
}

/// List the changes of all users.
///
/// With `Accept: text/event-stream`, the response is a stream of server-sent events of the type
/// `change`. Each has a `Change` as its data.
#[utoipa::path(
    get,
    path = "/v1/changes",
    tag = "changes",
    operation_id = "listChanges",
    params(ChangesParams, LastEventId),
    responses(
        (
            status = 200,
            description = "Page or stream of changes in commit order.",
            content((ChangesPage = "application/json"), (String = "text/event-stream")),
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        CursorExpired,
    ),
    security(("key" = [])),
)]
pub(super) async fn all(
    key: Key<Read>,
    Query(params): Query<ChangesParams>,
    last_event_id: LastEventId,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let reader = Reader::Key(key.watch(&state.keys));
    respond(&request, &state, params, last_event_id, reader).await
}

/// List the changes of the signed-in user.
///
/// With `Accept: text/event-stream`, the response is a stream of server-sent events of the type
/// `change`. Each has a `Change` as its data.
#[utoipa::path(
    get,
    path = "/v1/me/changes",
    tag = "me",
    operation_id = "listMyChanges",
    params(ChangesParams, LastEventId),
    responses(
        (
            status = 200,
            description = "Page or stream of changes in commit order.",
            content((ChangesPage = "application/json"), (String = "text/event-stream")),
        ),
        InvalidParameter,
        CommonProblems,
        CursorExpired,
    ),
    security(("session" = []), ("cookie" = [])),
)]
pub(super) async fn own(
    signed_in: SignedInUser,
    Query(params): Query<ChangesParams>,
    last_event_id: LastEventId,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    respond(&request, &state, params, last_event_id, Reader::Session(signed_in)).await
}

async fn respond(
    request: &HttpRequest,
    state: &web::Data<State>,
    params: ChangesParams,
    last_event_id: LastEventId,
    reader: Reader,
) -> Result<HttpResponse, Problem> {
    // A browser that reconnects sends the original URL, so the cursor in the header is newer.
    let last_event_id = last_event_id.cursor.filter(|_| accepts_stream(request));
    let after = last_event_id.or(params.after).map(|EventCursor(after)| after);
    if accepts_stream(request) {
        let after = match after {
            Some(after) => check_cursor(&state.store, after).await.map(|()| after)?,
            None => state.store.newest_seq().await?,
        };
        return stream::respond(state, after, reader).map(vary_by_accept);
    }
    let (after, max_events) = (after.unwrap_or_default(), params.limit.items());
    let changes = state.store.changes(reader.user_id(), after, max_events).await?;
    // Checked after the read, because events can expire between a check and the read.
    check_cursor(&state.store, after).await?;
    let through = Some(changes.through).filter(|through| *through > 0);
    Ok(vary_by_accept(caching::private(&ChangesPage {
        data: changes.items.into_iter().map(Change::from).collect(),
        next_cursor: through.map(|through| through.to_string()),
        has_more: changes.has_more,
    })))
}

/// Sets the header `Vary`, because the response depends on the header `Accept`.
fn vary_by_accept(mut response: HttpResponse) -> HttpResponse {
    // A single header, because the CORS policy keeps only the first of several.
    let vary = HeaderValue::from_static("Authorization, Cookie, Accept");
    response.headers_mut().insert(VARY, vary);
    response
}

fn accepts_stream(request: &HttpRequest) -> bool {
    let accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    request.method() == Method::GET
        && accepted.flat_map(|value| value.split(',')).any(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("text/event-stream")
        })
}

/// Rejects a cursor after which changes can be missing, so that a client notices the gap.
async fn check_cursor(store: &Store, after: i64) -> Result<(), Problem> {
    if store.can_resume_after(after).await? { Ok(()) } else { Err(Problem::cursor_expired()) }
}
