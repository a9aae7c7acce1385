//! Activity of a connection: closes connections without active requests, and pauses the reading of
//! the others.
//!
//! The HTTP server has a timeout only for the first request head of a connection, and it reads
//! unwanted chunked bodies without a limit. This module covers both cases.

use std::{
    cell::{Cell, RefCell},
    error::Error,
    net::Shutdown,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use actix_web::{
    HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Extensions, Payload, ServiceRequest},
    http::header::{CONTENT_LENGTH, TRANSFER_ENCODING},
    rt::{self, net::TcpStream},
    web::Bytes,
};
use futures_util::{Stream, stream::poll_fn};
use socket2::{SockRef, Socket};
use tokio::time::{Instant, sleep_until};
use tokio_util::task::AbortOnDropHandle;

/// Number of requests of all connections whose response is not completely sent. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct OpenRequests(Arc<AtomicUsize>);

impl OpenRequests {
    /// Returns the number of open requests.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Activity of a connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// Number of requests whose response is not completely sent.
    active_requests: Cell<usize>,
    idle_since: Cell<Instant>,
    /// Whether a request waits for more of its body.
    awaits_body: Cell<bool>,
    /// Task of the connection, if it has stopped to read.
    paused_task: RefCell<Option<Waker>>,
    open: OpenRequests,
}

impl Connection {
    pub(super) fn new(open: OpenRequests) -> Self {
        Self {
            active_requests: Cell::new(0),
            idle_since: Cell::new(Instant::now()),
            awaits_body: Cell::new(false),
            paused_task: RefCell::new(None),
            open,
        }
    }

    /// Returns whether a request is active.
    pub(super) fn is_active(&self) -> bool {
        self.active_requests.get() > 0
    }

    /// Returns whether a request is active and does not wait for its body, so that further bytes
    /// belong to later requests.
    pub(super) fn is_reading_paused(&self) -> bool {
        self.is_active() && !self.awaits_body.get()
    }

    /// Wakes a task when reading is no longer paused.
    pub(super) fn wake_when_reading(&self, task: &Waker) {
        *self.paused_task.borrow_mut() = Some(task.clone());
    }

    fn set_awaits_body(&self, awaits_body: bool) {
        self.awaits_body.set(awaits_body);
        self.wake_if_reading();
    }

    fn wake_if_reading(&self) {
        if !self.is_reading_paused()
            && let Some(task) = self.paused_task.borrow_mut().take()
        {
            task.wake();
        }
    }
}

/// Marks a request as active until it is dropped.
pub(super) struct ActiveRequest(Rc<Connection>);

/// Response body that keeps values alive until it is sent.
pub(super) struct GuardedBody {
    body: BoxBody,
    _active: Option<ActiveRequest>,
    _unread: Option<Rc<RefCell<Payload>>>,
}

/// Prepares the data of a new connection, and closes the connection when it has had no active
/// request for the time `limit`, also if data arrives.
#[expect(clippy::disallowed_methods, reason = "the task ends with its connection")]
pub(super) fn close_when_idle(
    stream: &TcpStream,
    connection: &Rc<Connection>,
    data: &mut Extensions,
    limit: Duration,
) {
    data.insert(Rc::clone(connection));
    // Duplicating the socket fails only if the process has too many open files.
    let Ok(socket) = SockRef::from(stream).try_clone() else { return };
    let task = rt::spawn(shut_down_when_idle(socket, Rc::clone(connection), limit));
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
        connection.awaits_body.set(false);
        connection.open.0.fetch_add(1, Ordering::Relaxed);
        Some(Self(connection))
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.0.active_requests.update(|count| count - 1);
        self.0.idle_since.set(Instant::now());
        self.0.open.0.fetch_sub(1, Ordering::Relaxed);
        self.0.wake_if_reading();
    }
}

/// Observes the body of a request, so that the connection is read while the handler waits for it.
/// Returns the body if it is chunked. The handler can still read it.
///
/// While the returned value is alive and the body is not read to its end, the server closes the
/// connection after the response. Otherwise it would search for the end of the body.
pub(super) fn guard_body(request: &mut ServiceRequest) -> Option<Rc<RefCell<Payload>>> {
    let is_chunked = request.headers().contains_key(TRANSFER_ENCODING);
    if !is_chunked && !request.headers().contains_key(CONTENT_LENGTH) {
        return None;
    }
    let connection = request.conn_data::<Rc<Connection>>().cloned();
    let guarded = Rc::new(RefCell::new(request.take_payload()));
    let chunks = Rc::clone(&guarded);
    let chunks = poll_fn(move |cx| {
        let polled = Pin::new(&mut *chunks.borrow_mut()).poll_next(cx);
        if let Some(connection) = &connection {
            connection.set_awaits_body(polled.is_pending());
        }
        polled
    });
    request.set_payload(Payload::Stream { payload: Box::pin(chunks) });
    Some(guarded).filter(|_| is_chunked)
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
