//! Verifies `deploy/Caddyfile`.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

use super::compose::Compose;
use crate::harness::{
    Engine, Service, TEST_TIMEOUT, apply, both_engines, repository::read, retried,
};

const FILE: &str = "deploy/Caddyfile";

/// Returns the directives of the file as words.
fn directives() -> Vec<Vec<String>> {
    let text = read(FILE);
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

/// Returns the arguments of the only directive with this name.
fn arguments(name: &str) -> Vec<String> {
    let found: Vec<_> = directives().into_iter().filter(|line| line[0] == name).collect();
    let [line] = &found[..] else { panic!("{name} occurs {} times", found.len()) };
    line[1..].to_vec()
}

#[test]
fn proxy_balances_over_all_replicas() {
    let compose = Compose::read("compose.postgres.yaml");
    let replicas = compose.services.iter().filter(|(_, service)| service.is_meetvo());
    let replicas =
        replicas.map(|(name, service)| format!("{name}:{}", service.environment["PORT"]));
    assert_eq!(arguments("reverse_proxy"), replicas.chain(["{".to_owned()]).collect::<Vec<_>>());
    assert_eq!(arguments("lb_policy"), ["round_robin"]);
}

#[apply(both_engines)]
async fn health_check_uses_readiness(engine: Engine) {
    let service = Service::start(engine).await;
    let [path] = arguments("health_uri").try_into().unwrap();
    let answer = retried(|| service.client.get(service.url_for(&path))).await;
    assert_eq!((answer.status.as_u16(), answer.body), (200, json!({ "status": "ready" })));
}

#[test]
fn compose_mounts_file_and_sets_its_variables() {
    let proxy = Compose::read("compose.postgres.yaml").services.remove("proxy").unwrap();
    assert!(proxy.volumes.contains(&format!("./{FILE}:/etc/caddy/Caddyfile:ro")));
    let text = read(FILE);
    let variables: Vec<_> =
        text.split("{$").skip(1).map(|it| it.split('}').next().unwrap()).collect();
    assert_eq!(variables, proxy.environment.keys().collect::<Vec<_>>());
    // The default is plain HTTP for a browser on the same machine.
    assert_eq!(proxy.variables(&[]).unwrap()["SITE_ADDRESS"], "http://localhost");
    assert_eq!(proxy.ports, ["80:80", "443:443", "443:443/udp"]);
}

/// Some directives are harmful with untrusted clients. They retry deliveries without their bodies,
/// exclude replicas because of aborted requests, or mix up bodies after aborted requests.
#[test]
fn proxy_retries_only_reads() {
    assert_eq!(arguments("lb_retries"), ["5"]);
    for name in ["lb_retry_match", "fail_duration", "request_buffers"] {
        assert!(directives().iter().all(|line| line[0] != name), "{name}");
    }
}

/// A delivery on a connection that the service is closing is lost. This test runs on SQLite only,
/// because it takes seconds and does not use the database.
#[tokio::test]
async fn proxy_closes_idle_connections_first() {
    let [idle] = arguments("keepalive").try_into().unwrap();
    let idle = Duration::from_secs(idle.strip_suffix('s').unwrap().parse().unwrap());
    let service = Service::start(Engine::Sqlite).await;
    let mut stream = TcpStream::connect(service.url.trim_start_matches("http://")).await.unwrap();
    let requested = Instant::now();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut bytes = [0; 1_024];
    assert!(stream.read(&mut bytes).await.unwrap() > 0, "the service answers");
    let closed = timeout(TEST_TIMEOUT, stream.read_to_end(&mut Vec::new())).await;
    closed.expect("the service closes idle connections").unwrap();
    assert!(requested.elapsed() > idle + Duration::from_secs(1), "{:?}", requested.elapsed());
}
