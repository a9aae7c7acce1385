//! Example applications and scripts, which run against a service with the fixtures.

use std::{fs, path::Path, process::Command, time::Duration};

use reqwest::{Client, StatusCode, redirect::Policy};
use serde_json::Value;
use tokio::time::{sleep, timeout};

use crate::harness::{
    ClientProgram, Engine, MailProvider, ReservedPort, Service, TEST_TIMEOUT, apply, both_engines,
    client_builder, client_folder, fixtures, reading_from, repository, run_client, token,
};

/// Organization of the fixtures.
const ORGANIZATION: &str = "org_38TlHUSL0uDX6LtisQKNyeh0ip6";

/// User of the fixtures who is an administrator of the organization, and the given name.
const ADMIN: (&str, &str) = ("user_3EWsBvOkEkLrJLYjnqOM2ThIRRG", "Rosa");

/// Starts a service with the fixtures.
async fn start(engine: Engine) -> Service {
    let parties = [("MEETVO__CLERK__AUTHORIZED_PARTIES", "https://app.example.com")];
    let service = Service::start_with_session_tokens(engine, parties).await;
    for fixture in fixtures::all() {
        service.send(&fixture.json).await;
    }
    service
}

/// Returns a member of the organization who is not an administrator.
async fn other_member(service: &Service) -> String {
    let path = format!("/v1/memberships?organization_id={ORGANIZATION}&role=org:member");
    let members = service.list(&path).await;
    let member = members.iter().find(|member| member["user"].is_object()).expect("a member");
    member["user_id"].as_str().unwrap().to_owned()
}

/// Returns the addresses of the members, which the page of the administrators shows.
async fn addresses(service: &Service) -> Vec<String> {
    let path = format!("/v1/organizations/{ORGANIZATION}/memberships");
    let members = service.list(&path).await;
    let addresses = members.iter().filter_map(|member| member["user"]["email"].as_str());
    addresses.map(str::to_owned).collect()
}

/// Browser of a user, or of a visitor who is not signed in.
struct Visitor {
    client: Client,
    /// Name and value of the header with the credentials.
    credentials: Option<(&'static str, String)>,
}

impl Visitor {
    fn new(credentials: Option<(&'static str, String)>) -> Self {
        let client = client_builder().redirect(Policy::none()).build().unwrap();
        Self { client, credentials }
    }

    fn anonymous() -> Self {
        Self::new(None)
    }

    fn with_header(user: &str) -> Self {
        Self::new(Some(("authorization", format!("Bearer {}", token(user, "sess_x")))))
    }

    fn with_cookie(user: &str) -> Self {
        Self::new(Some(("cookie", format!("theme=dark; __session={}", token(user, "sess_x")))))
    }

    /// Returns a visitor with a token whose signature is wrong.
    fn with_forged_token() -> Self {
        let forged = token(ADMIN.0, "sess_x").replace('.', ".A");
        Self::new(Some(("authorization", format!("Bearer {forged}"))))
    }

    /// Requests a page, and returns the status and the text.
    async fn get(&self, url: &str) -> (StatusCode, String) {
        let mut request = self.client.get(url);
        if let Some((name, value)) = &self.credentials {
            request = request.header(*name, value);
        }
        let response = request.send().await.unwrap_or_else(|error| panic!("{url}: {error}"));
        (response.status(), response.text().await.unwrap())
    }
}

/// Paths of an application that shows the same three pages as the others.
struct Pages {
    home: String,
    me: String,
    settings: String,
}

impl Pages {
    fn new(app: &ClientProgram, me: &str) -> Self {
        let url = &app.url;
        Self {
            home: format!("{url}/"),
            me: format!("{url}{me}"),
            settings: format!("{url}/organizations/{ORGANIZATION}/settings"),
        }
    }

    /// Asserts what each page shows to each visitor. `denied` are the statuses of the page of the
    /// administrators for visitors who are not signed in, and for other members.
    async fn assert_access(&self, service: &Service, denied: [u16; 2]) {
        let (admin, name) = ADMIN;
        for visitor in [Visitor::anonymous(), Visitor::with_forged_token()] {
            let (status, text) = visitor.get(&self.home).await;
            assert!(status == 200 && text.contains("Please sign in."), "{status}: {text}");
            assert_eq!(visitor.get(&self.me).await.0, 401);
            assert_eq!(visitor.get(&self.settings).await.0, denied[0]);
        }
        for visitor in [Visitor::with_header(admin), Visitor::with_cookie(admin)] {
            let (status, text) = visitor.get(&self.home).await;
            let greeting = format!("Hello, {name}!");
            assert!(status == 200 && text.contains(&greeting), "{status}: {text}");
            let (status, text) = visitor.get(&self.me).await;
            assert_eq!(status, 200, "{text}");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["id"], admin);
            let (status, text) = visitor.get(&self.settings).await;
            assert_eq!(status, 200, "{text}");
            for address in addresses(service).await {
                assert!(text.contains(&address), "{address} is missing: {text}");
            }
        }
        let member = Visitor::with_header(&other_member(service).await);
        assert_eq!(member.get(&self.me).await.0, 200);
        let (status, text) = member.get(&self.settings).await;
        assert_eq!(status, denied[1]);
        for address in addresses(service).await {
            assert!(!text.contains(&address), "{address} is shown: {text}");
        }
    }

    /// Stops the service, and asserts that no request is let through.
    async fn assert_closed_without(&self, service: Service) {
        service.stop().await;
        let admin = Visitor::with_header(ADMIN.0);
        for page in [&self.me, &self.settings] {
            let (status, text) = admin.get(page).await;
            assert!(status.is_server_error(), "{page}: {status} {text}");
        }
    }
}

fn command(program: impl AsRef<Path>, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program.as_ref());
    command.args(arguments).current_dir(folder);
    command
}

#[apply(both_engines)]
async fn express_application_checks_users(engine: Engine) {
    let service = start(engine).await;
    let folder = client_folder("express").await.join("examples/express");
    let mut server = command("node", &["server.mjs"], &folder);
    server.env("PORT", "0");
    let app = ClientProgram::start(reading_from(&service, server));
    let pages = Pages::new(&app, "/me");
    pages.assert_access(&service, [401, 403]).await;
    pages.assert_closed_without(service).await;
}

#[apply(both_engines)]
async fn fastapi_application_checks_users(engine: Engine) {
    let service = start(engine).await;
    let uvicorn = client_folder("python").await.join("venv/bin/uvicorn");
    let folder = repository::path("examples/fastapi");
    let mut server = command(uvicorn, &["app:app", "--port", "0"], &folder);
    server.env("PYTHONDONTWRITEBYTECODE", "1");
    let app = ClientProgram::start(reading_from(&service, server));
    let pages = Pages::new(&app, "/me");
    pages.assert_access(&service, [401, 403]).await;
    pages.assert_closed_without(service).await;
}

#[apply(both_engines)]
async fn nextjs_application_checks_users(engine: Engine) {
    let service = start(engine).await;
    let mut mail = MailProvider::start();
    mail.answer(usize::MAX);
    let folder = client_folder("nextjs").await.join("examples/nextjs");
    let state = tempfile::tempdir().unwrap();
    let cursor = state.path().join("cursor");
    let next = "node_modules/next/dist/bin/next";
    let mut server =
        command("node", &[next, "start", "--hostname", "127.0.0.1", "--port", "0"], &folder);
    server.env("MAIL_URL", &mail.url).env("CURSOR_FILE", &cursor);
    let app = ClientProgram::start(reading_from(&service, server));
    let pages = Pages::new(&app, "/api/me");
    pages.assert_access(&service, [307, 404]).await;
    // The first request has started the task for the mails.
    let starts = async {
        while !cursor.exists() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(TEST_TIMEOUT, starts).await.expect("the task starts");
    service.send(&fixtures::user_event("user.created", "user_new", 0)).await;
    assert_eq!(mail.next().await, "welcome-user_new");
    let sent = mail.mails();
    assert_eq!(sent.len(), 1, "the users of the fixtures are not new: {sent:?}");
    assert_eq!(sent["welcome-user_new"]["to"], "user_new@example.com");
    pages.assert_closed_without(service).await;
}

/// The script starts a service on SQLite.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn start_script_runs_service_and_application() {
    let mut start = Command::new(repository::path("examples/start"));
    start.arg("express").env("MEETVO", env!("CARGO_BIN_EXE_meetvo"));
    // Before they listen, the script installs packages.
    let (application, service) = (ReservedPort::new(), ReservedPort::new());
    start.env("PORT", application.address.port().to_string());
    start.env("SERVICE_PORT", service.address.port().to_string());
    let app = ClientProgram::start(start);
    let token = fs::read_to_string(repository::path("target/examples/express/token")).unwrap();
    let credentials = ("authorization", format!("Bearer {}", token.trim()));
    let visitor = Visitor::new(Some(credentials));
    // The script prints the commands before the application listens.
    let listens = async {
        while visitor.client.get(&app.url).send().await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(TEST_TIMEOUT, listens).await.expect("the application listens");
    let (status, text) = visitor.get(&app.url).await;
    assert_eq!((status.as_u16(), text), (200, format!("Hello, {}!", ADMIN.1)));
    let (status, text) = visitor.get(&Pages::new(&app, "/me").settings).await;
    assert_eq!(status, 200, "{text}");
}

async fn gate(engine: Engine, runtime: &str, script: &str) {
    let service = start(engine).await;
    let member = other_member(&service).await;
    let run = async |user: &str| {
        let script = repository::path("examples/gate-a-feature").join(script);
        let mut gate = Command::new(runtime);
        gate.arg(script).args([user, ORGANIZATION]);
        run_client(gate, &service).await
    };
    assert_eq!(run(ADMIN.0).await, (true, format!("members of {ORGANIZATION}\n")));
    assert_eq!(run(&member).await, (false, "denied: role_missing\n".to_owned()));
    assert_eq!(run("user_unknown").await, (false, "denied: no_membership\n".to_owned()));
    let (passed, text) = run(" ").await;
    assert!(!passed && text.contains("cannot check the membership: 400"), "{text}");
}

#[apply(both_engines)]
async fn node_gate_lets_admins_through(engine: Engine) {
    gate(engine, "node", "gate.mjs").await;
}

#[apply(both_engines)]
async fn python_gate_lets_admins_through(engine: Engine) {
    gate(engine, "python3", "gate.py").await;
}

/// Runs a script that stores orders of users. `script` returns its command.
async fn assert_orders_are_joined(service: &Service, script: impl Fn() -> Command) {
    let run = async |arguments: &[&str]| {
        let mut command = script();
        command.args(arguments);
        run_client(command, service).await
    };
    let add = async |user: &str, item: &str| run(&["add", user, item]).await;
    service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
    assert_eq!(add("user_1", "two books").await, (true, "order 1\n".to_owned()));
    // The order of a new user can be faster than the webhook.
    let webhook = async || {
        service.send(&fixtures::user_event("user.created", "user_2", 0)).await;
    };
    let (order, ()) = tokio::join!(add("user_2", "a lamp"), webhook());
    assert_eq!(order, (true, "order 2\n".to_owned()));
    let (passed, text) = add("user_unknown", "a chair").await;
    assert!(!passed && text.contains("unknown user: user_unknown"), "{text}");
    let of = |id, item, user| format!("{id} {item}: Ada 0 <{user}@example.com>\n");
    let (first, second) = (of(1, "two books", "user_1"), of(2, "a lamp", "user_2"));
    assert_eq!(run(&["list"]).await, (true, format!("{first}{second}")));
    service.send(&fixtures::user_deleted("user_1", 5)).await;
    assert_eq!(run(&["list"]).await, (true, second), "orders of deleted users are left out");
}

/// The script uses the driver of PostgreSQL.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn node_orders_refer_to_users() {
    let service = Service::start(Engine::Postgres).await;
    let folder = client_folder("own-tables").await.join("examples/own-tables");
    let script = || {
        let mut script = command("node", &["orders.mjs"], &folder);
        script.env("DATABASE_URL", service.database.url());
        script
    };
    assert_orders_are_joined(&service, script).await;
}

/// The script uses the SQLite of Python.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_orders_refer_to_users() {
    let service = Service::start(Engine::Sqlite).await;
    let script = || {
        let mut script = Command::new("python3");
        script.arg(repository::path("examples/own-tables/orders.py"));
        script.env("DATABASE_FILE", service.database.folder().join("meetvo.db"));
        script
    };
    assert_orders_are_joined(&service, script).await;
}
