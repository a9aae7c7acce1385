//! `deploy/Caddyfile`

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

use super::compose::Compose;
use crate::harness::{Engine, Service, apply, both_engines, repository::read};

const FILE: &str = "deploy/Caddyfile";

/// The lines of the file as words.
fn directives() -> Vec<Vec<String>> {
    let text = read(FILE);
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

/// The rest of the one line that begins with this word.
fn after(word: &str) -> Vec<String> {
    let found: Vec<_> = directives().into_iter().filter(|line| line[0] == word).collect();
    let [line] = &found[..] else { panic!("{word} stands {} times", found.len()) };
    line[1..].to_vec()
}

#[test]
fn it_passes_requests_on_to_every_replica() {
    let compose = Compose::read("compose.postgres.yaml");
    let replicas = compose.services.iter().filter(|(_, service)| service.is_ours());
    let replicas =
        replicas.map(|(name, service)| format!("{name}:{}", service.environment["PORT"]));
    assert_eq!(after("reverse_proxy"), replicas.chain(["{".to_owned()]).collect::<Vec<_>>());
    assert_eq!(after("lb_policy"), ["round_robin"]);
}

#[apply(both_engines)]
async fn it_asks_replicas_whether_they_are_ready(engine: Engine) {
    let service = Service::start(engine).await;
    let [path] = after("health_uri").try_into().unwrap();
    let answer = service.client.get(service.at(&path)).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "{\"status\":\"ready\"}");
}

#[test]
fn it_is_started_with_the_file_and_with_what_the_file_asks_for() {
    let proxy = Compose::read("compose.postgres.yaml").services.remove("proxy").unwrap();
    assert!(proxy.volumes.contains(&format!("./{FILE}:/etc/caddy/Caddyfile:ro")));
    let text = read(FILE);
    let asked: Vec<_> = text.split("{$").skip(1).map(|it| it.split('}').next().unwrap()).collect();
    assert_eq!(asked, proxy.environment.keys().collect::<Vec<_>>());
    // Plain HTTP is for a browser on the same machine alone.
    assert_eq!(proxy.variables(&[]).unwrap()["SITE_ADDRESS"], "http://localhost");
    assert_eq!(proxy.ports, ["80:80", "443:443", "443:443/udp"]);
}

/// Some of what can be switched on does harm with strangers at the door: deliveries sent again
/// without their bodies, replicas shut out for what their callers do, bodies mixed up after requests
/// that broke off.
#[test]
fn it_sends_reads_again_and_nothing_else() {
    assert_eq!(after("lb_retries"), ["5"]);
    for name in ["lb_retry_match", "fail_duration", "request_buffers"] {
        assert!(directives().iter().all(|line| line[0] != name), "{name}");
    }
}

/// A delivery that goes out on a connection that is just being closed is lost. With SQLite, and not
/// twice: it waits for seconds, and never comes to the database.
#[tokio::test]
async fn it_ends_an_idle_connection_before_the_service_does() {
    let [idle] = after("keepalive").try_into().unwrap();
    let idle = Duration::from_secs(idle.strip_suffix('s').unwrap().parse().unwrap());
    let service = Service::start(Engine::Sqlite).await;
    let mut stream = TcpStream::connect(service.url.trim_start_matches("http://")).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut bytes = [0; 1_024];
    assert!(stream.read(&mut bytes).await.unwrap() > 0, "it answers");
    let answered = Instant::now();
    let closed = timeout(Duration::from_mins(1), stream.read_to_end(&mut Vec::new())).await;
    closed.expect("it closes what is idle").unwrap();
    assert!(answered.elapsed() > idle + Duration::from_secs(1), "{:?}", answered.elapsed());
}
