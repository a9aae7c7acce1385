//! The examples in `examples/welcome-mail` send one mail to each new user, although they are killed.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, dev::ServerHandle, web};
use serde_json::Value;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::block_in_place,
    time::timeout,
};

use crate::harness::{Engine, KEY, Service, apply, both_engines, fixtures, repository};

/// Timeout that ends a test that hangs.
const TEST_TIMEOUT: Duration = Duration::from_mins(1);

/// Mails by idempotency key, as a mail provider stores them.
type Mails = BTreeMap<String, Value>;

/// Mail provider of one test. It accepts each mail, and answers a limited number of requests.
struct MailProvider {
    url: String,
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
    fn start() -> Self {
        let (sender, requests) = unbounded_channel();
        let state = Arc::new(ProviderState {
            mails: Mutex::default(),
            answers: AtomicUsize::new(0),
            requests: sender,
        });
        let data = web::Data::from(Arc::clone(&state));
        let app = move || App::new().app_data(data.clone()).route("/send", web::post().to(accept));
        let server = HttpServer::new(app).workers(1).disable_signals().shutdown_timeout(0);
        let server = server.bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/send", server.addrs()[0]);
        let running = server.run();
        let server = running.handle();
        #[expect(clippy::disallowed_methods, reason = "the server stops on drop")]
        drop(tokio::spawn(running));
        Self { url, state, requests, server }
    }

    /// Waits for the next request, and returns its idempotency key.
    async fn next(&mut self) -> String {
        timeout(TEST_TIMEOUT, self.requests.recv()).await.expect("no mail").unwrap()
    }

    /// Answers so many of the next requests.
    fn answer(&self, requests: usize) {
        self.state.answers.store(requests, Ordering::SeqCst);
    }
}

impl Drop for MailProvider {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

/// Running example, which is killed on drop.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Program {
    /// Starts an example in a folder with its state, and waits until it has stored its position.
    fn start(name: &str, service: &Service, mail: &MailProvider, folder: &Path) -> Self {
        let runtime = if name == "welcome.py" { "python3" } else { "node" };
        let mut command = Command::new(runtime);
        command
            .arg(repository::path("examples/welcome-mail").join(name))
            .current_dir(folder)
            .envs([
                ("MEETVO_URL", &*service.url),
                ("MEETVO_API_KEY", KEY),
                ("MAIL_URL", &*mail.url),
            ])
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{runtime}: {error}"));
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        block_in_place(|| output.read_line(&mut line).unwrap());
        assert!(line.starts_with("following the changes"), "{line}");
        Self(child)
    }
}

async fn sign_up(service: &Service, user: &str) {
    service.send(&fixtures::user_event("user.created", user, 0)).await;
}

async fn send_one_mail_per_user(engine: Engine, name: &str) {
    let (service, mut mail) = (Service::start(engine).await, MailProvider::start());
    let folder = tempfile::tempdir().unwrap();
    let start = |mail: &MailProvider| Program::start(name, &service, mail, folder.path());
    sign_up(&service, "user_before").await;
    drop(start(&mail));
    let users = ["user_1", "user_2", "user_3", "user_4"];
    for user in users {
        sign_up(&service, user).await;
    }
    service.send(&fixtures::user_event("user.updated", "user_1", 5)).await;
    for (at, user) in users.into_iter().enumerate() {
        let key = format!("welcome-{user}");
        // Killed after the mail was accepted, before the program knows it.
        mail.answer(0);
        let program = start(&mail);
        assert_eq!(mail.next().await, key);
        drop(program);
        // It sends the mail again. Killed at the next mail, or at any point after the last.
        mail.answer(1);
        let program = start(&mail);
        assert_eq!(mail.next().await, key, "the program repeats the mail");
        if let Some(next) = users.get(at + 1) {
            assert_eq!(mail.next().await, format!("welcome-{next}"));
        }
        drop(program);
    }
    mail.answer(usize::MAX);
    let _program = start(&mail);
    sign_up(&service, "user_last").await;
    while mail.next().await != "welcome-user_last" {}
    let mails = mail.state.mails.lock().unwrap();
    let sent: Vec<_> = mails.values().map(|it| it["to"].as_str().unwrap()).collect();
    let expected = ["user_1", "user_2", "user_3", "user_4", "user_last"];
    assert_eq!(sent, expected.map(|user| format!("{user}@example.com")));
}

#[apply(both_engines)]
async fn node_program_sends_one_mail_each(engine: Engine) {
    send_one_mail_per_user(engine, "welcome.mjs").await;
}

#[apply(both_engines)]
async fn python_program_sends_one_mail_each(engine: Engine) {
    send_one_mail_per_user(engine, "welcome.py").await;
}
