//! `GET /v1/users`: lists users, ordered by ID, by time of creation, or with `query` by the matched
//! text.

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::{User, params::UserParams};
use crate::{
    http::{
        State,
        auth::{Key, Read},
        pagination::{self, List},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
        query::{Query, SearchText},
        search,
    },
    store::{
        user_order::{CreationKey, InvalidKey},
        users::{UserFilter, UserView},
    },
};

/// List users.
///
/// The list has the users that match all filters. With `fields`, users have only these properties.
/// With `sort`, the filters `created_after` and `created_before` use an index.
#[utoipa::path(
    get,
    path = "/v1/users",
    tag = "users",
    operation_id = "listUsers",
    params(UserParams),
    responses(
        (
            status = 200,
            description = "Page of users, ordered by ID, by time of creation, or by the matched text.",
            body = List<User>,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["read"])),
)]
pub(in crate::http) async fn users(
    _: Key<Read>,
    Query(mut params): Query<UserParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let filter = params.take_filter()?;
    match params.fields.take() {
        Some(fields) => {
            page(params, &filter, &state, |user| fields.project(User::from(user))).await
        }
        None => page(params, &filter, &state, User::from).await,
    }
}

/// Responds with a page of users in the requested order.
async fn page<T: Serialize>(
    UserParams { query, sort, limit, cursor, .. }: UserParams,
    filter: &UserFilter,
    state: &State,
    convert: impl FnMut(UserView) -> T,
) -> Result<HttpResponse, Problem> {
    let store = &state.store;
    let invalid = |detail| Problem::bad_request("parameter_invalid", detail);
    match (query, sort) {
        (Some(_), Some(_)) => Err(invalid("sort: expected no query with it")),
        (Some(SearchText(query)), None) => {
            let find =
                async |prefix: &str, page: &_| store.search_users(prefix, filter, page).await;
            search::page_response(&query, limit, cursor, find, convert).await
        }
        (None, Some(sort)) => {
            let after = cursor.map(|cursor| cursor.parse::<CreationKey>()).transpose().map_err(
                |InvalidKey| invalid("cursor: expected a cursor of this service for the same sort"),
            )?;
            let request = limit.page_request(after);
            let found = store.users_by_creation(filter, sort.into(), &request).await?;
            let cursor = |row: &_| CreationKey::of(row).to_string();
            Ok(pagination::bounded_page_response(limit, found, cursor, convert))
        }
        (None, None) => {
            let found = store.users(filter, &limit.page_request(cursor)).await?;
            let cursor = |row: &UserView| row.id.clone();
            Ok(pagination::bounded_page_response(limit, found, cursor, convert))
        }
    }
}
