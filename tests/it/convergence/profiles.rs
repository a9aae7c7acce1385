//! Random states of a user, with addresses that several users share, and changing linked accounts.

use serde_json::{Value, json};

use super::{
    TAG,
    histories::{Generator, remove},
};

/// Generates a user in Clerk's format. Some keys are missing, and some lists are malformed.
pub fn profile(generator: &mut Generator, user: &str) -> Value {
    let name = generator.rng.choose(&["Ada", "Åsa", "晓明", "", "O'Neil \"x\"", "🦊"]);
    let mut profile = json!({
        "id": user, "object": "user", "first_name": name,
        "last_name": generator.rng.choose(&["Lovelace", "King", ""]),
        "username": generator.rng.choose(&[Some("ada"), Some("Ada"), None]),
        "external_id": generator.rng.choose(&[Some("ext-1"), None]),
        "image_url": generator.rng.choose(&[Some("https://img.clerk.com/ada"), None]),
        "profile_image_url": "https://www.gravatar.com/avatar",
        "password_enabled": generator.one_in(2), "two_factor_enabled": generator.one_in(2),
        "banned": generator.one_in(4), "locked": generator.one_in(4),
        "public_metadata": metadata(generator), "private_metadata": metadata(generator),
        "unsafe_metadata": metadata(generator),
        "email_addresses": addresses(generator), "phone_numbers": phones(generator),
        "web3_wallets": wallets(generator), "external_accounts": accounts(generator),
        "passkeys": passkeys(generator), "saml_accounts": [], "enterprise_accounts": [],
    });
    // Enterprise accounts can be in the newer field, in the older one, or in both.
    for key in ["saml_accounts", "enterprise_accounts"] {
        if generator.one_in(3) {
            profile[key] = enterprise_accounts(generator);
        }
    }
    profile["primary_email_address_id"] = primary(generator, "idn_mail");
    profile["primary_phone_number_id"] = primary(generator, "idn_phone");
    for key in [
        "created_at",
        "updated_at",
        "last_sign_in_at",
        "last_active_at",
        "password_last_updated_at",
    ] {
        generator.put_time(&mut profile, key);
    }
    if generator.one_in(4) {
        for key in [
            "banned",
            "username",
            "image_url",
            "private_metadata",
            "web3_wallets",
            "passkeys",
            "saml_accounts",
            "enterprise_accounts",
        ] {
            if generator.one_in(2) {
                remove(&mut profile, key);
            }
        }
    }
    profile
}

/// Generates metadata of the customer.
pub fn metadata(generator: &mut Generator) -> Value {
    match generator.rng.below(5) {
        0 => json!({ "plan": "pro", "seats": 3, "nested": { "list": [1, 2.5, null, "é"] } }),
        1 => json!({ "plan": generator.rng.choose(&["free", "pro", "team"]) }),
        _ => json!({}),
    }
}

/// Generates a primary id, which usually names an item of the list.
fn primary(generator: &mut Generator, prefix: &str) -> Value {
    match generator.rng.below(8) {
        0 => Value::Null,
        1 => "idn_nowhere".into(),
        2 | 3 => format!("{prefix}_1").into(),
        _ => format!("{prefix}_0").into(),
    }
}

/// Generates up to three items with ids, in any order. Rarely one item has no id or a duplicate id.
fn list(
    generator: &mut Generator,
    prefix: &str,
    item: impl Fn(&mut Generator, usize) -> Value,
) -> Value {
    let mut items = Vec::new();
    for at in 0..3 {
        if generator.one_in(2) {
            let mut item = item(generator, at);
            if item["id"].is_null() {
                item["id"] = format!("{prefix}_{at}").into();
            }
            item["verification"] = verification(generator);
            for key in ["created_at", "updated_at"] {
                generator.put_time(&mut item, key);
            }
            items.push(item);
        }
    }
    if generator.one_in(8) && !items.is_empty() {
        let mut duplicate = item(generator, 1);
        duplicate["id"] = items[0]["id"].clone();
        items.push(duplicate);
    }
    if generator.one_in(8) && !items.is_empty() {
        let mut without_id = item(generator, 2);
        remove(&mut without_id, "external_account_id");
        if generator.one_in(2) {
            remove(&mut without_id, "id");
        } else {
            without_id["id"] = Value::Null;
        }
        items.push(without_id);
    }
    generator.rng.shuffle(&mut items);
    items.into()
}

fn verification(generator: &mut Generator) -> Value {
    if generator.one_in(5) {
        return Value::Null;
    }
    let mut verification = json!({
        "status": generator.rng.choose(&["verified", "verified", "unverified", "expired", "failed"]),
        "strategy": generator.rng.choose(&[Some("email_code"), Some("admin"), Some("oauth_google"), None]),
        "attempts": generator.rng.choose(&[Some(0), Some(3), None]),
    });
    generator.put_time(&mut verification, "expire_at");
    verification
}

/// Generates addresses. They move between users, and several users can have one at the same time.
fn addresses(generator: &mut Generator) -> Value {
    list(generator, "idn_mail", |generator, _| {
        let name = generator.rng.choose(&["ada", "shared", "moved", "Moved"]);
        json!({ "object": "email_address", "email_address": format!("{name}@{TAG}.example.com") })
    })
}

fn phones(generator: &mut Generator) -> Value {
    list(generator, "idn_phone", |generator, at| {
        let number = format!("+1555010{at}{}", generator.rng.below(3));
        json!({ "object": "phone_number", "phone_number": number })
    })
}

fn wallets(generator: &mut Generator) -> Value {
    list(generator, "idn_wallet", |_, at| json!({ "web3_wallet": format!("0x{at}{at}{at}") }))
}

fn passkeys(generator: &mut Generator) -> Value {
    list(generator, "idn_passkey", |generator, _| {
        let name = generator.rng.choose(&[Some("Chrome on macOS"), Some(""), None]);
        json!({ "object": "passkey", "name": name })
    })
}

/// Generates enterprise accounts.
fn enterprise_accounts(generator: &mut Generator) -> Value {
    list(generator, "eac_employer", |generator, at| {
        let provider = generator.rng.choose(&["saml_okta", "oauth_google", "oidc_custom"]);
        let id = generator.one_in(2).then(|| format!("employee-{at}"));
        let email = generator.one_in(2).then(|| format!("employee-{at}@{TAG}.example.com"));
        json!({
            "object": "enterprise_account", "provider": provider,
            "provider_user_id": id, "email_address": email,
        })
    })
}

/// Generates linked accounts in all formats that Clerk has used.
fn accounts(generator: &mut Generator) -> Value {
    list(generator, "eac", |generator, at| {
        let account_id = generator.rng.choose(&["1001", "1002", ""]);
        let scope = generator.rng.choose(&["", "email", "email openid profile"]);
        let email = format!("{}@{TAG}.example.com", generator.rng.choose(&["ada", "linked"]));
        let mut account = match generator.rng.below(4) {
            0 => json!({ "object": "external_account", "provider": "oauth_github",
                "provider_user_id": account_id }),
            1 => json!({ "object": "google_account", "id": format!("idn_google_{at}"),
                "external_account_id": format!("eac_{at}"), "provider": "oauth_google",
                "google_id": account_id, "provider_user_id": account_id }),
            2 => json!({ "object": "google_account", "id": format!("idn_google_{at}"),
                "google_id": account_id }),
            _ => json!({ "object": "facebook_account", "id": format!("idn_facebook_{at}"),
                "external_account_id": format!("eac_{at}"), "provider": "oauth_facebook",
                "facebook_id": account_id, "provider_user_id": account_id }),
        };
        account["approved_scopes"] = scope.into();
        account["email_address"] = if generator.one_in(4) { "".into() } else { email.into() };
        account["username"] = generator.rng.choose(&[Some("ada"), Some(""), None]).into();
        account
    })
}
