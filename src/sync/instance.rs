//! Whose users these are: another instance's key would bring strangers, or end everybody.

use super::SyncError;
use crate::clerk::backend::{Backend, RetryPolicy};

/// Makes sure that the secret key is of the instance that the settings name, where they name one.
///
/// # Errors
/// When it is of another, or Clerk does not answer.
pub(super) async fn check(
    backend: &Backend,
    pinned: Option<&str>,
    retry_policy: RetryPolicy,
) -> Result<(), SyncError> {
    let Some(pinned) = pinned else { return Ok(()) };
    let of_key = backend.instance(retry_policy).await?.id;
    match of_key == pinned {
        true => Ok(()),
        false => Err(SyncError::OtherInstance { pinned: pinned.to_owned(), of_key }),
    }
}
