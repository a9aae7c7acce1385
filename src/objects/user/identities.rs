//! Decodes the accounts and verifications of a user.

use std::collections::BTreeMap;

use super::{
    fields::{CREDENTIAL, EMAIL_ADDRESSES, PHONE_NUMBERS},
    state::{Account, Verification},
};
use crate::{clerk::value, objects::decode::Fields};

/// The lists of email addresses, phone numbers, wallets and passkeys: the field, the kind of the
/// verification, and the field of an item that is verified.
const CONTACTS: [(&str, &str, &str); 4] = [
    (EMAIL_ADDRESSES, "email", "email_address"),
    (PHONE_NUMBERS, "phone", "phone_number"),
    ("web3_wallets", "web3", "web3_wallet"),
    ("passkeys", "passkey", "name"),
];

/// The accounts and verifications of a user, by ID. Items without an ID are skipped. If two items
/// have the same ID, the last one counts.
#[derive(Default)]
pub(super) struct Identities {
    pub(super) accounts: BTreeMap<String, Account>,
    pub(super) verifications: BTreeMap<String, Verification>,
}

impl Identities {
    /// Adds the items of all lists. Returns the lists that the payload lacks.
    pub(super) fn add_lists(&mut self, data: &Fields<'_>) -> Vec<&'static str> {
        let mut lacking = Vec::new();
        for (list, kind, identifier) in CONTACTS {
            let Some(items) = data.list(list) else {
                lacking.push(list);
                continue;
            };
            for item in items {
                let (id, identifier) = (item.item_id("id"), item.text(identifier));
                let proof = Proof::read(&item).unwrap_or_default();
                self.add_verification(id, kind, identifier, proof, &item);
            }
        }
        match data.list("external_accounts") {
            Some(items) => items.iter().for_each(|item| self.add_external_account(item)),
            None => lacking.push("external_accounts"),
        }
        // `saml_accounts` is the former name of `enterprise_accounts`. Deliveries with both lists
        // contain each account twice, under two IDs.
        let (enterprise, saml) = (data.list("enterprise_accounts"), data.list("saml_accounts"));
        match enterprise.filter(|it| !it.is_empty() || saml.is_none()).or(saml) {
            Some(items) => items.iter().for_each(|item| self.add_enterprise_account(item)),
            None => lacking.push("enterprise_accounts"),
        }
        lacking
    }

    /// Adds an account at an OAuth provider. Accounts at Google and Facebook have a shape of their
    /// own: `id` is an `idn_…`, and since March 2025 `external_account_id` is the `eac_…`.
    fn add_external_account(&mut self, item: &Fields<'_>) {
        let id = item.item_id("external_account_id").or_else(|| item.item_id("id"));
        let provider = item.word("provider").or_else(|| {
            let object = item.word("object")?;
            object.strip_suffix("_account").filter(|it| *it != "external").map(str::to_owned)
        });
        // The others are former names of `provider_user_id`.
        let ids = ["provider_user_id", "google_id", "facebook_id"];
        let account = Account {
            provider_id: provider.and_then(without_oauth),
            account_id: ids.into_iter().find_map(|field| item.text(field)),
            email: item.text("email_address"),
            username: item.text("username"),
            scope: item.words("approved_scopes"),
            ..Account::default()
        };
        self.add_account(id, "external_account", account, item);
    }

    /// Adds an account at an employer's identity provider, which uses SAML or OpenID Connect.
    fn add_enterprise_account(&mut self, item: &Fields<'_>) {
        let account = Account {
            provider_id: item.word("provider").and_then(without_oauth),
            account_id: item.text("provider_user_id"),
            email: item.text("email_address"),
            ..Account::default()
        };
        self.add_account(item.item_id("id"), "enterprise_account", account, item);
    }

    /// Adds the account that represents the password. Its `account_id` is the ID of the user.
    pub(super) fn add_password(&mut self, data: &Fields<'_>) {
        let account = Account {
            id: CREDENTIAL.to_owned(),
            provider_id: Some(CREDENTIAL.to_owned()),
            account_id: data.text("id"),
            updated_at: data.instant("password_last_updated_at"),
            ..Account::default()
        };
        self.accounts.insert(CREDENTIAL.to_owned(), account);
    }

    fn add_account(
        &mut self,
        id: Option<String>,
        kind: &'static str,
        account: Account,
        item: &Fields<'_>,
    ) {
        let Some(id) = id else { return };
        let proof = Proof::read(item).unwrap_or_default();
        let identifier = account.email.clone().or_else(|| account.account_id.clone());
        let account = Account {
            id: id.clone(),
            status: proof.status.clone(),
            created_at: item.instant("created_at"),
            updated_at: item.instant("updated_at"),
            ..account
        };
        self.accounts.insert(id.clone(), account);
        self.add_verification(Some(id), kind, identifier, proof, item);
    }

    fn add_verification(
        &mut self,
        id: Option<String>,
        kind: &'static str,
        identifier: Option<String>,
        proof: Proof,
        item: &Fields<'_>,
    ) {
        let Some(id) = id else { return };
        let row = Verification {
            id: id.clone(),
            kind: kind.into(),
            identifier,
            // Clerk sends no verification if the instance requires none.
            status: proof.status.or_else(|| Some("unverified".to_owned())),
            strategy: proof.strategy,
            attempts: proof.attempts,
            expires_at: proof.expires_at,
            created_at: item.instant("created_at"),
            updated_at: item.instant("updated_at"),
        };
        self.verifications.insert(id, row);
    }
}

/// The verification of an item.
#[derive(Default)]
struct Proof {
    status: Option<String>,
    strategy: Option<String>,
    attempts: Option<i64>,
    expires_at: Option<i64>,
}

impl Proof {
    /// Reads the verification of an item. A text is its status.
    fn read(item: &Fields<'_>) -> Option<Self> {
        if let Some(status) = item.text_in_place_of_object("verification") {
            return Some(Self { status: value::text(status), ..Self::default() });
        }
        let verification = item.object("verification")?;
        Some(Self {
            status: verification.word("status"),
            strategy: verification.word("strategy"),
            attempts: verification.count("attempts"),
            expires_at: verification.instant("expire_at"),
        })
    }
}

/// Removes Clerk's prefix from the name of a provider: `oauth_google` becomes `google`.
fn without_oauth(mut provider: String) -> Option<String> {
    if provider.starts_with("oauth_") {
        provider.drain(.."oauth_".len());
    }
    (!provider.is_empty()).then_some(provider)
}
