//! Changes as server-sent events (the HTML standard, 9.2), for as long as somebody listens.

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
    store::{StoreError, changes, feed::Subscriber},
};

/// How often something is sent, so that nobody in between takes the stream to be dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// For how long a session token opens a stream: its caller comes back with a new one.
const SESSION: Duration = Duration::from_mins(15);

/// When a browser is to come back after a stream has ended, in milliseconds.
const RETRY: u16 = 2_000;

/// One who listens.
struct ChangeStream {
    state: web::Data<State>,
    subscriber: Subscriber,
    reader: Reader,
    /// When one who is signed in comes back with a new token.
    until: Instant,
    heartbeat: Interval,
    /// Counts them.
    _place: Permit,
}

/// What a listener is told next.
enum Next {
    Changes(Vec<changes::ChangeEntry>),
    Heartbeat,
    End,
}

/// Streams what changes behind an event.
pub(super) fn answer(
    state: &web::Data<State>,
    after: i64,
    reader: Reader,
) -> Result<HttpResponse, Problem> {
    let place = state.concurrency.streams.acquire(reader.user_id())?;
    let mut heartbeat = interval(HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat.reset();
    let listener = ChangeStream {
        state: state.clone(),
        subscriber: state.store.subscribe_after(after, reader.user_id().map(str::to_owned)),
        until: Instant::now() + SESSION,
        reader,
        heartbeat,
        _place: place,
    };
    // Whoever has heard of nothing yet comes back to here.
    let hello = format!("retry: {RETRY}\nid: {after}\n: listening\n\n");
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, caching::NO_STORE))
        // nginx holds answers back otherwise.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(events(Bytes::from(hello), listener)))
}

/// `hello`, and then what the listener is told, until that ends.
fn events(hello: Bytes, listener: ChangeStream) -> impl Stream<Item = Result<Bytes, StoreError>> {
    unfold((Some(hello), listener), |(hello, mut listener)| async {
        if let Some(hello) = hello {
            return Some((Ok(hello), (None, listener)));
        }
        let bytes = match listener.next().await {
            Ok(Next::Changes(changes)) => changes.into_iter().map(event).collect::<String>().into(),
            // With the place, so that whoever comes back need not go through what was others' again.
            Ok(Next::Heartbeat) => format!("id: {}\n\n", listener.subscriber.position()).into(),
            Ok(Next::End) => return None,
            Err(error) => {
                tracing::warn!(%error, "a stream of changes ended");
                return None;
            }
        };
        Some((Ok(bytes), (None, listener)))
    })
}

fn event(change: changes::ChangeEntry) -> String {
    let change = Change::from(change);
    let data = serde_json::to_string(&change).unwrap_or_default();
    format!("id: {}\nevent: change\ndata: {data}\n\n", change.cursor)
}

impl ChangeStream {
    async fn next(&mut self) -> Result<Next, StoreError> {
        let over = async |reader: &mut Reader, until| match reader {
            Reader::Key(watch) => watch.invalidated().await,
            Reader::Session(_) => sleep_until(until).await,
        };
        let changes = tokio::select! {
            () = self.state.stopping.cancelled() => return Ok(Next::End),
            () = over(&mut self.reader, self.until) => return Ok(Next::End),
            _ = self.heartbeat.tick() => return Ok(Next::Heartbeat),
            changes = self.subscriber.next() => changes?,
        };
        // What is gone is told to whoever comes back.
        let Some(changes) = changes else { return Ok(Next::End) };
        if let Reader::Session(signed) = &self.reader
            && signed.is_rejected(&self.state).await?
        {
            return Ok(Next::End);
        }
        self.heartbeat.reset();
        Ok(Next::Changes(changes))
    }
}
