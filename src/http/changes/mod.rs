//! `GET /v1/changes` and `GET /v1/me/changes`: the change feed in commit order, as pages or as a
//! stream.

mod entry;
mod params;
mod stream;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{ACCEPT, HeaderName, HeaderValue, VARY},
    },
    web,
};
use serde::Serialize;
use utoipa::ToSchema;

pub(super) use self::entry::Change;
use self::params::{ChangesParams, LastEventId, Start};
use super::{
    State,
    auth::{Key, KeyWatch, Read, SignedInUser},
    caching,
    pagination::EventCursor,
    problem::Problem,
    problem_responses::{CommonProblems, CursorExpired, InvalidParameter, ScopeMissing},
    query::Query,
};
use crate::store::Store;

/// Header with which a browser resumes a stream.
pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

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
struct ChangeList {
    /// Changes in commit order.
    data: Vec<Change>,
    /// Value of `after` for the next request, also on the last page. Null if the service has never
    /// received an event, unless `after` is `now`.
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
            content((ChangeList = "application/json"), (String = "text/event-stream")),
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        CursorExpired,
    ),
    security(("apiKey" = ["read"])),
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
            content((ChangeList = "application/json"), (String = "text/event-stream")),
        ),
        InvalidParameter,
        CommonProblems,
        CursorExpired,
    ),
    security(("sessionToken" = []), ("sessionCookie" = [])),
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
    let last_event_id = last_event_id.map(|EventCursor(after)| Start(Some(after)));
    let start = last_event_id.or(params.after);
    let filter = params.filter();
    if accepts_stream(request) {
        let after = match start {
            Some(Start(Some(after))) => check_cursor(&state.store, after).await.map(|()| after)?,
            Some(Start(None)) | None => state.store.newest_seq().await?,
        };
        return stream::respond(state, (after, filter), reader).map(vary_by_accept);
    }
    let after = match start {
        Some(Start(Some(after))) => after,
        Some(Start(None)) => return Ok(vary_by_accept(end_of_feed(&state.store).await?)),
        None => 0,
    };
    let limit = params.limit.items();
    let changes = state.store.filtered_changes(reader.user_id(), after, limit, &filter).await?;
    // Checked after the read, because events can expire between a check and the read.
    check_cursor(&state.store, after).await?;
    let through = Some(changes.through).filter(|through| *through > 0);
    Ok(vary_by_accept(caching::private(&ChangeList {
        data: changes.items.into_iter().map(Change::from).collect(),
        next_cursor: through.map(|through| through.to_string()),
        has_more: changes.has_more,
    })))
}

/// Responds with an empty page after the newest change. Its cursor is never null, so that the caller
/// misses no change after this response.
async fn end_of_feed(store: &Store) -> Result<HttpResponse, Problem> {
    let newest = store.newest_seq().await?;
    let next_cursor = Some(newest.to_string());
    Ok(caching::private(&ChangeList { data: Vec::new(), next_cursor, has_more: false }))
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
