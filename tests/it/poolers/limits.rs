//! Few connections, as providers allow them.

use futures_util::future::join_all;
use meetvo::clock::Clock;
use tokio::task::block_in_place;

use crate::harness::{
    ApiResponse, Database, Delivery, Engine, KEY, Process, Tables, client, fixtures, retried,
    unique,
};

/// Returns a URL with a role of its own, which may have this number of connections.
async fn limited(database: &Database, tables: &mut Tables, connections: usize) -> (String, String) {
    let role = unique(&format!("meetvo_role_{}_", std::process::id()));
    tables
        .run(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD '{role}' CONNECTION LIMIT {connections}; \
             GRANT CREATE ON DATABASE {} TO {role}",
            database.name()
        ))
        .await;
    let url = database.url_for(&role);
    (role, url)
}

/// Returns the statement that ends all sessions of a role.
fn end_sessions(role: &str) -> String {
    format!("SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE usename = '{role}'")
}

/// Services commit deliveries although reads want all connections. Only on PostgreSQL, whose
/// servers and poolers limit connections.
#[tokio::test(flavor = "multi_thread")]
async fn few_connections_suffice_for_ingest() {
    for (connections, replicas) in [(15, 2), (5, 1)] {
        let database = Database::new(Engine::Postgres).await;
        let mut tables = database.tables().await;
        let (role, url) = limited(&database, &mut tables, connections).await;
        let services: Vec<_> = block_in_place(|| {
            let start = |_| Process::serve(&database, [("DATABASE_URL", &*url)]);
            (0..replicas).map(start).collect()
        });
        let client = client();
        let read = |url: &str| client.get(format!("{url}/v1/users")).bearer_auth(KEY);
        let reading = async {
            loop {
                let reads =
                    services.iter().cycle().take(20).map(|it| ApiResponse::fetch(read(&it.url)));
                join_all(reads).await;
            }
        };
        let delivering = async {
            for number in 0..10 {
                if number % 5 == 4 {
                    // The reads want the places of the writers.
                    tables.column(&end_sessions(&role)).await;
                }
                let body = fixtures::user_event("user.created", &format!("user_{number}"), 0);
                let delivery = Delivery::new(&body, Clock::system().now());
                let url = &services[number % replicas].url;
                // On a busy machine, a commit can exceed its timeout, and still succeed.
                let response = retried(|| delivery.request(&client, url)).await;
                assert_eq!(response.status, 200, "{number}: {}", response.body);
            }
        };
        tokio::select! {
            () = reading => {},
            () = delivering => {},
        }
        for service in &services {
            let ready = retried(|| client.get(format!("{}/readyz", service.url))).await;
            assert_eq!(ready.status, 200);
            assert_eq!(retried(|| read(&service.url)).await.status, 200, "reads get their turn");
        }
        drop(services);
        tables
            .run(&format!("DROP SCHEMA clerk CASCADE; DROP OWNED BY {role}; DROP ROLE {role}"))
            .await;
    }
}

/// Returns whether readiness and status agree that no delivery can be committed.
async fn is_red(process: &Process) -> bool {
    let client = client();
    let ready = ApiResponse::fetch(client.get(format!("{}/readyz", process.url))).await;
    let status = client.get(format!("{}/v1/status", process.url)).bearer_auth(KEY);
    let status = ApiResponse::fetch(status).await.body;
    ready.status == 503 && status["status"] == "red"
}

/// Other connections take the places of the writers. Only on PostgreSQL, whose servers and poolers
/// limit connections.
#[tokio::test(flavor = "multi_thread")]
async fn writer_without_connection_is_not_ready() {
    let database = Database::new(Engine::Postgres).await;
    let mut tables = database.tables().await;
    let (role, url) = limited(&database, &mut tables, 5).await;
    let process = block_in_place(|| Process::serve(&database, [("DATABASE_URL", &*url)]));
    tables.run(&format!("ALTER ROLE {role} CONNECTION LIMIT 0")).await;
    let client = client();
    let send = async |number: usize| {
        let body = fixtures::user_event("user.created", &format!("user_{number}"), 0);
        let delivery = Delivery::new(&body, Clock::system().now());
        ApiResponse::fetch(delivery.request(&client, &process.url)).await.status
    };
    // A session that begins while the limit changes can be hidden from `pg_stat_activity` at first.
    for number in 0.. {
        tables.column(&end_sessions(&role)).await;
        if send(number).await == 503 {
            break;
        }
    }
    while !is_red(&process).await {}
    tables.run(&format!("ALTER ROLE {role} CONNECTION LIMIT 5")).await;
    while send(0).await != 200 {}
    while is_red(&process).await {}
    drop(process);
    tables.run(&format!("DROP SCHEMA clerk CASCADE; DROP OWNED BY {role}; DROP ROLE {role}")).await;
}
