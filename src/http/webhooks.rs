//! `POST /webhooks/clerk`: verifies a delivery, commits its event, and only then responds.

use actix_web::{
    HttpRequest,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH},
    web,
};
use futures_util::StreamExt;
use serde::Serialize;
use tokio::time::Instant;

use super::{Limits, State, metrics::AcceptedDelivery, problem::Problem};
use crate::clerk::signature::{self, SvixHeaders};

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
    let result = accept(&request, body, &state).await;
    match &result {
        Ok(_) => state.metrics.record_duration(started.elapsed()),
        Err(problem) => state.metrics.count_rejected(problem),
    }
    result.map(web::Json)
}

async fn accept(
    request: &HttpRequest,
    body: web::Payload,
    state: &State,
) -> Result<DeliveryResponse, Problem> {
    refuse_compressed(request)?;
    let headers = svix_headers(request)?;
    let body = read(request, body, state.limits).await?;
    let now = state.clock.now();
    let delivery = state.secrets.verify(headers, &body, now)?;
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

fn refuse_compressed(request: &HttpRequest) -> Result<(), Problem> {
    let encodings = request.headers().get_all(CONTENT_ENCODING);
    let plain = |value: &[u8]| value.eq_ignore_ascii_case(b"identity");
    if encodings.into_iter().all(|encoding| plain(encoding.as_bytes())) {
        Ok(())
    } else {
        Err(Problem::unsupported_encoding())
    }
}

/// The three headers, each there once: of two, one was not signed.
fn svix_headers(request: &HttpRequest) -> Result<SvixHeaders<'_>, Problem> {
    let header = |name: &'static str| {
        let mut values = request.headers().get_all(name);
        match (values.next(), values.next()) {
            (None, _) => {
                let detail = format!("the header {name} is missing");
                Err(Problem::bad_request("header_missing", detail))
            }
            (Some(value), None) => value.to_str().map_err(|_| {
                let detail = format!("the header {name} is malformed");
                Problem::bad_request("header_malformed", detail)
            }),
            (Some(_), Some(_)) => {
                let detail = format!("the header {name} is repeated");
                Err(Problem::bad_request("header_repeated", detail))
            }
        }
    };
    Ok(SvixHeaders {
        id: header(signature::ID)?,
        timestamp: header(signature::TIMESTAMP)?,
        signature: header(signature::SIGNATURE)?,
    })
}

/// Reads the body up to the limit, and not a byte of one that says it is larger.
async fn read(
    request: &HttpRequest,
    mut body: web::Payload,
    limits: Limits,
) -> Result<web::BytesMut, Problem> {
    let limit = limits.max_body_bytes;
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|it| it.to_str().ok());
    let announced = announced.and_then(|it| it.parse::<usize>().ok()).unwrap_or_default();
    if announced > limit {
        return Err(Problem::payload_too_large(limit));
    }
    let reading = async {
        let mut bytes = web::BytesMut::with_capacity(announced);
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| {
                Problem::bad_request("body_incomplete", "the body ended before its time")
            })?;
            if bytes.len() + chunk.len() > limit {
                return Err(Problem::payload_too_large(limit));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    let read = tokio::time::timeout(limits.body_timeout, reading).await;
    read.unwrap_or_else(|_| Err(Problem::body_timeout()))
}
