//! Part of the model that maps Clerk's fields to the columns of the tables.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::TAG;

pub type Row = Map<String, Value>;

/// Returns a time in milliseconds. Numbers that are too small are seconds, and zero or negative
/// numbers count as missing.
pub fn instant(value: &Value) -> Option<i64> {
    let number = value.as_i64().filter(|number| *number > 0)?;
    Some(if number < 100_000_000_000 { number * 1000 } else { number })
}

/// Returns a text, or null if it is empty.
pub fn filled(value: &Value) -> Value {
    if value == "" { Value::Null } else { value.clone() }
}

/// Returns the first text that is neither null nor empty.
fn first(data: &Value, keys: &[&str]) -> Value {
    let text = keys.iter().map(|key| filled(&data[*key])).find(|it| !it.is_null());
    text.unwrap_or_default()
}

fn columns(pairs: Value) -> Row {
    serde_json::from_value(pairs).unwrap()
}

/// Returns the columns of a user without id, deletion and version. For null data, all columns are
/// null.
pub fn user(data: &Value) -> Row {
    let email = by_id(&data["email_addresses"], &data["primary_email_address_id"]);
    let phone = by_id(&data["phone_numbers"], &data["primary_phone_number_id"]);
    columns(json!({
        "external_id": filled(&data["external_id"]), "username": filled(&data["username"]),
        "first_name": filled(&data["first_name"]), "last_name": filled(&data["last_name"]),
        "email": email["email_address"],
        "email_verified": email["email_address"].is_string().then(|| is_verified(email)),
        "phone_number": phone["phone_number"],
        "image": first(data, &["image_url", "profile_image_url"]),
        "banned": data["banned"], "locked": data["locked"],
        "password_enabled": data["password_enabled"],
        "two_factor_enabled": data["two_factor_enabled"],
        "public_metadata": data["public_metadata"],
        "private_metadata": data["private_metadata"],
        "unsafe_metadata": data["unsafe_metadata"],
        "last_sign_in_at": instant(&data["last_sign_in_at"]),
        "last_active_at": instant(&data["last_active_at"]),
        "created_at": instant(&data["created_at"]), "updated_at": instant(&data["updated_at"]),
    }))
}

/// Returns the columns of a session without status, sign-in and versions.
pub fn session(data: &Value) -> Row {
    columns(json!({
        "user_id": data["user_id"], "client_id": filled(&data["client_id"]),
        "actor": data["actor"],
        "last_active_organization_id": filled(&data["last_active_organization_id"]),
        "last_active_at": instant(&data["last_active_at"]),
        "expires_at": instant(&data["expire_at"]), "abandon_at": instant(&data["abandon_at"]),
        "created_at": instant(&data["created_at"]), "updated_at": instant(&data["updated_at"]),
    }))
}

/// Returns the columns of an organization without id, deletion and version.
pub fn organization(data: &Value) -> Row {
    columns(json!({
        "name": filled(&data["name"]), "slug": filled(&data["slug"]),
        "image": filled(&data["image_url"]),
        "max_allowed_memberships": data["max_allowed_memberships"],
        "admin_delete_enabled": data["admin_delete_enabled"],
        "public_metadata": data["public_metadata"],
        "private_metadata": data["private_metadata"],
        "created_by": filled(&data["created_by"]),
        "created_at": instant(&data["created_at"]), "updated_at": instant(&data["updated_at"]),
    }))
}

/// Returns the columns of a membership without ids, deletion and version.
pub fn membership(data: &Value) -> Row {
    columns(json!({
        "role": filled(&data["role"]), "permissions": filled_items(&data["permissions"], ""),
        "public_metadata": data["public_metadata"],
        "private_metadata": data["private_metadata"],
        "created_at": instant(&data["created_at"]), "updated_at": instant(&data["updated_at"]),
    }))
}

/// Returns the columns of an invitation without ids, status, deletion and version.
pub fn invitation(data: &Value) -> Row {
    columns(json!({
        "email": filled(&data["email_address"]), "role": filled(&data["role"]),
        "inviter_id": filled(&data["inviter_id"]), "user_id": filled(&data["user_id"]),
        "public_metadata": data["public_metadata"],
        "private_metadata": data["private_metadata"],
        "expires_at": instant(&data["expires_at"]),
        "created_at": instant(&data["created_at"]), "updated_at": instant(&data["updated_at"]),
    }))
}

/// Returns the columns of a domain without ids, deletion and version.
pub fn domain(data: &Value) -> Row {
    let affiliation = data.get("affiliation_verification").unwrap_or(&data["verification"]);
    columns(json!({
        "name": filled(&data["name"]), "enrollment_mode": filled(&data["enrollment_mode"]),
        "affiliation_status": filled(&affiliation["status"]),
        "ownership_status": filled(&data["ownership_verification"]["status"]),
        "created_at": instant(&data["created_at"]), "updated_at": instant(&data["updated_at"]),
    }))
}

/// Returns the columns of a role without id, deletion and version.
pub fn role(data: &Value) -> Row {
    columns(json!({
        "key": filled(&data["key"]), "name": filled(&data["name"]),
        "description": filled(&data["description"]),
        "permissions": filled_items(&data["permissions"], "/key"),
        "created_at": instant(&data["created_at"]), "updated_at": instant(&data["updated_at"]),
    }))
}

/// Returns the columns of a permission without id, deletion and version.
pub fn permission(data: &Value) -> Row {
    columns(json!({
        "key": filled(&data["key"]), "name": filled(&data["name"]),
        "description": filled(&data["description"]), "type": filled(&data["type"]),
        "created_at": instant(&data["created_at"]), "updated_at": instant(&data["updated_at"]),
    }))
}

/// Returns the columns of an entry of the waitlist without id, deletion and version.
pub fn waitlist_entry(data: &Value) -> Row {
    columns(json!({
        "email": filled(&data["email_address"]), "status": filled(&data["status"]),
        "invitation_id": filled(&data["invitation"]["id"]),
        "created_at": instant(&data["created_at"]), "updated_at": instant(&data["updated_at"]),
    }))
}

/// Returns the texts at a path in the items of a list that are neither null nor empty, or null if
/// there is no list.
fn filled_items(list: &Value, path: &str) -> Value {
    let Some(items) = list.as_array() else { return Value::Null };
    let texts = items.iter().filter_map(|item| item.pointer(path)).map(filled);
    texts.filter(|text| !text.is_null()).collect()
}

/// Returns the texts by which an object is found: in lower case, without accents, with single spaces,
/// sorted.
pub fn search_terms<'a>(texts: impl IntoIterator<Item = &'a Value>) -> BTreeSet<String> {
    let normal = |char: char| match char {
        'Å' | 'å' => 'a',
        char => char.to_ascii_lowercase(),
    };
    let terms = texts.into_iter().filter_map(Value::as_str);
    let terms = terms.map(|text| text.chars().map(normal).collect::<String>());
    let terms = terms.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    // The tag stands for one in lower case.
    let terms = terms.map(|term| term.replace(&TAG.to_ascii_lowercase(), TAG));
    terms.filter(|term| !term.is_empty()).collect()
}

/// Returns the items of a list by id. Items without an id are left out, and the last of several
/// items with the same id wins.
fn items(list: &Value) -> BTreeMap<&str, &Value> {
    let items = list.as_array().map_or(&[][..], Vec::as_slice);
    items.iter().filter_map(|item| Some((key(item)?, item))).collect()
}

/// Returns the id of an item. For an external account this is its `eac_…`, not `id`.
fn key(item: &Value) -> Option<&str> {
    item["external_account_id"].as_str().or(item["id"].as_str())
}

fn by_id<'a>(list: &'a Value, id: &Value) -> &'a Value {
    id.as_str().and_then(|id| items(list).remove(id)).unwrap_or(&Value::Null)
}

fn is_verified(item: &Value) -> bool {
    item["verification"]["status"] == "verified"
}

/// Returns the enterprise accounts. If the newer field is empty, the older field `saml_accounts`
/// has them. If both are filled, they contain the same accounts.
fn enterprise_accounts(data: &Value) -> &Value {
    let newer = &data["enterprise_accounts"];
    let is_filled = newer.as_array().is_some_and(|list| !list.is_empty());
    if is_filled { newer } else { &data["saml_accounts"] }
}

/// Returns the linked accounts of a user, including the password.
pub fn accounts(user: &str, data: &Value) -> Vec<Value> {
    let mut rows: BTreeMap<_, _> = items(&data["external_accounts"])
        .into_iter()
        .map(|(id, item)| (id, account(user, id, item)))
        .collect();
    for (id, item) in items(enterprise_accounts(data)) {
        rows.insert(id, account(user, id, item));
    }
    if data["password_enabled"] == true {
        let changed = instant(&data["password_last_updated_at"]);
        rows.insert(
            "credential",
            json!({
                "user_id": user, "id": "credential", "provider_id": "credential",
                "account_id": user, "email": null, "username": null, "scope": null,
                "status": null, "created_at": null, "updated_at": changed,
            }),
        );
    }
    rows.into_values().collect()
}

fn account(user: &str, id: &str, item: &Value) -> Value {
    let object = item["object"].as_str().unwrap_or_default();
    // Before 2025 a Google account had no field `provider`.
    let provider = item["provider"].as_str().or(object.strip_suffix("_account"));
    let account_id = first(item, &["provider_user_id", "google_id", "facebook_id"]);
    json!({
        "user_id": user, "id": id,
        "provider_id": provider.map(|it| it.strip_prefix("oauth_").unwrap_or(it)),
        "account_id": account_id,
        "email": filled(&item["email_address"]), "username": filled(&item["username"]),
        "scope": filled(&item["approved_scopes"]), "status": item["verification"]["status"],
        "created_at": instant(&item["created_at"]), "updated_at": instant(&item["updated_at"]),
    })
}

/// Returns the verifications of a user, ordered by id.
pub fn verifications(user: &str, data: &Value) -> Vec<Value> {
    let at_provider = &["email_address", "provider_user_id", "google_id"];
    let lists = [
        (&data["email_addresses"], "email", &["email_address"][..]),
        (&data["phone_numbers"], "phone", &["phone_number"]),
        (&data["web3_wallets"], "web3", &["web3_wallet"]),
        (&data["passkeys"], "passkey", &["name"]),
        (&data["external_accounts"], "external_account", at_provider),
        (enterprise_accounts(data), "enterprise_account", &["email_address", "provider_user_id"]),
    ];
    let mut rows = BTreeMap::new();
    for (list, kind, identifiers) in lists {
        for (id, item) in items(list) {
            let verification = &item["verification"];
            let row = json!({
                "user_id": user, "id": id, "kind": kind, "identifier": first(item, identifiers),
                // An item without a verification is unverified.
                "status": verification["status"].as_str().unwrap_or("unverified"),
                "strategy": verification["strategy"],
                "attempts": verification["attempts"],
                "expires_at": instant(&verification["expire_at"]),
                "created_at": instant(&item["created_at"]),
                "updated_at": instant(&item["updated_at"]),
            });
            rows.insert(id, row);
        }
    }
    rows.into_values().collect()
}
