//! Whose users these are: another instance's key would bring strangers, or end everybody.

use super::SyncError;
use crate::clerk::backend::{Backend, Patience};

/// Makes sure that the secret key is of the instance that the settings name, where they name one.
///
/// # Errors
/// When it is of another, or Clerk does not answer.
pub(super) async fn check(
    backend: &Backend,
    pinned: Option<&str>,
    patience: Patience,
) -> Result<(), SyncError> {
    let Some(pinned) = pinned else { return Ok(()) };
    let of_key = backend.instance(patience).await?.id;
    match of_key == pinned {
        true => Ok(()),
        false => Err(SyncError::OtherInstance { pinned: pinned.to_owned(), of_key }),
    }
}
