//! Example applications that receive messages.

use std::{process::Command, sync::Arc};

use meetvo::clock::Clock;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{Endpoint, post, request, start_on};
use crate::harness::{
    ClientProgram, Database, Engine, MailProvider, Service, TEST_TIMEOUT, apply, both_engines,
    client, client_folder, fixtures,
    organization_events::{membership_event, organization_event},
    reading_from, repository,
};

/// Starts a service whose time is that of the machine, which the applications check.
async fn start(engine: Engine) -> Service {
    start_on(Arc::new(Database::new(engine).await), Clock::system()).await
}

/// Starts an application that needs the secret of an endpoint, and lets the endpoint send messages
/// of these types to the path `hooks` of the application.
async fn subscribe(
    service: &Service,
    types: &[&str],
    mut command: Command,
    hooks: &str,
) -> (ClientProgram, Endpoint) {
    // The address of the application is not known yet.
    let body = json!({ "url": "http://127.0.0.1:9/hooks", "types": types });
    let endpoint = Endpoint::with(service, &body).await;
    command.env("MEETVO_ENDPOINT_SECRET", &endpoint.secret);
    let app = ClientProgram::start(reading_from(service, command));
    let body = json!({ "url": format!("{}{hooks}", app.url) });
    let changed = request(service, Method::PATCH, &endpoint.path(""), &body).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    (app, endpoint)
}

/// Asserts that a request without a signature is rejected.
async fn assert_signature_is_required(client: &Client, url: String) {
    let response = client.post(url).body("{}").send().await.unwrap();
    assert_eq!(response.status(), 400);
}

#[apply(both_engines)]
async fn nextjs_route_mails_new_users(engine: Engine) {
    let service = start(engine).await;
    service.send(&fixtures::user_event("user.created", "user_earlier", 0)).await;
    let mut mail = MailProvider::start();
    mail.answer(usize::MAX);
    let folder = client_folder("nextjs").await.join("examples/nextjs");
    let mut server = Command::new("node");
    let next = "node_modules/next/dist/bin/next";
    server.args([next, "start", "--hostname", "127.0.0.1", "--port", "0"]).current_dir(folder);
    server.env("MAIL_URL", &mail.url);
    let (app, _) = subscribe(&service, &["user.*"], server, "/api/hooks").await;
    service.send(&fixtures::user_event("user.created", "user_new", 0)).await;
    assert_eq!(mail.next().await, "welcome-user_new");
    assert_eq!(mail.mails()["welcome-user_new"]["to"], "user_new@example.com");
    service.send(&fixtures::user_event("user.updated", "user_new", 5_000)).await;
    service.send(&fixtures::user_event("user.created", "user_newer", 0)).await;
    assert_eq!(mail.next().await, "welcome-user_newer");
    assert_eq!(mail.mails().len(), 2, "only new users get a mail");
    assert_signature_is_required(&client(), format!("{}/api/hooks", app.url)).await;
}

#[apply(both_engines)]
async fn python_receiver_keeps_members(engine: Engine) {
    let service = start(engine).await;
    let uvicorn = client_folder("python").await.join("venv/bin/uvicorn");
    let state = tempfile::tempdir().unwrap();
    let mut server = Command::new(uvicorn);
    server.args(["receive:app", "--port", "0"]);
    server.current_dir(repository::path("examples/fastapi"));
    server.env("PYTHONDONTWRITEBYTECODE", "1").env("DATABASE_FILE", state.path().join("seats.db"));
    let (app, endpoint) = subscribe(&service, &["*"], server, "/hooks").await;
    let (client, url) = (client(), format!("{}/organizations/org_1/seats", app.url));
    let wait_for_seats = async |expected: i64| {
        let wait = async {
            while client.get(&url).send().await.unwrap().json::<Value>().await.unwrap()["taken"]
                != expected
            {}
        };
        timeout(TEST_TIMEOUT, wait).await.unwrap_or_else(|_| panic!("never {expected} seats"));
    };
    service.send(&organization_event("organization.created", "org_1", 0)).await;
    for (membership, user) in [("orgmem_1", "user_1"), ("orgmem_2", "user_2")] {
        service
            .send(&membership_event("organizationMembership.created", membership, "org_1", user, 0))
            .await;
    }
    wait_for_seats(2).await;
    let deleted = "organizationMembership.deleted";
    service.send(&membership_event(deleted, "orgmem_1", "org_1", "user_1", 5_000)).await;
    wait_for_seats(1).await;
    let test = post(&service, &endpoint.path("/test"), &Value::Null).await;
    assert_eq!(test.body["delivered"], true, "{}", test.body);

    // Repeated messages change nothing.
    post(&service, &endpoint.path("/replay"), &json!({ "after": "0" })).await;
    let created = "organizationMembership.created";
    service.send(&membership_event(created, "orgmem_3", "org_1", "user_3", 0)).await;
    let newest = service.get("/v1/events?limit=1").await.body["data"][0]["seq"].to_string();
    endpoint.wait_for(&service, "cursor", &json!(newest)).await;
    wait_for_seats(2).await;

    // A membership ends with its user.
    service.send(&fixtures::user_event("user.created", "user_3", 0)).await;
    service.send(&fixtures::user_deleted("user_3", 5_000)).await;
    wait_for_seats(1).await;
    assert_signature_is_required(&client, format!("{}/hooks", app.url)).await;
}
