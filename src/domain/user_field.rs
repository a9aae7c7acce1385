//! The fields of a user that a payload may lack, each with the columns and rows that it decides.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    user::{Account, User},
    version::Version,
};

/// ID and provider of the account that represents a password.
pub const CREDENTIAL: &str = "credential";

/// Declares the fields with their names, which are those of Clerk's fields or of the columns.
macro_rules! user_fields {
    ($($field:ident $name:literal,)+) => {
        /// Field of a user that a payload has or lacks. Each decides columns of the user, or a set
        /// of accounts and verifications, and no two fields decide the same.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum UserField {
            $(
                #[doc = concat!("`", $name, "`")]
                $field,
            )+
        }

        impl UserField {
            /// All fields.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$field),+];

            /// Returns the name of the field in the database.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$field => $name,)+
                }
            }
        }
    };
}

user_fields! {
    ExternalId "external_id",
    Username "username",
    FirstName "first_name",
    LastName "last_name",
    Email "email",
    PhoneNumber "phone_number",
    Image "image",
    Banned "banned",
    Locked "locked",
    Password "password_enabled",
    TwoFactor "two_factor_enabled",
    PublicMetadata "public_metadata",
    PrivateMetadata "private_metadata",
    UnsafeMetadata "unsafe_metadata",
    LastSignInAt "last_sign_in_at",
    LastActiveAt "last_active_at",
    CreatedAt "created_at",
    UpdatedAt "updated_at",
    EmailAddresses "email_addresses",
    PhoneNumbers "phone_numbers",
    Web3Wallets "web3_wallets",
    Passkeys "passkeys",
    ExternalAccounts "external_accounts",
    EnterpriseAccounts "enterprise_accounts",
}

impl UserField {
    /// Copies the columns and rows of the field from one state to another.
    pub(super) fn copy(self, from: &User, to: &mut User) {
        macro_rules! columns {
            ($($column:ident),+) => {{
                $(to.profile.$column.clone_from(&from.profile.$column);)+
            }};
        }
        match self {
            Self::ExternalId => columns!(external_id),
            Self::Username => columns!(username),
            Self::FirstName => columns!(first_name),
            Self::LastName => columns!(last_name),
            Self::Email => columns!(email, email_verified),
            Self::PhoneNumber => columns!(phone_number),
            Self::Image => columns!(image),
            Self::Banned => columns!(banned),
            Self::Locked => columns!(locked),
            Self::Password => {
                columns!(password_enabled);
                replace(&from.accounts, &mut to.accounts, |id| id == CREDENTIAL);
            }
            Self::TwoFactor => columns!(two_factor_enabled),
            Self::PublicMetadata => columns!(public_metadata),
            Self::PrivateMetadata => columns!(private_metadata),
            Self::UnsafeMetadata => columns!(unsafe_metadata),
            Self::LastSignInAt => columns!(last_sign_in_at),
            Self::LastActiveAt => columns!(last_active_at),
            Self::CreatedAt => columns!(created_at),
            Self::UpdatedAt => columns!(updated_at),
            Self::EmailAddresses => copy_list("email", from, to),
            Self::PhoneNumbers => copy_list("phone", from, to),
            Self::Web3Wallets => copy_list("web3", from, to),
            Self::Passkeys => copy_list("passkey", from, to),
            Self::ExternalAccounts => copy_list("external_account", from, to),
            Self::EnterpriseAccounts => copy_list("enterprise_account", from, to),
        }
    }
}

/// Copies the verifications of a kind, and the accounts that they belong to.
fn copy_list(kind: &str, from: &User, to: &mut User) {
    let is_listed = |user: &User, id: &str| {
        user.verifications.get(id).is_some_and(|verification| *verification.kind == *kind)
    };
    let accounts = |user: &User| -> BTreeMap<String, Account> {
        let listed = user.accounts.iter().filter(|(id, _)| is_listed(user, id));
        listed.map(|(id, account)| (id.clone(), account.clone())).collect()
    };
    let (removed, added) = (accounts(to), accounts(from));
    to.accounts.retain(|id, _| !removed.contains_key(id));
    to.accounts.extend(added);
    to.verifications.retain(|_, verification| *verification.kind != *kind);
    let listed = from.verifications.iter().filter(|(id, _)| is_listed(from, id));
    to.verifications.extend(listed.map(|(id, item)| (id.clone(), item.clone())));
}

fn replace<T: Clone>(
    from: &BTreeMap<String, T>,
    to: &mut BTreeMap<String, T>,
    is_replaced: impl Fn(&str) -> bool,
) {
    to.retain(|id, _| !is_replaced(id));
    let added = from.iter().filter(|(id, _)| is_replaced(id));
    to.extend(added.map(|(id, item)| (id.clone(), item.clone())));
}

/// Writes the versions of fields for the database: a JSON object that maps names to
/// `[updated_at, occurred_at, event_id]`, or to null for `Version::default()`. Returns none if
/// there are no fields.
#[must_use]
pub fn to_text(versions: &BTreeMap<UserField, Version>) -> Option<String> {
    let write = |version: &Version| match *version == Version::default() {
        true => Value::Null,
        false => serde_json::json!([version.updated_at, version.occurred_at, version.event_id]),
    };
    let fields = versions.iter().map(|(field, version)| (field.name().to_owned(), write(version)));
    (!versions.is_empty()).then(|| fields.collect::<Value>().to_string())
}

/// Reads the versions of fields from the database. Fields that this version of the program does not
/// know are left out.
#[must_use]
pub fn from_text(text: Option<&str>) -> BTreeMap<UserField, Version> {
    let fields = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let Some(Value::Object(fields)) = fields else { return BTreeMap::new() };
    let read = |field: UserField| {
        let version = match fields.get(field.name())? {
            Value::Null => Version::default(),
            version => Version {
                updated_at: version.get(0)?.as_i64()?,
                occurred_at: version.get(1)?.as_i64()?,
                event_id: version.get(2)?.as_str()?.to_owned(),
            },
        };
        Some((field, version))
    };
    UserField::ALL.into_iter().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{UserField, from_text, to_text};
    use crate::domain::version::Version;

    #[test]
    fn field_versions_round_trip() {
        let versions: BTreeMap<_, _> = UserField::ALL
            .into_iter()
            .zip(0_i64..)
            .map(|(field, at)| match at {
                0 => (field, Version::default()),
                at => (field, Version::complete(Some(at), Some(at + 1), "msg_\"1")),
            })
            .collect();
        let text = to_text(&versions);
        assert_eq!(from_text(text.as_deref()), versions);
        assert_eq!((to_text(&BTreeMap::new()), from_text(None)), (None, BTreeMap::new()));
    }

    #[test]
    fn unreadable_field_versions_are_left_out() {
        let text = r#"{"username":null,"shoe_size":null,"image":7,"locked":[1,2]}"#;
        assert_eq!(from_text(Some(text)), [(UserField::Username, Version::default())].into());
        assert_eq!(from_text(Some("not JSON")), BTreeMap::new());
    }

    #[test]
    fn field_names_differ() {
        let names: BTreeSet<_> = UserField::ALL.into_iter().map(UserField::name).collect();
        assert_eq!(names.len(), UserField::ALL.len());
    }
}
