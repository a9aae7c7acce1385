//! Deletion of a person's data on an operator's request instead of Clerk's.
//!
//! A deletion is an event like a delivery and follows the same merge rules: it beats every state
//! permanently, and is idempotent.

use std::sync::Arc;

use crate::{
    domain::Millis,
    ingest::{Queue, queue::Rejection},
    objects::{Kind, event::Event},
    store::{
        Store, StoreError,
        erasure::{AddressedDataCounts, UserDataCounts},
    },
};

/// Erasure of users, and of the objects about an email address.
#[derive(Clone, Copy, Debug)]
pub struct Eraser<'a> {
    /// Store that contains the data.
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

/// The stored data about an email address before and after the erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedAddress {
    /// The address.
    pub address: String,
    /// Data stored before the erasure.
    pub before: AddressedDataCounts,
    /// Data stored after the erasure.
    pub after: AddressedDataCounts,
}

impl Eraser<'_> {
    /// Erases a user except for the tombstone, and what is stored about the user's email addresses:
    /// invitations. If the user was not deleted before, the change feed gets an entry. The `after`
    /// field of the result shows whether other data remains.
    ///
    /// # Errors
    /// Returns an error if a database query fails or the queue is full. The caller can retry.
    pub async fn erase_user(&self, user_id: &str) -> Result<ErasedUser, Rejection> {
        // The addresses are deleted with the user, and are therefore read before.
        let addresses = self.store.email_addresses(user_id).await.map_err(rejection)?;
        let mut objects = self.store.addressed_objects(&addresses).await.map_err(rejection)?;
        objects.extend(self.store.addressed_objects_of_user(user_id).await.map_err(rejection)?);
        let objects = Vec::from_iter(objects);
        let before = self.user_data_counts(user_id, &objects).await?;
        self.erase_objects(&objects).await?;
        self.queue.submit(Event::erasure(Kind::User, user_id, self.now)).await?;
        let after = self.user_data_counts(user_id, &objects).await?;
        Ok(ErasedUser { user_id: user_id.to_owned(), before, after })
    }

    /// Erases what is stored about an email address: invitations. Users who have the address stay.
    ///
    /// # Errors
    /// Returns an error if a database query fails or the queue is full. The caller can retry.
    pub async fn erase_address(&self, address: &str) -> Result<ErasedAddress, Rejection> {
        let found = self.store.addressed_objects(&lower_case(address)).await.map_err(rejection)?;
        let objects = Vec::from_iter(found);
        let before = self.addressed_data_counts(&objects, None).await?;
        self.erase_objects(&objects).await?;
        let after = self.addressed_data_counts(&objects, None).await?;
        Ok(ErasedAddress { address: address.to_owned(), before, after })
    }

    async fn erase_objects(&self, objects: &[(Kind, String)]) -> Result<(), Rejection> {
        for (kind, id) in objects {
            self.queue.submit(Event::erasure(*kind, id, self.now)).await?;
        }
        Ok(())
    }

    async fn user_data_counts(
        &self,
        user_id: &str,
        objects: &[(Kind, String)],
    ) -> Result<UserDataCounts, Rejection> {
        let mut counts = self.store.user_data_counts(user_id).await.map_err(rejection)?;
        counts.add(&self.addressed_data_counts(objects, Some(user_id)).await?);
        Ok(counts)
    }

    async fn addressed_data_counts(
        &self,
        objects: &[(Kind, String)],
        except_user: Option<&str>,
    ) -> Result<AddressedDataCounts, Rejection> {
        self.store.addressed_data_counts(objects, except_user).await.map_err(rejection)
    }
}

/// Returns an address in lower case, by the rules of each engine: SQLite changes only ASCII letters.
#[must_use]
pub fn lower_case(address: &str) -> Vec<String> {
    let (all, ascii) = (address.to_lowercase(), address.to_ascii_lowercase());
    if all == ascii { vec![all] } else { vec![all, ascii] }
}

fn rejection(error: StoreError) -> Rejection {
    Rejection::Store(Arc::new(error))
}
