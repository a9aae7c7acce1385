//! Connections on which nothing is asked for, or nothing worth an answer, do not stay.
//!
//! The server gives a connection's first head its time, and none to those behind it; and it reads
//! on for ever what comes in chunks and nobody wants. Both are seen to here.

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

/// What a connection is at.
struct Connection {
    /// Requests that are not answered to the last byte.
    under_way: Cell<usize>,
    quiet_since: Cell<Instant>,
}

/// Something that is under way on a connection, for as long as this is kept.
pub(super) struct ActiveRequest(Rc<Connection>);

/// A body, with what is to be kept until it is sent.
pub(super) struct GuardedBody {
    body: BoxBody,
    _under_way: Option<ActiveRequest>,
    _unread: Option<Rc<RefCell<Payload>>>,
}

/// Hangs up on a new connection when nothing has been under way on it for so long, whatever comes.
#[expect(clippy::disallowed_methods, reason = "the task ends with its connection")]
pub fn close_when_idle(io: &dyn Any, data: &mut Extensions, limit: Duration) {
    // Of those for whom there is no second handle there are too many anyway.
    let Some(stream) = io.downcast_ref::<TcpStream>() else { return };
    let Ok(socket) = SockRef::from(stream).try_clone() else { return };
    let now = Instant::now();
    let connection = Rc::new(Connection { under_way: Cell::new(0), quiet_since: Cell::new(now) });
    let watching = rt::spawn(hang_up(socket, Rc::clone(&connection), limit));
    data.insert(connection);
    data.insert(AbortOnDropHandle::new(watching));
}

async fn hang_up(socket: Socket, connection: Rc<Connection>, limit: Duration) {
    loop {
        let since = match connection.under_way.get() {
            0 => connection.quiet_since.get(),
            _ => Instant::now(),
        };
        sleep_until(since + limit).await;
        let quiet = connection.under_way.get() == 0 && connection.quiet_since.get() == since;
        // Whoever takes an answer slowly has until the system gives up on them.
        if quiet && takes_more(&socket).await && connection.quiet_since.get() == since {
            break;
        }
    }
    socket.shutdown(Shutdown::Both).ok();
}

/// Waits until everything that was to be sent is with the system, at least; whether that can be told.
async fn takes_more(socket: &Socket) -> bool {
    let Ok(socket) = socket.try_clone() else { return false };
    let Ok(stream) = TcpStream::from_std(socket.into()) else { return false };
    stream.writable().await.is_ok()
}

impl ActiveRequest {
    /// Until the answer is sent.
    pub(super) fn begin(request: &ServiceRequest) -> Option<Self> {
        let connection = Rc::clone(request.conn_data::<Rc<Connection>>()?);
        connection.under_way.update(|count| count + 1);
        Some(Self(connection))
    }
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.0.under_way.update(|count| count - 1);
        self.0.quiet_since.set(Instant::now());
    }
}

/// The body of a request that is chunked, which the handler gets as it is. While it is kept and not
/// read to its end, the server hangs up behind the answer and does not look for the end.
pub(super) fn guard_chunked_body(request: &mut ServiceRequest) -> Option<Rc<RefCell<Payload>>> {
    if !request.headers().contains_key(TRANSFER_ENCODING) {
        return None;
    }
    let kept = Rc::new(RefCell::new(request.take_payload()));
    let chunks = Rc::clone(&kept);
    let chunks = poll_fn(move |cx| Pin::new(&mut *chunks.borrow_mut()).poll_next(cx));
    request.set_payload(Payload::Stream { payload: Box::pin(chunks) });
    Some(kept)
}

impl GuardedBody {
    pub(super) fn with(
        body: BoxBody,
        under_way: Option<ActiveRequest>,
        unread: Option<Rc<RefCell<Payload>>>,
    ) -> BoxBody {
        BoxBody::new(Self { body, _under_way: under_way, _unread: unread })
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
