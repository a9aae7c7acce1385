//! `GET /healthz` and `GET /readyz`: for whoever watches over the process.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::{State, problem::Problem};

/// How long the database may take to give a sign of life.
const PATIENCE: Duration = Duration::from_secs(1);

/// The process runs. Says nothing of the database: restarting us would not mend it.
pub(super) async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The process can do its work: the database answers.
pub(super) async fn ready(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    let in_time = tokio::time::timeout(PATIENCE, state.store.ping()).await;
    in_time.map_err(|_| Problem::late())??;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}
