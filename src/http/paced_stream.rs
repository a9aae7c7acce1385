//! Stream that limits what one connection has open.
//!
//! The HTTP library decodes all requests that it has read, and each waits in memory as a decoded
//! request of some kilobytes. This stream hands over at most one more request per read, and pauses
//! while a request is handled and does not wait for its body. Bytes that are not read stay in the
//! socket, whose window stops the sender. Where a read ends has no effect on the meaning of the
//! bytes.
//!
//! The library buffers a head of up to 128 KiB. This stream ends larger heads than [`MAX_HEAD`].

use std::{
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_web::{dev::Extensions, rt::net::TcpStream};
use memchr::memchr_iter;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connection::{Connection, OpenRequests, close_when_idle};

/// Maximum number of bytes in one read. It is more than most deliveries have, and one page of memory
/// per connection.
const MAX_READ: usize = 4 << 10;

/// Maximum size of the head of a request in bytes.
const MAX_HEAD: usize = 16 << 10;

/// Byte that no head can contain. The library answers it with 400 and closes the connection.
const INVALID: u8 = 0;

/// TCP stream of a connection.
#[derive(Debug)]
pub struct PacedStream {
    stream: TcpStream,
    connection: Rc<Connection>,
    heads: HeadEnds,
    /// Bytes that were read, and belong to a later request.
    rest: Vec<u8>,
    /// Whether the library must decode the last read before it gets another one.
    is_decoding: bool,
    /// Number of bytes that were read ahead while reading is paused. A closed connection is
    /// noticed if this is not the maximum.
    read_ahead: usize,
    /// Number of bytes of the current head that were handed over.
    head: usize,
}

impl PacedStream {
    /// Wraps the stream of a new connection. `open` counts its requests.
    #[must_use]
    pub fn new(stream: TcpStream, open: &OpenRequests) -> Self {
        Self {
            stream,
            connection: Rc::new(Connection::new(open.clone())),
            heads: HeadEnds::default(),
            rest: Vec::new(),
            is_decoding: false,
            read_ahead: 0,
            head: 0,
        }
    }

    /// Prepares the data of the connection, and closes it when it has had no active request for the
    /// time `limit`.
    pub fn close_when_idle(&self, data: &mut Extensions, limit: Duration) {
        close_when_idle(&self.stream, &self.connection, data, limit);
    }

    /// Reads into `buffer`, from the rest or from the socket. Returns the bytes that were read.
    fn poll_fill<'b>(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &'b mut [u8],
    ) -> Poll<io::Result<&'b [u8]>> {
        if self.rest.is_empty() {
            let mut unfilled = ReadBuf::new(buffer);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut unfilled))?;
            let length = unfilled.filled().len();
            return Poll::Ready(Ok(&buffer[..length]));
        }
        let length = self.rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.rest[..length]);
        self.rest.drain(..length);
        Poll::Ready(Ok(&buffer[..length]))
    }

    /// Keeps bytes for a later read, before those that are kept already.
    fn keep(&mut self, bytes: &[u8]) {
        self.rest.splice(..0, bytes.iter().copied());
        if self.rest.is_empty() {
            self.rest = Vec::new();
        }
    }

    /// Counts the bytes of a head. Returns whether it is too large.
    fn is_head_too_large(&mut self, length: usize, has_head: bool) -> bool {
        match self.connection.is_active() || has_head {
            true => self.head = 0,
            false => self.head += length,
        }
        self.head > MAX_HEAD
    }
}

impl AsyncRead for PacedStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if std::mem::take(&mut this.is_decoding) {
            // The library calls again after it has decoded. If nothing else wakes it, this does.
            if !this.rest.is_empty() || this.stream.poll_read_ready(cx).is_ready() {
                cx.waker().wake_by_ref();
            }
            return Poll::Pending;
        }
        let is_paused = this.connection.is_reading_paused();
        if !is_paused {
            this.read_ahead = 0;
        } else if this.read_ahead >= MAX_READ {
            this.connection.wake_when_reading(cx.waker());
            return Poll::Pending;
        }
        let length = out.remaining().min(MAX_READ);
        let buffer = out.initialize_unfilled_to(length);
        let bytes = ready!(this.poll_fill(cx, buffer))?;
        let (mut length, has_head) = this.heads.first_request(bytes);
        this.keep(&bytes[length..]);
        this.is_decoding = true;
        if this.is_head_too_large(length, has_head) {
            buffer[0] = INVALID;
            length = 1;
        }
        if is_paused {
            this.read_ahead += if has_head { MAX_READ } else { length };
        }
        out.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for PacedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Finds the empty lines that end the heads of requests. An empty line in a body counts too, which
/// only makes reads shorter.
#[derive(Debug, Default)]
struct HeadEnds {
    /// Whether the current line has a character.
    is_line_begun: bool,
    /// Whether the current head has a line. Empty lines before a head belong to it.
    is_head_begun: bool,
}

impl HeadEnds {
    /// Returns the number of bytes that complete at most one head, and whether they complete one.
    fn first_request(&mut self, bytes: &[u8]) -> (usize, bool) {
        let (mut first, mut line_start) = (None, 0);
        for at in memchr_iter(b'\n', bytes) {
            let is_empty = !self.is_line_begun && is_blank(&bytes[line_start..at]);
            line_start = at + 1;
            self.is_line_begun = false;
            let ends_head = is_empty && self.is_head_begun;
            self.is_head_begun = !is_empty || (self.is_head_begun && !ends_head);
            match first {
                Some(end) if ends_head => return (end, true),
                None if ends_head => first = Some(line_start),
                _ => {}
            }
        }
        self.is_line_begun |= !is_blank(&bytes[line_start..]);
        (bytes.len(), first.is_some())
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| *byte == b'\r')
}

#[cfg(test)]
mod tests {
    use super::HeadEnds;

    /// Splits bytes that arrive in pieces into reads.
    fn reads(pieces: &[&str]) -> Vec<(String, bool)> {
        let mut heads = HeadEnds::default();
        let mut reads = Vec::new();
        for mut piece in pieces.iter().map(|it| it.as_bytes()) {
            while !piece.is_empty() {
                let (length, has_head) = heads.first_request(piece);
                let (read, rest) = piece.split_at(length);
                reads.push((String::from_utf8_lossy(read).into_owned(), has_head));
                piece = rest;
            }
        }
        reads
    }

    fn assert_reads(pieces: &[&str], expected: &[(&str, bool)]) {
        let expected: Vec<_> = expected.iter().map(|it| (it.0.to_owned(), it.1)).collect();
        assert_eq!(reads(pieces), expected, "{pieces:?}");
    }

    #[test]
    fn read_ends_before_the_second_head_ends() {
        let [one, two] = ["GET /1 HTTP/1.1\r\nA: b\r\n\r\n", "GET /2 HTTP/1.1\r\n\r\n"];
        assert_reads(&[one], &[(one, true)]);
        assert_reads(&[&format!("{one}{two}")], &[(one, true), (two, true)]);
        let three = format!("{one}{two}{two}");
        assert_reads(&[&three], &[(one, true), (two, true), (two, true)]);
        let with_body = format!("{one}body{{}}");
        assert_reads(&[&with_body], &[(&with_body, true)]);
        assert_reads(
            &[&format!("{with_body}{two}")],
            &[(one, true), (&format!("body{{}}{two}"), true)],
        );
    }

    #[test]
    fn empty_line_can_be_split_anywhere() {
        for newline in ["\r\n", "\n"] {
            let head = format!("GET / HTTP/1.1{newline}A: b{newline}{newline}");
            for at in 1..head.len() {
                let (first, second) = head.split_at(at);
                assert_reads(&[first, second], &[(first, false), (second, true)]);
            }
        }
        assert_reads(
            &["a\rb\r\n", "\r", "\n"],
            &[("a\rb\r\n", false), ("\r", false), ("\n", true)],
        );
    }

    #[test]
    fn leading_empty_lines_belong_to_the_head() {
        assert_reads(&["\r\n\r\n\n"], &[("\r\n\r\n\n", false)]);
        let head = "\r\n\r\nGET / HTTP/1.1\r\n\r\n";
        assert_reads(&[head, head], &[(head, true), (head, true)]);
        assert_reads(&[&head.repeat(2)], &[(&head[..head.len()], true), (head, true)]);
    }
}
