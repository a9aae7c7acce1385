//! Changes to the synced tables that do not start with a webhook delivery.
//!
//! | module | contents |
//! |---|---|
//! | [`backfill`] | import of all objects from Clerk's Backend API |
//! | [`drift`] | comparison of the stored objects with Clerk's, and their repair |
//! | [`erase`] | deletion of a user on an operator's request |
//! | [`read_through`] | fetch of a user whose webhook is late, for `?wait=` |
//! | [`rebuild`] | recomputation of the synced tables from the event log |
//! | [`reprocess`] | another attempt to apply events that were not applied |
//! | [`summary`] | submission of fetched objects, and the counts of their outcomes |
//! | [`tokens`] | OAuth tokens of external accounts |
//!
//! All but two modules submit events to the queue of [`crate::ingest`], as the webhook handler
//! does, so the merge rules apply to them. [`rebuild`] replaces rows in a transaction of its own.
//! [`tokens`] fills a cache to which the merge rules do not apply.

pub mod backfill;
pub mod drift;
pub mod erase;
mod instance;
mod object_pages;
pub mod read_through;
pub mod rebuild;
pub mod reprocess;
mod single_flight;
pub mod summary;
pub mod tokens;

use crate::{clerk::backend::BackendError, ingest::queue::Rejection, store::StoreError};

/// Reasons why a backfill, drift check or read-through failed.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Failure of a request to Clerk's Backend API.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// Rejection of an event by the queue.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// Failure of a database query.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Secret key of another Clerk instance than the pinned one.
    #[error(
        "the secret key belongs to instance {key_instance}, but clerk.instance_id is \
         {pinned_instance}; nothing was changed. Set CLERK_SECRET_KEY to a key of \
         {pinned_instance}, or correct clerk.instance_id"
    )]
    InstanceMismatch {
        /// Instance ID in `clerk.instance_id`.
        pinned_instance: String,
        /// Instance ID that Clerk returns for the secret key.
        key_instance: String,
    },
}
