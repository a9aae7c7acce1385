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
use utoipa::{
    IntoParams, ToSchema,
    openapi::{Object, ObjectBuilder, Type},
};

use super::{
    State, json_object::JsonObject, metrics::AcceptedDelivery, problem::Problem,
    problem_responses::DeliveryProblems, request_body::ReceivedBody,
};
use crate::{
    domain::decision::{Decision, Outcome},
    ingest::ThreadAnswers,
    objects::known_fields::TYPES as EVENT_TYPES,
};

/// Event of Clerk, as Svix delivers it. The service also accepts other signed bodies, and stores
/// them as failed events.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only the API description uses it; the decoder reads the body")]
struct ClerkEvent {
    /// Event type.
    #[schema(extensions(("x-extensible-enum" = json!(EVENT_TYPES.to_vec()))))]
    r#type: String,
    /// Object that the event is about, or what is left of a deleted one.
    data: JsonObject,
}

/// Headers of a delivery, in the two families of names.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only the API description uses it; `clerk::signature` reads them")]
struct DeliveryHeaders {
    /// Message ID of the event, which is the same on every attempt.
    #[param(rename = "svix-id", required = false, example = "msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq")]
    svix_id: String,
    /// Time of the attempt in Unix seconds.
    #[param(rename = "svix-timestamp", required = false, example = "1786527000")]
    svix_timestamp: String,
    /// Signatures (`v1,` and a digest in base64), separated by spaces.
    #[param(
        rename = "svix-signature",
        required = false,
        example = "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="
    )]
    svix_signature: String,
    /// Name of `svix-id` in Standard Webhooks.
    #[param(rename = "webhook-id", required = false)]
    webhook_id: String,
    /// Name of `svix-timestamp` in Standard Webhooks.
    #[param(rename = "webhook-timestamp", required = false)]
    webhook_timestamp: String,
    /// Name of `svix-signature` in Standard Webhooks.
    #[param(rename = "webhook-signature", required = false)]
    webhook_signature: String,
}

/// Result of an accepted delivery.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "id": "msg_2kYxlJgqQWvUD4MNcBKqhUN3Zvq",
        "decision": "applied"
    })))]
pub(super) struct DeliveryResult {
    /// Message ID of the event.
    id: String,
    /// Decision for the event.
    #[schema(schema_with = outcome_schema)]
    decision: &'static str,
}

/// Returns the schema of the outcomes of a delivery.
fn outcome_schema() -> Object {
    let recorded = Decision::ALL.into_iter().filter(|decision| *decision != Decision::Dismissed);
    let outcomes = recorded.map(Outcome::Recorded).chain([Outcome::Duplicate]);
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(
            "Decision for the event. `duplicate`: an earlier delivery recorded the event.",
        ))
        .enum_values(Some(outcomes.map(Outcome::as_str)))
        .build()
}

/// Receive a delivery.
///
/// Svix sends each event of Clerk as a delivery. The service commits the event and then responds.
/// Svix retries every delivery that is not answered with 2xx.
///
/// A delivery needs no API key. Its signature proves that it comes from the Clerk instance: send
/// either the three headers `svix-id`, `svix-timestamp` and `svix-signature`, or the three headers
/// of Standard Webhooks, which begin with `webhook-`.
#[utoipa::path(
    post,
    path = "/webhooks/clerk",
    tag = "webhooks",
    operation_id = "receiveDelivery",
    params(DeliveryHeaders),
    request_body(
        content = ClerkEvent,
        description = "The event. The signature covers the bytes of the body.",
    ),
    responses(
        (
            status = 200,
            description = "The event is committed, now or by an earlier delivery.",
            body = DeliveryResult,
        ),
        DeliveryProblems,
    ),
)]
pub(super) async fn receive(
    request: HttpRequest,
    body: web::Payload,
    state: web::Data<State>,
    answers: web::Data<ThreadAnswers>,
) -> Result<web::Json<DeliveryResult>, Problem> {
    let started = Instant::now();
    let result = process(&request, body, &state, &answers).await;
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
    answers: &ThreadAnswers,
) -> Result<DeliveryResult, Problem> {
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
    let outcome = state.queue.submit_delivery(event, reservation, answers).await?;
    let decision = outcome.as_str();
    tracing::info!(event = id, r#type = kind, decision, secret = &*delivery.secret, "event");
    let accepted = AcceptedDelivery { delivery: &delivery, kind: kind.as_deref(), decision };
    state.metrics.count_accepted(&accepted);
    state.clock_offset.record(now - delivery.attempted_at, now);
    Ok(DeliveryResult { id, decision })
}

fn reject_compressed(request: &HttpRequest) -> Result<(), Problem> {
    let mut encodings = request.headers().get_all(CONTENT_ENCODING);
    if encodings.all(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        Ok(())
    } else {
        Err(Problem::unsupported_encoding())
    }
}
