//! `GET /v1/users/{id}/sessions?limit=&cursor=`

use actix_web::{HttpResponse, web};

use super::require;
use crate::http::{
    State,
    auth::{Key, Read},
    list::{self, PageParams},
    params::{Id, Params},
    problem::Problem,
    sessions::Session,
};

pub(in crate::http) async fn sessions(
    _: Key<Read>,
    Id(id): Id,
    Params(PageParams { limit, cursor }): Params<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let rows = state.store.sessions(&id, &limit.page(cursor)).await?;
    if rows.is_empty() {
        require(&state.store, &id).await?;
    }
    let now = state.clock.now();
    Ok(list::answer(limit, rows, |row| row.id.clone(), |row| Session::at(row, now)))
}
