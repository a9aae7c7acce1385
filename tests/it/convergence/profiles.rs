//! States of a user, by chance: names, addresses that others claim too, accounts linked and unlinked.

use serde_json::{Value, json};

use super::{
    TAG,
    histories::{World, remove},
};

/// A user as Clerk tells of one. Some keys are missing, and some lists are strange.
pub fn profile(world: &mut World, user: &str) -> Value {
    let name = world.dice.of(&["Ada", "Åsa", "晓明", "", "O'Neil \"x\"", "🦊"]);
    let mut profile = json!({
        "id": user, "object": "user", "first_name": name,
        "last_name": world.dice.of(&["Lovelace", "King", ""]),
        "username": world.dice.of(&[Some("ada"), Some("Ada"), None]),
        "external_id": world.dice.of(&[Some("ext-1"), None]),
        "image_url": world.dice.of(&[Some("https://img.clerk.com/ada"), None]),
        "profile_image_url": "https://www.gravatar.com/avatar",
        "password_enabled": world.one_in(2), "two_factor_enabled": world.one_in(2),
        "banned": world.one_in(4), "locked": world.one_in(4),
        "public_metadata": metadata(world), "private_metadata": metadata(world),
        "unsafe_metadata": metadata(world),
        "email_addresses": addresses(world), "phone_numbers": phones(world),
        "web3_wallets": wallets(world), "external_accounts": accounts(world),
        "passkeys": passkeys(world), "saml_accounts": [], "enterprise_accounts": [],
    });
    // By its newer name, by its older one, or by both.
    for key in ["saml_accounts", "enterprise_accounts"] {
        if world.one_in(3) {
            profile[key] = enterprise_accounts(world);
        }
    }
    profile["primary_email_address_id"] = primary(world, "idn_mail");
    profile["primary_phone_number_id"] = primary(world, "idn_phone");
    for key in [
        "created_at",
        "updated_at",
        "last_sign_in_at",
        "last_active_at",
        "password_last_updated_at",
    ] {
        world.put_time(&mut profile, key);
    }
    if world.one_in(4) {
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
            if world.one_in(2) {
                remove(&mut profile, key);
            }
        }
    }
    profile
}

fn metadata(world: &mut World) -> Value {
    match world.dice.below(5) {
        0 => json!({ "plan": "pro", "seats": 3, "nested": { "list": [1, 2.5, null, "é"] } }),
        1 => json!({ "plan": world.dice.of(&["free", "pro", "team"]) }),
        _ => json!({}),
    }
}

/// Mostly one of those that there are.
fn primary(world: &mut World, prefix: &str) -> Value {
    match world.dice.below(8) {
        0 => Value::Null,
        1 => "idn_nowhere".into(),
        2 | 3 => format!("{prefix}_1").into(),
        _ => format!("{prefix}_0").into(),
    }
}

/// Up to three items with ids, in any order; seldom one without an id, or with another's.
fn list(world: &mut World, prefix: &str, item: impl Fn(&mut World, usize) -> Value) -> Value {
    let mut items = Vec::new();
    for at in 0..3 {
        if world.one_in(2) {
            let mut item = item(world, at);
            if item["id"].is_null() {
                item["id"] = format!("{prefix}_{at}").into();
            }
            item["verification"] = verification(world);
            for key in ["created_at", "updated_at"] {
                world.put_time(&mut item, key);
            }
            items.push(item);
        }
    }
    if world.one_in(8) && !items.is_empty() {
        let mut again = item(world, 1);
        again["id"] = items[0]["id"].clone();
        items.push(again);
    }
    if world.one_in(8) && !items.is_empty() {
        let mut nameless = item(world, 2);
        remove(&mut nameless, "external_account_id");
        if world.one_in(2) {
            remove(&mut nameless, "id");
        } else {
            nameless["id"] = Value::Null;
        }
        items.push(nameless);
    }
    world.dice.shuffle(&mut items);
    items.into()
}

fn verification(world: &mut World) -> Value {
    if world.one_in(5) {
        return Value::Null;
    }
    let mut verification = json!({
        "status": world.dice.of(&["verified", "verified", "unverified", "expired", "failed"]),
        "strategy": world.dice.of(&[Some("email_code"), Some("admin"), Some("oauth_google"), None]),
        "attempts": world.dice.of(&[Some(0), Some(3), None]),
    });
    world.put_time(&mut verification, "expire_at");
    verification
}

/// Anybody's: an address moves from one user to another, and two may claim it at once.
fn addresses(world: &mut World) -> Value {
    list(world, "idn_mail", |world, _| {
        let name = world.dice.of(&["ada", "shared", "moved", "Moved"]);
        json!({ "object": "email_address", "email_address": format!("{name}@{TAG}.example.com") })
    })
}

fn phones(world: &mut World) -> Value {
    list(world, "idn_phone", |world, at| {
        let number = format!("+1555010{at}{}", world.dice.below(3));
        json!({ "object": "phone_number", "phone_number": number })
    })
}

fn wallets(world: &mut World) -> Value {
    list(world, "idn_wallet", |_, at| json!({ "web3_wallet": format!("0x{at}{at}{at}") }))
}

fn passkeys(world: &mut World) -> Value {
    list(world, "idn_passkey", |world, _| {
        let name = world.dice.of(&[Some("Chrome on macOS"), Some(""), None]);
        json!({ "object": "passkey", "name": name })
    })
}

/// At an employer, who says who somebody is.
fn enterprise_accounts(world: &mut World) -> Value {
    list(world, "eac_employer", |world, at| {
        let provider = world.dice.of(&["saml_okta", "oauth_google", "oidc_custom"]);
        let id = world.one_in(2).then(|| format!("employee-{at}"));
        let email = world.one_in(2).then(|| format!("employee-{at}@{TAG}.example.com"));
        json!({
            "object": "enterprise_account", "provider": provider,
            "provider_user_id": id, "email_address": email,
        })
    })
}

/// In the shapes that Clerk has had for them.
fn accounts(world: &mut World) -> Value {
    list(world, "eac", |world, at| {
        let of = world.dice.of(&["1001", "1002", ""]);
        let scope = world.dice.of(&["", "email", "email openid profile"]);
        let email = format!("{}@{TAG}.example.com", world.dice.of(&["ada", "linked"]));
        let mut account = match world.dice.below(4) {
            0 => json!({ "object": "external_account", "provider": "oauth_github",
                "provider_user_id": of }),
            1 => json!({ "object": "google_account", "id": format!("idn_google_{at}"),
                "external_account_id": format!("eac_{at}"), "provider": "oauth_google",
                "google_id": of, "provider_user_id": of }),
            2 => json!({ "object": "google_account", "id": format!("idn_google_{at}"),
                "google_id": of }),
            _ => json!({ "object": "facebook_account", "id": format!("idn_facebook_{at}"),
                "external_account_id": format!("eac_{at}"), "provider": "oauth_facebook",
                "facebook_id": of, "provider_user_id": of }),
        };
        account["approved_scopes"] = scope.into();
        account["email_address"] = if world.one_in(4) { "".into() } else { email.into() };
        account["username"] = world.dice.of(&[Some("ada"), Some(""), None]).into();
        account
    })
}
