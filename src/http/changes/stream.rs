//! Streams of changes as server-sent events (HTML standard, section 9.2).
//!
//! A stream ends when the client disconnects, when its credentials become invalid, or when the
//! service shuts down. The client reconnects and resumes after the last ID that it received.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::header::CACHE_CONTROL,
    web::{self, Bytes},
};
use futures_util::{Stream, stream::unfold};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep_until};

use super::{Change, Reader};
use crate::{
    http::{State, caching, concurrency::Permit, problem::Problem},
    store::{
        StoreError,
        changes::{self, ChangeFilter},
        feed::Subscriber,
    },
};

/// Interval without data after which a heartbeat is sent, so that proxies do not close the stream.
const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(15);

/// Maximum duration of a stream with a session token. The client reconnects with a new token.
const MAX_SESSION_STREAM: Duration = Duration::from_mins(15);

/// Milliseconds that a browser waits before it reconnects.
const RECONNECT_DELAY_MS: u16 = 2_000;

/// State of a stream.
struct ChangeStream {
    state: web::Data<State>,
    subscriber: Subscriber,
    reader: Reader,
    /// End of the stream if the caller has a session token.
    session_deadline: Instant,
    heartbeat: Interval,
    /// Permit that counts for the limit of open streams.
    _permit: Permit,
}

/// Next part of a stream.
enum Next {
    Changes(Vec<changes::ChangeEntry>),
    Heartbeat,
    End,
}

/// Responds with a stream of the changes after a cursor that match a filter.
pub(super) fn respond(
    state: &web::Data<State>,
    (after, filter): (i64, ChangeFilter),
    reader: Reader,
) -> Result<HttpResponse, Problem> {
    let permit = state.concurrency.streams.acquire(reader.user_id(), reader.key_name())?;
    let mut heartbeat = interval(HEARTBEAT_INTERVAL);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat.reset();
    let user_id = reader.user_id().map(str::to_owned);
    let stream = ChangeStream {
        state: state.clone(),
        subscriber: state.store.subscribe_after(after, user_id, filter),
        session_deadline: Instant::now() + MAX_SESSION_STREAM,
        reader,
        heartbeat,
        _permit: permit,
    };
    // With an ID, so that a client that has received no change yet resumes here.
    let prologue = format!("retry: {RECONNECT_DELAY_MS}\nid: {after}\n: listening\n\n");
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, caching::NO_STORE))
        // Disables the buffering of nginx.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(events(Bytes::from(prologue), stream)))
}

/// Returns the prologue, and then the changes until the stream ends.
fn events(prologue: Bytes, stream: ChangeStream) -> impl Stream<Item = Result<Bytes, StoreError>> {
    unfold((Some(prologue), stream), |(prologue, mut stream)| async {
        if let Some(prologue) = prologue {
            return Some((Ok(prologue), (None, stream)));
        }
        let bytes = match stream.next().await {
            Ok(Next::Changes(changes)) => changes.into_iter().map(event).collect::<String>().into(),
            // With an ID, so that a client that reconnects skips the changes of other users.
            Ok(Next::Heartbeat) => format!("id: {}\n\n", stream.subscriber.position()).into(),
            Ok(Next::End) => return None,
            Err(error) => {
                tracing::warn!(%error, "failed to read changes; the stream ends");
                return None;
            }
        };
        Some((Ok(bytes), (None, stream)))
    })
}

fn event(change: changes::ChangeEntry) -> String {
    let change = Change::from(change);
    let data = serde_json::to_string(&change).unwrap_or_default();
    format!("id: {}\nevent: change\ndata: {data}\n\n", change.cursor)
}

impl ChangeStream {
    async fn next(&mut self) -> Result<Next, StoreError> {
        let expired = async |reader: &mut Reader, session_deadline| match reader {
            Reader::Key(watch) => watch.invalidated().await,
            Reader::Session(_) => sleep_until(session_deadline).await,
        };
        let changes = tokio::select! {
            () = self.state.stopping.cancelled() => return Ok(Next::End),
            () = expired(&mut self.reader, self.session_deadline) => return Ok(Next::End),
            _ = self.heartbeat.tick() => return Ok(Next::Heartbeat),
            changes = self.subscriber.next() => changes?,
        };
        // The cursor has expired. The client gets the error when it reconnects.
        let Some(changes) = changes else { return Ok(Next::End) };
        if let Reader::Session(signed_in) = &self.reader
            && signed_in.is_rejected(&self.state).await?
        {
            return Ok(Next::End);
        }
        self.heartbeat.reset();
        Ok(Next::Changes(changes))
    }
}
