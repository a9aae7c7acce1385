//! What brings the projection up to date beside the deliveries.
//!
//! | module | holds |
//! |---|---|
//! | [`backfill`] | everybody whom Clerk has |
//! | [`erase`] | the end of a user that is asked for here |
//! | [`reprocess`] | events that are kept and were not applied, once more |
//! | [`rebuild`] | all of it once more, from the events that are kept |

pub mod backfill;
pub mod erase;
pub mod rebuild;
pub mod reprocess;

use crate::{clerk::backend::BackendError, ingest::queue::Rejection, store::StoreError};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Clerk does not answer as it should.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The writer does not take it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}
