//! The shapes Clerk sends. Each field that was ever missing or null is optional, lists may be
//! missing or hold nulls, and fields nobody asked for are passed over. Sources: Clerk's webhook
//! specification 2025-04-15, and deliveries that were published since 2023.

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

/// A list that may be missing, with items that may be null.
pub(super) type List<T> = Option<Vec<Option<T>>>;

/// The outside of every message. The values are read later, when it is clear what they are of.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Envelope<'a> {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) timestamp: Option<i64>,
    pub(super) instance_id: Option<String>,
    #[serde(borrow)]
    pub(super) event_attributes: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) data: Option<&'a RawValue>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EventAttributes {
    pub(super) http_request: Option<HttpRequest>,
}

/// The request that caused the event: the user's, or that of a server which acts for an
/// administrator.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HttpRequest {
    pub(super) client_ip: Option<String>,
    pub(super) user_agent: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct User {
    pub(super) id: Option<String>,
    pub(super) external_id: Option<String>,
    pub(super) username: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) primary_email_address_id: Option<String>,
    pub(super) primary_phone_number_id: Option<String>,
    pub(super) image_url: Option<String>,
    /// What `image_url` was called until 2023.
    pub(super) profile_image_url: Option<String>,
    pub(super) banned: Option<bool>,
    pub(super) locked: Option<bool>,
    pub(super) password_enabled: Option<bool>,
    pub(super) password_last_updated_at: Option<i64>,
    pub(super) two_factor_enabled: Option<bool>,
    pub(super) public_metadata: Option<Value>,
    pub(super) private_metadata: Option<Value>,
    pub(super) unsafe_metadata: Option<Value>,
    pub(super) email_addresses: List<EmailAddress>,
    pub(super) phone_numbers: List<PhoneNumber>,
    pub(super) web3_wallets: List<Web3Wallet>,
    pub(super) passkeys: List<Passkey>,
    pub(super) external_accounts: List<ExternalAccount>,
    pub(super) enterprise_accounts: List<EnterpriseAccount>,
    /// What `enterprise_accounts` was called, with the same links in it.
    pub(super) saml_accounts: List<EnterpriseAccount>,
    pub(super) last_sign_in_at: Option<i64>,
    pub(super) last_active_at: Option<i64>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Verification {
    pub(super) status: Option<String>,
    pub(super) strategy: Option<String>,
    pub(super) attempts: Option<i64>,
    pub(super) expire_at: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EmailAddress {
    pub(super) id: Option<String>,
    pub(super) email_address: Option<String>,
    pub(super) verification: Option<Verification>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PhoneNumber {
    pub(super) id: Option<String>,
    pub(super) phone_number: Option<String>,
    pub(super) verification: Option<Verification>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Web3Wallet {
    pub(super) id: Option<String>,
    pub(super) web3_wallet: Option<String>,
    pub(super) verification: Option<Verification>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Passkey {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) verification: Option<Verification>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

/// An account at a provider. Google's and Facebook's come as an object of their own, whose `id`
/// is an `idn_…` and whose `eac_…` stands, since March 2025, in `external_account_id`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ExternalAccount {
    pub(super) object: Option<String>,
    pub(super) id: Option<String>,
    pub(super) external_account_id: Option<String>,
    pub(super) provider: Option<String>,
    pub(super) provider_user_id: Option<String>,
    /// What `provider_user_id` was called.
    pub(super) google_id: Option<String>,
    /// What `provider_user_id` was called.
    pub(super) facebook_id: Option<String>,
    pub(super) approved_scopes: Option<String>,
    pub(super) email_address: Option<String>,
    pub(super) username: Option<String>,
    pub(super) verification: Option<Verification>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

/// An account at an employer's identity provider, by SAML or OpenID Connect.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EnterpriseAccount {
    pub(super) id: Option<String>,
    pub(super) provider: Option<String>,
    pub(super) provider_user_id: Option<String>,
    pub(super) email_address: Option<String>,
    pub(super) verification: Option<Verification>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Session {
    pub(super) id: Option<String>,
    pub(super) user_id: Option<String>,
    pub(super) client_id: Option<String>,
    pub(super) status: Option<String>,
    pub(super) actor: Option<Value>,
    pub(super) last_active_organization_id: Option<String>,
    pub(super) last_active_at: Option<i64>,
    pub(super) expire_at: Option<i64>,
    pub(super) abandon_at: Option<i64>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
    /// In the specification since November 2025.
    pub(super) user: Option<User>,
}

/// What `user.deleted` carries.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeletedObject {
    pub(super) id: Option<String>,
}
