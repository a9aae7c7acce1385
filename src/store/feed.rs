//! ChangeBatch as they are committed, by this process or another, for those who wait for them.
//!
//! One task reads for all of them. It is told of the commits of its own process, and looks for those
//! of others every [`POLL_INTERVAL`], while somebody listens: a commit costs nothing for it, and no connection has to be one that a
//! pooler leaves alone.

use std::{convert::Infallible, sync::Arc, time::Duration};

use tokio::{
    sync::{
        Notify,
        broadcast::{self, error::RecvError},
    },
    time::timeout,
};

use super::{
    Store, StoreError,
    changes::{ChangeEntry, ChangeBatch},
};

/// How often to look for commits of other processes: half of what a waiting reader is promised.
const POLL_INTERVAL: Duration = Duration::from_millis(25);

/// How many looks a listener may be behind before it has to read for itself.
const BACKLOG: usize = 256;

/// How many events a look takes in.
const EVENTS_PER_READ: u16 = 500;

/// Where changes are receiver of.
#[derive(Debug)]
pub(super) struct ChangeFeed {
    changes: broadcast::Sender<Arc<ChangeBatch>>,
    /// Somebody began to listen.
    subscribed: Notify,
    /// This process committed.
    committed: Notify,
}

impl Default for ChangeFeed {
    fn default() -> Self {
        let (changes, _) = broadcast::channel(BACKLOG);
        Self { changes, subscribed: Notify::new(), committed: Notify::new() }
    }
}

impl ChangeFeed {
    /// To be told of a commit.
    pub(super) fn notify_commit(&self) {
        self.committed.notify_one();
    }
}

impl Store {
    /// Hears of what changes from now on. Whoever reads behind an event hears of everything if it
    /// reads after it has begun to listen, and again wherever a look begins behind what it knows.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<ChangeBatch>> {
        let receiver = self.feed.changes.subscribe();
        self.feed.subscribed.notify_one();
        receiver
    }

    /// Everything that changes behind an event, or all of it that is one user's.
    #[must_use]
    pub fn subscribe_after(&self, after: i64, user_id: Option<String>) -> Subscriber {
        let (store, receiver) = (self.clone(), self.subscribe());
        Subscriber { store, user_id, receiver, through: after, is_lagging: true }
    }

    /// Tells the listeners what changes, for ever.
    ///
    /// # Errors
    /// When the database does not answer. It is to be called again; nobody misses anything.
    pub async fn publish_changes(&self) -> Result<Infallible, StoreError> {
        loop {
            while self.feed.changes.receiver_count() == 0 {
                self.feed.subscribed.notified().await;
            }
            let mut through = self.newest_seq().await?;
            // Those who read before this look know where to go on.
            let nothing = ChangeBatch { after: through, through, items: Vec::new(), has_more: false };
            self.feed.changes.send(Arc::new(nothing)).ok();
            while self.feed.changes.receiver_count() > 0 {
                let changes = self.changes(None, through, EVENTS_PER_READ).await?;
                let has_more = changes.has_more;
                if changes.through > through {
                    through = changes.through;
                    self.feed.changes.send(Arc::new(changes)).ok();
                }
                if !has_more {
                    timeout(POLL_INTERVAL, self.feed.committed.notified()).await.ok();
                }
            }
        }
    }
}

/// A reader of changes that misses none: it hears of them, and reads for itself what it did not hear.
#[derive(Debug)]
pub struct Subscriber {
    store: Store,
    /// The one of whom it hears.
    user_id: Option<String>,
    receiver: broadcast::Receiver<Arc<ChangeBatch>>,
    /// Up to here it knows everything.
    through: i64,
    /// There is more than it receiver.
    is_lagging: bool,
}

impl Subscriber {
    /// Up to which event it knows everything: from there on somebody else can follow.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.through
    }

    /// The next changes, at least one; none where what comes next is no longer kept, or the database
    /// does not know any more what was told. May be dropped while it waits, and be asked again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next(&mut self) -> Result<Option<Vec<ChangeEntry>>, StoreError> {
        loop {
            let changes = if self.is_lagging {
                let (of, after) = (self.user_id.as_deref(), self.through);
                let changes = self.store.changes(of, after, EVENTS_PER_READ).await?;
                // Only now: what is behind it could have gone before it was read.
                if !self.store.can_resume_after(after).await? {
                    return Ok(None);
                }
                self.is_lagging = changes.has_more;
                Arc::new(changes)
            } else {
                match self.receiver.recv().await {
                    Ok(changes) if self.is_continuous_with(&changes) => changes,
                    Ok(_) | Err(RecvError::Lagged(_)) => {
                        self.is_lagging = true;
                        continue;
                    }
                    // The store that we hold keeps the other end.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            };
            let known = self.through;
            self.through = known.max(changes.through);
            let is_new = |it: &&ChangeEntry| {
                it.seq > known && self.user_id.as_ref().is_none_or(|user_id| *user_id == it.user_id)
            };
            let new: Vec<_> = changes.items.iter().filter(is_new).cloned().collect();
            if !new.is_empty() {
                return Ok(Some(new));
            }
        }
    }

    /// Whether what is receiver goes on where this one is. Those who tell begin anew when they have lost the
    /// database, and one that took over from it may not know what we know.
    fn is_continuous_with(&self, changes: &ChangeBatch) -> bool {
        let begins_before = changes.after == changes.through && changes.through < self.through;
        changes.after <= self.through && !begins_before
    }
}
