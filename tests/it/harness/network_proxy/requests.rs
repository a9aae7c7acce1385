//! Parser for the messages of a PostgreSQL client, in the units that the server answers.

use std::io;

use tokio::{io::AsyncReadExt, net::TcpStream};

/// Protocol version in the first message of a connection.
const PROTOCOL: u32 = 3 << 16;

/// Code in place of the protocol version that requests TLS.
const TLS: u32 = 80_877_103;

/// First and last statement of every transaction of the writer. The settings of the transaction
/// follow the first one. Transactions that only read begin differently.
const BEGIN: &[u8] = b"BEGIN ISOLATION LEVEL READ COMMITTED;";
const COMMIT: &[u8] = b"COMMIT\0";

/// Received bytes that do not form a complete request yet, and the state of the connection.
#[derive(Default)]
pub(super) struct Requests {
    bytes: Vec<u8>,
    /// The startup message has been read. After it, each message begins with its type.
    started: bool,
    /// Number of requests in the open transaction, or 0 without a transaction.
    in_transaction: usize,
}

/// Messages up to and including one that the server answers.
pub(super) struct Request {
    pub(super) bytes: Vec<u8>,
    /// The client requests TLS. The proxy rejects this itself, and `bytes` is its response.
    pub(super) asks_for_tls: bool,
    /// Number of the request in its transaction, from 1, or 0 outside of a transaction.
    pub(super) at: usize,
    /// The request commits the transaction.
    pub(super) commits: bool,
}

impl Requests {
    /// Reads bytes from the client.
    ///
    /// # Cancel safety
    ///
    /// Bytes that were read stay in the buffer if the future is dropped.
    pub(super) async fn read(&mut self, client: &mut TcpStream) -> io::Result<usize> {
        self.bytes.reserve(65_536);
        client.read_buf(&mut self.bytes).await
    }

    /// Returns the next complete request.
    pub(super) fn next(&mut self) -> Option<Request> {
        if !self.started {
            let end = read_number(&self.bytes)?;
            let code = read_number(self.bytes.get(4..)?)?;
            let message = self.take(end as usize)?;
            self.started = code == PROTOCOL;
            let asks_for_tls = code == TLS;
            let bytes = if asks_for_tls { b"N".to_vec() } else { message };
            return Some(Request { bytes, asks_for_tls, at: 0, commits: false });
        }
        let (mut end, mut is_answered) = (0, false);
        while !is_answered {
            // Query, Sync, password and Terminate.
            is_answered = b"QSpX".contains(self.bytes.get(end)?);
            end += 1 + read_number(self.bytes.get(end + 1..)?)? as usize;
        }
        let bytes = self.take(end)?;
        if bytes.windows(BEGIN.len()).any(|it| it == BEGIN) {
            self.in_transaction = 1;
        } else if self.in_transaction > 0 {
            self.in_transaction += 1;
        }
        let (at, commits) = (self.in_transaction, bytes.ends_with(COMMIT));
        if commits || bytes.ends_with(b"ROLLBACK\0") {
            self.in_transaction = 0;
        }
        Some(Request { bytes, asks_for_tls: false, at, commits })
    }

    fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        (self.bytes.len() >= count).then(|| self.bytes.drain(..count).collect())
    }
}

/// Reads the big-endian number at the beginning.
fn read_number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.first_chunk()?))
}
