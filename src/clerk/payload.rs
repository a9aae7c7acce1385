//! Shapes of webhook payloads and of objects from the Backend API.
//!
//! Every field that was missing or null in a published delivery is optional. Lists may be missing
//! and may contain nulls. Unused fields are not declared. Sources: Clerk's webhook specification
//! 2025-04-15, and deliveries that were published since 2023.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

/// A list that may be missing and whose items may be null.
pub(super) type List<T> = Option<Vec<Option<T>>>;

/// The envelope of every message. The type tells how the other parts are decoded, and is the last
/// key in Clerk's deliveries.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) timestamp: Option<i64>,
    pub(super) instance_id: Option<String>,
    /// Declared so that a second one is an error.
    #[expect(dead_code, reason = "decoded in `Contents`")]
    event_attributes: Option<IgnoredAny>,
    /// Declared so that a second one is an error.
    #[expect(dead_code, reason = "decoded in `Contents`")]
    data: Option<IgnoredAny>,
}

/// The parts of a message whose shape follows from its type.
#[derive(Debug, Deserialize)]
pub(super) struct Contents<T> {
    pub(super) event_attributes: Option<EventAttributes>,
    pub(super) data: Option<T>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EventAttributes {
    pub(super) http_request: Option<HttpRequest>,
}

/// The HTTP request that caused the event. It is the end user's, or that of a server on behalf of
/// an administrator.
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
    /// The name of `image_url` until 2023.
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
    /// The former name of `enterprise_accounts`, with the same accounts.
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

/// An account at an OAuth provider. Accounts at Google and Facebook have a shape of their own: `id`
/// is an `idn_…`, and since March 2025 `external_account_id` is the `eac_…`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ExternalAccount {
    pub(super) object: Option<String>,
    pub(super) id: Option<String>,
    pub(super) external_account_id: Option<String>,
    pub(super) provider: Option<String>,
    pub(super) provider_user_id: Option<String>,
    /// The former name of `provider_user_id`.
    pub(super) google_id: Option<String>,
    /// The former name of `provider_user_id`.
    pub(super) facebook_id: Option<String>,
    pub(super) approved_scopes: Option<String>,
    pub(super) email_address: Option<String>,
    pub(super) username: Option<String>,
    pub(super) verification: Option<Verification>,
    pub(super) created_at: Option<i64>,
    pub(super) updated_at: Option<i64>,
}

/// An account at an employer's identity provider, which uses SAML or OpenID Connect.
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
    /// The user of the session. It is in the specification since November 2025.
    pub(super) user: Option<User>,
}

/// The data of `user.deleted`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DeletedObject {
    pub(super) id: Option<String>,
}
