//! `GET /v1/users?id=&email=&username=&external_id=&updated_after=&limit=&cursor=`

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::User;
use crate::{
    http::{
        State,
        auth::{Key, Read},
        instant::Instant,
        list::{self, Limit},
        params::Params,
        problem::Problem,
    },
    store::users::UserFilter,
};

/// How many ids may be asked for at once.
const MAX_IDS: usize = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct UserParams {
    #[serde(default)]
    id: Vec<String>,
    email: Option<String>,
    username: Option<String>,
    external_id: Option<String>,
    updated_after: Option<Instant>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

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
