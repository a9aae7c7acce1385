//! A connection of bytes: what no HTTP client sends, and what comes back.

use std::{io, time::Duration};

use futures_util::future::join;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use super::PATIENCE;
use crate::harness::{Delivery, Process};

/// Between two pieces of what has no end: others want something of the machine too.
const PAUSE: Duration = Duration::from_millis(2);

/// One connection to a service.
pub(super) struct Raw(TcpStream);

impl Raw {
    pub(super) async fn open(process: &Process) -> Self {
        Self::at(process.url.trim_start_matches("http://")).await
    }

    pub(super) async fn at(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    /// One that has room for little of what comes, until it is read.
    pub(super) async fn narrow(process: &Process) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(8_192).unwrap();
        let address = process.url.trim_start_matches("http://").parse().unwrap();
        Self(socket.connect(address).await.unwrap())
    }

    /// Fails where the service has hung up.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let sent = timeout(PATIENCE, self.0.write_all(bytes)).await;
        sent.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Sends no more, and reads to the end.
    pub(super) async fn end(mut self) -> String {
        // Where the service has hung up already there is nothing left to end.
        drop(self.0.shutdown().await);
        self.rest().await
    }

    /// Reads until the service hangs up, politely or not.
    pub(super) async fn rest(&mut self) -> String {
        timeout(PATIENCE, self.until_closed()).await.expect("it hangs up")
    }

    /// Whether the service hangs up meanwhile. What it says is not listened to.
    pub(super) async fn is_closed_within(&mut self, time: Duration) -> bool {
        timeout(time, self.until_closed()).await.is_ok()
    }

    /// Sends the same for ever, and listens, until the service hangs up; what it said.
    pub(super) async fn pour(mut self, more: &[u8]) -> String {
        let (mut said, mut poured) = self.0.split();
        let pouring = async {
            while poured.write_all(more).await.is_ok() {
                sleep(PAUSE).await;
            }
        };
        let both = join(until_closed(&mut said), pouring);
        timeout(PATIENCE, both).await.expect("it hangs up").0
    }

    async fn until_closed(&mut self) -> String {
        until_closed(&mut self.0).await
    }
}

async fn until_closed(mut stream: impl AsyncRead + Unpin) -> String {
    let (mut all, mut bytes) = (Vec::new(), vec![0; 65_536]);
    while let Ok(count @ 1..) = stream.read(&mut bytes).await {
        all.extend_from_slice(&bytes[..count]);
    }
    String::from_utf8(all).unwrap()
}

/// The head of a request that carries a delivery, up to where its own lines would come.
pub(super) fn head(delivery: &Delivery) -> String {
    let Delivery { id, timestamp, signature, .. } = delivery;
    format!(
        "POST /webhooks/clerk HTTP/1.1\r\nHost: x\r\nsvix-id: {id}\r\n\
         svix-timestamp: {timestamp}\r\nsvix-signature: {signature}\r\n",
    )
}

/// A body in chunks of a size.
pub(super) fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut all = Vec::with_capacity(body.len() * 2);
    for chunk in body.chunks(size).chain([&[][..]]) {
        all.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        all.extend_from_slice(chunk);
        all.extend_from_slice(b"\r\n");
    }
    all
}

/// The answers that stand one after the other, by their status, with their bodies. Interim ones do
/// not count.
pub(super) fn answers(mut text: &str) -> Vec<(u16, &str)> {
    let mut answers = Vec::new();
    while !text.is_empty() {
        let (head, rest) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("half: {text:?}"));
        let status = head.strip_prefix("HTTP/1.1 ").unwrap_or_else(|| panic!("no head: {head:?}"));
        let status: u16 = status[..3].parse().unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let (body, after) = rest.split_at(length.map_or(0, |length| length.parse().unwrap()));
        if status >= 200 {
            answers.push((status, body));
        }
        text = after;
    }
    answers
}
