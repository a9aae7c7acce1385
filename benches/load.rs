//! Load generator of the benchmarks: sends prepared HTTP requests and measures the response times.
//!
//! It writes to plain sockets, because it runs on the same cores as the server and a client library
//! would take processor time from it. For the same reason it builds and signs all requests before
//! it sends the first one.
//!
//! ```text
//! load get HOST:PORT CONNECTIONS SECONDS KEY FILE
//! load post HOST:PORT CONNECTIONS COUNT USERS SEED RATE SECRET FILE…
//! ```
//!
//! `get` requests the paths in FILE, one per line, again and again for SECONDS. `post` sends COUNT
//! signed webhook deliveries, at most RATE per second (0: no limit). The payloads in the files take
//! turns; every turn is about other users, until there are USERS of them. SEED makes message IDs of
//! its own. Every response must have a 2xx status.
//!
//! Prints `PER_SECOND P50 P99`: requests per second, and the median and 99th percentile of the
//! response times in microseconds.

use std::{
    collections::HashSet,
    error::Error,
    fs,
    io::{Write, stdout},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use meetvo::{clerk::signature::signer, clock::Clock};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, sleep_until},
};

type Failure = Box<dyn Error + Send + Sync>;

/// Requests to send, shared by all connections.
struct Load {
    address: String,
    requests: Vec<String>,
    /// Time for which the requests are repeated; `None` sends each request a single time.
    duration: Option<Duration>,
    /// Maximum number of requests per second.
    rate: Option<NonZeroU32>,
    next: AtomicUsize,
    started: Instant,
}

impl Load {
    /// Returns the next request as soon as it is due; `None` at the end.
    async fn next(&self) -> Option<&str> {
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        if let Some(duration) = self.duration {
            let request = &self.requests[index % self.requests.len()];
            return (self.started.elapsed() < duration).then_some(request);
        }
        let request = self.requests.get(index)?;
        if let Some(rate) = self.rate {
            sleep_until(self.started + Duration::from_secs(index as u64) / rate.get()).await;
        }
        Some(request)
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (connections, load) = match &arguments[..] {
        ["get", address, connections, seconds, key, file] => {
            (connections, get(address, seconds.parse()?, key, file)?)
        }
        ["post", address, connections, count, users, seed, rate, secret, files @ ..] => {
            let payloads: Vec<Value> =
                files.iter().map(|file| read_json(file)).collect::<Result<_, _>>()?;
            let deliveries = Deliveries { payloads, users: users.parse()?, seed: seed.parse()? };
            let requests = deliveries.requests(address, count.parse()?, secret)?;
            (connections, load(address, requests, None, NonZeroU32::new(rate.parse()?)))
        }
        _ => return Err("usage: load get|post …; the arguments are in benches/load.rs".into()),
    };
    let load = Arc::new(load);
    let mut workers = JoinSet::new();
    for _ in 0..connections.parse()? {
        workers.spawn(work(Arc::clone(&load)));
    }
    let mut times = Vec::new();
    while let Some(part) = workers.join_next().await {
        times.extend(part??);
    }
    let elapsed = load.started.elapsed().as_millis().max(1);
    if times.is_empty() {
        return Err("there is nothing to send".into());
    }
    times.sort_unstable();
    let percentile = |percent: usize| times[(times.len() - 1) * percent / 100].as_micros();
    let rate = 1000 * times.len() as u128 / elapsed;
    writeln!(stdout(), "{rate} {} {}", percentile(50), percentile(99))?;
    Ok(())
}

fn load(
    address: &str,
    requests: Vec<String>,
    duration: Option<Duration>,
    rate: Option<NonZeroU32>,
) -> Load {
    let (address, next, started) = (address.to_owned(), AtomicUsize::new(0), Instant::now());
    Load { address, requests, duration, rate, next, started }
}

/// Prepares GET requests of the paths in a file.
fn get(address: &str, seconds: f64, key: &str, file: &str) -> Result<Load, Failure> {
    let paths = fs::read_to_string(file)?;
    let request = |path| {
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\r\n")
    };
    let requests = paths.lines().map(request).collect();
    Ok(load(address, requests, Some(Duration::from_secs_f64(seconds)), None))
}

fn read_json(file: &str) -> Result<Value, Failure> {
    Ok(serde_json::from_slice(&fs::read(file)?)?)
}

/// Webhook deliveries of new events, made from a few payloads.
struct Deliveries {
    payloads: Vec<Value>,
    /// Number of users that the events are about.
    users: usize,
    /// Number that is a part of every message ID.
    seed: u16,
}

impl Deliveries {
    /// Prepares signed POST requests.
    fn requests(&self, address: &str, count: usize, secret: &str) -> Result<Vec<String>, Failure> {
        let signer = signer(secret)?;
        let seconds = Clock::system().now().div_euclid(1000);
        let request = |index: usize| {
            let (id, body) = self.message(index);
            let signature = signer.sign(&id, seconds, body.as_bytes())?;
            Ok(format!(
                "POST /webhooks/clerk HTTP/1.1\r\nHost: {address}\r\n\
                 Content-Type: application/json\r\n\
                 svix-id: {id}\r\nsvix-timestamp: {seconds}\r\nsvix-signature: {signature}\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                body.len()
            ))
        };
        (0..count).map(request).collect()
    }

    /// Returns the ID and the body of a message. Later messages have greater IDs, as with Svix.
    fn message(&self, index: usize) -> (String, String) {
        let turn = index / self.payloads.len();
        let users_per_turn = self.payloads.iter().map(user_id).collect::<HashSet<_>>().len();
        let user_turns = (self.users / users_per_turn).max(1);
        let user_turn = turn % user_turns;
        let organization = user_turn % (user_turns / MEMBERS).max(1);
        let mut body = self.payloads[index % self.payloads.len()].clone();
        rename(&mut body, "", &Numbers { turn, user_turn, organization }, turn);
        (format!("msg_{turn:08x}{:04x}{index:08x}", self.seed), body.to_string())
    }
}

/// Returns the user that an event of a user, session or membership is about, or the organization.
fn user_id(payload: &Value) -> Option<&str> {
    let data = &payload["data"];
    let member = &data["public_user_data"];
    [&data["user_id"], &member["user_id"], &data["id"]].into_iter().find_map(Value::as_str)
}

/// Members of one organization.
const MEMBERS: usize = 20;

/// Numbers that make the IDs of a payload new.
struct Numbers {
    /// Number of the session or membership.
    turn: usize,
    /// Number of the user.
    user_turn: usize,
    /// Number of the organization.
    organization: usize,
}

/// Makes a payload new: appends numbers to its IDs, and to the user's name and addresses. Times move
/// by `seconds`, so that later events of an object are newer. Times in lists stay, because the
/// addresses and accounts of a user do not change.
fn rename(value: &mut Value, key: &str, numbers: &Numbers, seconds: usize) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields.iter_mut().filter(|(key, _)| !key.ends_with("_metadata")) {
                rename(field, key, numbers, seconds);
            }
        }
        Value::Array(items) => {
            for item in items {
                rename(item, key, numbers, 0);
            }
        }
        Value::String(text) if text.starts_with("sess_") || text.starts_with("orgmem_") => {
            *text = format!("{text}p{}", numbers.turn);
        }
        Value::String(text) if text.starts_with("org_") => {
            *text = format!("{text}p{}", numbers.organization);
        }
        Value::String(text) if text.starts_with("user_") || key == "username" => {
            *text = format!("{text}p{}", numbers.user_turn);
        }
        Value::String(text) if key == "email_address" => {
            *text = text.replacen('@', &format!("p{}@", numbers.user_turn), 1);
        }
        Value::Number(_) if key == "timestamp" || key.ends_with("_at") => {
            if let Some(time) = value.as_u64().filter(|time| *time > 0) {
                *value = (time + 1000 * seconds as u64).into();
            }
        }
        _ => {}
    }
}

/// Sends requests over one connection, one at a time, and returns the response times.
async fn work(load: Arc<Load>) -> Result<Vec<Duration>, Failure> {
    let stream = TcpStream::connect(&load.address).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::with_capacity(64 * 1024, stream);
    let mut times = Vec::new();
    while let Some(request) = load.next().await {
        let sent = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        read_response(&mut stream).await?;
        times.push(sent.elapsed());
    }
    Ok(times)
}

async fn read_response(stream: &mut BufReader<TcpStream>) -> Result<(), Failure> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    if !line.starts_with("HTTP/1.1 2") {
        return Err(format!("unexpected response: {line:?}").into());
    }
    let mut length = None;
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = Some(value.trim().parse()?);
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length.ok_or("a response has no Content-Length")?];
    stream.read_exact(&mut body).await?;
    Ok(())
}
