//! Tests of external accounts, in the shapes of all years and providers, and of passwords.

use serde_json::{Value, json};

use super::{OCCURRED, user};
use crate::objects::user::Account;

/// Decodes one item of `external_accounts`.
fn account(item: &Value) -> Account {
    let user = user(&json!({ "external_accounts": [item] }));
    assert_eq!(user.data.accounts.len(), 1, "{item}");
    let (id, account) = user.data.accounts.into_iter().next().unwrap();
    assert_eq!(id, account.id);
    assert_eq!(
        user.data.verifications[&id].kind, "external_account",
        "each account has a verification"
    );
    account
}

#[test]
fn account_has_every_column() {
    let account = account(&json!({
        "object": "external_account", "id": "eac_1", "provider": "oauth_github",
        "provider_user_id": "583231", "approved_scopes": "read:user user:email",
        "email_address": "ada@example.com", "username": "ada", "created_at": 1_716_883_200,
        "updated_at": OCCURRED, "verification": { "status": "verified" },
    }));
    let expected = Account {
        id: "eac_1".into(),
        provider_id: Some("github".into()),
        account_id: Some("583231".into()),
        email: Some("ada@example.com".into()),
        username: Some("ada".into()),
        scope: Some("read:user user:email".into()),
        status: Some("verified".into()),
        created_at: Some(1_716_883_200_000),
        updated_at: Some(OCCURRED),
    };
    assert_eq!(account, expected);
}

/// At Google and Facebook, `id` is an `idn_…`. Since 2025, the account has an ID of its own.
#[test]
fn account_ids_are_found_in_every_shape() {
    for (item, expected) in [
        (
            json!({ "object": "google_account", "id": "idn_1", "external_account_id": "eac_1",
                    "provider": "oauth_google", "provider_user_id": "108" }),
            ("eac_1", Some("google"), Some("108")),
        ),
        (
            json!({ "object": "google_account", "id": "idn_1", "google_id": "108" }),
            ("idn_1", Some("google"), Some("108")),
        ),
        (
            json!({ "object": "facebook_account", "id": "idn_1", "external_account_id": "",
                    "facebook_id": "99" }),
            ("idn_1", Some("facebook"), Some("99")),
        ),
        (
            json!({ "object": "facebook_account", "id": "idn_1", "external_account_id": "eac_2",
                    "provider": "", "provider_user_id": "", "facebook_id": "99" }),
            ("eac_2", Some("facebook"), Some("99")),
        ),
        (
            json!({ "object": "google_account", "external_account_id": "eac_1" }),
            ("eac_1", Some("google"), None),
        ),
        (
            json!({ "object": "google_account", "id": "idn_1", "provider": "google",
                    "provider_user_id": "108", "google_id": "legacy" }),
            ("idn_1", Some("google"), Some("108")),
        ),
        (
            json!({ "object": "external_account", "id": "eac_1", "provider": "oauth_custom_acme" }),
            ("eac_1", Some("custom_acme"), None),
        ),
        (
            json!({ "object": "external_account", "id": "eac_1", "provider": "oauth_oauth_x" }),
            ("eac_1", Some("oauth_x"), None),
        ),
        (json!({ "object": "external_account", "id": "eac_1" }), ("eac_1", None, None)),
        (json!({ "id": "eac_1" }), ("eac_1", None, None)),
    ] {
        let account = account(&item);
        let read = (&*account.id, account.provider_id.as_deref(), account.account_id.as_deref());
        assert_eq!(read, expected, "{item}");
    }
}

/// An account whose connection was abandoned on the provider's page has empty fields.
#[test]
fn empty_strings_of_abandoned_accounts_become_null() {
    let account = account(&json!({
        "object": "external_account", "id": "eac_1", "provider": "oauth_github",
        "identification_id": "", "provider_user_id": "", "approved_scopes": "",
        "email_address": "", "username": "", "first_name": "",
        "verification": { "status": "expired", "error": { "code": "x" } },
    }));
    let expected = Account {
        id: "eac_1".into(),
        provider_id: Some("github".into()),
        status: Some("expired".into()),
        ..Account::default()
    };
    assert_eq!(account, expected);
}

#[test]
fn account_without_verification_is_unverified() {
    let user = user(&json!({ "external_accounts": [
        { "id": "eac_1", "provider": "oauth_github", "verification": null },
    ]}));
    assert_eq!(user.data.accounts["eac_1"].status, None, "the account has Clerk's status");
    assert_eq!(user.data.verifications["eac_1"].status.as_deref(), Some("unverified"));
    assert_eq!(user.data.verifications["eac_1"].identifier, None);
}

#[test]
fn user_can_have_several_accounts_per_provider() {
    let user = user(&json!({ "external_accounts": [
        { "id": "eac_1", "provider": "oauth_github", "provider_user_id": "1" },
        { "id": "eac_2", "provider": "oauth_github", "provider_user_id": "" },
        { "id": "eac_3", "provider": "oauth_github", "provider_user_id": "" },
    ]}));
    assert_eq!(user.data.accounts.keys().collect::<Vec<_>>(), ["eac_1", "eac_2", "eac_3"]);
}

#[test]
fn password_becomes_credential_account() {
    let credential = |fields: &Value| user(fields).data.accounts.remove("credential");
    let expected = Account {
        id: "credential".into(),
        provider_id: Some("credential".into()),
        account_id: Some("user_1".into()),
        updated_at: Some(OCCURRED - 9),
        ..Account::default()
    };
    let with_password =
        json!({ "password_enabled": true, "password_last_updated_at": OCCURRED - 9 });
    assert_eq!(credential(&with_password), Some(expected.clone()));
    assert!(user(&with_password).data.verifications.is_empty(), "a password has no verification");

    let undated = json!({ "password_enabled": true });
    assert_eq!(credential(&undated), Some(Account { updated_at: None, ..expected }));
    for fields in [
        json!({}),
        json!({ "password_enabled": null }),
        json!({ "password_enabled": false, "password_last_updated_at": OCCURRED }),
    ] {
        assert_eq!(credential(&fields), None, "{fields}");
    }
}

/// Deliveries with both lists contain each account twice, under two IDs.
#[test]
fn saml_accounts_replace_missing_enterprise_accounts() {
    let saml = json!([{ "id": "samlacc_1", "provider": "saml_okta", "active": true,
                        "provider_user_id": "ada", "email_address": "ada@corp.example",
                        "verification": { "status": "verified" } }]);
    let enterprise = json!([{ "id": "ent_1", "provider": "oauth_custom_okta" }]);
    for (enterprise_accounts, expected) in [
        (json!(null), ("samlacc_1", "saml_okta")),
        (json!([]), ("samlacc_1", "saml_okta")),
        (json!([null]), ("samlacc_1", "saml_okta")),
        (enterprise, ("ent_1", "custom_okta")),
    ] {
        let user = user(&json!({
            "saml_accounts": saml, "enterprise_accounts": enterprise_accounts,
        }));
        let accounts: Vec<_> = user
            .data
            .accounts
            .values()
            .map(|it| (&*it.id, it.provider_id.as_deref().unwrap()))
            .collect();
        assert_eq!(accounts, [expected], "{enterprise_accounts}");
        assert_eq!(user.data.verifications[expected.0].kind, "enterprise_account");
    }
    let linked = user(&json!({ "saml_accounts": saml })).data.accounts.remove("samlacc_1").unwrap();
    assert_eq!(linked.account_id.as_deref(), Some("ada"));
    assert_eq!(linked.email.as_deref(), Some("ada@corp.example"));
    assert_eq!(linked.status.as_deref(), Some("verified"));
}
