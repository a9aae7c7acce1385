//! Comparison of a stored user with Clerk's.
//!
//! Clerk changes some fields without sending a webhook. A sign-in or an activity changes times and
//! `updated_at`; locks and verification attempts expire. A user that differs only in these fields
//! is in sync.

use std::collections::BTreeMap;

use crate::{
    domain::{
        Millis,
        drift::DriftKind,
        user::{Account, MergeOutcome, Profile, User, UserLifecycle, Verification},
        version::Version,
    },
    store::full_users::FullUser,
};

/// Time after a change in which its webhook can still arrive, in milliseconds. Svix makes the third
/// attempt after five minutes.
const WEBHOOK_GRACE: Millis = 10 * 60 * 1000;

/// Fields that change without a webhook.
const SILENT_FIELDS: [&str; 3] = ["updated_at", "last_sign_in_at", "last_active_at"];

/// Result of a comparison.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Comparison {
    /// Whether the merge rules apply Clerk's state.
    pub(super) is_newer: bool,
    /// Relation of the stored user to Clerk's.
    pub(super) verdict: Verdict,
}

/// Relation of a stored user to Clerk's.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// No difference.
    InSync,
    /// Differences only in fields that change without a webhook.
    TimesOnly,
    /// A difference so recent that its webhook can still arrive.
    AwaitingWebhook,
    /// A difference, with the names of the fields for [`DriftKind::Different`].
    Drifted(DriftKind, Vec<&'static str>),
}

/// Compares the stored user, if there is one, with the user that Clerk returned for a request sent
/// at `requested_at`.
pub(super) fn compare(
    stored: Option<&FullUser>,
    remote: &User,
    requested_at: Millis,
) -> Comparison {
    let is_recent = |at: Millis| at.abs_diff(requested_at) <= WEBHOOK_GRACE.unsigned_abs();
    let is_newer = changes(stored, remote);
    let profile = &remote.profile;
    let (verdict, changed_at) = match stored.map(|it| (it.lifecycle(), &it.user)) {
        Some((UserLifecycle::Tombstone { deleted_at }, _)) => {
            (Verdict::Drifted(DriftKind::Deleted, Vec::new()), deleted_at)
        }
        Some((UserLifecycle::Live(version), user)) if version != Version::default() => {
            (compare_states(user, remote), remote.version.updated_at)
        }
        Some((UserLifecycle::Live(_), _)) | None => {
            let created_at = profile.created_at.unwrap_or(remote.version.updated_at);
            (Verdict::Drifted(DriftKind::Missing, Vec::new()), created_at)
        }
    };
    let verdict = match verdict {
        // A webhook repairs a difference only if its state is newer than the stored one.
        Verdict::Drifted(DriftKind::Different, fields) if !is_newer => {
            Verdict::Drifted(DriftKind::Different, fields)
        }
        Verdict::Drifted(..) if is_recent(changed_at) => Verdict::AwaitingWebhook,
        verdict => verdict,
    };
    Comparison { is_newer, verdict }
}

/// Returns whether the merge rules apply Clerk's state to the stored row.
fn changes(stored: Option<&FullUser>, remote: &User) -> bool {
    match stored {
        Some(stored) if stored.lifecycle().has_state() => stored.user.clone().merge(remote),
        stored => {
            let mut lifecycle = stored.map(FullUser::lifecycle).unwrap_or_default();
            lifecycle.merge_state(&remote.version) == MergeOutcome::Changed
        }
    }
}

/// Compares two states of a user.
fn compare_states(stored: &User, remote: &User) -> Verdict {
    let (stored_at, remote_at) = (stored.version.updated_at, remote.version.updated_at);
    if stored_at > remote_at {
        return Verdict::InSync;
    }
    let mut fields = differing_fields(&stored.profile, &remote.profile);
    // A lock expires without a change of `updated_at`.
    fields.retain(|field| {
        !SILENT_FIELDS.contains(field) && (stored_at < remote_at || *field != "locked")
    });
    if !same_items(&stored.accounts, &remote.accounts, same_account) {
        fields.push("accounts");
    }
    if !same_items(&stored.verifications, &remote.verifications, same_verification) {
        fields.push("verifications");
    }
    match fields.is_empty() {
        false => Verdict::Drifted(DriftKind::Different, fields),
        true if stored_at < remote_at => Verdict::TimesOnly,
        true => Verdict::InSync,
    }
}

/// Returns the names of the profile fields that differ.
fn differing_fields(stored: &Profile, remote: &Profile) -> Vec<&'static str> {
    macro_rules! differing {
        ($($field:ident),+) => {{
            // The pattern without `..` makes a missing field a compile error.
            let Profile { $($field),+ } = stored;
            [$((stringify!($field), *$field != remote.$field)),+]
        }};
    }
    let differing = differing!(
        external_id,
        username,
        first_name,
        last_name,
        email,
        email_verified,
        phone_number,
        image,
        banned,
        locked,
        password_enabled,
        two_factor_enabled,
        public_metadata,
        private_metadata,
        unsafe_metadata,
        last_sign_in_at,
        last_active_at,
        created_at,
        updated_at
    );
    differing.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::user_field::UserField;

    const NOW: Millis = 1_800_000_000_000;
    const LONG_AGO: Millis = NOW - 86_400_000;

    fn user(updated_at: Millis) -> User {
        let verification = |id: &str, status: &str| Verification {
            id: id.to_owned(),
            kind: "email".into(),
            status: Some(status.to_owned()),
            ..Verification::default()
        };
        User {
            id: "user_1".to_owned(),
            profile: Profile {
                first_name: Some("Ada".to_owned()),
                locked: Some(true),
                created_at: Some(LONG_AGO),
                updated_at: Some(updated_at),
                ..Profile::default()
            },
            accounts: BTreeMap::from([("eac_1".to_owned(), Account::default())]),
            verifications: BTreeMap::from([(
                "idn_1".to_owned(),
                verification("idn_1", "unverified"),
            )]),
            version: Version::complete(Some(updated_at), None, ""),
            ..User::default()
        }
    }

    fn stored(user: User) -> FullUser {
        let version = Version::complete(Some(user.version.updated_at), Some(NOW), "msg_1");
        FullUser { user: User { version, ..user }, deleted_at: None }
    }

    fn verdict(stored: &FullUser, remote: &User) -> (bool, Verdict) {
        let Comparison { is_newer, verdict } = compare(Some(stored), remote, NOW);
        (is_newer, verdict)
    }

    fn different(fields: &[&'static str]) -> Verdict {
        Verdict::Drifted(DriftKind::Different, fields.to_vec())
    }

    /// Clerk's user with a change.
    fn changed(updated_at: Millis, change: impl FnOnce(&mut User)) -> User {
        let mut user = user(updated_at);
        change(&mut user);
        user
    }

    #[test]
    fn differing_fields_are_named() {
        let here = stored(user(LONG_AGO));
        let there = changed(LONG_AGO + 1, |it| {
            it.profile.first_name = None;
            it.profile.private_metadata = Some(true.into());
            it.accounts.clear();
            it.verifications.entry("idn_2".to_owned()).or_default();
        });
        let expected = ["first_name", "private_metadata", "accounts", "verifications"];
        assert_eq!(verdict(&here, &there), (true, different(&expected)));
    }

    #[test]
    fn newer_stored_state_is_in_sync() {
        let there = changed(LONG_AGO - 1, |it| it.profile.first_name = None);
        assert_eq!(verdict(&stored(user(LONG_AGO)), &there), (false, Verdict::InSync));
    }

    #[test]
    fn same_version_with_other_content_is_drift() {
        let there = changed(LONG_AGO, |it| it.profile.first_name = None);
        let expected = (false, different(&["first_name"]));
        assert_eq!(verdict(&stored(user(LONG_AGO)), &there), expected);
    }

    #[test]
    fn changes_without_webhook_are_no_drift() {
        let here = stored(user(LONG_AGO));
        let change_silently = |it: &mut User| {
            it.profile.last_active_at = Some(NOW);
            it.profile.last_sign_in_at = Some(NOW);
            for account in it.accounts.values_mut() {
                account.updated_at = Some(NOW);
            }
            for verification in it.verifications.values_mut() {
                verification.attempts = Some(2);
                verification.expires_at = Some(NOW);
                verification.status = Some("expired".to_owned());
            }
        };
        let signed_in = changed(LONG_AGO + 1, change_silently);
        assert_eq!(verdict(&here, &signed_in), (true, Verdict::TimesOnly));
        let unlocked = changed(LONG_AGO, |it| {
            change_silently(it);
            it.profile.locked = Some(false);
        });
        assert_eq!(verdict(&here, &unlocked), (false, Verdict::InSync));
        let verified = changed(LONG_AGO, |it| {
            for verification in it.verifications.values_mut() {
                verification.status = Some("verified".to_owned());
            }
        });
        assert_eq!(verdict(&here, &verified), (false, different(&["verifications"])));
    }

    /// A state that lacks fields takes them from Clerk's, although it is newer.
    #[test]
    fn lacking_field_is_added_by_older_state() {
        let mut here = stored(user(LONG_AGO));
        here.user.field_versions.insert(UserField::PrivateMetadata, Version::default());
        let there = changed(LONG_AGO, |it| it.profile.private_metadata = Some(true.into()));
        assert_eq!(verdict(&here, &there), (true, different(&["private_metadata"])));
        here.user.field_versions.clear();
        assert_eq!(verdict(&here, &there), (false, different(&["private_metadata"])));
    }

    #[test]
    fn recent_change_awaits_webhook() {
        let here = stored(user(LONG_AGO));
        for (at, expected) in [
            (NOW - WEBHOOK_GRACE, Verdict::AwaitingWebhook),
            (NOW - WEBHOOK_GRACE - 1, different(&["first_name"])),
            (NOW + WEBHOOK_GRACE + 1, different(&["first_name"])),
        ] {
            let there = changed(at, |it| it.profile.first_name = None);
            assert_eq!(verdict(&here, &there), (true, expected), "{at}");
        }
        // The user was created long ago, so the webhook is lost.
        let missing = Verdict::Drifted(DriftKind::Missing, Vec::new());
        assert_eq!(compare(None, &user(NOW), NOW).verdict, missing);
        let fresh = changed(NOW, |it| it.profile.created_at = Some(NOW));
        assert_eq!(compare(None, &fresh, NOW).verdict, Verdict::AwaitingWebhook);
    }

    #[test]
    fn stub_is_missing_and_deletion_permanent() {
        let stub = FullUser { user: User::default(), deleted_at: None };
        let missing = Verdict::Drifted(DriftKind::Missing, Vec::new());
        assert_eq!(verdict(&stub, &user(LONG_AGO)), (true, missing));
        let tombstone = |deleted_at| FullUser { deleted_at, ..stub.clone() };
        let deleted = Verdict::Drifted(DriftKind::Deleted, Vec::new());
        assert_eq!(verdict(&tombstone(Some(LONG_AGO)), &user(NOW)), (false, deleted));
        assert_eq!(verdict(&tombstone(Some(NOW)), &user(NOW)), (false, Verdict::AwaitingWebhook));
    }
}
