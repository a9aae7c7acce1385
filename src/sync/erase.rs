//! The end of a user that is asked for here and not by Clerk. It goes the way of a delivery and under
//! the same law: a deletion beats every state, for ever, and doing it twice does no more.

use std::sync::Arc;

use crate::{
    domain::{Millis, event::Event},
    ingest::{Queue, queue::Rejection},
    store::{Store, erasure::Traces},
};

/// What it takes to do so.
#[derive(Clone, Copy, Debug)]
pub struct Eraser<'a> {
    /// Where the users are.
    pub store: &'a Store,
    /// The way to the writer.
    pub queue: &'a Queue,
    /// The time.
    pub now: Millis,
}

/// What became of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Who.
    pub user_id: String,
    /// What there was before.
    pub before: Traces,
    /// What there is now.
    pub after: Traces,
}

impl Eraser<'_> {
    /// One user: leaves the tombstone, and tells the followers where the user was not deleted before.
    /// Whether nothing else is left says what it returns.
    ///
    /// # Errors
    /// When the database does not answer, or too many events wait for it. It can be asked for again.
    pub async fn one(&self, user_id: &str) -> Result<Erased, Rejection> {
        let before = self.traces(user_id).await?;
        self.queue.submit(Event::erasure(user_id, self.now)).await?;
        let after = self.traces(user_id).await?;
        Ok(Erased { user_id: user_id.to_owned(), before, after })
    }

    async fn traces(&self, user_id: &str) -> Result<Traces, Rejection> {
        let traces = self.store.traces(user_id).await;
        traces.map_err(|failure| Rejection::Store(Arc::new(failure)))
    }
}
