//! External accounts, in the shapes of all years and providers, and passwords.

use serde_json::{Value, json};

use super::{OCCURRED, user};
use crate::domain::user::Account;

/// What one item of `external_accounts` becomes.
fn account(item: &Value) -> Account {
    let user = user(&json!({ "external_accounts": [item] }));
    assert_eq!(user.accounts.len(), 1, "{item}");
    let (id, account) = user.accounts.into_iter().next().unwrap();
    assert_eq!(id, account.id);
    assert_eq!(user.verifications[&id].kind, "external_account", "each link can be verified");
    account
}

#[test]
fn every_column_of_an_account() {
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

/// Google's and Facebook's `id` is an `idn_…`; the link's own id stands beside it since 2025.
#[test]
fn the_id_the_provider_and_the_providers_id_of_the_user_in_every_shape() {
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

/// A user who went back at the provider's page leaves a link with nothing in it.
#[test]
fn an_abandoned_link_has_nulls_where_clerk_sends_empty_strings() {
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
fn a_link_whose_verification_is_null_is_an_unverified_identity() {
    let user = user(&json!({ "external_accounts": [
        { "id": "eac_1", "provider": "oauth_github", "verification": null },
    ]}));
    assert_eq!(user.accounts["eac_1"].status, None, "the account shows what Clerk said");
    assert_eq!(user.verifications["eac_1"].status.as_deref(), Some("unverified"));
    assert_eq!(user.verifications["eac_1"].identifier, None);
}

#[test]
fn a_user_may_have_several_accounts_at_one_provider() {
    let user = user(&json!({ "external_accounts": [
        { "id": "eac_1", "provider": "oauth_github", "provider_user_id": "1" },
        { "id": "eac_2", "provider": "oauth_github", "provider_user_id": "" },
        { "id": "eac_3", "provider": "oauth_github", "provider_user_id": "" },
    ]}));
    assert_eq!(user.accounts.keys().collect::<Vec<_>>(), ["eac_1", "eac_2", "eac_3"]);
}

#[test]
fn a_password_is_an_account_of_its_own() {
    let credential = |fields: &Value| user(fields).accounts.remove("credential");
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
    assert!(user(&with_password).verifications.is_empty(), "there is nothing to verify in it");

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

/// Deliveries that have both list the same links twice, under two ids.
#[test]
fn saml_accounts_count_only_where_there_are_no_enterprise_accounts() {
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
            .accounts
            .values()
            .map(|it| (&*it.id, it.provider_id.as_deref().unwrap()))
            .collect();
        assert_eq!(accounts, [expected], "{enterprise_accounts}");
        assert_eq!(user.verifications[expected.0].kind, "enterprise_account");
    }
    let linked = user(&json!({ "saml_accounts": saml })).accounts.remove("samlacc_1").unwrap();
    assert_eq!(linked.account_id.as_deref(), Some("ada"));
    assert_eq!(linked.email.as_deref(), Some("ada@corp.example"));
    assert_eq!(linked.status.as_deref(), Some("verified"));
}
