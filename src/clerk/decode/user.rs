//! `user.created`, `user.updated`, and the user that a session event embeds.

use std::collections::BTreeMap;

use super::{Fault, value};
use crate::{
    clerk::payload::{self, List},
    domain::{
        Millis,
        user::{Account, Profile, User, Verification},
        version::Version,
    },
};

/// The id, and the provider, of the account that stands for a password.
const CREDENTIAL: &str = "credential";

/// The state of a user that the message tells, complete by its nature.
pub(super) fn state(
    data: payload::User,
    occurred_at: Option<Millis>,
    event_id: &str,
) -> Result<User, Fault> {
    let updated_at = value::instant(data.updated_at, "updated_at")?;
    translate(data, Version::complete(updated_at, occurred_at, event_id))
}

/// The user that a session event embeds, if it is the session's: deliveries trim it, and a trimmed
/// one must lose to every whole one.
pub(super) fn embedded(
    mut data: payload::User,
    owner: &str,
    occurred_at: Option<Millis>,
    event_id: &str,
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
        Some(_) if complete => Version::complete(updated_at, occurred_at, event_id),
        _ => Version::incomplete(occurred_at, event_id),
    };
    translate(data, version).map(Some)
}

fn translate(mut data: payload::User, version: Version) -> Result<User, Fault> {
    let id = value::id(data.id.take(), "data.id")?;
    let mut links = Links::default();
    links.contacts(&mut data)?;
    links.accounts(&mut data)?;
    if data.password_enabled == Some(true) {
        links.password(&id, data.password_last_updated_at)?;
    }
    let Links { accounts, verifications } = links;
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

/// What hangs on a user: the accounts and the verifications, by id. Items without an id are
/// skipped, and of two with one id the last counts.
#[derive(Default)]
struct Links {
    accounts: BTreeMap<String, Account>,
    verifications: BTreeMap<String, Verification>,
}

/// An address, number, wallet or account whose ownership is or is to be verified.
struct Verifiable {
    kind: &'static str,
    identifier: Option<String>,
    verification: Option<payload::Verification>,
    created_at: Option<i64>,
    updated_at: Option<i64>,
}

impl Links {
    fn contacts(&mut self, data: &mut payload::User) -> Result<(), Fault> {
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
                    self.verify(item.id, verifiable)?;
                }
            };
        }
        verify_each!(email_addresses, "email", email_address);
        verify_each!(phone_numbers, "phone", phone_number);
        verify_each!(web3_wallets, "web3", web3_wallet);
        verify_each!(passkeys, "passkey", name);
        Ok(())
    }

    fn accounts(&mut self, data: &mut payload::User) -> Result<(), Fault> {
        for item in items(&mut data.external_accounts) {
            // Google and Facebook: `id` is the `idn_…`, the link's own id is beside it.
            let id = value::text(item.external_account_id).or(item.id);
            let provider = value::text(item.provider).or_else(|| {
                let named = value::text(item.object)?;
                named.strip_suffix("_account").filter(|it| *it != "external").map(str::to_owned)
            });
            let user_there = [item.provider_user_id, item.google_id, item.facebook_id];
            let account = Account {
                provider_id: value::text(provider.map(without_oauth)),
                account_id: user_there.into_iter().find_map(value::text),
                email: value::text(item.email_address),
                username: value::text(item.username),
                scope: value::text(item.approved_scopes),
                ..Account::default()
            };
            let times = (item.created_at, item.updated_at);
            self.link(id, "external_account", account, item.verification, times)?;
        }
        // Deliveries that have both list the same links twice, under two ids.
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
            self.link(item.id, "enterprise_account", account, item.verification, times)?;
        }
        Ok(())
    }

    fn password(&mut self, user_id: &str, updated_at: Option<i64>) -> Result<(), Fault> {
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

    fn link(
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
        self.verify(Some(id), verifiable)
    }

    fn verify(&mut self, id: Option<String>, of: Verifiable) -> Result<(), Fault> {
        let Some(id) = value::optional_id(id, "identification id")? else {
            return Ok(());
        };
        let verification = of.verification.unwrap_or_default();
        let row = Verification {
            id: id.clone(),
            kind: of.kind,
            identifier: value::text(of.identifier),
            // Clerk sends no verification at all where none was asked for.
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

fn without_oauth(mut provider: String) -> String {
    if provider.starts_with("oauth_") {
        provider.drain(.."oauth_".len());
    }
    provider
}
