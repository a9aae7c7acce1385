//! Connections to PostgreSQL: parameters of the URL, and sessions on the server.

use futures_util::future::join_all;
use meetvo::{app, clock::Clock};
use tokio::{task::block_in_place, time::timeout};

use crate::harness::{
    Database, Delivery, Engine, NOW, PostgresServer, Service, TEST_TIMEOUT, fixtures, settings,
    unique,
};

/// SQL clause for all sessions of the database except the current one.
const SESSIONS: &str = "FROM pg_stat_activity LEFT JOIN pg_stat_ssl USING (pid) \
                        WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// Opens a database. Returns whether its connections are encrypted, or the error.
async fn encrypted(url: &str) -> Result<bool, String> {
    // A unique name excludes sessions of earlier stores that are still closing.
    let name = unique("meetvo_");
    let database = Database::at_url(format!("{url}&application_name={name}"));
    let opened = app::open_store(&settings(&database, []).database).await;
    let store = opened.map_err(|error| error.to_string())?;
    let sql = format!("SELECT ssl::text {SESSIONS} AND application_name = '{name}'");
    let sessions = database.tables().await.column(&sql).await;
    store.close().await;
    let [session] = &*sessions else { panic!("{url}: {sessions:?}") };
    Ok(session == "true")
}

/// TLS of PostgreSQL in every `sslmode`.
#[tokio::test(flavor = "multi_thread")]
async fn tls_server_is_verified_per_sslmode() {
    let (cluster, port) = block_in_place(PostgresServer::start_with_tls);
    let root = format!("sslrootcert={}", cluster.certificate().display());
    let at = |host: &str, parameters: &str| {
        format!("postgres://postgres:c4n4ry@{host}:{port}/postgres?{parameters}")
    };
    for (host, parameters, expected) in [
        ("localhost", "user=postgres".to_owned(), true),
        ("localhost", "sslmode=disable".to_owned(), false),
        ("localhost", "sslmode=prefer".to_owned(), true),
        ("localhost", "sslmode=require".to_owned(), true),
        ("localhost", format!("sslmode=verify-ca&{root}"), true),
        // This mode does not verify the host name.
        ("127.0.0.1", format!("sslmode=verify-ca&{root}"), true),
        ("localhost", format!("sslmode=verify-full&{root}"), true),
        ("localhost", format!("channel_binding=require&{root}"), true),
    ] {
        let url = at(host, &parameters);
        assert_eq!(encrypted(&url).await, Ok(expected), "{url}");
    }
    for (host, parameters, reason) in [
        ("localhost", "sslmode=verify-ca".to_owned(), "UnknownIssuer"),
        ("localhost", "sslmode=verify-full".to_owned(), "UnknownIssuer"),
        ("127.0.0.1", format!("sslmode=verify-full&{root}"), "not valid for name"),
        // The server is authenticated in place of the binding, which the driver cannot do.
        ("localhost", "sslmode=require&channel_binding=require".to_owned(), "UnknownIssuer"),
        ("localhost", "sslrootcert=/nowhere".to_owned(), "the file /nowhere of sslrootcert"),
    ] {
        let error = encrypted(&at(host, &parameters)).await.unwrap_err();
        assert!(error.contains(reason), "{parameters}: {error}");
        let shown = format!("the database postgres://postgres:[redacted]@{host}:{port}/postgres");
        assert!(error.starts_with(&shown) && !error.contains("c4n4ry"), "{error}");
    }
}

/// PostgreSQL without TLS: a URL that requires TLS fails.
#[tokio::test(flavor = "multi_thread")]
async fn server_without_tls_needs_permissive_sslmode() {
    let cluster = block_in_place(PostgresServer::start);
    let database = cluster.database();
    for mode in ["disable", "prefer"] {
        let url = format!("{}?sslmode={mode}", database.url());
        assert_eq!(encrypted(&url).await, Ok(false), "{mode}");
    }
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = format!("{}?sslmode={mode}", database.url());
        let error = encrypted(&url).await.unwrap_err();
        assert!(error.contains("server does not support TLS"), "{mode}: {error}");
    }
}

/// PostgreSQL of Cloud SQL: a parameter of the URL names the folder of the socket.
#[tokio::test(flavor = "multi_thread")]
async fn parameter_names_the_socket_folder() {
    let database = Database::new(Engine::Postgres).await;
    let parts = database.url().split_once('@').and_then(|(login, rest)| {
        let (folder, name) = rest.split_once('/')?;
        Some((login, folder, name))
    });
    let (login, folder, name) = parts.expect("the URL has a login, a folder and a name");
    assert!(folder.starts_with("%2F"), "{folder}");
    let url = format!("{login}@/{name}?host={folder}");
    let opened = app::open_store(&settings(&Database::at_url(url), []).database).await;
    let store = opened.expect("the server is found");
    let sessions = format!("SELECT application_name {SESSIONS}");
    assert_eq!(database.tables().await.column(&sessions).await, ["meetvo"]);
    store.close().await;
}

/// PostgreSQL with settings that can lose data: the service reports them at the start, before any
/// event fails.
#[tokio::test(flavor = "multi_thread")]
async fn unsafe_database_configuration_is_rejected() {
    let database = Database::new(Engine::Postgres).await;
    let (mut server, name) = (database.server().await, database.name().to_owned());
    let error = async || {
        let opened = app::open_store(&settings(&database, []).database).await;
        opened.map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(error().await, Ok(()));
    server.run(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
    let message = error().await.unwrap_err();
    assert!(message.contains("ALTER ROLE … SET synchronous_commit = on"), "{message}");
    for durable in ["local", "remote_write"] {
        server.run(&format!("ALTER DATABASE {name} SET synchronous_commit = {durable}")).await;
        assert_eq!(error().await, Ok(()), "commits are durable on this server");
    }
    server.run(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
    let other = "ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0";
    server.run(&format!("CREATE DATABASE {name} {other}")).await;
    let message = error().await.unwrap_err();
    assert!(
        message.contains("the encoding of the database is LATIN1") && message.contains("'UTF8'"),
        "{message}"
    );
}

/// Operators of PostgreSQL see the name of the sessions, and at most the configured number.
#[tokio::test(flavor = "multi_thread")]
async fn connections_have_name_and_limit() {
    let few = [("MEETVO__DATABASE__MAX_CONNECTIONS", "3")];
    for (parameters, name) in [("", "meetvo"), ("?application_name=web", "web")] {
        let database = Database::new(Engine::Postgres).await;
        let named = Database::at_url(format!("{}{parameters}", database.url()));
        let service = Service::start_on(named.into(), Clock::manual(NOW), few).await;
        service.send(&fixtures::user_event("user.created", "user_1", 0)).await;
        join_all((0..12).map(|_| service.get("/v1/users"))).await;
        let sql = format!("SELECT application_name {SESSIONS}");
        let mut tables = database.tables().await;
        let mut sessions = tables.column(&sql).await;
        // Two writers, one writer for other commits, two reserved connections and three readers. The
        // session of the migrations can still be closing.
        let few = async {
            while sessions.len() > 2 + 1 + 2 + 3 {
                sessions = tables.column(&sql).await;
            }
        };
        timeout(TEST_TIMEOUT, few).await.expect("the limit is kept");
        assert!(sessions.len() > 1 && sessions.iter().all(|it| it == name), "{sessions:?}");
    }
}

/// PostgreSQL itself ends statements at their timeout, so that none stays after the service gives
/// up.
#[tokio::test(flavor = "multi_thread")]
async fn statements_end_at_their_timeout() {
    let limit = [("MEETVO__DATABASE__COMMIT_TIMEOUT_MS", "300")];
    let service = Service::start_with(Engine::Postgres, limit).await;
    let (mut holder, mut tables) = (service.tables().await, service.tables().await);
    holder.run("BEGIN; LOCK TABLE users, webhook_events IN ACCESS EXCLUSIVE MODE").await;
    let event = fixtures::user_event("user.created", "user_1", 0);
    let delivery = Delivery::new(&event, NOW);
    let (delivered, read) = tokio::join!(service.post(&delivery), service.get("/v1/users"));
    assert_eq!(delivered.problem(), (503, "database_unavailable"));
    assert_eq!(read.problem(), (503, "database_unavailable"));
    let waiting = format!("SELECT query {SESSIONS} AND wait_event_type = 'Lock'");
    let gone = async { while !tables.column(&waiting).await.is_empty() {} };
    timeout(TEST_TIMEOUT, gone).await.expect("no statement waits");
    holder.release().await;
    // The timeout is short, so that a commit on a busy machine can exceed it, and still succeed.
    let decision = service.deliver_with_retries(&delivery).await;
    assert!(["applied", "duplicate"].contains(&&*decision), "{decision}");
    assert_eq!(tables.rows("users").await.len(), 1);
}
