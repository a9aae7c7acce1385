//! `GET /v1/changes` and `/v1/me/changes`: what changed, in order, as pages or as a stream.

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
use utoipa::{IntoParams, ToSchema};

use super::{
    State,
    auth::{KeyWatch, Key, Read, SignedInUser},
    caching,
    pagination::{Limit, EventCursor},
    query::Query,
    problem::Problem,
    problem_responses::{CommonProblems, CursorExpired, InvalidParameter, ScopeMissing},
};
use crate::store::{Store, changes};

/// The header with which a browser goes on with a stream.
pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChangesParams {
    /// A cursor: only what came after it. `0` is the beginning.
    #[param(inline)]
    after: Option<EventCursor>,
    /// How many events to look at, at the most: of everybody, or of whoever asks for their own.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
}

/// Where a stream goes on.
#[derive(IntoParams)]
#[into_params(names("last-event-id"), parameter_in = Header)]
pub(super) struct LastEventId(
    #[param(inline, value_type = EventCursor, required = false)] Option<EventCursor>,
);

impl FromRequest for LastEventId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(header) = request.headers().get(LAST_EVENT_ID) else {
            return ready(Ok(Self(None)));
        };
        let position = header.to_str().ok().and_then(EventCursor::parse);
        ready(position.map(|it| Self(Some(it))).ok_or_else(|| {
            let detail = "last-event-id: expected one that came from here";
            Problem::bad_request("parameter_invalid", detail)
        }))
    }
}

/// A change, as the API shows one. It says that something is not what it was; what it is now, a read
/// tells.
#[derive(Serialize, ToSchema)]
pub(super) struct Change {
    /// Where to go on after it.
    cursor: String,
    /// `user`, or `session`.
    kind: &'static str,
    /// Of the user, or the session.
    id: String,
    user_id: String,
    /// The user is gone, with everything of theirs.
    deleted: bool,
}

impl From<changes::ChangeEntry> for Change {
    fn from(change: changes::ChangeEntry) -> Self {
        let kind = if change.session_id.is_some() { "session" } else { "user" };
        Self {
            cursor: change.seq.to_string(),
            kind,
            id: change.session_id.unwrap_or_else(|| change.user_id.clone()),
            user_id: change.user_id,
            deleted: change.deleted,
        }
    }
}

/// Who reads, and for how long they may.
enum Reader {
    /// A backend, of everybody.
    Key(KeyWatch),
    /// Somebody who is signed in, of themselves.
    Session(SignedInUser),
}

impl Reader {
    /// The one user of whom they hear.
    fn user_id(&self) -> Option<&str> {
        match self {
            Self::Key(_) => None,
            Self::Session(signed) => Some(&signed.user_id),
        }
    }
}

/// A page. The cursor is there also when nothing is behind it yet: it is where to ask again.
#[derive(Serialize, ToSchema)]
#[schema(as = Changes)]
struct ChangesPage {
    data: Vec<Change>,
    /// Where to go on, also at the end; null only where nothing ever came in.
    #[schema(required)]
    next_cursor: Option<String>,
    has_more: bool,
}

/// What changed, of anybody.
#[utoipa::path(
    get,
    path = "/v1/changes",
    tag = "changes",
    operation_id = "listChanges",
    params(ChangesParams, LastEventId),
    responses(
        (status = 200, description = "A page, or with `Accept: text/event-stream` a stream of `change` events, each with a `Change` as its data", content((ChangesPage = "application/json"), (String = "text/event-stream"))),
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
    last: LastEventId,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answer(&request, &state, params, last, Reader::Key(key.watch(&state.keys))).await
}

/// What changed of whoever asks.
#[utoipa::path(
    get,
    path = "/v1/me/changes",
    tag = "me",
    operation_id = "listMyChanges",
    params(ChangesParams, LastEventId),
    responses(
        (status = 200, description = "A page, or with `Accept: text/event-stream` a stream of `change` events, each with a `Change` as its data", content((ChangesPage = "application/json"), (String = "text/event-stream"))),
        InvalidParameter,
        CommonProblems,
        CursorExpired,
    ),
    security(("session" = []), ("cookie" = [])),
)]
pub(super) async fn own(
    signed: SignedInUser,
    Query(params): Query<ChangesParams>,
    last: LastEventId,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answer(&request, &state, params, last, Reader::Session(signed)).await
}

async fn answer(
    request: &HttpRequest,
    state: &web::Data<State>,
    params: ChangesParams,
    LastEventId(last): LastEventId,
    reader: Reader,
) -> Result<HttpResponse, Problem> {
    // A browser repeats the address as it was when it comes back: the header is newer.
    let last = last.filter(|_| wants_stream(request));
    let after = last.or(params.after).map(|EventCursor(after)| after);
    if wants_stream(request) {
        let after = match after {
            Some(after) => check(&state.store, after).await.map(|()| after)?,
            None => state.store.newest_seq().await?,
        };
        return stream::answer(state, after, reader).map(by_accept);
    }
    let (begin, looks) = (after.unwrap_or_default(), params.limit.items());
    let changes = state.store.changes(reader.user_id(), begin, looks).await?;
    // Only now: what is behind it could have gone before it was read.
    check(&state.store, begin).await?;
    let through = Some(changes.through).filter(|through| *through > 0);
    Ok(by_accept(caching::private(&ChangesPage {
        data: changes.items.into_iter().map(Change::from).collect(),
        next_cursor: through.map(|through| through.to_string()),
        has_more: changes.has_more,
    })))
}

/// Says that another answer is to be had at the same address.
fn by_accept(mut answer: HttpResponse) -> HttpResponse {
    // In one header: of several, the CORS policy keeps the first.
    let vary = HeaderValue::from_static("Authorization, Cookie, Accept");
    answer.headers_mut().insert(VARY, vary);
    answer
}

fn wants_stream(request: &HttpRequest) -> bool {
    let accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    request.method() == Method::GET
        && accepted.flat_map(|value| value.split(',')).any(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("text/event-stream")
        })
}

/// Refuses a cursor behind which something may be missing: nobody goes on over a gap unknowingly.
async fn check(store: &Store, after: i64) -> Result<(), Problem> {
    if store.can_resume_after(after).await? { Ok(()) } else { Err(Problem::cursor_expired()) }
}
