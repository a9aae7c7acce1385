//! What a client of PostgreSQL sends, in the pieces that are answered.

use std::io;

use tokio::{io::AsyncReadExt, net::TcpStream};

/// The version of the protocol, with which the conversation begins.
const PROTOCOL: u32 = 3 << 16;

/// The number that stands in its place where TLS is asked for.
const TLS: u32 = 80_877_103;

/// How every transaction of the writer's begins, and how it ends.
const BEGIN: &[u8] = b"BEGIN ISOLATION LEVEL READ COMMITTED\0";
const COMMIT: &[u8] = b"COMMIT\0";

/// What has come of them so far.
#[derive(Default)]
pub(super) struct Requests {
    bytes: Vec<u8>,
    /// The conversation has begun: from then on each message says what kind it is of.
    begun: bool,
    /// How many there were of a transaction, while there is one.
    of_transaction: usize,
}

/// Messages up to one that the server answers.
pub(super) struct Request {
    pub(super) bytes: Vec<u8>,
    /// Before everything else: the line does not speak TLS, and says so itself.
    pub(super) asks_for_tls: bool,
    /// Its number in the transaction, from 1 on; 0 outside of any.
    pub(super) at: usize,
    /// It commits the transaction.
    pub(super) ends: bool,
}

impl Requests {
    /// Takes in what has come. Nothing is lost where this is given up.
    pub(super) async fn read(&mut self, near: &mut TcpStream) -> io::Result<usize> {
        self.bytes.reserve(65_536);
        near.read_buf(&mut self.bytes).await
    }

    /// The next that is there as a whole.
    pub(super) fn next(&mut self) -> Option<Request> {
        if !self.begun {
            let end = number(&self.bytes)?;
            let code = number(self.bytes.get(4..)?)?;
            let message = self.take(end as usize)?;
            self.begun = code == PROTOCOL;
            let asks_for_tls = code == TLS;
            let bytes = if asks_for_tls { b"N".to_vec() } else { message };
            return Some(Request { bytes, asks_for_tls, at: 0, ends: false });
        }
        let (mut at, mut answered) = (0, false);
        while !answered {
            // A simple query, a Sync, a password, a farewell.
            answered = b"QSpX".contains(self.bytes.get(at)?);
            at += 1 + number(self.bytes.get(at + 1..)?)? as usize;
        }
        let bytes = self.take(at)?;
        if bytes.ends_with(BEGIN) {
            self.of_transaction = 1;
        } else if self.of_transaction > 0 {
            self.of_transaction += 1;
        }
        let (at, ends) = (self.of_transaction, bytes.ends_with(COMMIT));
        if ends || bytes.ends_with(b"ROLLBACK\0") {
            self.of_transaction = 0;
        }
        Some(Request { bytes, asks_for_tls: false, at, ends })
    }

    fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        (self.bytes.len() >= count).then(|| self.bytes.drain(..count).collect())
    }
}

/// The number that stands at the beginning.
fn number(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.first_chunk()?))
}
