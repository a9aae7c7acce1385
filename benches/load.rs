//! Asks a server for paths, over and over, and tells how fast it answered: the reading side of
//! `benches/reads`. Plain sockets: what a client library takes would be taken from the server, which
//! runs on the same cores.
//!
//! Usage: load HOST:PORT CONNECTIONS SECONDS KEY FILE, which has a path on each line. Prints
//! `per_second p50 p99`, the latter two in microseconds.

use std::{
    error::Error,
    io::{Write, stdout},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    task::JoinSet,
    time::Instant,
};

type Failure = Box<dyn Error + Send + Sync>;

/// What is asked for, and by whom.
struct Load {
    address: String,
    key: String,
    paths: Vec<String>,
    next: AtomicUsize,
    end: Instant,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().collect();
    let [_, address, connections, seconds, key, file] = &words[..] else {
        return Err("usage: load HOST:PORT CONNECTIONS SECONDS KEY FILE".into());
    };
    let (connections, seconds): (usize, f64) = (connections.parse()?, seconds.parse()?);
    let paths: Vec<_> = std::fs::read_to_string(file)?.lines().map(str::to_owned).collect();
    let began = Instant::now();
    let load = Arc::new(Load {
        address: address.clone(),
        key: key.clone(),
        paths,
        next: AtomicUsize::new(0),
        end: began + Duration::from_secs_f64(seconds),
    });
    let mut workers = JoinSet::new();
    for _ in 0..connections {
        workers.spawn(ask(Arc::clone(&load)));
    }
    let mut took = Vec::new();
    while let Some(part) = workers.join_next().await {
        took.extend(part??);
    }
    took.sort_unstable();
    let rate = 1000 * took.len() as u128 / began.elapsed().as_millis();
    let at = |share: usize| took[(took.len() - 1) * share / 100].as_micros();
    writeln!(stdout(), "{rate} {} {}", at(50), at(99))?;
    Ok(())
}

/// One connection, one request at a time: how long each took.
async fn ask(load: Arc<Load>) -> Result<Vec<Duration>, Failure> {
    let stream = TcpStream::connect(&load.address).await?;
    stream.set_nodelay(true)?;
    let mut stream = BufReader::with_capacity(64 * 1024, stream);
    let (mut took, mut line, mut body) = (Vec::new(), String::new(), Vec::new());
    while Instant::now() < load.end {
        let path = &load.paths[load.next.fetch_add(1, Ordering::Relaxed) % load.paths.len()];
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n",
            load.address, load.key
        );
        let began = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        line.clear();
        stream.read_line(&mut line).await?;
        if !line.starts_with("HTTP/1.1 200") {
            return Err(format!("{path}: {line}").into());
        }
        let mut length = 0;
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse()?;
                }
                Some(_) => {}
                None => break,
            }
        }
        body.resize(length, 0);
        stream.read_exact(&mut body).await?;
        took.push(began.elapsed());
    }
    Ok(took)
}
