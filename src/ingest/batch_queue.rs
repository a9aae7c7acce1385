//! Queue that wakes its receiver only when enough events for a batch wait. To wake a thread for every
//! event takes longer than to queue it.

use std::{
    collections::VecDeque,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// Creates a queue.
pub(super) fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Shared {
        state: Mutex::new(State { waiting: VecDeque::new(), wanted: 1, is_closed: false }),
        is_ready: Notify::new(),
    });
    (Sender(Arc::clone(&shared)), Receiver(shared))
}

/// Sending end of a queue. When it is dropped, the queue is closed.
#[derive(Debug)]
pub(super) struct Sender<T>(Arc<Shared<T>>);

/// Receiving end of a queue.
#[derive(Debug)]
pub(super) struct Receiver<T>(Arc<Shared<T>>);

#[derive(Debug)]
struct Shared<T> {
    state: Mutex<State<T>>,
    /// Notified when the wanted number of values wait, or the queue is closed.
    is_ready: Notify,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    /// Number of values for which the receiver waits.
    wanted: usize,
    is_closed: bool,
}

impl<T> Shared<T> {
    /// A panic cannot leave the state half changed.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.state().is_closed = true;
        self.is_ready.notify_one();
    }
}

impl<T> Sender<T> {
    /// Queues a value. Returns whether the queue is open.
    pub(super) fn send(&self, value: T) -> bool {
        let mut state = self.0.state();
        if state.is_closed {
            return false;
        }
        state.waiting.push_back(value);
        if state.waiting.len() >= state.wanted {
            // The receiver is woken once, and not again by each further value.
            state.wanted = usize::MAX;
            drop(state);
            self.0.is_ready.notify_one();
        }
        true
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<T> Receiver<T> {
    /// Waits until this many values wait, or the queue is closed.
    ///
    /// # Cancel safety
    /// Dropping the future loses no value.
    pub(super) async fn wait_for(&mut self, count: usize) {
        while !self.is_ready(count) {
            self.0.is_ready.notified().await;
        }
    }

    /// Returns whether this many values wait, or the queue is closed. Otherwise, the last of them
    /// notifies this receiver.
    fn is_ready(&self, count: usize) -> bool {
        let mut state = self.0.state();
        let is_ready = state.is_closed || state.waiting.len() >= count;
        if !is_ready {
            state.wanted = count;
        }
        is_ready
    }

    /// Appends up to `max` of the waiting values to `batch`, and returns their number.
    pub(super) fn take(&mut self, batch: &mut Vec<T>, max: usize) -> usize {
        let mut state = self.0.state();
        let rest = state.waiting.len().min(max);
        let rest = state.waiting.split_off(rest);
        let taken = mem::replace(&mut state.waiting, rest);
        drop(state);
        let count = taken.len();
        batch.extend(taken);
        count
    }

    /// Returns the number of waiting values.
    pub(super) fn waiting(&self) -> usize {
        self.0.state().waiting.len()
    }

    /// Rejects further values. Those that wait can still be taken.
    pub(super) fn close(&mut self) {
        self.0.close();
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn receiver_is_woken_by_last_wanted_value() {
        let (sender, mut receiver) = channel();
        let mut waiting = pin!(receiver.wait_for(3));
        for value in 0..3 {
            assert!(poll!(&mut waiting).is_pending(), "{value}");
            assert!(sender.send(value));
        }
        assert!(poll!(waiting).is_ready());
    }

    #[tokio::test]
    async fn values_leave_in_order() {
        let (sender, mut receiver) = channel();
        assert!((0..5).all(|value| sender.send(value)));
        let mut batch = Vec::new();
        receiver.wait_for(1).await;
        assert_eq!((receiver.take(&mut batch, 3), receiver.waiting()), (3, 2));
        assert_eq!((receiver.take(&mut batch, 3), receiver.take(&mut batch, 3)), (2, 0));
        assert_eq!(batch, [0, 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn closed_queue_is_emptied() {
        let (sender, mut receiver) = channel();
        assert!(sender.send("last"));
        receiver.close();
        assert!(!sender.send("late"));
        let mut batch = Vec::new();
        receiver.wait_for(2).await;
        assert_eq!((receiver.take(&mut batch, 9), batch), (1, vec!["last"]));
    }

    #[tokio::test]
    async fn dropped_sender_closes_queue() {
        let (sender, mut receiver) = channel::<()>();
        let mut waiting = pin!(receiver.wait_for(1));
        assert!(poll!(&mut waiting).is_pending());
        drop(sender);
        assert!(poll!(waiting).is_ready());
    }
}
