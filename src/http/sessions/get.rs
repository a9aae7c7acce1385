//! `GET /v1/sessions/{id}`

use actix_web::{HttpRequest, HttpResponse, web};

use super::Session;
use crate::http::{State, auth::Caller, caching, params::Id, problem::Problem};

pub(in crate::http) async fn session(
    caller: Caller,
    Id(id): Id,
    request: HttpRequest,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let session = state.store.session(&id).await?;
    let session = session.filter(|session| caller.may_read(&session.state.user_id));
    let session = session.ok_or_else(|| Problem::not_found("there is no such session"))?;
    Ok(caching::conditional(&request, &Session::at(session, state.clock.now())))
}
