//! Users, with the accounts and verifications that come and go with them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Millis, version::Version};

/// One state of a user. The accounts and verifications belong to it as whole sets: what a newer
/// state no longer lists is gone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct User {
    /// Clerk's id, `user_…`.
    pub id: String,
    /// Everything else that is known of the user.
    pub profile: Profile,
    /// By [`Account::id`].
    pub accounts: BTreeMap<String, Account>,
    /// By the id of what is verified.
    pub verifications: BTreeMap<String, Verification>,
    /// When this was the state.
    pub version: Version,
}

/// The columns of a user. All may be missing: a stub knows none, and Clerk leaves many out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// The id in the customer's own system.
    pub external_id: Option<String>,
    /// Unique in the Clerk instance.
    pub username: Option<String>,
    /// The given name.
    pub first_name: Option<String>,
    /// The family name.
    pub last_name: Option<String>,
    /// The primary address; none where the primary id points nowhere.
    pub email: Option<String>,
    /// Whether the primary address is verified; none without one.
    pub email_verified: Option<bool>,
    /// The primary number, in E.164.
    pub phone_number: Option<String>,
    /// The address of the picture.
    pub image: Option<String>,
    /// Banned users have no sessions.
    pub banned: Option<bool>,
    /// Locked out for a while after failed attempts.
    pub locked: Option<bool>,
    /// Whether the user can sign in with a password.
    pub password_enabled: Option<bool>,
    /// Whether a second factor is asked for.
    pub two_factor_enabled: Option<bool>,
    /// Readable by frontends.
    pub public_metadata: Option<Value>,
    /// For backends: stored, never shown.
    pub private_metadata: Option<Value>,
    /// Writable by frontends.
    pub unsafe_metadata: Option<Value>,
    /// The latest sign-in that Clerk told of.
    pub last_sign_in_at: Option<Millis>,
    /// The latest activity, sometimes only to the day.
    pub last_active_at: Option<Millis>,
    /// When the user signed up, or what an importer said.
    pub created_at: Option<Millis>,
    /// Clerk's `updated_at`.
    pub updated_at: Option<Millis>,
}

/// A way to sign in that is linked to a user: an external provider, or a password.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// `eac_…`; `credential` for the password.
    pub id: String,
    /// `google`, `github`, …; `credential` for the password.
    pub provider_id: Option<String>,
    /// The provider's id of the user; missing while a link was never finished.
    pub account_id: Option<String>,
    /// The address at the provider.
    pub email: Option<String>,
    /// The name at the provider.
    pub username: Option<String>,
    /// The scopes granted, separated by spaces.
    pub scope: Option<String>,
    /// The status of the link's verification.
    pub status: Option<String>,
    /// When the link was made.
    pub created_at: Option<Millis>,
    /// When the link last changed.
    pub updated_at: Option<Millis>,
}

/// What Clerk knows of one address, number, wallet or account being the user's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verification {
    /// The id of what is verified: `idn_…`, `eac_…`, ….
    pub id: String,
    /// One of [`Verification::KINDS`].
    pub kind: &'static str,
    /// The address, number or wallet.
    pub identifier: Option<String>,
    /// `verified`, `unverified`, `failed`, `expired`, `transferable`, …: an open set.
    pub status: Option<String>,
    /// How it was or is to be proven: an open set.
    pub strategy: Option<String>,
    /// How often it was tried.
    pub attempts: Option<i64>,
    /// When the attempt runs out.
    pub expires_at: Option<Millis>,
    /// When the address, number or link was added.
    pub created_at: Option<Millis>,
    /// When it last changed.
    pub updated_at: Option<Millis>,
}

impl Verification {
    /// What can be verified.
    pub const KINDS: [&'static str; 6] =
        ["email", "phone", "web3", "passkey", "external_account", "enterprise_account"];
}

/// What decides how a user's row joins with the next event: its version, or its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserHead {
    /// A user, or a stub (at `Version::default()`) whose first event is still to come.
    Live(Version),
    /// Deleted for ever. Clerk does not use an id twice.
    Tombstone {
        /// The least envelope time of the deletions.
        deleted_at: Millis,
    },
}

impl Default for UserHead {
    fn default() -> Self {
        Self::Live(Version::default())
    }
}

/// What joining a state or a deletion into a [`UserHead`] came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// The incoming one won: the row changes.
    Changed,
    /// The present one won.
    Unchanged,
    /// The user is deleted; no state changes that.
    Tombstoned,
}

impl UserHead {
    /// Joins a state: the greater version wins whole.
    pub fn join_state(&mut self, incoming: &Version) -> Joined {
        match self {
            Self::Tombstone { .. } => Joined::Tombstoned,
            Self::Live(present) if incoming > present => {
                present.clone_from(incoming);
                Joined::Changed
            }
            Self::Live(_) => Joined::Unchanged,
        }
    }

    /// Joins a deletion: it beats every state, and of two deletions the earlier one counts.
    pub fn join_deletion(&mut self, at: Millis) -> Joined {
        match self {
            Self::Tombstone { deleted_at } if *deleted_at <= at => Joined::Unchanged,
            Self::Tombstone { .. } | Self::Live(_) => {
                *self = Self::Tombstone { deleted_at: at };
                Joined::Changed
            }
        }
    }

    /// Whether the user is deleted.
    #[must_use]
    pub fn is_tombstone(&self) -> bool {
        matches!(self, Self::Tombstone { .. })
    }
}
