//! Closes connections without active requests.
//!
//! The HTTP server has a timeout only for the first request head of a connection, and it reads
//! unwanted chunked bodies without a limit. This module covers both cases.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    error::Error,
    net::Shutdown,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Extensions, Payload, ServiceRequest},
    http::header::TRANSFER_ENCODING,
    rt::{self, net::TcpStream},
    web::Bytes,
};
use futures_util::{Stream, stream::poll_fn};
use socket2::{SockRef, Socket};
use tokio::time::{Instant, sleep_until};
use tokio_util::task::AbortOnDropHandle;

/// Activity of a connection.
struct Connection {
    /// Number of requests whose response is not completely sent.
    active_requests: Cell<usize>,
    idle_since: Cell<Instant>,
}

/// Marks a request as active until it is dropped.
pub(super) struct ActiveRequest(Rc<Connection>);

/// Response body that keeps values alive until it is sent.
pub(super) struct GuardedBody {
    body: BoxBody,
    _active: Option<ActiveRequest>,
    _unread: Option<Rc<RefCell<Payload>>>,
}

/// Closes a new connection when it has had no active request for the time `limit`, also if data
/// arrives.
#[expect(clippy::disallowed_methods, reason = "the task ends with its connection")]
pub fn close_when_idle(io: &dyn Any, data: &mut Extensions, limit: Duration) {
    // Duplicating the socket fails only if the process has too many open files.
    let Some(stream) = io.downcast_ref::<TcpStream>() else { return };
    let Ok(socket) = SockRef::from(stream).try_clone() else { return };
    let now = Instant::now();
    let connection =
        Rc::new(Connection { active_requests: Cell::new(0), idle_since: Cell::new(now) });
    let task = rt::spawn(shut_down_when_idle(socket, Rc::clone(&connection), limit));
    data.insert(connection);
    data.insert(AbortOnDropHandle::new(task));
}

async fn shut_down_when_idle(socket: Socket, connection: Rc<Connection>, limit: Duration) {
    loop {
        let since = match connection.active_requests.get() {
            0 => connection.idle_since.get(),
            _ => Instant::now(),
        };
        sleep_until(since + limit).await;
        let is_idle = connection.active_requests.get() == 0 && connection.idle_since.get() == since;
        // For a client that reads a response slowly, the timeout of the operating system applies.
        if is_idle && is_writable(&socket).await && connection.idle_since.get() == since {
            break;
        }
    }
    socket.shutdown(Shutdown::Both).ok();
}

/// Waits until the send buffer of the operating system accepts more data. Returns false if this
/// cannot be determined.
async fn is_writable(socket: &Socket) -> bool {
    let Ok(socket) = socket.try_clone() else { return false };
    let Ok(stream) = TcpStream::from_std(socket.into()) else { return false };
    stream.writable().await.is_ok()
}

impl ActiveRequest {
    /// Marks a request as active. The result must be kept until the response is sent.
    pub(super) fn begin(request: &ServiceRequest) -> Option<Self> {
        let connection = Rc::clone(request.conn_data::<Rc<Connection>>()?);
        connection.active_requests.update(|count| count + 1);
        Some(Self(connection))
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.0.active_requests.update(|count| count - 1);
        self.0.idle_since.set(Instant::now());
    }
}

/// Returns the body of a chunked request. The handler can still read it.
///
/// While the returned value is alive and the body is not read to its end, the server closes the
/// connection after the response. Otherwise it would search for the end of the body.
pub(super) fn guard_chunked_body(request: &mut ServiceRequest) -> Option<Rc<RefCell<Payload>>> {
    if !request.headers().contains_key(TRANSFER_ENCODING) {
        return None;
    }
    let guarded = Rc::new(RefCell::new(request.take_payload()));
    let chunks = Rc::clone(&guarded);
    let chunks = poll_fn(move |cx| Pin::new(&mut *chunks.borrow_mut()).poll_next(cx));
    request.set_payload(Payload::Stream { payload: Box::pin(chunks) });
    Some(guarded)
}

impl GuardedBody {
    /// Wraps a body with the values to keep until it is sent.
    pub(super) fn wrap(
        body: BoxBody,
        active: Option<ActiveRequest>,
        unread: Option<Rc<RefCell<Payload>>>,
    ) -> BoxBody {
        BoxBody::new(Self { body, _active: active, _unread: unread })
    }
}

impl MessageBody for GuardedBody {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
