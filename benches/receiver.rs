//! Receiver of pushed messages for the benchmarks.
//!
//! It writes to plain sockets, because it runs on the same cores as the service.
//!
//! ```text
//! receiver HOST:PORT
//! ```
//!
//! Messages to `/hang` are not answered, and all others are accepted. `GET /count` returns the number
//! of accepted messages.

use std::{
    env, io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let address = env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address).await?;
    let accepted = Arc::new(AtomicU64::new(0));
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        let accepted = Arc::clone(&accepted);
        connections.spawn(async move { serve(stream, &accepted).await.ok() });
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, accepted: &AtomicU64) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut line, mut body) = (String::new(), Vec::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let (is_count, hangs) = (line.starts_with("GET"), line.contains(" /hang "));
        let mut length = 0;
        loop {
            line.clear();
            stream.read_line(&mut line).await?;
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or_default();
            }
        }
        body.resize(length, 0);
        stream.read_exact(&mut body).await?;
        if hangs {
            std::future::pending::<()>().await;
        }
        let answer = match is_count {
            true => accepted.load(Ordering::Relaxed),
            false => accepted.fetch_add(1, Ordering::Relaxed) + 1,
        };
        let answer = answer.to_string();
        let response =
            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{answer}", answer.len());
        stream.get_mut().write_all(response.as_bytes()).await?;
    }
}
