//! Comparison of a stored user with Clerk's.
//!
//! A sign-in or an activity changes times; locks and verification attempts expire. Clerk sends no
//! webhook for them.

use std::collections::BTreeMap;

use super::state::{Account, UserData, Verification};
use crate::objects::state::differing_columns;

/// Columns that change without a webhook.
const SILENT_COLUMNS: [&str; 3] = ["updated_at", "last_sign_in_at", "last_active_at"];

/// Returns the names of the columns and items that differ. `is_older` tells whether Clerk's state is
/// newer.
pub(super) fn differences(
    stored: &UserData,
    remote: &UserData,
    is_older: bool,
) -> Vec<&'static str> {
    let mut differing = differing_columns(&stored.profile, &remote.profile);
    // A lock expires without a change of `updated_at`.
    differing
        .retain(|column| !SILENT_COLUMNS.contains(column) && (is_older || *column != "locked"));
    if !same_items(&stored.accounts, &remote.accounts, same_account) {
        differing.push("accounts");
    }
    if !same_items(&stored.verifications, &remote.verifications, same_verification) {
        differing.push("verifications");
    }
    differing
}

fn same_items<T>(
    stored: &BTreeMap<String, T>,
    remote: &BTreeMap<String, T>,
    same: fn(&T, &T) -> bool,
) -> bool {
    let mut pairs = stored.iter().zip(remote);
    stored.len() == remote.len()
        && pairs.all(|((stored_id, stored), (remote_id, remote))| {
            stored_id == remote_id && same(stored, remote)
        })
}

/// Compares two accounts, except for the fields that a sign-in with the account changes.
fn same_account(stored: &Account, remote: &Account) -> bool {
    let stored = Account {
        status: ignore_expiry(stored.status.as_ref(), remote.status.as_ref()),
        updated_at: remote.updated_at,
        ..stored.clone()
    };
    stored == *remote
}

/// Compares two verifications, except for the fields that an attempt or expiry changes.
fn same_verification(stored: &Verification, remote: &Verification) -> bool {
    let stored = Verification {
        status: ignore_expiry(stored.status.as_ref(), remote.status.as_ref()),
        attempts: remote.attempts,
        expires_at: remote.expires_at,
        updated_at: remote.updated_at,
        ..stored.clone()
    };
    stored == *remote
}

/// Returns the stored status, or Clerk's if it differs only by expiry.
fn ignore_expiry(stored: Option<&String>, remote: Option<&String>) -> Option<String> {
    let has_expired =
        remote.is_some_and(|it| it == "expired") && stored.is_some_and(|it| it == "unverified");
    if has_expired { remote.cloned() } else { stored.cloned() }
}
