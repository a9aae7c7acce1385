//! Decodes user events, and the users that session events embed.

use std::collections::BTreeMap;

use super::{Decoded, Fault, Message, value};
use crate::{
    clerk::payload::{self, List},
    domain::{
        event::Change,
        user::{Account, Profile, User, Verification},
        version::Version,
    },
};

/// ID and provider of the account that represents a password.
const CREDENTIAL: &str = "credential";

/// Returns the change to the state of a user. A user event always contains the complete state.
pub(super) fn change(message: &Message<'_>, data: payload::User) -> Result<Decoded, Fault> {
    let updated_at = value::instant(data.updated_at, "updated_at")?;
    let version = Version::complete(updated_at, message.occurred_at, message.version_id);
    user(data, version).map(|user| Change::User(Box::new(user)).into())
}

/// Returns the deletion of a user.
pub(super) fn deletion(
    message: &Message<'_>,
    data: payload::DeletedObject,
) -> Result<Decoded, Fault> {
    let user_id = value::id(data.id, "data.id")?;
    let at = message.occurred_at.unwrap_or_default();
    Ok(Change::UserDeleted { user_id, at }.into())
}

/// Returns the user that a session event embeds, if it is the owner of the session. Deliveries may
/// contain a part of the user only, and such a state must lose to every complete one.
pub(super) fn embedded(
    message: &Message<'_>,
    mut data: payload::User,
    owner: &str,
) -> Result<Option<User>, Fault> {
    data.id = value::optional_id(data.id, "data.user.id")?;
    if data.id.as_deref() != Some(owner) {
        return Ok(None);
    }
    let updated_at = value::instant(data.updated_at, "user.updated_at")?;
    let complete = data.email_addresses.is_some()
        && data.phone_numbers.is_some()
        && data.external_accounts.is_some()
        && data.public_metadata.is_some();
    let version = match updated_at {
        Some(_) if complete => {
            Version::complete(updated_at, message.occurred_at, message.version_id)
        }
        _ => Version::incomplete(message.occurred_at, message.version_id),
    };
    user(data, version).map(Some)
}

fn user(mut data: payload::User, version: Version) -> Result<User, Fault> {
    let id = value::id(data.id.take(), "data.id")?;
    let mut identities = Identities::default();
    identities.add_contacts(&mut data)?;
    identities.add_accounts(&mut data)?;
    if data.password_enabled == Some(true) {
        identities.add_password(&id, data.password_last_updated_at)?;
    }
    let Identities { accounts, verifications } = identities;
    let primary = |id: Option<String>| verifications.get(value::text(id).as_deref()?);
    let email = primary(data.primary_email_address_id.take()).filter(|it| it.kind == "email");
    let phone = primary(data.primary_phone_number_id.take()).filter(|it| it.kind == "phone");
    let email_verified = email.map(|email| email.status.as_deref() == Some("verified"));
    let email = value::indexed(email.and_then(|email| email.identifier.clone()), "email address")?;
    let profile = Profile {
        external_id: value::indexed(data.external_id, "external_id")?,
        username: value::indexed(data.username, "username")?,
        first_name: value::text(data.first_name),
        last_name: value::text(data.last_name),
        email_verified: email_verified.filter(|_| email.is_some()),
        email,
        phone_number: phone.and_then(|phone| phone.identifier.clone()),
        image: value::text(data.image_url).or_else(|| value::text(data.profile_image_url)),
        banned: data.banned,
        locked: data.locked,
        password_enabled: data.password_enabled,
        two_factor_enabled: data.two_factor_enabled,
        public_metadata: value::json(data.public_metadata),
        private_metadata: value::json(data.private_metadata),
        unsafe_metadata: value::json(data.unsafe_metadata),
        last_sign_in_at: value::instant(data.last_sign_in_at, "last_sign_in_at")?,
        last_active_at: value::instant(data.last_active_at, "last_active_at")?,
        created_at: value::instant(data.created_at, "created_at")?,
        updated_at: value::instant(data.updated_at, "updated_at")?,
    };
    Ok(User { id, profile, accounts, verifications, version })
}

/// The accounts and verifications of a user, by ID. Items without an ID are skipped. If two items
/// have the same ID, the last one counts.
#[derive(Default)]
struct Identities {
    accounts: BTreeMap<String, Account>,
    verifications: BTreeMap<String, Verification>,
}

/// An email address, phone number, wallet, passkey or account, with its verification.
struct Verifiable {
    kind: &'static str,
    identifier: Option<String>,
    verification: Option<payload::Verification>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
}

impl Identities {
    fn add_contacts(&mut self, data: &mut payload::User) -> Result<(), Fault> {
        macro_rules! verify_each {
            ($list:ident, $kind:literal, $identifier:ident) => {
                for item in items(&mut data.$list) {
                    let verifiable = Verifiable {
                        kind: $kind,
                        identifier: item.$identifier,
                        verification: item.verification,
                        created_at: item.created_at,
                        updated_at: item.updated_at,
                    };
                    self.add_verification(item.id, verifiable)?;
                }
            };
        }
        verify_each!(email_addresses, "email", email_address);
        verify_each!(phone_numbers, "phone", phone_number);
        verify_each!(web3_wallets, "web3", web3_wallet);
        verify_each!(passkeys, "passkey", name);
        Ok(())
    }

    fn add_accounts(&mut self, data: &mut payload::User) -> Result<(), Fault> {
        for item in items(&mut data.external_accounts) {
            // At Google and Facebook, `id` is an `idn_…`, and the account has an ID of its own.
            let id = value::text(item.external_account_id).or(item.id);
            let provider = value::text(item.provider).or_else(|| {
                let named = value::text(item.object)?;
                named.strip_suffix("_account").filter(|it| *it != "external").map(str::to_owned)
            });
            let account_ids = [item.provider_user_id, item.google_id, item.facebook_id];
            let account = Account {
                provider_id: value::text(provider.map(without_oauth)),
                account_id: account_ids.into_iter().find_map(value::text),
                email: value::text(item.email_address),
                username: value::text(item.username),
                scope: value::text(item.approved_scopes),
                ..Account::default()
            };
            let times = (item.created_at, item.updated_at);
            self.add_account(id, "external_account", account, item.verification, times)?;
        }
        // Deliveries with both lists contain each account twice, under two IDs.
        let mut enterprise = items(&mut data.enterprise_accounts);
        if enterprise.is_empty() {
            enterprise = items(&mut data.saml_accounts);
        }
        for item in enterprise {
            let account = Account {
                provider_id: value::text(item.provider.map(without_oauth)),
                account_id: value::text(item.provider_user_id),
                email: value::text(item.email_address),
                ..Account::default()
            };
            let times = (item.created_at, item.updated_at);
            self.add_account(item.id, "enterprise_account", account, item.verification, times)?;
        }
        Ok(())
    }

    fn add_password(&mut self, user_id: &str, updated_at: Option<i64>) -> Result<(), Fault> {
        let account = Account {
            id: CREDENTIAL.to_owned(),
            provider_id: Some(CREDENTIAL.to_owned()),
            account_id: Some(user_id.to_owned()),
            updated_at: value::instant(updated_at, "password_last_updated_at")?,
            ..Account::default()
        };
        self.accounts.insert(CREDENTIAL.to_owned(), account);
        Ok(())
    }

    fn add_account(
        &mut self,
        id: Option<String>,
        kind: &'static str,
        account: Account,
        verification: Option<payload::Verification>,
        (created_at, updated_at): (Option<i64>, Option<i64>),
    ) -> Result<(), Fault> {
        let Some(id) = value::optional_id(id, "account id")? else {
            return Ok(());
        };
        let status = verification.as_ref().and_then(|it| value::text(it.status.clone()));
        let account = Account {
            id: id.clone(),
            status,
            created_at: value::instant(created_at, "account created_at")?,
            updated_at: value::instant(updated_at, "account updated_at")?,
            ..account
        };
        let identifier = account.email.clone().or_else(|| account.account_id.clone());
        self.accounts.insert(id.clone(), account);
        let verifiable = Verifiable { kind, identifier, verification, created_at, updated_at };
        self.add_verification(Some(id), verifiable)
    }

    fn add_verification(&mut self, id: Option<String>, of: Verifiable) -> Result<(), Fault> {
        let Some(id) = value::optional_id(id, "identification id")? else {
            return Ok(());
        };
        let verification = of.verification.unwrap_or_default();
        let row = Verification {
            id: id.clone(),
            kind: of.kind.into(),
            identifier: value::text(of.identifier),
            // Clerk sends no verification if the instance requires none.
            status: value::text(verification.status).or_else(|| Some("unverified".to_owned())),
            strategy: value::text(verification.strategy),
            attempts: verification.attempts,
            expires_at: value::instant(verification.expire_at, "verification expire_at")?,
            created_at: value::instant(of.created_at, "created_at")?,
            updated_at: value::instant(of.updated_at, "updated_at")?,
        };
        self.verifications.insert(id, row);
        Ok(())
    }
}

fn items<T>(list: &mut List<T>) -> Vec<T> {
    list.take().unwrap_or_default().into_iter().flatten().collect()
}

/// Removes Clerk's prefix from the name of a provider: `oauth_google` becomes `google`.
fn without_oauth(mut provider: String) -> String {
    if provider.starts_with("oauth_") {
        provider.drain(.."oauth_".len());
    }
    provider
}
