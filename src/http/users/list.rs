//! `GET /v1/users?id=&email=&username=&external_id=&query=&updated_after=&limit=&cursor=`, by id, or
//! with `query` in the order of what it finds.

use actix_web::{HttpResponse, web};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde::Deserialize;
use utoipa::IntoParams;

use super::User;
use crate::{
    domain::search::normalize,
    http::{
        State,
        auth::{Key, Read},
        timestamp::Timestamp,
        pagination::{self, Limit, List},
        query::Query,
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
    },
    store::{PageRequest, search::SearchTerm, bounded_scan::ScanPage, users::UserFilter},
};

/// How many ids may be asked for at once.
const MAX_IDS: usize = 500;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct UserParams {
    /// These; may repeat.
    #[serde(default)]
    #[param(max_items = 500, required = false)]
    id: Vec<String>,
    /// The one whose address this is.
    email: Option<String>,
    username: Option<String>,
    external_id: Option<String>,
    /// The beginning of an address, a username or a name, whatever its case and accents. Those whom it finds come in its order, and not by id.
    query: Option<String>,
    /// Those that changed later, by Clerk's clock.
    #[param(inline)]
    updated_after: Option<Timestamp>,
    /// How many at the most. A page may hold fewer and still have a next one.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

/// The users that all of the filters fit.
#[utoipa::path(
    get,
    path = "/v1/users",
    tag = "users",
    operation_id = "listUsers",
    params(UserParams),
    responses(
        (status = 200, description = "A page", body = List<User>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("key" = [])),
)]
pub(in crate::http) async fn users(
    _: Key<Read>,
    Query(params): Query<UserParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    if params.id.len() > MAX_IDS {
        let detail = format!("id: expected at most {MAX_IDS}");
        return Err(Problem::bad_request("parameter_invalid", detail));
    }
    let filter = UserFilter {
        ids: params.id,
        email: params.email,
        username: params.username,
        external_id: params.external_id,
        updated_after: params.updated_after.map(|Timestamp(millis)| millis),
    };
    if let Some(query) = params.query {
        return search(&state, &query, &filter, params.limit, params.cursor).await;
    }
    let found = state.store.users(&filter, &params.limit.page_request(params.cursor)).await?;
    Ok(pagination::bounded_page_response(params.limit, found, |row| row.id.clone(), User::from))
}

async fn search(
    state: &State,
    query: &str,
    filter: &UserFilter,
    limit: Limit,
    cursor: Option<String>,
) -> Result<HttpResponse, Problem> {
    let invalid = |detail| Problem::bad_request("parameter_invalid", detail);
    let prefix = normalize(query);
    let after = cursor.as_deref().map(|cursor| {
        parse(cursor)
            .ok_or_else(|| invalid("cursor: expected one that came from here, with this query"))
    });
    let page = PageRequest { after: after.transpose()?, limit: limit.items() };
    let found = match prefix.is_empty() {
        // Everybody has something that begins with nothing, and nobody asks for that.
        true => ScanPage { items: Vec::new(), through: None },
        false => state.store.search(&prefix, filter, &page).await?,
    };
    let found = ScanPage { items: found.items, through: found.through.as_ref().map(cursor_of) };
    Ok(pagination::bounded_page_response(limit, found, |row| row.id.clone(), User::from))
}

/// A position in a search, as a cursor. What it holds is somebody's name: it is not for reading.
fn cursor_of(term: &SearchTerm) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}\n{}", term.text, term.user_id))
}

fn parse(cursor: &str) -> Option<SearchTerm> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (text, user_id) = text.split_once('\n').filter(|_| !text.contains('\0'))?;
    Some(SearchTerm { text: text.to_owned(), user_id: user_id.to_owned() })
}
