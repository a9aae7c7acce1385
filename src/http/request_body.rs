//! Body of a delivery, received within the limits of size, time and memory.

use std::net::SocketAddr;

use actix_web::{HttpRequest, http::header::CONTENT_LENGTH, web};
use futures_util::StreamExt;

use super::{State, problem::Problem};
use crate::ingest::byte_budget::{BodyReservation, BudgetFull};

/// Size in bytes of the first allocation for a body whose size is unknown.
const FIRST_ALLOCATION: usize = 4 << 10;

/// Complete body, whose signature is not verified.
pub(super) struct ReceivedBody {
    pub(super) bytes: Vec<u8>,
    pub(super) reservation: BodyReservation,
}

impl ReceivedBody {
    /// Receives a body. If `Content-Length` exceeds the size limit, reads nothing.
    pub(super) async fn receive(
        request: &HttpRequest,
        body: web::Payload,
        state: &State,
    ) -> Result<Self, Problem> {
        let limit = state.limits.max_body_bytes;
        let length = content_length(request);
        if length.is_some_and(|length| length > limit) {
            return Err(Problem::payload_too_large(limit));
        }
        let peer = request.peer_addr().as_ref().map(SocketAddr::ip);
        let reservation = state.queue.budget().receive(peer, length);
        let evicted = reservation.evicted();
        let body_timeout = state.limits.body_timeout;
        let mut received = Self { bytes: Vec::new(), reservation };
        tokio::select! {
            read = received.read(body, length, limit) => read?,
            () = evicted => return Err(Problem::pending_bytes_full()),
            () = tokio::time::sleep(body_timeout) => return Err(Problem::body_timeout()),
        }
        received.reservation.complete();
        Ok(received)
    }

    async fn read(
        &mut self,
        mut body: web::Payload,
        length: Option<usize>,
        limit: usize,
    ) -> Result<(), Problem> {
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| {
                Problem::bad_request(
                    "body_incomplete",
                    "the connection ended before the end of the body",
                )
            })?;
            let needed = self.bytes.len() + chunk.len();
            if needed > limit {
                return Err(Problem::payload_too_large(limit));
            }
            if needed > self.bytes.capacity() {
                let doubled = FIRST_ALLOCATION.max(self.bytes.capacity() * 2).min(limit);
                self.reserve(length.unwrap_or(doubled).max(needed)).await?;
            }
            self.bytes.extend_from_slice(&chunk);
        }
        Ok(())
    }

    /// Makes room for a capacity. The first bytes of a body with a length make room for all of it.
    async fn reserve(&mut self, capacity: usize) -> Result<(), Problem> {
        let grown = self.reservation.grow(capacity - self.bytes.capacity()).await;
        grown.map_err(|BudgetFull| Problem::pending_bytes_full())?;
        self.bytes.reserve_exact(capacity - self.bytes.len());
        Ok(())
    }
}

fn content_length(request: &HttpRequest) -> Option<usize> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
