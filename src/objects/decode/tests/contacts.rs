//! Tests of email addresses, phone numbers, wallets and passkeys, and of the primary ones.

use serde_json::{Value, json};

use super::{OCCURRED, user};
use crate::objects::user::Verification;

fn email(id: &str, address: &str, verification: &Value) -> Value {
    json!({ "id": id, "email_address": address, "verification": verification })
}

#[test]
fn verification_has_every_column() {
    let user = user(&json!({ "email_addresses": [{
        "id": "idn_1", "email_address": "ada@example.com",
        "created_at": 5_000, "updated_at": OCCURRED,
        "verification": {
            "status": "transferable", "strategy": "from_oauth_google", "attempts": 3,
            "expire_at": OCCURRED + 600_000, "nonce": "n-1",
        },
    }]}));
    let row = Verification {
        id: "idn_1".into(),
        kind: "email".into(),
        identifier: Some("ada@example.com".into()),
        status: Some("transferable".into()),
        strategy: Some("from_oauth_google".into()),
        attempts: Some(3),
        expires_at: Some(OCCURRED + 600_000),
        created_at: Some(5_000_000),
        updated_at: Some(OCCURRED),
    };
    assert_eq!(user.data.verifications, [("idn_1".to_owned(), row)].into());
}

#[test]
fn each_contact_kind_has_its_identifier() {
    let user = user(&json!({
        "email_addresses": [{ "id": "idn_e", "email_address": "ada@example.com" }],
        "phone_numbers": [{ "id": "idn_p", "phone_number": "+15550100" }],
        "web3_wallets": [{ "id": "idn_w", "web3_wallet": "0xabc" }],
        "passkeys": [{ "id": "idn_k", "name": "laptop" }],
        "external_accounts": [{ "id": "eac_1", "email_address": "", "provider_user_id": "42" }],
        "enterprise_accounts": [{ "id": "ent_1", "email_address": "ada@corp.example" }],
    }));
    let rows: Vec<_> = user
        .data
        .verifications
        .values()
        .map(|row| (&*row.id, &*row.kind, row.identifier.as_deref().unwrap()))
        .collect();
    let expected = [
        ("eac_1", "external_account", "42"),
        ("ent_1", "enterprise_account", "ada@corp.example"),
        ("idn_e", "email", "ada@example.com"),
        ("idn_k", "passkey", "laptop"),
        ("idn_p", "phone", "+15550100"),
        ("idn_w", "web3", "0xabc"),
    ];
    assert_eq!(rows, expected);
}

/// Clerk sends no verification if the sign-up required none.
#[test]
fn missing_verification_is_unverified() {
    for verification in [json!(null), json!({}), json!({ "status": null }), json!({ "status": "" })]
    {
        let user = user(&json!({
            "primary_email_address_id": "idn_1",
            "email_addresses": [email("idn_1", "ada@example.com", &verification)],
        }));
        assert_eq!(user.data.verifications["idn_1"].status.as_deref(), Some("unverified"));
        assert_eq!(user.data.verifications["idn_1"].strategy, None);
        assert_eq!(user.data.profile.email.as_deref(), Some("ada@example.com"));
        assert_eq!(user.data.profile.email_verified, Some(false), "{verification}");
    }
}

#[test]
fn only_verified_status_is_verified() {
    for (status, verified) in
        [("verified", true), ("expired", false), ("failed", false), ("Verified", false)]
    {
        let user = user(&json!({
            "primary_email_address_id": "idn_1",
            "email_addresses": [email("idn_1", "ada@example.com", &json!({ "status": status }))],
        }));
        assert_eq!(user.data.profile.email_verified, Some(verified), "{status}");
    }
}

#[test]
fn primary_ids_select_contacts() {
    let verified = json!({ "status": "verified" });
    let user = user(&json!({
        "primary_email_address_id": "idn_2", "primary_phone_number_id": "idn_4",
        "email_addresses": [
            email("idn_1", "one@example.com", &json!(null)),
            email("idn_2", "two@example.com", &verified),
        ],
        "phone_numbers": [
            { "id": "idn_3", "phone_number": "+15550103" },
            { "id": "idn_4", "phone_number": "+15550104" },
        ],
    }));
    assert_eq!(user.data.profile.email.as_deref(), Some("two@example.com"));
    assert_eq!(user.data.profile.email_verified, Some(true));
    assert_eq!(user.data.profile.phone_number.as_deref(), Some("+15550104"));
}

/// Clerk's own example events have primary IDs of contacts that do not exist.
#[test]
fn dangling_primary_id_gives_no_contact() {
    let contacts = json!({
        "email_addresses": [email("idn_1", "ada@example.com", &json!({ "status": "verified" }))],
        "phone_numbers": [{ "id": "idn_2", "phone_number": "+15550102" }],
    });
    let dangling = [json!(null), json!(""), json!("idn_404"), json!("idn_1\u{1}")];
    // The ID of a contact of another kind is dangling too.
    for (email, phone) in
        dangling.iter().map(|it| (it, it)).chain([(&json!("idn_2"), &json!("idn_1"))])
    {
        let mut fields = contacts.clone();
        fields["primary_email_address_id"] = email.clone();
        fields["primary_phone_number_id"] = phone.clone();
        let profile = user(&fields).data.profile;
        assert_eq!((profile.email, profile.email_verified), (None, None), "{email}");
        assert_eq!(profile.phone_number, None, "{phone}");
    }
}

#[test]
fn empty_primary_address_gives_no_email() {
    let user = user(&json!({
        "primary_email_address_id": "idn_1",
        "email_addresses": [email("idn_1", "", &json!({ "status": "verified" }))],
    }));
    assert_eq!((user.data.profile.email, user.data.profile.email_verified), (None, None));
    assert_eq!(user.data.verifications["idn_1"].identifier, None);
}

#[test]
fn last_item_with_same_id_counts() {
    let user = user(&json!({
        "primary_email_address_id": "idn_1",
        "email_addresses": [
            { "email_address": "missing@example.com" },
            email("", "empty@example.com", &json!(null)),
            { "id": null, "email_address": "null@example.com" },
            email("idn_1", "first@example.com", &json!({ "status": "verified" })),
            null,
            email("idn_1", "last@example.com", &json!({ "status": "expired" })),
        ],
        "external_accounts": [
            { "provider": "oauth_github" },
            { "id": "", "external_account_id": "", "provider": "oauth_github" },
            { "id": "eac_1", "provider": "oauth_github", "username": "first" },
            null,
            { "id": "eac_1", "provider": "oauth_gitlab" },
        ],
    }));
    let ids: Vec<_> = user.data.verifications.keys().collect();
    assert_eq!(ids, ["eac_1", "idn_1"]);
    assert_eq!(user.data.profile.email.as_deref(), Some("last@example.com"));
    assert_eq!(user.data.profile.email_verified, Some(false));
    assert_eq!(user.data.accounts.len(), 1);
    assert_eq!(user.data.accounts["eac_1"].provider_id.as_deref(), Some("gitlab"));
    assert_eq!(user.data.accounts["eac_1"].username, None, "the items are not merged");
}

#[test]
fn empty_and_unknown_lists_have_no_items() {
    for list in [json!(null), json!([]), json!([null, null])] {
        let lists = [
            "email_addresses",
            "phone_numbers",
            "web3_wallets",
            "passkeys",
            "external_accounts",
            "enterprise_accounts",
            "saml_accounts",
        ];
        let fields: Value = lists.iter().map(|name| (*name, list.clone())).collect();
        let read = user(&fields);
        assert!(read.data.accounts.is_empty() && read.data.verifications.is_empty(), "{list}");
        let is_lacking = read.field_versions.contains_key("email_addresses");
        assert_eq!(is_lacking, list.is_null(), "{list}");
    }
}
