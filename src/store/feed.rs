//! Change feed: publishes the changes committed by this and other processes to subscribers.
//!
//! One task reads the changes for all subscribers. Commits of its own process notify it. While a
//! subscriber waits, it also polls for commits of other processes every [`POLL_INTERVAL`].
//! Commits therefore do no extra work in the database. The feed also needs no dedicated
//! connection, which a connection pooler may not provide.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{
        Notify,
        broadcast::{self, error::RecvError},
    },
    time::{Instant, sleep_until, timeout},
};

use super::{
    Store, StoreError,
    changes::{ChangeBatch, ChangeEntry, ChangeFilter},
    run_on,
};

/// Interval between polls for commits of other processes. A waiting reader must get an answer
/// within 50 ms of the commit; this is half of it.
const POLL_INTERVAL: Duration = Duration::from_millis(25);

/// Shortest time between two reads that find changes. While many commits follow each other, one read
/// publishes the changes of several of them. A single commit is read at once.
const PACE: Duration = Duration::from_millis(20);

/// Time without a waiting subscriber after which publishing starts again at the newest change. Busy
/// subscribers read the changes before it later, in larger pages.
const DEMAND_TIMEOUT: Duration = Duration::from_millis(100);

/// Number of batches that a subscriber can lag before it has to read from the database.
const BACKLOG: usize = 256;

/// Maximum number of events per read.
const EVENTS_PER_READ: u16 = 500;

/// Channel between the task that publishes changes and the subscribers.
#[derive(Debug)]
pub(super) struct ChangeFeed {
    changes: broadcast::Sender<Arc<ChangeBatch>>,
    /// Number of subscribers that wait for the next changes.
    waiting: AtomicUsize,
    /// Notified of the first of them.
    demanded: Notify,
    /// Notified of a commit of this process.
    committed: Notify,
}

impl Default for ChangeFeed {
    fn default() -> Self {
        let (changes, _) = broadcast::channel(BACKLOG);
        Self {
            changes,
            waiting: AtomicUsize::new(0),
            demanded: Notify::new(),
            committed: Notify::new(),
        }
    }
}

impl ChangeFeed {
    /// Notifies the publishing task of a commit.
    pub(super) fn notify_commit(&self) {
        self.committed.notify_one();
    }

    /// Waits until a subscriber waits.
    async fn demand(&self) {
        while self.waiting.load(Ordering::Relaxed) == 0 {
            self.demanded.notified().await;
        }
    }
}

/// Subscriber that waits, until this is dropped.
#[derive(Debug)]
struct Demand(Arc<ChangeFeed>);

impl Demand {
    fn new(feed: &Arc<ChangeFeed>) -> Self {
        if feed.waiting.fetch_add(1, Ordering::Relaxed) == 0 {
            feed.demanded.notify_one();
        }
        Self(Arc::clone(feed))
    }
}

impl Drop for Demand {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Changes from now on, in batches. While it exists, the changes are read from the database.
#[derive(Debug)]
pub struct ChangeReceiver {
    batches: broadcast::Receiver<Arc<ChangeBatch>>,
    _demand: Demand,
}

impl ChangeReceiver {
    /// Waits for the next batch.
    ///
    /// # Errors
    /// Returns an error if this receiver has missed batches, or no more will follow.
    pub async fn recv(&mut self) -> Result<Arc<ChangeBatch>, RecvError> {
        self.batches.recv().await
    }
}

impl Store {
    /// Subscribes to the changes from now on. To miss no change, subscribe first and then read the
    /// database. Read again whenever a batch begins after the events already known.
    #[must_use]
    pub fn subscribe(&self) -> ChangeReceiver {
        let batches = self.feed.changes.subscribe();
        ChangeReceiver { batches, _demand: Demand::new(&self.feed) }
    }

    /// Subscribes to the changes after a sequence number that match a filter, of one user or of
    /// all.
    #[must_use]
    pub fn subscribe_after(
        &self,
        after: i64,
        user_id: Option<String>,
        filter: ChangeFilter,
    ) -> Subscriber {
        Subscriber {
            store: self.clone(),
            user_id,
            filter,
            receiver: self.feed.changes.subscribe(),
            through: after,
            is_lagging: true,
            runtime: None,
        }
    }

    /// Publishes changes to the subscribers until an error occurs.
    ///
    /// # Errors
    /// Returns an error if a database query fails. Call this again; subscribers miss no change.
    pub async fn publish_changes(&self) -> Result<Infallible, StoreError> {
        loop {
            self.feed.demand().await;
            let mut through = self.newest_seq().await?;
            // The empty batch shows subscribers where publishing begins. They read the changes
            // before it themselves.
            let start = ChangeBatch { after: through, through, items: Vec::new(), has_more: false };
            self.feed.changes.send(Arc::new(start)).ok();
            while timeout(DEMAND_TIMEOUT, self.feed.demand()).await.is_ok() {
                let read_at = Instant::now();
                let changes = self.changes(None, through, EVENTS_PER_READ).await?;
                let (has_more, is_new) = (changes.has_more, changes.through > through);
                if is_new {
                    through = changes.through;
                    self.feed.changes.send(Arc::new(changes)).ok();
                }
                if !has_more {
                    timeout(POLL_INTERVAL, self.feed.committed.notified()).await.ok();
                    if is_new {
                        sleep_until(read_at + PACE).await;
                    }
                }
            }
        }
    }
}

/// Subscriber that misses no change: it receives published batches, and reads gaps between them
/// from the database.
#[derive(Debug)]
pub struct Subscriber {
    store: Store,
    /// ID of the user whose changes are returned, or `None` for all users.
    user_id: Option<String>,
    filter: ChangeFilter,
    receiver: broadcast::Receiver<Arc<ChangeBatch>>,
    /// Sequence number up to which every change is known.
    through: i64,
    /// Whether changes have to be read from the database.
    is_lagging: bool,
    /// Runtime on which they are read; none for that of the caller.
    runtime: Option<Handle>,
}

impl Subscriber {
    /// Returns the sequence number up to which every change is known. Another subscriber can resume
    /// after it.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.through
    }

    /// Lets the database be read on another runtime.
    #[must_use]
    pub fn reading_on(self, runtime: Handle) -> Self {
        Self { runtime: Some(runtime), ..self }
    }

    /// Reads the next changes. Returns none if events have expired that this subscriber has not
    /// returned.
    async fn read(&self) -> Result<Option<ChangeBatch>, StoreError> {
        let (store, user_id, after) = (self.store.clone(), self.user_id.clone(), self.through);
        let read = async move {
            let changes = store.changes(user_id.as_deref(), after, EVENTS_PER_READ).await?;
            // Checked after the read, because events can expire between a check and the read.
            let is_complete = store.can_resume_after(after).await?;
            Ok(is_complete.then_some(changes))
        };
        match &self.runtime {
            Some(runtime) => run_on(runtime, read).await,
            None => read.await,
        }
    }

    /// Waits for the next changes and returns at least one. Returns `None` if it would miss
    /// changes: the next events have expired, or the database has lost events that this subscriber
    /// already returned.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    ///
    /// # Cancel safety
    /// Dropping the future loses no change.
    pub async fn next(&mut self) -> Result<Option<Vec<ChangeEntry>>, StoreError> {
        loop {
            let changes = if self.is_lagging {
                let Some(changes) = self.read().await? else { return Ok(None) };
                self.is_lagging = changes.has_more;
                Arc::new(changes)
            } else {
                let demand = Demand::new(&self.store.feed);
                let received = self.receiver.recv().await;
                drop(demand);
                match received {
                    Ok(changes) if self.is_continuous_with(&changes) => changes,
                    Ok(_) | Err(RecvError::Lagged(_)) => {
                        self.is_lagging = true;
                        continue;
                    }
                    // Cannot happen, because the store in `self` holds a sender.
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            };
            let known = self.through;
            self.through = known.max(changes.through);
            let is_new = |it: &&ChangeEntry| {
                it.seq > known
                    && (self.user_id.is_none() || self.user_id == it.user_id)
                    && self.filter.matches(it)
            };
            let new: Vec<_> = changes.items.iter().filter(is_new).cloned().collect();
            if !new.is_empty() {
                return Ok(Some(new));
            }
        }
    }

    /// Returns whether a batch continues at the position of this subscriber. It can begin later or
    /// earlier after a failure of the database: the publishing task then starts again, and a
    /// failover database may lack events that this subscriber knows.
    fn is_continuous_with(&self, changes: &ChangeBatch) -> bool {
        let starts_before = changes.after == changes.through && changes.through < self.through;
        changes.after <= self.through && !starts_before
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, sync::Arc};

    use futures_util::poll;

    use super::{ChangeFeed, Demand};

    #[tokio::test]
    async fn only_waiting_subscribers_cause_reads() {
        let feed = Arc::new(ChangeFeed::default());
        for _ in 0..2 {
            let mut demand = pin!(feed.demand());
            assert!(poll!(&mut demand).is_pending());
            let waiting = [Demand::new(&feed), Demand::new(&feed)];
            assert!(poll!(demand).is_ready());
            let [first, second] = waiting;
            drop(first);
            assert!(poll!(pin!(feed.demand())).is_ready());
            drop(second);
        }
    }
}
