//! Clients of the HTTP API in TypeScript and Python, which run against a service.

use std::{process::Command, sync::Arc};

use meetvo::clock::Clock;

use crate::harness::{
    Database, Engine, ISSUER, Instance, SECRET, Service, apply, both_engines, client_folder,
    fixtures, repository, run_client,
};

/// Starts a service with the time of the machine, which the clients use too, and session tokens.
async fn start<const N: usize>(engine: Engine, overrides: [(&str, &str); N]) -> Service {
    let settings = [
        ("MEETVO__CLERK__ISSUER", ISSUER),
        ("CLERK_JWT_KEY", &*Instance::shared().pem),
        ("MEETVO__CLERK__AUTHORIZED_PARTIES", "https://app.example.com"),
    ];
    let database = Arc::new(Database::new(engine).await);
    Service::start_on(database, Clock::system(), settings.into_iter().chain(overrides)).await
}

#[apply(both_engines)]
async fn typescript_client_passes_its_tests(engine: Engine) {
    let service = start(engine, []).await;
    let limits = [
        ("MEETVO__API__MAX_WAITS", "1"),
        ("MEETVO__API__KEY_SHARE_PERCENT", "100"),
        ("MEETVO__API__SESSION_RATE", "1"),
    ];
    let limited = start(engine, limits).await;
    let package = client_folder("typescript").await.join("clients/typescript");
    let mut command = Command::new("npm");
    command.args(["test", "--silent"]).current_dir(package).envs([
        ("MEETVO_LIMITED_URL", &*limited.url),
        ("MEETVO_SIGNING_SECRET", SECRET),
        ("MEETVO_ISSUER", ISSUER),
        ("MEETVO_SESSION_KEY", &*Instance::shared().private_pem),
    ]);
    let (passed, report) = run_client(command, &service).await;
    assert!(passed && report.contains("fail 0") && !report.contains("pass 0"), "{report}");
}

#[apply(both_engines)]
async fn generated_python_client_reads_users(engine: Engine) {
    let service = Service::start(engine).await;
    for fixture in fixtures::all() {
        service.send(&fixture.json).await;
    }
    let folder = client_folder("python").await;
    let mut command = Command::new(folder.join("venv/bin/python"));
    command.arg(repository::path("examples/python-client/read.py"));
    let (passed, report) = run_client(command, &service).await;
    assert!(passed, "{report}");
    let users = service.walk("/v1/users", 500).await;
    assert!(users.len() > 20, "several pages");
    let (id, email) = (users[0]["id"].as_str().unwrap(), users[0]["email"].as_str());
    let lines: Vec<_> = report.lines().collect();
    assert_eq!(lines[0], format!("{} users", users.len()));
    assert_eq!(lines[1], format!("first: {id} {}", email.unwrap_or("None")));
    assert!(lines[2].ends_with(": True (allowed)"), "{report}");
    assert!(lines[3].ends_with(" org:none: False (role_missing)"), "{report}");
    assert_eq!(lines[4..], ["user_unknown: 404 not_found"]);
}
