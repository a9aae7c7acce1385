//! One user: as it is stored, and as Clerk has it.
//!
//! Clerk changes some of a user without sending anything: a sign-in and an activity move times and
//! `updated_at`, a lock and an attempt run out by the clock. What is only behind in these is in step.

use std::collections::BTreeMap;

use crate::{
    domain::{
        Millis,
        drift::Differs,
        user::{Account, Joined, Profile, User, UserHead, Verification},
        version::Version,
    },
    store::whole::StoredUser,
};

/// For how long a webhook may be on its way. Svix tries a third time after five minutes.
const ON_ITS_WAY: Millis = 10 * 60 * 1000;

/// What changes without a webhook.
const SILENT: [&str; 3] = ["updated_at", "last_sign_in_at", "last_active_at"];

/// What came of a comparison.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Compared {
    /// Clerk's state is to be applied: the law says so.
    pub(super) is_newer: bool,
    pub(super) verdict: Verdict,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    InStep,
    /// Only in what changes without a webhook.
    Behind,
    /// It changed so lately that the webhook may still come.
    OnItsWay,
    Differs(Differs, Vec<&'static str>),
}

/// Compares what is stored, if anything is, with what Clerk answered to a question of then.
pub(super) fn compare(stored: Option<&StoredUser>, clerks: &User, asked_at: Millis) -> Compared {
    let lately = |at: Millis| at.abs_diff(asked_at) <= ON_ITS_WAY.unsigned_abs();
    let mut head = stored.map(StoredUser::head).unwrap_or_default();
    let is_newer = head.join_state(&clerks.version) == Joined::Changed;
    let profile = &clerks.profile;
    let (verdict, changed_at) = match stored.map(|it| (it.head(), &it.user)) {
        Some((UserHead::Tombstone { deleted_at }, _)) => {
            (Verdict::Differs(Differs::Deleted, Vec::new()), deleted_at)
        }
        Some((UserHead::Live(version), user)) if version != Version::default() => {
            (differ(user, clerks), clerks.version.updated_at)
        }
        Some((UserHead::Live(_), _)) | None => {
            let created_at = profile.created_at.unwrap_or(clerks.version.updated_at);
            (Verdict::Differs(Differs::Missing, Vec::new()), created_at)
        }
    };
    let verdict = match verdict {
        // What no newer state can change does not come with a webhook.
        Verdict::Differs(Differs::Different, fields) if !is_newer => {
            Verdict::Differs(Differs::Different, fields)
        }
        Verdict::Differs(..) if lately(changed_at) => Verdict::OnItsWay,
        verdict => verdict,
    };
    Compared { is_newer, verdict }
}

/// Two states of one user.
fn differ(stored: &User, clerks: &User) -> Verdict {
    let (here, there) = (stored.version.updated_at, clerks.version.updated_at);
    if here > there {
        return Verdict::InStep;
    }
    let mut fields = fields(&stored.profile, &clerks.profile);
    // A lock ends by the clock.
    fields.retain(|field| !SILENT.contains(field) && (here < there || *field != "locked"));
    if !same_items(&stored.accounts, &clerks.accounts, same_account) {
        fields.push("accounts");
    }
    if !same_items(&stored.verifications, &clerks.verifications, same_verification) {
        fields.push("verifications");
    }
    match fields.is_empty() {
        false => Verdict::Differs(Differs::Different, fields),
        true if here < there => Verdict::Behind,
        true => Verdict::InStep,
    }
}

/// The names of the fields that differ.
fn fields(stored: &Profile, clerks: &Profile) -> Vec<&'static str> {
    macro_rules! differing {
        ($($field:ident),+) => {{
            // This names them all, or is not compiled.
            let Profile { $($field),+ } = stored;
            [$((stringify!($field), *$field != clerks.$field)),+]
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
    clerks: &BTreeMap<String, T>,
    same: fn(&T, &T) -> bool,
) -> bool {
    stored.len() == clerks.len()
        && stored.iter().zip(clerks).all(|(here, there)| here.0 == there.0 && same(here.1, there.1))
}

/// But for what a sign-in with it changes.
fn same_account(stored: &Account, clerks: &Account) -> bool {
    let stored = Account {
        status: timeless(stored.status.as_ref(), clerks.status.as_ref()),
        updated_at: clerks.updated_at,
        ..stored.clone()
    };
    stored == *clerks
}

/// But for what an attempt and the clock change.
fn same_verification(stored: &Verification, clerks: &Verification) -> bool {
    let stored = Verification {
        status: timeless(stored.status.as_ref(), clerks.status.as_ref()),
        attempts: clerks.attempts,
        expires_at: clerks.expires_at,
        updated_at: clerks.updated_at,
        ..stored.clone()
    };
    stored == *clerks
}

/// The stored status; Clerk's where the time alone made it so.
fn timeless(stored: Option<&String>, clerks: Option<&String>) -> Option<String> {
    let ran_out =
        clerks.is_some_and(|it| it == "expired") && stored.is_some_and(|it| it == "unverified");
    if ran_out { clerks.cloned() } else { stored.cloned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_800_000_000_000;
    const LONG_AGO: Millis = NOW - 86_400_000;

    fn user(updated_at: Millis) -> User {
        let verification = |id: &str, status: &str| Verification {
            id: id.to_owned(),
            kind: "email",
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
            version: Version::of(Some(updated_at), None, ""),
        }
    }

    fn stored(user: User) -> StoredUser {
        let version = Version::of(Some(user.version.updated_at), Some(NOW), "msg_1");
        StoredUser { user: User { version, ..user }, deleted_at: None }
    }

    fn verdict(here: &StoredUser, there: &User) -> (bool, Verdict) {
        let Compared { is_newer, verdict } = compare(Some(here), there, NOW);
        (is_newer, verdict)
    }

    fn different(fields: &[&'static str]) -> Verdict {
        Verdict::Differs(Differs::Different, fields.to_vec())
    }

    /// Clerk's user with something else in it.
    fn changed(updated_at: Millis, change: impl FnOnce(&mut User)) -> User {
        let mut user = user(updated_at);
        change(&mut user);
        user
    }

    #[test]
    fn the_fields_that_differ_are_named() {
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
    fn what_is_newer_here_is_in_step() {
        let there = changed(LONG_AGO - 1, |it| it.profile.first_name = None);
        assert_eq!(verdict(&stored(user(LONG_AGO)), &there), (false, Verdict::InStep));
    }

    #[test]
    fn the_same_state_with_something_else_in_it_is_different_and_not_newer() {
        let there = changed(LONG_AGO, |it| it.profile.first_name = None);
        let expected = (false, different(&["first_name"]));
        assert_eq!(verdict(&stored(user(LONG_AGO)), &there), expected);
    }

    #[test]
    fn what_changes_without_a_webhook_is_no_difference() {
        let here = stored(user(LONG_AGO));
        let silently = |it: &mut User| {
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
        let signed_in = changed(LONG_AGO + 1, silently);
        assert_eq!(verdict(&here, &signed_in), (true, Verdict::Behind));
        let unlocked = changed(LONG_AGO, |it| {
            silently(it);
            it.profile.locked = Some(false);
        });
        assert_eq!(verdict(&here, &unlocked), (false, Verdict::InStep));
        let verified = changed(LONG_AGO, |it| {
            for verification in it.verifications.values_mut() {
                verification.status = Some("verified".to_owned());
            }
        });
        assert_eq!(verdict(&here, &verified), (false, different(&["verifications"])));
    }

    #[test]
    fn a_webhook_has_its_time_to_come() {
        let here = stored(user(LONG_AGO));
        for (at, expected) in [
            (NOW - ON_ITS_WAY, Verdict::OnItsWay),
            (NOW - ON_ITS_WAY - 1, different(&["first_name"])),
            (NOW + ON_ITS_WAY + 1, different(&["first_name"])),
        ] {
            let there = changed(at, |it| it.profile.first_name = None);
            assert_eq!(verdict(&here, &there), (true, expected), "{at}");
        }
        // It was created long ago: that webhook is lost.
        let missing = Verdict::Differs(Differs::Missing, Vec::new());
        assert_eq!(compare(None, &user(NOW), NOW).verdict, missing);
        let fresh = changed(NOW, |it| it.profile.created_at = Some(NOW));
        assert_eq!(compare(None, &fresh, NOW).verdict, Verdict::OnItsWay);
    }

    #[test]
    fn a_stub_is_missing_and_a_deletion_is_for_ever() {
        let stub = StoredUser { user: User::default(), deleted_at: None };
        let missing = Verdict::Differs(Differs::Missing, Vec::new());
        assert_eq!(verdict(&stub, &user(LONG_AGO)), (true, missing));
        let buried = |deleted_at| StoredUser { deleted_at, ..stub.clone() };
        let deleted = Verdict::Differs(Differs::Deleted, Vec::new());
        assert_eq!(verdict(&buried(Some(LONG_AGO)), &user(NOW)), (false, deleted));
        assert_eq!(verdict(&buried(Some(NOW)), &user(NOW)), (false, Verdict::OnItsWay));
    }
}
