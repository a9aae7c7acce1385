//! What brings the projection up to date beside the deliveries.
//!
//! | module | holds |
//! |---|---|
//! | [`backfill`] | everybody whom Clerk has |
//! | [`drift`] | how what is stored differs from what Clerk has |
//! | [`tally`] | what was fetched, on its way to the writer |
//! | [`erase`] | the end of a user that is asked for here |
//! | [`reprocess`] | events that are kept and were not applied, once more |
//! | [`read_through`] | a user who is waited for, and whose webhook is late |
//! | [`tokens`] | the tokens of linked accounts |
//! | [`rebuild`] | all of it once more, from the events that are kept |

pub mod backfill;
mod crawl;
pub mod drift;
pub mod erase;
mod instance;
mod once;
pub mod read_through;
pub mod rebuild;
pub mod reprocess;
pub mod tally;
pub mod tokens;

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
    /// Whose users these are, Clerk does not say.
    #[error(
        "the secret key is of the instance {of_key}, and clerk.instance_id names {pinned}: nothing \
         was done"
    )]
    OtherInstance {
        /// The one of the settings.
        pinned: String,
        /// The one that Clerk answers.
        of_key: String,
    },
}
