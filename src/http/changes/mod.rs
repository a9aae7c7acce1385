//! `GET /v1/changes` and `/v1/me/changes`: what changed, in order, as pages or as a stream.

mod stream;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{ACCEPT, HeaderName},
    },
    web,
};
use serde::{Deserialize, Serialize};

use super::{
    State,
    auth::{Key, Read, Signed},
    caching,
    list::Limit,
    params::Params,
    problem::Problem,
};
use crate::store::{Store, changes};

/// The header with which a browser goes on with a stream.
pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangesParams {
    after: Option<String>,
    #[serde(default)]
    limit: Limit,
}

/// A change, as the API shows one. It says that something is not what it was; what it is now, a read
/// tells.
#[derive(Serialize)]
struct Change {
    cursor: String,
    kind: &'static str,
    id: String,
    user_id: String,
    deleted: bool,
}

impl From<changes::Change> for Change {
    fn from(change: changes::Change) -> Self {
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

/// A page. The cursor is there also when nothing is behind it yet: it is where to ask again.
#[derive(Serialize)]
struct Page {
    data: Vec<Change>,
    next_cursor: Option<String>,
    has_more: bool,
}

/// `GET /v1/changes?after=&limit=`
pub(super) async fn all(
    _: Key<Read>,
    Params(params): Params<ChangesParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answer(&request, &state, params, None).await
}

/// `GET /v1/me/changes?after=&limit=`
pub(super) async fn own(
    signed: Signed,
    Params(params): Params<ChangesParams>,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    answer(&request, &state, params, Some(signed)).await
}

async fn answer(
    request: &HttpRequest,
    state: &web::Data<State>,
    params: ChangesParams,
    of: Option<Signed>,
) -> Result<HttpResponse, Problem> {
    let header = request.headers().get(LAST_EVENT_ID);
    let after = match header.filter(|_| wants_stream(request)) {
        // A browser repeats the address as it was when it comes back: the header is newer.
        Some(header) => Some(header.to_str().unwrap_or_default()),
        None => params.after.as_deref(),
    };
    let after = after.map(parse).transpose()?;
    if wants_stream(request) {
        let after = match after {
            Some(after) => after,
            None => state.store.kept().await?.map_or(0, |(_, newest)| newest),
        };
        check(&state.store, after).await?;
        return stream::answer(state, after, of);
    }
    let changes = state.store.changes(after.unwrap_or_default(), params.limit.items()).await?;
    // Only now: what is behind it could have gone before it was read.
    check(&state.store, after.unwrap_or_default()).await?;
    let shown =
        |change: &changes::Change| of.as_ref().is_none_or(|it| it.user_id == change.user_id);
    let through = Some(changes.through).filter(|through| *through > 0);
    Ok(caching::private(&Page {
        data: changes.items.into_iter().filter(shown).map(Change::from).collect(),
        next_cursor: through.map(|through| through.to_string()),
        has_more: changes.more,
    }))
}

fn wants_stream(request: &HttpRequest) -> bool {
    let accepted = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    request.method() == Method::GET
        && accepted.flat_map(|value| value.split(',')).any(|kind| {
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("text/event-stream")
        })
}

fn parse(cursor: &str) -> Result<i64, Problem> {
    let cursor = Some(cursor).filter(|it| it.bytes().all(|byte| byte.is_ascii_digit()));
    cursor.and_then(|it| it.parse().ok()).ok_or_else(|| {
        Problem::bad_request("parameter_invalid", "after: expected a cursor that came from here")
    })
}

/// Refuses a cursor behind which something may be missing: nobody goes on over a gap unknowingly. 0
/// is the beginning, which is nobody's cursor.
async fn check(store: &Store, after: i64) -> Result<(), Problem> {
    if after == 0 {
        return Ok(());
    }
    match store.kept().await? {
        Some((oldest, newest)) if (oldest..=newest).contains(&after) => Ok(()),
        _ => Err(Problem::cursor_expired()),
    }
}
