//! `POST /webhooks/clerk`: verifies a delivery, commits its event, and only then responds.

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderValue},
    web,
};
use futures_util::StreamExt;
use serde::Serialize;
use tokio::time::Instant;

use super::{Limits, State, metrics::AcceptedDelivery, problem::Problem};
use crate::clerk::signature::{ID, SIGNATURE, SvixHeaders, TIMESTAMP};

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
    let headers = SvixHeaders::new(values(ID), values(TIMESTAMP), values(SIGNATURE))?;
    let body = read_body(request, body, state.limits).await?;
    let now = state.clock.now();
    let delivery = state.secrets.verify(&headers, &body, now)?;
    let event = state.decoder.decode(&delivery, now);
    let id = event.id.clone();
    let kind = event.kind.clone();
    let outcome = state.queue.submit(event).await?;
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

/// Reads a body up to the size limit. If `Content-Length` exceeds the limit, reads nothing.
async fn read_body(
    request: &HttpRequest,
    mut body: web::Payload,
    limits: Limits,
) -> Result<web::BytesMut, Problem> {
    let limit = limits.max_body_bytes;
    let length = request.headers().get(CONTENT_LENGTH).and_then(|it| it.to_str().ok());
    let length = length.and_then(|it| it.parse::<usize>().ok()).unwrap_or_default();
    if length > limit {
        return Err(Problem::payload_too_large(limit));
    }
    let read = async {
        let mut bytes = web::BytesMut::with_capacity(length);
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| {
                Problem::bad_request(
                    "body_incomplete",
                    "the connection ended before the end of the body",
                )
            })?;
            if bytes.len() + chunk.len() > limit {
                return Err(Problem::payload_too_large(limit));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    let result = tokio::time::timeout(limits.body_timeout, read).await;
    result.unwrap_or_else(|_| Err(Problem::body_timeout()))
}
