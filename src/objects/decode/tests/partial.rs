//! Tests of states that lack fields.

use serde_json::{Value, json};

use super::{OCCURRED, decode, lists, message, session, user, user_of, with};
use crate::{
    domain::version::Version,
    objects::user::{
        User,
        fields::{self, CREDENTIAL},
    },
};

/// Decodes a `user.updated` event with these fields only.
fn partial(fields: &Value) -> User {
    let data = with(json!({ "id": "user_1" }), fields);
    user_of(decode(&message("user.updated", &data).to_string()))
}

fn lacks(user: &User, field: &str) -> bool {
    user.field_versions.get(field) == Some(&Version::default())
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
        ("external_id", "external_id"),
        ("username", "username"),
        ("first_name", "first_name"),
        ("last_name", "last_name"),
        ("image", "image_url"),
        ("image", "profile_image_url"),
        ("banned", "banned"),
        ("locked", "locked"),
        ("password_enabled", "password_enabled"),
        ("two_factor_enabled", "two_factor_enabled"),
        ("public_metadata", "public_metadata"),
        ("private_metadata", "private_metadata"),
        ("unsafe_metadata", "unsafe_metadata"),
        ("last_sign_in_at", "last_sign_in_at"),
        ("last_active_at", "last_active_at"),
        ("created_at", "created_at"),
        ("updated_at", "updated_at"),
    ];
    for (field, name) in columns {
        assert!(lacks(&partial(&json!({})), field), "{name}");
        let named = partial(&json!({ name: null }));
        assert_eq!(named.field_versions.len(), fields::ALL.len() - 1, "{name}");
        assert!(!lacks(&named, field), "{name}");
    }
    for (field, name) in [
        ("email_addresses", "email_addresses"),
        ("phone_numbers", "phone_numbers"),
        ("web3_wallets", "web3_wallets"),
        ("passkeys", "passkeys"),
        ("external_accounts", "external_accounts"),
        ("enterprise_accounts", "enterprise_accounts"),
        ("enterprise_accounts", "saml_accounts"),
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
        assert!(lacks(&partial(fields), "email"), "{fields}");
    }
    let both = partial(&with(id, &list));
    assert!(!lacks(&both, "email"));
    assert_eq!(both.data.profile.email.as_deref(), Some("a@example.com"));
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
    assert_eq!(stored.data.profile.first_name, None, "null is a value");
    assert_eq!(stored.data.profile.last_name.as_deref(), Some("Novak"));
    assert_eq!(stored.data.profile.private_metadata, Some(json!({ "crm": 7 })));
    assert_eq!(stored.data.accounts.keys().collect::<Vec<_>>(), [CREDENTIAL]);
    assert_eq!(stored.data.verifications.keys().collect::<Vec<_>>(), ["idn_w"]);
    assert_eq!(*stored.version_of("private_metadata"), user(&json!({})).version);
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
    assert_eq!(stored.data.profile.private_metadata, Some(json!({ "crm": 7 })));
    assert_eq!(stored.version, embedded.version);
}

#[test]
fn kept_part_has_the_kept_versions() {
    let mut state = user(&json!({ "first_name": "Ivo", "private_metadata": { "crm": 7 } }));
    let old = state.version.clone();
    let newer = partial(&with(lists(), &json!({ "updated_at": OCCURRED, "first_name": "Ida" })));
    state.merge(&newer);
    assert_eq!(state.clone().kept(true, |_| true), Some(state.clone()));
    assert_eq!(state.clone().kept(true, |_| false), None);
    let part = state.clone().kept(true, |version| *version == old).unwrap();
    assert_eq!((part.version, part.data.profile.first_name), (old, None));
    assert_eq!(part.data.profile.private_metadata, Some(json!({ "crm": 7 })));
    let part = state.kept(true, |version| *version == newer.version).unwrap();
    assert_eq!(part.data.profile.first_name.as_deref(), Some("Ida"));
    assert_eq!(part.data.profile.private_metadata, None);
}
