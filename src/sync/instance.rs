//! Check that the secret key belongs to the pinned Clerk instance.
//!
//! With a key of another instance, a backfill imports unrelated users, and a repair deletes all
//! stored users.

use super::SyncError;
use crate::clerk::backend::{Backend, RetryPolicy};

/// Verifies that the secret key belongs to the pinned instance. If none is pinned, sends no
/// request.
///
/// # Errors
/// Returns an error if the key belongs to another instance, or if the request to Clerk fails.
pub(super) async fn check(
    backend: &Backend,
    pinned_instance: Option<&str>,
    patience: RetryPolicy,
) -> Result<(), SyncError> {
    let Some(pinned_instance) = pinned_instance else { return Ok(()) };
    let pinned_instance = pinned_instance.to_owned();
    let key_instance = backend.instance(patience).await?.id;
    match key_instance == pinned_instance {
        true => Ok(()),
        false => Err(SyncError::InstanceMismatch { pinned_instance, key_instance }),
    }
}
