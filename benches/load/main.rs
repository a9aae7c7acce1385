//! Load generator of the benchmarks: sends prepared HTTP requests and measures their latencies.
//!
//! It writes to plain sockets, because it runs on the same cores as the server and a client library
//! would take processor time from it. For the same reason it builds and signs all requests before
//! it sends the first one.
//!
//! ```text
//! load get HOST:PORT CONNECTIONS SECONDS KEY FILE
//! load post HOST:PORT CONNECTIONS COUNT USERS FIRST NAMES RATE SECRET FILE…
//! ```
//!
//! `get` requests the paths in FILE, one per line, again and again for SECONDS.
//!
//! `post` sends COUNT signed webhook deliveries. The payloads in the files take turns; every turn
//! is about other users, until there are USERS of them. FIRST is the number of the first event: 0,
//! or the sum of the earlier COUNTs. NAMES is `changing` (each event of a user has another name) or
//! `steady`.
//!
//! If RATE is 0, `post` is a closed loop: each connection sends its next request after the
//! response, and a slow server gets fewer requests. Otherwise it is an open loop: RATE requests per
//! second arrive at fixed times, and a free connection sends the next one that has arrived. If no
//! connection is free, the request waits. Its latency counts from its planned arrival and includes
//! the wait, so that a server that stalls does not get better latencies.
//!
//! Every response must have a 2xx status.
//!
//! Prints `PER_SECOND P50 P99 P999 IDLE`: requests per second; the median, the 99th and the 99.9th
//! percentile of the latencies in microseconds; and the percentage of the time in which the cores of
//! the machine were idle.

use std::{
    error::Error,
    fs,
    io::{Write, stderr, stdout},
    num::NonZeroU32,
    sync::Arc,
    thread,
    time::Duration,
};

use serde_json::Value;
use tokio::task::JoinSet;

mod connection;
mod core_time;
mod deliveries;
mod schedule;

use self::{
    core_time::CoreTime,
    deliveries::{Deliveries, unify_users},
    schedule::{MAX_CONNECTIONS, Pace, Schedule},
};

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (address, connections, requests, pace) = match &arguments[..] {
        ["get", address, connections, seconds, key, file] => {
            let duration = Duration::from_secs_f64(seconds.parse()?);
            (address, connections, get(address, key, file)?, Pace::Repeat(duration))
        }
        ["post", address, connections, count, users, first, names, rate, secret, files @ ..] => {
            let mut payloads =
                files.iter().map(|file| read_json(file)).collect::<Result<Vec<_>, _>>()?;
            unify_users(&mut payloads);
            let deliveries = Deliveries {
                payloads,
                users: users.parse()?,
                first: first.parse()?,
                changes_names: match *names {
                    "changing" => true,
                    "steady" => false,
                    _ => return Err(format!("NAMES is changing or steady, not {names}").into()),
                },
            };
            let requests = deliveries.requests(address, count.parse()?, secret)?;
            (address, connections, requests, pace(rate.parse()?))
        }
        _ => return Err("usage: load get|post …; the arguments are in benches/load/main.rs".into()),
    };
    let connections = connections.parse::<usize>()?.min(MAX_CONNECTIONS);
    if requests.is_empty() {
        return Err("there is nothing to send".into());
    }
    let schedule = Arc::new(Schedule::new(requests, pace));
    let before = CoreTime::now()?;
    let latencies = run(&schedule, address, connections).await?;
    let idle = before.idle_percent(CoreTime::now()?);
    report(&schedule, latencies, idle)
}

fn pace(rate: u32) -> Pace {
    NonZeroU32::new(rate).map_or(Pace::Closed, Pace::Open)
}

/// Prepares GET requests of the paths in a file.
fn get(address: &str, key: &str, file: &str) -> Result<Vec<String>, Failure> {
    let request = |path| {
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\r\n")
    };
    Ok(fs::read_to_string(file)?.lines().map(request).collect())
}

fn read_json(file: &str) -> Result<Value, Failure> {
    Ok(serde_json::from_slice(&fs::read(file)?)?)
}

/// Sends the requests and returns their latencies.
async fn run(
    schedule: &Arc<Schedule>,
    address: &str,
    connections: usize,
) -> Result<Vec<Duration>, Failure> {
    let mut senders = JoinSet::new();
    for _ in 0..connections {
        senders.spawn(connection::send_all(address.to_owned(), Arc::clone(schedule)));
    }
    let released = Arc::clone(schedule);
    // If a sender fails, the thread ends with the process.
    thread::spawn(move || released.release());
    let mut latencies = Vec::new();
    while let Some(part) = senders.join_next().await {
        latencies.extend(part??);
    }
    Ok(latencies)
}

/// Prints the rate, the percentiles and the idle time.
fn report(schedule: &Schedule, mut latencies: Vec<Duration>, idle: u64) -> Result<(), Failure> {
    let rate = schedule.rate(latencies.len());
    latencies.sort_unstable();
    let last = latencies.len().checked_sub(1).ok_or("there was no time to send a request")?;
    let percentile = |permille: usize| latencies[last * permille / 1000].as_micros();
    if let Some(planned) = schedule.planned_rate().filter(|it| rate * 20 < u128::from(*it) * 19) {
        writeln!(stderr(), "the server kept up with {rate} of {planned} requests per second")?;
    }
    let (p50, p99, p999) = (percentile(500), percentile(990), percentile(999));
    writeln!(stdout(), "{rate} {p50} {p99} {p999} {idle}")?;
    Ok(())
}
