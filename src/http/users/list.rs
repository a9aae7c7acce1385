//! `GET /v1/users?id=&email=&username=&external_id=&query=&updated_after=&limit=&cursor=`: lists
//! users, ordered by ID, or with `query` by the matched text.

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
        pagination::{self, Limit, List},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
        query::{FilterText, FilterWord, Query, SearchText},
        timestamp::Timestamp,
    },
    store::{PageRequest, bounded_scan::ScanPage, search::SearchTerm, users::UserFilter},
};

/// Maximum number of IDs in a request.
const MAX_IDS: usize = 500;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct UserParams {
    /// IDs of users. The parameter can be repeated.
    #[serde(default)]
    #[param(inline, max_items = 500, required = false)]
    id: Vec<FilterText>,
    /// Primary email address, without regard to case. It matches at most one user.
    #[param(inline)]
    email: Option<FilterWord>,
    /// Username.
    #[param(inline)]
    username: Option<FilterWord>,
    /// Your own ID of the user.
    #[param(inline)]
    external_id: Option<FilterText>,
    /// Beginning of the email address, the username or a name, without regard to case and accents.
    /// Users are ordered by the matched text, and not by ID.
    #[param(inline)]
    query: Option<SearchText>,
    /// Lists users with a later `updated_at`.
    #[param(inline)]
    updated_after: Option<Timestamp>,
    /// Maximum number of users on the page. A page can have fewer and still have a next page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Value of `next_cursor` of the previous page.
    #[param(min_length = 1, pattern = r"\S")]
    cursor: Option<String>,
}

/// List users.
///
/// The list has the users that match all filters.
#[utoipa::path(
    get,
    path = "/v1/users",
    tag = "users",
    operation_id = "listUsers",
    params(UserParams),
    responses(
        (
            status = 200,
            description = "Page of users, ordered by ID or by the matched text.",
            body = List<User>,
        ),
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
        ids: params.id.into_iter().map(|FilterText(id)| id).collect(),
        email: params.email.map(|FilterWord(email)| email),
        username: params.username.map(|FilterWord(username)| username),
        external_id: params.external_id.map(|FilterText(id)| id),
        updated_after: params.updated_after.map(|Timestamp(millis)| millis),
    };
    if let Some(SearchText(query)) = params.query {
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
            .ok_or_else(|| invalid("cursor: expected a cursor of this service for the same query"))
    });
    let page = PageRequest { after: after.transpose()?, limit: limit.items() };
    let found = match prefix.is_empty() {
        // An empty prefix matches every user, which is not the purpose of a search.
        true => ScanPage { items: Vec::new(), through: None },
        false => state.store.search(&prefix, filter, &page).await?,
    };
    let found = ScanPage { items: found.items, through: found.through.as_ref().map(cursor_of) };
    Ok(pagination::bounded_page_response(limit, found, |row| row.id.clone(), User::from))
}

/// Encodes a position in a search as a cursor. The text is personal data, and base64 keeps it out
/// of sight.
fn cursor_of(term: &SearchTerm) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{}\n{}", term.text, term.user_id))
}

fn parse(cursor: &str) -> Option<SearchTerm> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (text, user_id) = text.split_once('\n').filter(|_| !text.contains('\0'))?;
    Some(SearchTerm { text: text.to_owned(), user_id: user_id.to_owned() })
}
