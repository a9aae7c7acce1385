//! Mail provider that drops repetitions by their idempotency key.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, web};
use serde_json::Value;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    time::timeout,
};

use super::TEST_TIMEOUT;

/// Mails by idempotency key, as a mail provider stores them.
pub type Mails = BTreeMap<String, Value>;

/// Mail provider of one test. It accepts each mail, and answers a limited number of requests.
pub struct MailProvider {
    pub url: String,
    state: Arc<ProviderState>,
    /// Idempotency keys of the requests.
    requests: UnboundedReceiver<String>,
    server: ServerHandle,
}

struct ProviderState {
    mails: Mutex<Mails>,
    /// Number of requests that are still answered.
    answers: AtomicUsize,
    requests: UnboundedSender<String>,
}

async fn accept(
    request: HttpRequest,
    mail: web::Json<Value>,
    state: web::Data<ProviderState>,
) -> HttpResponse {
    let key = request.headers().get("idempotency-key").unwrap().to_str().unwrap().to_owned();
    state.mails.lock().unwrap().entry(key.clone()).or_insert(mail.into_inner());
    let take = |left: usize| left.checked_sub(1);
    let is_answered = state.answers.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok();
    state.requests.send(key).unwrap();
    if !is_answered {
        std::future::pending::<()>().await;
    }
    HttpResponse::Ok().json(Value::Null)
}

impl MailProvider {
    /// Starts a provider that answers no request.
    pub fn start() -> Self {
        let (sender, requests) = unbounded_channel();
        let state = Arc::new(ProviderState {
            mails: Mutex::default(),
            answers: AtomicUsize::new(0),
            requests: sender,
        });
        let data = web::Data::from(Arc::clone(&state));
        let app = move || App::new().app_data(data.clone()).route("/send", web::post().to(accept));
        let server = HttpServer::new(app)
            .workers(1)
            .keep_alive(TEST_TIMEOUT)
            .client_request_timeout(TEST_TIMEOUT)
            .disable_signals()
            .shutdown_timeout(0);
        let server = server.bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/send", server.addrs()[0]);
        let running = server.run();
        let server = running.handle();
        #[expect(clippy::disallowed_methods, reason = "the server stops on drop")]
        drop(tokio::spawn(running));
        Self { url, state, requests, server }
    }

    /// Waits for the next request, and returns its idempotency key.
    pub async fn next(&mut self) -> String {
        timeout(TEST_TIMEOUT, self.requests.recv()).await.expect("no mail").unwrap()
    }

    /// Answers so many of the next requests.
    pub fn answer(&self, requests: usize) {
        self.state.answers.store(requests, Ordering::SeqCst);
    }

    /// Returns the accepted mails.
    pub fn mails(&self) -> Mails {
        self.state.mails.lock().unwrap().clone()
    }
}

impl Drop for MailProvider {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}
