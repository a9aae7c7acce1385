//! Listening page of `meetvo dev`: an endpoint whose page shows the messages that arrive.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use actix_web::{HttpRequest, HttpResponse, guard, http::header, web};
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use svix::webhooks::{Webhook, WebhookError};

use super::{caching, dashboard, page_headers, timestamp::Timestamp};
use crate::clock::Clock;

/// Maximum number of messages that are kept.
const MAX_MESSAGES: usize = 500;

/// Maximum size of a message in bytes.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// Files of the page alone: name, text and content type. It shares all others with the dashboard.
const FILES: [(&str, &str, &str); 3] = [
    ("index.html", include_str!("assets/index.html"), "text/html; charset=utf-8"),
    ("page.css", include_str!("assets/page.css"), "text/css; charset=utf-8"),
    ("page.js", include_str!("assets/page.js"), "text/javascript; charset=utf-8"),
];

/// Message that arrived.
#[derive(Debug, Serialize)]
struct Message {
    /// Number of the message, from 1.
    number: u64,
    received_at: Timestamp,
    id: String,
    body: Value,
}

/// Page with the messages that arrived.
pub struct Page {
    webhook: Webhook,
    clock: Clock,
    messages: Mutex<VecDeque<Message>>,
}

impl Page {
    /// Creates a page without messages, which verifies them with a signing secret.
    ///
    /// # Errors
    /// Returns an error if the secret is malformed.
    pub fn new(secret: &str, clock: Clock) -> Result<Self, WebhookError> {
        Ok(Self { webhook: Webhook::new(secret)?, clock, messages: Mutex::default() })
    }

    /// Adds the routes of the page.
    pub fn add_routes(page: &web::Data<Self>, config: &mut web::ServiceConfig) {
        let routes = web::scope("")
            .app_data(page.clone())
            .app_data(web::PayloadConfig::new(MAX_BODY))
            .guard(guard::Any(guard::Host("127.0.0.1")).or(guard::Host("localhost")))
            .wrap(page_headers::security())
            .route("/hooks", web::post().to(receive))
            .route("/messages", web::get().to(messages))
            .route("/{file:.*}", web::get().to(file));
        config.service(routes);
    }

    fn add(&self, id: String, body: Value) {
        let received_at = self.clock.now();
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let number = messages.back().map_or(0, |last| last.number) + 1;
        messages.push_back(Message { number, received_at: Timestamp(received_at), id, body });
        if messages.len() > MAX_MESSAGES {
            messages.pop_front();
        }
    }
}

/// Receives a message, as any endpoint does: verifies the signature, and answers with 2xx.
async fn receive(page: web::Data<Page>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let mut headers = HeaderMap::new();
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let value = request.headers().get(name).map(header::HeaderValue::as_bytes);
        if let Some(value) = value.and_then(|value| HeaderValue::from_bytes(value).ok()) {
            headers.insert(name, value);
        }
    }
    let body_json = serde_json::from_slice(&body);
    let (Ok(()), Ok(body)) = (page.webhook.verify(&body, &headers), body_json) else {
        return HttpResponse::BadRequest().body("the signature or the body is invalid");
    };
    let id = headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    page.add(id.to_owned(), body);
    HttpResponse::NoContent().finish()
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

/// Returns the messages after a number, the oldest first.
async fn messages(page: web::Data<Page>, query: web::Query<After>) -> HttpResponse {
    let messages = page.messages.lock().unwrap_or_else(PoisonError::into_inner);
    let new = messages.iter().filter(|message| message.number > query.after);
    caching::private(&json!({ "messages": new.collect::<Vec<_>>() }))
}

async fn file(name: web::Path<String>) -> HttpResponse {
    let name = Some(name.as_str()).filter(|name| !name.is_empty()).unwrap_or(FILES[0].0);
    let own = FILES.iter().find(|(known, ..)| *known == name);
    let own = own.map(|(_, text, content_type)| (*text, *content_type));
    match own.or_else(|| dashboard::file(name)) {
        Some((text, content_type)) => HttpResponse::Ok().content_type(content_type).body(text),
        None => HttpResponse::NotFound().finish(),
    }
}
