//! Whose users these are: another instance's key would bring strangers, or end everybody.

use super::SyncError;
use crate::clerk::backend::{Backend, RetryPolicy};

/// Makes sure that the secret key belongs to instance that the settings name, where they name one.
///
/// # Errors
/// When it is of another, or Clerk does not answer.
pub(super) async fn check(
    backend: &Backend,
    pinned_instance: Option<&str>,
    retry_policy: RetryPolicy,
) -> Result<(), SyncError> {
    let Some(pinned_instance) = pinned_instance else { return Ok(()) };
    let of_key = backend.instance(retry_policy).await?.id;
    match of_key == pinned_instance {
        true => Ok(()),
        false => Err(SyncError::InstanceMismatch { pinned_instance: pinned_instance.to_owned(), of_key }),
    }
}
