//! Deletion of a user on an operator's request instead of Clerk's.
//!
//! The deletion is an event like a delivery and follows the same merge rules: it beats every state
//! permanently, and is idempotent.

use std::sync::Arc;

use crate::{
    domain::Millis,
    ingest::{Queue, queue::Rejection},
    objects::{Kind, event::Event},
    store::{Store, StoreError, erasure::UserDataCounts},
};

/// Erasure of users.
#[derive(Clone, Copy, Debug)]
pub struct Eraser<'a> {
    /// Store that contains the users.
    pub store: &'a Store,
    /// Queue that the erasure events are submitted to.
    pub queue: &'a Queue,
    /// Current time in Unix milliseconds.
    pub now: Millis,
}

/// A user's stored data before and after the erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedUser {
    /// ID of the user.
    pub user_id: String,
    /// Data stored before the erasure.
    pub before: UserDataCounts,
    /// Data stored after the erasure.
    pub after: UserDataCounts,
}

impl Eraser<'_> {
    /// Erases a user except for the tombstone, and what is stored about the user's email addresses. If
    /// the user was not deleted before, the change feed gets an entry. The `after` field of the
    /// result shows whether other data remains.
    ///
    /// # Errors
    /// Returns an error if a database query fails or the queue is full. The caller can retry.
    pub async fn erase(&self, user_id: &str) -> Result<ErasedUser, Rejection> {
        // The addresses are deleted with the user, and are therefore erased before.
        let addresses = self.store.email_addresses(user_id).await.map_err(rejection)?;
        let addressed = self.store.addressed_objects(&addresses).await.map_err(rejection)?;
        let before = self.user_data_counts(user_id, &addresses).await?;
        for (kind, id) in addressed {
            self.queue.submit(Event::erasure(kind, &id, self.now)).await?;
        }
        self.queue.submit(Event::erasure(Kind::User, user_id, self.now)).await?;
        let after = self.user_data_counts(user_id, &addresses).await?;
        Ok(ErasedUser { user_id: user_id.to_owned(), before, after })
    }

    async fn user_data_counts(
        &self,
        user_id: &str,
        addresses: &[String],
    ) -> Result<UserDataCounts, Rejection> {
        self.store.user_data_counts(user_id, addresses).await.map_err(rejection)
    }
}

fn rejection(error: StoreError) -> Rejection {
    Rejection::Store(Arc::new(error))
}
