//! Webhook handler that a Rust developer would write in a day, to compare the service with: Actix
//! Web and `SQLx`, and one transaction for each event.
//!
//! It verifies the signature, skips a repeated message ID, stores the event, upserts the user with
//! its accounts, the session or the membership unless the stored row is newer, commits, and answers
//! with 200. Statements stay prepared, and each worker thread serves many connections.
//!
//! The settings are `DATABASE_URL` (`sqlite:FILE` or `postgres://…`), `HOST`, `PORT` and
//! `CLERK_WEBHOOK_SIGNING_SECRET`.
#![expect(clippy::disallowed_methods, reason = "it does not use the service's settings and clock")]

use std::{
    env,
    error::Error,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, ResponseError, web};
use http::{HeaderMap, HeaderName, HeaderValue};
use svix::webhooks::{Webhook, WebhookError};
use thiserror::Error as ThisError;

mod events;
mod store;

use self::{
    events::{Event, statements},
    store::Store,
};

#[derive(Debug, ThisError)]
enum Failure {
    #[error("webhook verification failed: {0}")]
    Signature(#[from] WebhookError),
    #[error("unexpected payload: {0}")]
    Payload(#[from] serde_json::Error),
    #[error("database error")]
    Database(#[from] sqlx::Error),
}

impl ResponseError for Failure {
    fn error_response(&self) -> HttpResponse {
        match self {
            Self::Signature(_) | Self::Payload(_) => HttpResponse::BadRequest(),
            Self::Database(error) => {
                eprintln!("{error}");
                HttpResponse::InternalServerError()
            }
        }
        .body(self.to_string())
    }
}

struct Handler {
    webhook: Webhook,
    store: Store,
}

impl Handler {
    /// Verifies the signature and returns the message ID.
    fn verify(&self, request: &HttpRequest, body: &[u8]) -> Result<String, WebhookError> {
        // The library reads the headers of another version of the crate `http`.
        let mut headers = HeaderMap::new();
        for name in ["svix-id", "svix-timestamp", "svix-signature"] {
            let value = request.headers().get(name).ok_or(WebhookError::MissingHeader(name))?;
            let value = HeaderValue::from_bytes(value.as_bytes())
                .map_err(|_| WebhookError::InvalidHeader(name))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        self.webhook.verify(body, &headers)?;
        let id = headers["svix-id"].to_str().map_err(|_| WebhookError::InvalidHeader("svix-id"))?;
        Ok(id.to_owned())
    }
}

async fn receive(
    request: HttpRequest,
    body: web::Bytes,
    handler: web::Data<Handler>,
) -> Result<HttpResponse, Failure> {
    let id = handler.verify(&request, &body)?;
    let body = str::from_utf8(&body).map_err(|_| WebhookError::InvalidPayload)?;
    let event: Event = serde_json::from_str(body)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis();
    let received_at = i64::try_from(now).unwrap_or(i64::MAX);
    let values =
        vec![id.into(), event.kind.clone().into(), body.to_owned().into(), received_at.into()];
    handler.store.commit(values, statements(event)?).await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "success": true })))
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let host = env::var("HOST").unwrap_or_else(|_| "127.0.0.1".to_owned());
    let port = env::var("PORT").map_or(Ok(3000), |it| it.parse())?;
    let handler = web::Data::new(Handler {
        webhook: Webhook::new(&env::var("CLERK_WEBHOOK_SIGNING_SECRET")?)?,
        store: Store::open(&env::var("DATABASE_URL")?).await?,
    });
    HttpServer::new(move || {
        App::new()
            .app_data(handler.clone())
            .app_data(web::PayloadConfig::new(1024 * 1024))
            .route("/webhooks/clerk", web::post().to(receive))
    })
    .bind((host, port))?
    .run()
    .await?;
    Ok(())
}
