//! Users with their accounts and verifications, and the merge rules for users.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

use super::{Millis, user_field::UserField, version::Version};

/// State of a user at one version. Its accounts and verifications are complete sets: an entry that
/// a newer state does not list is removed.
///
/// A payload may lack fields. A field that a state lacks keeps the value of the newest state that
/// has it, with that state's version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct User {
    /// Clerk's id, `user_…`.
    pub id: String,
    /// Columns of the user.
    pub profile: Profile,
    /// Linked accounts by [`Account::id`].
    pub accounts: BTreeMap<String, Account>,
    /// Verifications by [`Verification::id`].
    pub verifications: BTreeMap<String, Verification>,
    /// Version of this state.
    pub version: Version,
    /// Versions of the fields whose values are from another state. A field that no state had has
    /// the version `Version::default()`.
    pub field_versions: BTreeMap<UserField, Version>,
}

impl User {
    /// Returns true if all fields are from one state.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.field_versions.is_empty()
    }

    /// Returns the version of the state that a field is from.
    #[must_use]
    pub fn version_of(&self, field: UserField) -> &Version {
        self.field_versions.get(&field).unwrap_or(&self.version)
    }

    /// Returns the part of the state whose versions are kept, or none if there is none.
    #[must_use]
    pub fn kept(self, is_kept: impl Fn(&Version) -> bool) -> Option<Self> {
        if self.is_whole() {
            return is_kept(&self.version).then_some(self);
        }
        let version = |field| (field, self.version_of(field).clone());
        let mut versions: BTreeMap<_, _> = UserField::ALL.into_iter().map(version).collect();
        for version in versions.values_mut().filter(|version| !is_kept(version)) {
            *version = Version::default();
        }
        let newest = versions.values().max().cloned().unwrap_or_default();
        let version = if is_kept(&self.version) { self.version.clone() } else { newest };
        if version == Version::default() {
            return None;
        }
        let mut kept = Self { id: self.id.clone(), version, ..Self::default() };
        for (field, _) in versions.iter().filter(|(_, version)| **version != Version::default()) {
            field.copy(&self, &mut kept);
        }
        versions.retain(|_, version| *version != kept.version);
        kept.field_versions = versions;
        Some(kept)
    }

    /// Merges another state of the user into this one. Each field is that of the newest state that
    /// has it. Returns true if anything changed.
    pub fn merge(&mut self, other: &Self) -> bool {
        let mut changed = other.version > self.version;
        let version = if changed { &other.version } else { &self.version }.clone();
        let mut field_versions = BTreeMap::new();
        for field in UserField::ALL {
            let (current, incoming) = (self.version_of(field), other.version_of(field));
            let newest = current.max(incoming).clone();
            if incoming > current {
                field.copy(other, self);
                changed = true;
            }
            if newest != version {
                field_versions.insert(field, newest);
            }
        }
        (self.version, self.field_versions) = (version, field_versions);
        changed
    }
}

/// Columns of a user. All can be missing: a stub has none, and Clerk omits many of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Id in the customer's own system.
    pub external_id: Option<String>,
    /// Username, unique in the Clerk instance.
    pub username: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Primary email address; `None` if the primary id names no address of the user.
    pub email: Option<String>,
    /// True if the primary email address is verified; `None` without an address.
    pub email_verified: Option<bool>,
    /// Primary phone number in E.164 format.
    pub phone_number: Option<String>,
    /// URL of the profile image.
    pub image: Option<String>,
    /// True if the user is banned. Banned users have no sessions.
    pub banned: Option<bool>,
    /// True if the user is temporarily locked out after failed sign-in attempts.
    pub locked: Option<bool>,
    /// True if the user can sign in with a password.
    pub password_enabled: Option<bool>,
    /// True if the user signs in with a second factor.
    pub two_factor_enabled: Option<bool>,
    /// Metadata that frontends can read.
    pub public_metadata: Option<Value>,
    /// Metadata for backends. It is stored, and no API returns it.
    pub private_metadata: Option<Value>,
    /// Metadata that frontends can read and write.
    pub unsafe_metadata: Option<Value>,
    /// Time of the latest sign-in that Clerk reported.
    pub last_sign_in_at: Option<Millis>,
    /// Time of the latest activity. Clerk sometimes reports only the day.
    pub last_active_at: Option<Millis>,
    /// Time of the sign-up, or the time that an import set.
    pub created_at: Option<Millis>,
    /// Clerk's `updated_at`.
    pub updated_at: Option<Millis>,
}

/// Sign-in method that is linked to a user: an external account or a password.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// Id of the external account, `eac_…`; `credential` for the password.
    pub id: String,
    /// Provider: `google`, `github`, …; `credential` for the password.
    pub provider_id: Option<String>,
    /// Provider's id of the user; `None` until the link is completed.
    pub account_id: Option<String>,
    /// Email address at the provider.
    pub email: Option<String>,
    /// Username at the provider.
    pub username: Option<String>,
    /// Granted OAuth scopes, separated by spaces.
    pub scope: Option<String>,
    /// Status of the link's verification.
    pub status: Option<String>,
    /// Time at which the account was linked.
    pub created_at: Option<Millis>,
    /// Time of the latest change to the link.
    pub updated_at: Option<Millis>,
}

/// Verification that an address, number, wallet or account belongs to the user.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verification {
    /// Id of the verified object: `idn_…`, `eac_…`, ….
    pub id: String,
    /// Kind of the verified object. Open set: `email`, `phone`, `web3`, `passkey`,
    /// `external_account`, `enterprise_account`, ….
    pub kind: Cow<'static, str>,
    /// Address, number or wallet.
    pub identifier: Option<String>,
    /// Open set: `verified`, `unverified`, `failed`, `expired`, `transferable`, ….
    pub status: Option<String>,
    /// Verification method: `email_code`, `oauth_google`, … (an open set).
    pub strategy: Option<String>,
    /// Number of attempts.
    pub attempts: Option<i64>,
    /// Time at which the attempt expires.
    pub expires_at: Option<Millis>,
    /// Time at which the address, number or link was added.
    pub created_at: Option<Millis>,
    /// Time of the latest change.
    pub updated_at: Option<Millis>,
}

/// Part of a user that decides the next merge: the version of its state, or its tombstone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserLifecycle {
    /// User, or a stub (at `Version::default()`) for which no event has arrived yet.
    Live(Version),
    /// Permanent mark of a deletion. Clerk does not reuse ids.
    Tombstone {
        /// Least envelope time of all deletions of this user.
        deleted_at: Millis,
    },
}

impl Default for UserLifecycle {
    fn default() -> Self {
        Self::Live(Version::default())
    }
}

/// Result of merging a state or a deletion into a [`UserLifecycle`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergeOutcome {
    /// The incoming state or deletion won, and the row changes.
    Changed,
    /// The current state or deletion won.
    Unchanged,
    /// The user is deleted, so the incoming state has no effect.
    Tombstoned,
}

impl UserLifecycle {
    /// Merges a state. The state with the greater version wins as a whole.
    pub fn merge_state(&mut self, incoming: &Version) -> MergeOutcome {
        match self {
            Self::Tombstone { .. } => MergeOutcome::Tombstoned,
            Self::Live(current) if incoming > current => {
                current.clone_from(incoming);
                MergeOutcome::Changed
            }
            Self::Live(_) => MergeOutcome::Unchanged,
        }
    }

    /// Merges a deletion. It beats every state, and the earliest of several deletions wins.
    pub fn merge_deletion(&mut self, at: Millis) -> MergeOutcome {
        match self {
            Self::Tombstone { deleted_at } if *deleted_at <= at => MergeOutcome::Unchanged,
            Self::Tombstone { .. } | Self::Live(_) => {
                *self = Self::Tombstone { deleted_at: at };
                MergeOutcome::Changed
            }
        }
    }

    /// Returns true if a state of the user is known: it is neither a stub nor a tombstone.
    #[must_use]
    pub fn has_state(&self) -> bool {
        matches!(self, Self::Live(version) if *version != Version::default())
    }

    /// Returns true if a state with this version is newer.
    #[must_use]
    pub fn loses_to(&self, version: &Version) -> bool {
        matches!(self, Self::Live(current) if current < version)
    }

    /// Returns true if the user is deleted.
    #[must_use]
    pub fn is_tombstone(&self) -> bool {
        matches!(self, Self::Tombstone { .. })
    }
}
