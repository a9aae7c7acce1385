//! Tests of the columns of a user.

use serde_json::{Value, json};

use super::{LAST, OCCURRED, decode, lists, message, user, user_of, with};
use crate::{
    domain::{Millis, version::Version},
    objects::user::Profile,
};

/// Times in Clerk's JSON, and the same times in milliseconds.
const TIMES: [(i64, Option<Millis>); 10] = [
    (i64::MIN, None),
    (-1, None),
    (0, None),
    (1, Some(1_000)),
    (1_716_883_200, Some(1_716_883_200_000)),
    (99_999_999_999, Some(99_999_999_999_000)),
    (100_000_000_000, Some(100_000_000_000)),
    (1_716_883_200_123, Some(1_716_883_200_123)),
    (LAST - 1, Some(LAST - 1)),
    (LAST, Some(LAST)),
];

#[test]
fn seconds_become_milliseconds() {
    for (given, expected) in TIMES {
        let body = json!({
            "type": "user.updated", "timestamp": given,
            "data": with(lists(), &json!({
                "id": "user_1", "created_at": given, "updated_at": given,
                "last_sign_in_at": given, "last_active_at": given,
            })),
        });
        let user = user_of(decode(&body.to_string()));
        let profile = Profile {
            created_at: expected,
            updated_at: expected,
            last_sign_in_at: expected,
            last_active_at: expected,
            public_metadata: Some(json!({})),
            ..Profile::default()
        };
        assert_eq!(user.data.profile, profile, "{given}");
        assert_eq!(user.version, Version::complete(expected, expected, "msg_1"), "{given}");
    }
}

#[test]
fn times_of_identities_become_milliseconds() {
    for (given, expected) in TIMES {
        let times = json!({ "created_at": given, "updated_at": given });
        let item = |id: &str| {
            let rest = json!({ "id": id, "verification": { "expire_at": given } });
            json!([with(times.clone(), &rest)])
        };
        let user = user(&json!({
            "email_addresses": item("idn_1"), "phone_numbers": item("idn_2"),
            "web3_wallets": item("idn_3"), "external_accounts": item("eac_1"),
            "enterprise_accounts": item("ent_1"),
            "password_enabled": true, "password_last_updated_at": given,
        }));
        for account in user.data.accounts.values() {
            assert_eq!(account.updated_at, expected, "{account:?}");
            let created_at = if account.id == "credential" { None } else { expected };
            assert_eq!(account.created_at, created_at, "{account:?}");
        }
        assert_eq!((user.data.accounts.len(), user.data.verifications.len()), (3, 5));
        for verification in user.data.verifications.values() {
            assert_eq!(verification.expires_at, expected, "{verification:?}");
            assert_eq!(verification.created_at, expected, "{verification:?}");
            assert_eq!(verification.updated_at, expected, "{verification:?}");
        }
    }
}

#[test]
fn missing_updated_at_uses_envelope_time() {
    for updated_at in [json!(null), json!(0), json!(-7)] {
        let user = user(&json!({ "updated_at": updated_at }));
        assert_eq!(user.version, Version::complete(Some(OCCURRED), Some(OCCURRED), "msg_1"));
        assert_eq!(user.data.profile.updated_at, None, "the column has Clerk's value");
    }
}

#[test]
fn user_has_every_column() {
    let user = user(&json!({
        "external_id": "crm-7", "username": "ada", "first_name": "Ada", "last_name": "Lovelace",
        "image_url": "https://img.clerk.com/new", "profile_image_url": "https://img.clerk.com/old",
        "banned": true, "locked": false, "password_enabled": false, "two_factor_enabled": true,
        "public_metadata": { "plan": "pro" }, "private_metadata": null,
        "unsafe_metadata": { "theme": ["dark"] },
        "primary_email_address_id": "idn_1",
        "email_addresses": [{
            "id": "idn_1", "email_address": "ada@example.com",
            "verification": { "status": "verified" },
        }],
    }));
    let profile = Profile {
        external_id: Some("crm-7".into()),
        username: Some("ada".into()),
        first_name: Some("Ada".into()),
        last_name: Some("Lovelace".into()),
        email: Some("ada@example.com".into()),
        email_verified: Some(true),
        phone_number: None,
        image: Some("https://img.clerk.com/new".into()),
        banned: Some(true),
        locked: Some(false),
        password_enabled: Some(false),
        two_factor_enabled: Some(true),
        public_metadata: Some(json!({ "plan": "pro" })),
        private_metadata: None,
        unsafe_metadata: Some(json!({ "theme": ["dark"] })),
        updated_at: Some(OCCURRED - 20),
        ..Profile::default()
    };
    assert_eq!(user.data.profile, profile);
    assert_eq!(user.version, Version::complete(Some(OCCURRED - 20), Some(OCCURRED), "msg_1"));
}

#[test]
fn empty_strings_become_null() {
    let fields = ["external_id", "username", "first_name", "last_name", "image_url"];
    let empty: Value = fields.iter().map(|field| (*field, json!(""))).collect();
    let bare = user(&json!({}));
    assert_eq!(user(&empty).data.profile, bare.data.profile);
    let nul: Value = fields.iter().map(|field| (*field, json!("\0\0"))).collect();
    assert_eq!(user(&nul).data.profile, bare.data.profile);

    let named =
        user(&json!({ "image_url": "", "profile_image_url": "https://img.clerk.com/2022" }));
    assert_eq!(named.data.profile.image.as_deref(), Some("https://img.clerk.com/2022"));
}

/// PostgreSQL stores them neither in text nor in JSON.
#[test]
fn nul_characters_are_removed() {
    let user = user(&json!({
        "id": "user\0_1", "first_name": "A\0da", "username": "\0ada",
        "primary_email_address_id": "idn_1\0",
        "email_addresses": [{ "id": "\0idn_1", "email_address": "ada\0@example.com" }],
        "external_accounts": [{ "id": "eac\0_1", "provider": "oauth_\0x", "username": "a\0" }],
        "public_metadata": { "k\0ey": ["va\0lue", { "\0": "\0" }] },
        "private_metadata": "\0",
        "unsafe_metadata": [["\0a"]],
    }));
    assert_eq!(user.id, "user_1");
    assert_eq!(user.data.profile.first_name.as_deref(), Some("Ada"));
    assert_eq!(user.data.profile.username.as_deref(), Some("ada"));
    assert_eq!(user.data.profile.email.as_deref(), Some("ada@example.com"));
    assert_eq!(user.data.accounts["eac_1"].provider_id.as_deref(), Some("x"));
    assert_eq!(user.data.accounts["eac_1"].username.as_deref(), Some("a"));
    let public = json!({ "key": ["value", { "": "" }] });
    assert_eq!(user.data.profile.public_metadata, Some(public));
    assert_eq!(user.data.profile.private_metadata, Some(json!("")));
    assert_eq!(user.data.profile.unsafe_metadata, Some(json!([["a"]])));
}

#[test]
fn values_too_long_for_index_are_null() {
    let long = |length: usize| "x".repeat(length);
    for field in ["external_id", "username"] {
        let fits = json!({ "id": "user_1", field: long(512) });
        let event = decode(&message("user.created", &fits).to_string());
        assert_eq!(event.field_faults, [""; 0]);
        let too_long = json!({ "id": "user_1", field: long(513) });
        let event = decode(&message("user.created", &too_long).to_string());
        assert_eq!(event.field_faults, [field]);
        let profile = user_of(event).data.profile;
        assert_eq!((profile.username, profile.external_id), (None, None));
    }
    let name = user(&json!({ "first_name": long(10_000) })).data.profile.first_name;
    assert_eq!(
        name.map(|it| it.len()),
        Some(10_000),
        "a column without an index accepts any length"
    );
}

/// Both databases return integers. A float cannot represent 2^53 + 1.
#[test]
fn whole_numbers_become_integers() {
    for (written, read) in [
        ("1e17", "100000000000000000"),
        ("-0.0", "0"),
        ("1.0", "1"),
        ("1.5", "1.5"),
        ("9007199254740993", "9007199254740993"),
        ("18446744073709551615", "18446744073709551615"),
        ("1.8e19", "18000000000000000000"),
        ("1e20", "1e+20"),
    ] {
        let metadata: Value = serde_json::from_str(&format!("[{written}]")).unwrap();
        let user = user(&json!({ "public_metadata": metadata }));
        assert_eq!(user.data.profile.public_metadata.unwrap().to_string(), format!("[{read}]"));
    }
}
