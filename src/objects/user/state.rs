//! State of a user, with its accounts and verifications.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::Value;

use super::fields;
use crate::{
    domain::Millis,
    objects::{
        columns::{Column, ColumnValue, Columns, columns},
        state::{ObjectData, State},
    },
};

/// State of a user.
pub type User = State<UserData>;

/// Values of a user. The accounts and verifications are complete sets: an entry that a newer state
/// does not list is removed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserData {
    /// Columns of the user.
    pub profile: Profile,
    /// Linked accounts by [`Account::id`].
    pub accounts: BTreeMap<String, Account>,
    /// Verifications by [`Verification::id`].
    pub verifications: BTreeMap<String, Verification>,
}

columns! {
    /// Columns of a user. All can be missing: a stub has none, and Clerk omits many of them.
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
}

columns! {
    /// Sign-in method that is linked to a user: an external account or a password.
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
}

columns! {
    /// Verification that an address, number, wallet or account belongs to the user.
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
}

impl Columns for UserData {
    const COLUMNS: &'static [Column] = Profile::COLUMNS;

    fn push_values<'a>(&'a self, values: &mut Vec<ColumnValue<'a>>) {
        self.profile.push_values(values);
    }

    fn value(&self, column: &str) -> Option<ColumnValue<'_>> {
        self.profile.value(column)
    }

    fn from_values<'v>(values: &mut impl Iterator<Item = ColumnValue<'v>>) -> Self {
        Self { profile: Profile::from_values(values), ..Self::default() }
    }

    fn copy_column(&mut self, column: &str, from: &Self) {
        self.profile.copy_column(column, &from.profile);
    }
}

impl ObjectData for UserData {
    fn fields() -> impl Iterator<Item = &'static str> {
        fields::ALL.into_iter()
    }

    fn copy_field(&mut self, field: &'static str, from: &Self) {
        fields::copy(field, from, self);
    }

    fn items(&self, table: usize) -> Vec<ColumnValue<'_>> {
        match table {
            ACCOUNTS => values_of(self.accounts.values()),
            _ => values_of(self.verifications.values()),
        }
    }

    fn add_item(&mut self, table: usize, mut values: &mut dyn Iterator<Item = ColumnValue<'_>>) {
        if table == ACCOUNTS {
            let item = Account::from_values(&mut values);
            self.accounts.insert(item.id.clone(), item);
        } else {
            let item = Verification::from_values(&mut values);
            self.verifications.insert(item.id.clone(), item);
        }
    }

    fn differences(&self, remote: &Self, is_older: bool) -> Vec<&'static str> {
        super::drift::differences(self, remote, is_older)
    }

    fn search_terms(&self) -> Vec<String> {
        super::search::terms(&self.profile)
    }
}

fn values_of<'a, T: Columns + 'a>(
    items: impl ExactSizeIterator<Item = &'a T>,
) -> Vec<ColumnValue<'a>> {
    let mut values = Vec::with_capacity(items.len() * T::COLUMNS.len());
    items.for_each(|item| item.push_values(&mut values));
    values
}

/// Index of the table of accounts among the tables of items.
pub const ACCOUNTS: usize = 0;
