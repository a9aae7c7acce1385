//! TCP connection for requests that no HTTP client sends, and the parsing of the responses.

use std::{io, time::Duration};

use futures_util::future::join;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use crate::harness::{Delivery, Process, TEST_TIMEOUT};

/// Pause between two parts of an endless request, so that other tests get CPU time.
const PAUSE: Duration = Duration::from_millis(2);

/// TCP connection to a service.
pub(super) struct RawConnection(TcpStream);

impl RawConnection {
    pub(super) async fn open(process: &Process) -> Self {
        Self::connect(process.url.trim_start_matches("http://")).await
    }

    pub(super) async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    /// Opens a connection with a small receive buffer.
    pub(super) async fn with_small_buffer(process: &Process) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(8_192).unwrap();
        let address = process.url.trim_start_matches("http://").parse().unwrap();
        Self(socket.connect(address).await.unwrap())
    }

    /// Sends bytes. Returns an error if the service has closed the connection.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let sent = timeout(TEST_TIMEOUT, self.0.write_all(bytes)).await;
        sent.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    /// Closes the sending half, and returns everything that the service sends.
    pub(super) async fn finish(mut self) -> String {
        // Ignores errors: the service may have closed the connection already.
        drop(self.0.shutdown().await);
        self.read_to_end().await
    }

    /// Returns everything that the service sends until it closes or resets the connection.
    pub(super) async fn read_to_end(&mut self) -> String {
        timeout(TEST_TIMEOUT, self.read_until_closed())
            .await
            .expect("the service closes the connection")
    }

    /// Returns whether the service has sent something, or has closed the connection.
    pub(super) async fn is_readable(&self) -> bool {
        let mut byte = [0];
        timeout(Duration::from_millis(1), self.0.peek(&mut byte)).await.is_ok()
    }

    /// Returns whether the service closes the connection within a time. Discards what it sends.
    pub(super) async fn is_closed_within(&mut self, time: Duration) -> bool {
        timeout(time, self.read_until_closed()).await.is_ok()
    }

    /// Sends the same bytes again and again until the service closes the connection. Returns what
    /// it sent meanwhile.
    pub(super) async fn send_forever(mut self, bytes: &[u8]) -> String {
        let (mut reader, mut writer) = self.0.split();
        let writing = async {
            while writer.write_all(bytes).await.is_ok() {
                sleep(PAUSE).await;
            }
        };
        let both = join(read_until_closed(&mut reader), writing);
        timeout(TEST_TIMEOUT, both).await.expect("the service closes the connection").0
    }

    async fn read_until_closed(&mut self) -> String {
        read_until_closed(&mut self.0).await
    }
}

async fn read_until_closed(mut stream: impl AsyncRead + Unpin) -> String {
    let (mut all, mut bytes) = (Vec::new(), vec![0; 65_536]);
    while let Ok(count @ 1..) = stream.read(&mut bytes).await {
        all.extend_from_slice(&bytes[..count]);
    }
    String::from_utf8(all).unwrap()
}

/// Returns the head of a delivery request without its last lines, which describe the body.
pub(super) fn head(delivery: &Delivery) -> String {
    let Delivery { id, timestamp, signature, .. } = delivery;
    format!(
        "POST /webhooks/clerk HTTP/1.1\r\nHost: x\r\nsvix-id: {id}\r\n\
         svix-timestamp: {timestamp}\r\nsvix-signature: {signature}\r\n",
    )
}

/// Encodes a body in chunks of a size (`Transfer-Encoding: chunked`).
pub(super) fn chunked(body: &[u8], size: usize) -> Vec<u8> {
    let mut all = Vec::with_capacity(body.len() * 2);
    for chunk in body.chunks(size).chain([&[][..]]) {
        all.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        all.extend_from_slice(chunk);
        all.extend_from_slice(b"\r\n");
    }
    all
}

/// Parses consecutive responses into status and body. Skips interim responses (1xx).
pub(super) fn responses(mut text: &str) -> Vec<(u16, &str)> {
    let mut responses = Vec::new();
    while !text.is_empty() {
        let (head, rest) =
            text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("incomplete: {text:?}"));
        let status = head.strip_prefix("HTTP/1.1 ").unwrap_or_else(|| panic!("no head: {head:?}"));
        let status: u16 = status[..3].parse().unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let (body, remaining) = rest.split_at(length.map_or(0, |length| length.parse().unwrap()));
        if status >= 200 {
            responses.push((status, body));
        }
        text = remaining;
    }
    responses
}
