//! `GET /v1/users?id=&email=&username=&external_id=&updated_after=&limit=&cursor=`

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::User;
use crate::{
    http::{
        State,
        auth::{Key, Read},
        instant::Instant,
        list::{self, Limit, List},
        openapi::refusals::{Refused, Unclear, Unscoped},
        params::Params,
        problem::Problem,
    },
    store::users::UserFilter,
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
    /// Those that changed later, by Clerk's clock.
    #[param(inline)]
    updated_after: Option<Instant>,
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
        Unclear,
        Refused,
        Unscoped,
    ),
    security(("key" = [])),
)]
pub(in crate::http) async fn users(
    _: Key<Read>,
    Params(params): Params<UserParams>,
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
        updated_after: params.updated_after.map(|Instant(millis)| millis),
    };
    let found = state.store.users(&filter, &params.limit.page(params.cursor)).await?;
    Ok(list::answer_found(params.limit, found, |row| row.id.clone(), User::from))
}
