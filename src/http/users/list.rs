//! `GET /v1/users?id=&email=&username=&external_id=&query=&updated_after=&limit=&cursor=`: lists
//! users, ordered by ID, or with `query` by the matched text.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::User;
use crate::{
    http::{
        State,
        auth::{Key, Read},
        pagination::{self, Limit, List},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
        query::{self, FilterText, FilterWord, Query, SearchText},
        search,
        timestamp::Timestamp,
    },
    store::users::UserFilter,
};

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
    let filter = UserFilter {
        ids: query::ids(params.id)?,
        email: params.email.map(|FilterWord(email)| email),
        username: params.username.map(|FilterWord(username)| username),
        external_id: params.external_id.map(|FilterText(id)| id),
        updated_after: params.updated_after.map(|Timestamp(millis)| millis),
    };
    if let Some(SearchText(query)) = params.query {
        let find =
            async |prefix: &str, page: &_| state.store.search_users(prefix, &filter, page).await;
        return search::page_response(&query, params.limit, params.cursor, find, User::from).await;
    }
    let found = state.store.users(&filter, &params.limit.page_request(params.cursor)).await?;
    Ok(pagination::bounded_page_response(params.limit, found, |row| row.id.clone(), User::from))
}
