//! The fields of a user that a payload may lack, each with the columns and rows that it decides.

use std::collections::BTreeMap;

use super::state::{Account, UserData};
use crate::objects::columns::Columns;

/// ID and provider of the account that represents a password.
pub const CREDENTIAL: &str = "credential";

/// All fields. The names are those of Clerk's fields or of the columns. Each decides columns of the
/// user, or a set of accounts and verifications.
pub const ALL: [&str; 24] = [
    "external_id",
    "username",
    "first_name",
    "last_name",
    "email",
    "phone_number",
    "image",
    "banned",
    "locked",
    "password_enabled",
    "two_factor_enabled",
    "public_metadata",
    "private_metadata",
    "unsafe_metadata",
    "last_sign_in_at",
    "last_active_at",
    "created_at",
    "updated_at",
    "email_addresses",
    "phone_numbers",
    "web3_wallets",
    "passkeys",
    "external_accounts",
    "enterprise_accounts",
];

/// The field of the email addresses, which also decides whether the primary address is known.
pub const EMAIL_ADDRESSES: &str = "email_addresses";

/// The field of the phone numbers, which also decides whether the primary number is known.
pub const PHONE_NUMBERS: &str = "phone_numbers";

/// Copies the columns and items of a field from one user to another.
pub(super) fn copy(field: &'static str, from: &UserData, to: &mut UserData) {
    match field {
        "email" => {
            to.profile.email.clone_from(&from.profile.email);
            to.profile.email_verified = from.profile.email_verified;
        }
        "password_enabled" => {
            to.profile.password_enabled = from.profile.password_enabled;
            replace(&from.accounts, &mut to.accounts, |id| id == CREDENTIAL);
        }
        EMAIL_ADDRESSES => copy_list("email", from, to),
        PHONE_NUMBERS => copy_list("phone", from, to),
        "web3_wallets" => copy_list("web3", from, to),
        "passkeys" => copy_list("passkey", from, to),
        "external_accounts" => copy_list("external_account", from, to),
        "enterprise_accounts" => copy_list("enterprise_account", from, to),
        column => to.profile.copy_column(column, &from.profile),
    }
}

/// Copies the verifications of a kind, and the accounts that they belong to.
fn copy_list(kind: &str, from: &UserData, to: &mut UserData) {
    let is_listed = |user: &UserData, id: &str| {
        user.verifications.get(id).is_some_and(|verification| *verification.kind == *kind)
    };
    let accounts = |user: &UserData| -> BTreeMap<String, Account> {
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
