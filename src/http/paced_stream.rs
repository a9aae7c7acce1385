//! Stream that limits what one connection has open.
//!
//! The HTTP library decodes all requests that it has read, and each waits in memory as a decoded
//! request of some kilobytes. This stream hands over one request, with its body, and pauses while
//! the request is handled and does not wait for its body. Bytes that are not read stay in the
//! socket, whose window stops the sender. Where a read ends has no effect on the meaning of the
//! bytes.
//!
//! A part of a later head must not be handed over while a request is handled: with it, the library
//! closes the connection after the response, if a read then gets nothing.
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
    /// Whether the sender has closed its side. The library notices after the rest.
    is_ended: bool,
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
            is_ended: false,
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
            if self.is_ended {
                return Poll::Ready(Ok(&[]));
            }
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

    /// Reads ahead into the rest, so that a closed connection is noticed while reading is paused.
    fn poll_read_ahead(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.rest.len() < MAX_READ && !self.is_ended {
            let mut buffer = [0; 512];
            let mut unfilled = ReadBuf::new(&mut buffer);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut unfilled))?;
            self.is_ended = unfilled.filled().is_empty();
            self.rest.extend_from_slice(unfilled.filled());
        }
        Poll::Ready(Ok(()))
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
        if this.connection.is_reading_paused() {
            this.connection.wake_when_reading(cx.waker());
            match this.poll_read_ahead(cx) {
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Ready(Ok(())) if this.is_ended && this.rest.is_empty() => {
                    return Poll::Ready(Ok(()));
                }
                _ => return Poll::Pending,
            }
        }
        let length = out.remaining().min(MAX_READ);
        let buffer = out.initialize_unfilled_to(length);
        let bytes = ready!(this.poll_fill(cx, buffer))?;
        let (mut length, has_head) = this.heads.first_request(bytes, !this.connection.is_active());
        this.keep(&bytes[length..]);
        this.is_decoding = true;
        if this.is_head_too_large(length, has_head) {
            buffer[0] = INVALID;
            length = 1;
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
    /// Length of the body in the current head.
    content_length: usize,
    /// Number of bytes of the current body that are still to come.
    body_left: usize,
}

impl HeadEnds {
    /// Returns the number of bytes that complete at most one head with its body, and whether they
    /// complete a head. If `is_idle`, no request is handled, so that the bytes are no body.
    fn first_request(&mut self, bytes: &[u8], is_idle: bool) -> (usize, bool) {
        if is_idle {
            self.body_left = 0;
        }
        if self.body_left > 0 {
            return (self.take_body(bytes), false);
        }
        let mut line_start = 0;
        for at in memchr_iter(b'\n', bytes) {
            let line = &bytes[line_start..at];
            let is_empty = !self.is_line_begun && is_blank(line);
            // A line that began in an earlier read is not examined. Then the body is read alone.
            if is_idle && !self.is_line_begun {
                self.content_length = content_length(line).unwrap_or(self.content_length);
            }
            line_start = at + 1;
            self.is_line_begun = false;
            let ends_head = is_empty && self.is_head_begun;
            self.is_head_begun = !is_empty || (self.is_head_begun && !ends_head);
            if ends_head {
                self.body_left = std::mem::take(&mut self.content_length);
                return (line_start + self.take_body(&bytes[line_start..]), true);
            }
        }
        self.is_line_begun |= !is_blank(&bytes[line_start..]);
        (bytes.len(), false)
    }

    /// Returns the number of bytes that belong to the current body.
    fn take_body(&mut self, bytes: &[u8]) -> usize {
        let length = self.body_left.min(bytes.len());
        self.body_left -= length;
        length
    }
}

/// Returns the value of a line that is the header `Content-Length`.
fn content_length(line: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let (name, value) = line.split_at_checked(NAME.len())?;
    let is_named = name.eq_ignore_ascii_case(NAME);
    str::from_utf8(value).ok().filter(|_| is_named)?.trim().parse().ok()
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
                let (length, has_head) = heads.first_request(piece, true);
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
        let part = &two[..9];
        assert_reads(&[&format!("{one}{part}")], &[(one, true), (part, false)]);
    }

    #[test]
    fn body_is_read_with_its_head() {
        let two = "GET /2 HTTP/1.1\r\n\r\n";
        let one = "POST /1 HTTP/1.1\r\nCONTENT-length: 6\r\nA: b\r\n\r\nbo\n\n{}";
        assert_reads(&[one], &[(one, true)]);
        assert_reads(&[&format!("{one}{two}")], &[(one, true), (two, true)]);
        let mut heads = HeadEnds::default();
        let (first, second) = one.split_at(one.len() - 3);
        assert_eq!(heads.first_request(first.as_bytes(), true), (first.len(), true));
        let rest = format!("{second}{two}");
        assert_eq!(heads.first_request(rest.as_bytes(), false), (3, false));
        assert_eq!(heads.first_request(two.as_bytes(), true), (two.len(), true));
    }

    #[test]
    fn unread_body_does_not_reach_next_request() {
        let mut heads = HeadEnds::default();
        let head = b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n";
        assert_eq!(heads.first_request(head, true), (head.len(), true));
        let two = "GET /2 HTTP/1.1\r\n\r\n".repeat(2);
        assert_eq!(heads.first_request(two.as_bytes(), true), (two.len() / 2, true));
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
