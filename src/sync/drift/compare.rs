//! Comparison of a stored object with Clerk's.
//!
//! Clerk changes some fields without sending a webhook. An object that differs only in these fields
//! is in sync.

use crate::{
    domain::{Millis, drift::DriftKind, version::Version},
    objects::{
        AnyState,
        api_access::ApiAccess,
        lifecycle::{Lifecycle, MergeOutcome},
    },
    store::stored_objects::WholeObject,
};

/// Time after a change in which its webhook can still arrive, in milliseconds. Svix makes the third
/// attempt after five minutes.
const WEBHOOK_GRACE: Millis = 10 * 60 * 1000;

/// Result of a comparison.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Comparison {
    /// Whether the merge rules apply Clerk's state.
    pub(super) is_newer: bool,
    /// Relation of the stored object to Clerk's.
    pub(super) verdict: Verdict,
}

/// Relation of a stored object to Clerk's.
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

/// Compares the stored object, if there is one, with the object that Clerk returned for a request
/// sent at `requested_at`. An object with a deleted owner is not stored.
pub(super) fn compare(
    stored: Option<&WholeObject>,
    owner_deleted_at: Option<Millis>,
    remote: &AnyState,
    requested_at: Millis,
) -> Comparison {
    // Clerk sends no webhook about an object without a time of its last change.
    let has_no_time = remote.kind().object_type().api.as_ref().is_some_and(ApiAccess::has_no_time);
    let is_recent =
        |at: Millis| !has_no_time && at.abs_diff(requested_at) <= WEBHOOK_GRACE.unsigned_abs();
    let is_newer = owner_deleted_at.is_none() && changes(stored, remote);
    let remote_at = remote.version().updated_at;
    let (verdict, changed_at) =
        match (stored.map(|it| (it.lifecycle(), &it.state)), owner_deleted_at) {
            (Some((Lifecycle::Tombstone { deleted_at }, _)), _) => {
                (Verdict::Drifted(DriftKind::Deleted, Vec::new()), deleted_at)
            }
            (Some((Lifecycle::Live(version), state)), _) if version != Version::default() => {
                (compare_states(state, remote), remote_at)
            }
            (_, Some(deleted_at)) => (Verdict::Drifted(DriftKind::Deleted, Vec::new()), deleted_at),
            (_, None) => {
                let created_at = remote.created_at().unwrap_or(remote_at);
                (Verdict::Drifted(DriftKind::Missing, Vec::new()), created_at)
            }
        };
    if has_no_time && verdict == Verdict::TimesOnly {
        return Comparison { is_newer: false, verdict: Verdict::InSync };
    }
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
fn changes(stored: Option<&WholeObject>, remote: &AnyState) -> bool {
    match stored {
        Some(stored) if stored.lifecycle().has_state() => stored.state.clone().merge(remote),
        stored => {
            let mut lifecycle = stored.map(WholeObject::lifecycle).unwrap_or_default();
            lifecycle.merge_state(remote.version()) == MergeOutcome::Changed
        }
    }
}

/// Compares two states of an object.
fn compare_states(stored: &AnyState, remote: &AnyState) -> Verdict {
    let (stored_at, remote_at) = (stored.version().updated_at, remote.version().updated_at);
    if stored_at > remote_at {
        return Verdict::InSync;
    }
    let fields = stored.differences(remote, stored_at < remote_at);
    match fields.is_empty() {
        false => Verdict::Drifted(DriftKind::Different, fields),
        true if stored_at < remote_at => Verdict::TimesOnly,
        true => Verdict::InSync,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::objects::user::{Account, Profile, User, UserData, Verification};

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
            data: UserData {
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
            },
            version: Version::complete(Some(updated_at), None, ""),
            ..User::default()
        }
    }

    fn stored(user: User) -> WholeObject {
        let version = Version::complete(Some(user.version.updated_at), Some(NOW), "msg_1");
        WholeObject { state: User { version, ..user }.into(), deleted_at: None }
    }

    fn verdict(stored: &WholeObject, remote: &User) -> (bool, Verdict) {
        let Comparison { is_newer, verdict } =
            compare(Some(stored), None, &remote.clone().into(), NOW);
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
            it.data.profile.first_name = None;
            it.data.profile.private_metadata = Some(true.into());
            it.data.accounts.clear();
            it.data.verifications.entry("idn_2".to_owned()).or_default();
        });
        let expected = ["first_name", "private_metadata", "accounts", "verifications"];
        assert_eq!(verdict(&here, &there), (true, different(&expected)));
    }

    #[test]
    fn newer_stored_state_is_in_sync() {
        let there = changed(LONG_AGO - 1, |it| it.data.profile.first_name = None);
        assert_eq!(verdict(&stored(user(LONG_AGO)), &there), (false, Verdict::InSync));
    }

    #[test]
    fn same_version_with_other_content_is_drift() {
        let there = changed(LONG_AGO, |it| it.data.profile.first_name = None);
        let expected = (false, different(&["first_name"]));
        assert_eq!(verdict(&stored(user(LONG_AGO)), &there), expected);
    }

    #[test]
    fn changes_without_webhook_are_no_drift() {
        let here = stored(user(LONG_AGO));
        let change_silently = |it: &mut User| {
            it.data.profile.last_active_at = Some(NOW);
            it.data.profile.last_sign_in_at = Some(NOW);
            for account in it.data.accounts.values_mut() {
                account.updated_at = Some(NOW);
            }
            for verification in it.data.verifications.values_mut() {
                verification.attempts = Some(2);
                verification.expires_at = Some(NOW);
                verification.status = Some("expired".to_owned());
            }
        };
        let signed_in = changed(LONG_AGO + 1, change_silently);
        assert_eq!(verdict(&here, &signed_in), (true, Verdict::TimesOnly));
        let unlocked = changed(LONG_AGO, |it| {
            change_silently(it);
            it.data.profile.locked = Some(false);
        });
        assert_eq!(verdict(&here, &unlocked), (false, Verdict::InSync));
        let verified = changed(LONG_AGO, |it| {
            for verification in it.data.verifications.values_mut() {
                verification.status = Some("verified".to_owned());
            }
        });
        assert_eq!(verdict(&here, &verified), (false, different(&["verifications"])));
    }

    /// A state that lacks fields takes them from Clerk's, although it is newer.
    #[test]
    fn lacking_field_is_added_by_older_state() {
        let mut partial = user(LONG_AGO);
        partial.field_versions.insert("private_metadata", Version::default());
        let here = stored(partial);
        let there = changed(LONG_AGO, |it| it.data.profile.private_metadata = Some(true.into()));
        assert_eq!(verdict(&here, &there), (true, different(&["private_metadata"])));
        let here = stored(user(LONG_AGO));
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
            let there = changed(at, |it| it.data.profile.first_name = None);
            assert_eq!(verdict(&here, &there), (true, expected), "{at}");
        }
        // The user was created long ago, so the webhook is lost.
        let missing = Verdict::Drifted(DriftKind::Missing, Vec::new());
        assert_eq!(compare(None, None, &user(NOW).into(), NOW).verdict, missing);
        let fresh = changed(NOW, |it| it.data.profile.created_at = Some(NOW));
        assert_eq!(compare(None, None, &fresh.into(), NOW).verdict, Verdict::AwaitingWebhook);
    }

    #[test]
    fn stub_is_missing_and_deletion_permanent() {
        let stub = WholeObject { state: User::default().into(), deleted_at: None };
        let missing = Verdict::Drifted(DriftKind::Missing, Vec::new());
        assert_eq!(verdict(&stub, &user(LONG_AGO)), (true, missing));
        let tombstone = |deleted_at| WholeObject { deleted_at, ..stub.clone() };
        let deleted = Verdict::Drifted(DriftKind::Deleted, Vec::new());
        assert_eq!(verdict(&tombstone(Some(LONG_AGO)), &user(NOW)), (false, deleted));
        assert_eq!(verdict(&tombstone(Some(NOW)), &user(NOW)), (false, Verdict::AwaitingWebhook));
    }
}
