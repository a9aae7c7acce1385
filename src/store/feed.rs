//! Changes as they are committed, by this process or another, for those who wait for them.
//!
//! One task reads for all of them. It is told of the commits of its own process, and looks for those
//! of others every [`LOOK`], while somebody listens: a commit costs nothing for it, and no connection has to be one that a
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
    changes::{Change, Changes},
};

/// How often to look for commits of other processes: half of what a waiting reader is promised.
const LOOK: Duration = Duration::from_millis(25);

/// How many looks a listener may be behind before it has to read for itself.
const BACKLOG: usize = 256;

/// How many events a look takes in.
const LENGTH: u16 = 500;

/// Where changes are heard of.
#[derive(Debug)]
pub(super) struct Feed {
    changes: broadcast::Sender<Arc<Changes>>,
    /// Somebody began to listen.
    wanted: Notify,
    /// This process committed.
    committed: Notify,
}

impl Default for Feed {
    fn default() -> Self {
        let (changes, _) = broadcast::channel(BACKLOG);
        Self { changes, wanted: Notify::new(), committed: Notify::new() }
    }
}

impl Feed {
    /// To be told of a commit.
    pub(super) fn committed(&self) {
        self.committed.notify_one();
    }
}

impl Store {
    /// Hears of what changes from now on. Whoever reads behind an event hears of everything if it
    /// reads after it has begun to listen, and again wherever a look begins behind what it knows.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Arc<Changes>> {
        let receiver = self.feed.changes.subscribe();
        self.feed.wanted.notify_one();
        receiver
    }

    /// Everything that changes behind an event, or all of it that is one user's.
    #[must_use]
    pub fn behind(&self, after: i64, user_id: Option<String>) -> Follower {
        let (store, heard) = (self.clone(), self.listen());
        Follower { store, user_id, heard, through: after, is_behind: true }
    }

    /// Tells the listeners what changes, for ever.
    ///
    /// # Errors
    /// When the database does not answer. It is to be called again; nobody misses anything.
    pub async fn follow(&self) -> Result<Infallible, StoreError> {
        loop {
            while self.feed.changes.receiver_count() == 0 {
                self.feed.wanted.notified().await;
            }
            let mut through = self.newest().await?;
            // Those who read before this look know where to go on.
            let nothing = Changes { after: through, through, items: Vec::new(), more: false };
            self.feed.changes.send(Arc::new(nothing)).ok();
            while self.feed.changes.receiver_count() > 0 {
                let changes = self.changes(None, through, LENGTH).await?;
                let more = changes.more;
                if changes.through > through {
                    through = changes.through;
                    self.feed.changes.send(Arc::new(changes)).ok();
                }
                if !more {
                    timeout(LOOK, self.feed.committed.notified()).await.ok();
                }
            }
        }
    }
}

/// A reader of changes that misses none: it hears of them, and reads for itself what it did not hear.
#[derive(Debug)]
pub struct Follower {
    store: Store,
    /// The one of whom it hears.
    user_id: Option<String>,
    heard: broadcast::Receiver<Arc<Changes>>,
    /// Up to here it knows everything.
    through: i64,
    /// There is more than it heard.
    is_behind: bool,
}

impl Follower {
    /// Up to which event it knows everything: from there on somebody else can follow.
    #[must_use]
    pub fn through(&self) -> i64 {
        self.through
    }

    /// The next changes, at least one; none where what comes next is no longer kept, or the database
    /// does not know any more what was told. May be dropped while it waits, and be asked again.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn next(&mut self) -> Result<Option<Vec<Change>>, StoreError> {
        loop {
            let changes = if self.is_behind {
                let (of, after) = (self.user_id.as_deref(), self.through);
                let changes = self.store.changes(of, after, LENGTH).await?;
                // Only now: what is behind it could have gone before it was read.
                if !self.store.goes_on_from(after).await? {
                    return Ok(None);
                }
                self.is_behind = changes.more;
                Arc::new(changes)
            } else {
                match self.heard.recv().await {
                    Ok(changes) if self.goes_on_with(&changes) => changes,
                    Ok(_) | Err(RecvError::Lagged(_)) => {
                        self.is_behind = true;
                        continue;
                    }
                    // The store that we hold keeps the other end.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            };
            let known = self.through;
            self.through = known.max(changes.through);
            let is_new = |it: &&Change| {
                it.seq > known && self.user_id.as_ref().is_none_or(|user_id| *user_id == it.user_id)
            };
            let new: Vec<_> = changes.items.iter().filter(is_new).cloned().collect();
            if !new.is_empty() {
                return Ok(Some(new));
            }
        }
    }

    /// Whether what is heard goes on where this one is. Those who tell begin anew when they have lost the
    /// database, and one that took over from it may not know what we know.
    fn goes_on_with(&self, changes: &Changes) -> bool {
        let begins_before = changes.after == changes.through && changes.through < self.through;
        changes.after <= self.through && !begins_before
    }
}
