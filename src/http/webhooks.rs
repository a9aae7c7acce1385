//! `POST /webhooks/clerk`: verifies a delivery, commits its event, and only then responds.
//!
//! The headers are checked before the body is read, so that most requests that no sender of Svix
//! made cost neither memory nor a hash.

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_ENCODING, HeaderValue},
    web,
};
use serde::Serialize;
use tokio::time::Instant;

use super::{State, metrics::AcceptedDelivery, problem::Problem, request_body::ReceivedBody};

/// Response to an accepted delivery.
#[derive(Serialize)]
pub(super) struct DeliveryResponse {
    id: String,
    decision: &'static str,
}

pub(super) async fn receive(
    request: HttpRequest,
    body: web::Payload,
    state: web::Data<State>,
) -> Result<web::Json<DeliveryResponse>, Problem> {
    let started = Instant::now();
    let result = process(&request, body, &state).await;
    match &result {
        Ok(_) => state.metrics.record_duration(started.elapsed()),
        Err(problem) => state.metrics.count_rejected(problem),
    }
    result.map(web::Json)
}

async fn process(
    request: &HttpRequest,
    body: web::Payload,
    state: &State,
) -> Result<DeliveryResponse, Problem> {
    reject_compressed(request)?;
    let values = |name| request.headers().get_all(name).map(HeaderValue::as_bytes);
    let headers = state.secrets.read_headers(values, state.clock.now())?;
    let ReceivedBody { bytes, reservation } = ReceivedBody::receive(request, body, state).await?;
    let turn = reservation.verification_turn().await;
    let delivery = state.secrets.verify(&headers, &bytes)?;
    drop(turn);
    let reservation = reservation.into_verified();
    let now = state.clock.now();
    let event = state.decoder.decode(&delivery, now);
    let id = event.id.clone();
    let kind = event.kind.clone();
    let outcome = state.queue.submit_delivery(event, reservation).await?;
    let decision = outcome.as_str();
    tracing::info!(event = id, r#type = kind, decision, secret = &*delivery.secret, "event");
    let accepted = AcceptedDelivery { delivery: &delivery, kind: kind.as_deref(), decision };
    state.metrics.count_accepted(&accepted);
    state.clock_offset.record(now - delivery.attempted_at, now);
    Ok(DeliveryResponse { id, decision })
}

fn reject_compressed(request: &HttpRequest) -> Result<(), Problem> {
    let mut encodings = request.headers().get_all(CONTENT_ENCODING);
    if encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        Ok(())
    } else {
        Err(Problem::unsupported_encoding())
    }
}
