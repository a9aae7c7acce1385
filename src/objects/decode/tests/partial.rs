//! Tests of states that lack fields.

use serde_json::{Value, json};

use super::{OCCURRED, decode, lists, message, session, user, user_of, with};
use crate::domain::{
    user::User,
    user_field::{CREDENTIAL, UserField},
    version::Version,
};

/// Decodes a `user.updated` event with these fields only.
fn partial(fields: &Value) -> User {
    let data = with(json!({ "id": "user_1" }), fields);
    user_of(decode(&message("user.updated", &data).to_string()))
}

fn lacks(user: &User, field: UserField) -> bool {
    user.field_versions.get(&field) == Some(&Version::default())
}

#[test]
fn user_without_lists_is_incomplete() {
    let incomplete = Version::incomplete(Some(OCCURRED), "msg_1");
    for list in ["email_addresses", "phone_numbers", "external_accounts", "public_metadata"] {
        let mut fields = with(lists(), &json!({ "updated_at": OCCURRED }));
        let complete = Version::complete(Some(OCCURRED), Some(OCCURRED), "msg_1");
        assert_eq!(partial(&fields).version, complete);
        fields.as_object_mut().unwrap().remove(list);
        assert_eq!(partial(&fields).version, incomplete, "{list}");
    }
    assert_eq!(partial(&json!({ "banned": false })).version, incomplete);
}

#[test]
fn absent_fields_are_lacking_nulls_are_not() {
    let columns = [
        (UserField::ExternalId, "external_id"),
        (UserField::Username, "username"),
        (UserField::FirstName, "first_name"),
        (UserField::LastName, "last_name"),
        (UserField::Image, "image_url"),
        (UserField::Image, "profile_image_url"),
        (UserField::Banned, "banned"),
        (UserField::Locked, "locked"),
        (UserField::Password, "password_enabled"),
        (UserField::TwoFactor, "two_factor_enabled"),
        (UserField::PublicMetadata, "public_metadata"),
        (UserField::PrivateMetadata, "private_metadata"),
        (UserField::UnsafeMetadata, "unsafe_metadata"),
        (UserField::LastSignInAt, "last_sign_in_at"),
        (UserField::LastActiveAt, "last_active_at"),
        (UserField::CreatedAt, "created_at"),
        (UserField::UpdatedAt, "updated_at"),
    ];
    for (field, name) in columns {
        assert!(lacks(&partial(&json!({})), field), "{name}");
        let named = partial(&json!({ name: null }));
        assert_eq!(named.field_versions.len(), UserField::ALL.len() - 1, "{name}");
        assert!(!lacks(&named, field), "{name}");
    }
    for (field, name) in [
        (UserField::EmailAddresses, "email_addresses"),
        (UserField::PhoneNumbers, "phone_numbers"),
        (UserField::Web3Wallets, "web3_wallets"),
        (UserField::Passkeys, "passkeys"),
        (UserField::ExternalAccounts, "external_accounts"),
        (UserField::EnterpriseAccounts, "enterprise_accounts"),
        (UserField::EnterpriseAccounts, "saml_accounts"),
    ] {
        assert!(!lacks(&partial(&json!({ name: [] })), field), "{name}");
        // Null and other types are no lists.
        for no_list in [json!(null), json!({}), json!("x")] {
            assert!(lacks(&partial(&json!({ name: no_list })), field), "{name} {no_list}");
        }
    }
}

#[test]
fn primary_address_requires_id_and_list() {
    let id = json!({ "primary_email_address_id": "idn_1" });
    let list = json!({ "email_addresses": [{ "id": "idn_1", "email_address": "a@example.com" }] });
    for fields in [&id, &list] {
        assert!(lacks(&partial(fields), UserField::Email), "{fields}");
    }
    let both = partial(&with(id, &list));
    assert!(!lacks(&both, UserField::Email));
    assert_eq!(both.profile.email.as_deref(), Some("a@example.com"));
}

#[test]
fn absent_fields_erase_nothing() {
    let mut stored = user(&json!({
        "first_name": "Ivo", "private_metadata": { "crm": 7 }, "password_enabled": true,
        "email_addresses": [{ "id": "idn_1", "email_address": "a@example.com" }],
        "external_accounts": [{ "id": "eac_1", "provider": "oauth_x" }],
        "web3_wallets": [{ "id": "idn_w", "web3_wallet": "0x1" }],
    }));
    let newer = json!({ "updated_at": OCCURRED + 1, "last_name": "Novak", "first_name": null });
    let newer = partial(&with(lists(), &newer));
    assert!(stored.merge(&newer));
    assert_eq!(stored.version, newer.version);
    assert_eq!(stored.profile.first_name, None, "null is a value");
    assert_eq!(stored.profile.last_name.as_deref(), Some("Novak"));
    assert_eq!(stored.profile.private_metadata, Some(json!({ "crm": 7 })));
    assert_eq!(stored.accounts.keys().collect::<Vec<_>>(), [CREDENTIAL]);
    assert_eq!(stored.verifications.keys().collect::<Vec<_>>(), ["idn_w"]);
    assert_eq!(*stored.version_of(UserField::PrivateMetadata), user(&json!({})).version);
    let before = stored.clone();
    assert!(!stored.merge(&newer) && stored == before, "it is idempotent");
}

#[test]
fn embedded_user_without_private_metadata_keeps_it() {
    let embedded = with(lists(), &json!({ "id": "user_1", "updated_at": OCCURRED + 9 }));
    let (_, embedded) = session("session.created", &json!({ "user": embedded }));
    let embedded = embedded.unwrap();
    let mut stored = user(&json!({ "private_metadata": { "crm": 7 } }));
    assert!(stored.merge(&embedded));
    assert_eq!(stored.profile.private_metadata, Some(json!({ "crm": 7 })));
    assert_eq!(stored.version, embedded.version);
}

#[test]
fn kept_part_has_the_kept_versions() {
    let mut state = user(&json!({ "first_name": "Ivo", "private_metadata": { "crm": 7 } }));
    let old = state.version.clone();
    let newer = partial(&with(lists(), &json!({ "updated_at": OCCURRED, "first_name": "Ida" })));
    state.merge(&newer);
    assert_eq!(state.clone().kept(|_| true), Some(state.clone()));
    assert_eq!(state.clone().kept(|_| false), None);
    let part = state.clone().kept(|version| *version == old).unwrap();
    assert_eq!((part.version, part.profile.first_name), (old, None));
    assert_eq!(part.profile.private_metadata, Some(json!({ "crm": 7 })));
    let part = state.kept(|version| *version == newer.version).unwrap();
    assert_eq!(part.profile.first_name.as_deref(), Some("Ida"));
    assert_eq!(part.profile.private_metadata, None);
}
