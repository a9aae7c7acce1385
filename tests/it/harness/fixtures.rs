//! Payloads of `fixtures/`, and generated events.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::NOW;

/// Payload of the repository.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// Path below `fixtures/`, such as `user/created-google.json`.
    pub name: String,
    pub text: String,
    pub json: Value,
}

/// Returns all payloads, ordered by path.
pub fn all() -> Vec<Fixture> {
    let root = root();
    let folders = entries(&root).into_iter().filter(|path| path.is_dir());
    let mut fixtures: Vec<_> = folders
        .flat_map(|folder| entries(&folder))
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            Fixture { name, json: serde_json::from_str(&text).unwrap(), text }
        })
        .collect();
    fixtures.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(fixtures.len() > 200, "the fixtures are found");
    fixtures
}

/// Returns the payload of a path without extension, such as `user/created-google`.
pub fn load(name: &str) -> Value {
    let path = root().join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap()
}

/// Returns the lines of `secrets.txt` or `private_metadata.txt`, which must not leave the service.
pub fn canaries(file: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with('#'));
    lines.map(str::to_owned).collect()
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// Returns a user in Clerk's format, updated at `NOW + offset`.
pub fn user(id: &str, offset: i64) -> Value {
    json!({
        "id": id, "object": "user", "first_name": format!("Ada {offset}"), "last_name": "Lovelace",
        "username": null, "external_id": null, "image_url": "https://img.clerk.com/ada",
        "primary_email_address_id": format!("idn_{id}"), "primary_phone_number_id": null,
        "email_addresses": [{
            "id": format!("idn_{id}"), "object": "email_address",
            "email_address": format!("{id}@example.com"),
            "verification": { "status": "verified", "strategy": "email_code", "attempts": 1 },
            "created_at": NOW, "updated_at": NOW,
        }],
        "phone_numbers": [], "web3_wallets": [], "passkeys": [],
        "external_accounts": [{
            "object": "external_account", "id": format!("eac_{id}"), "provider": "oauth_github",
            "provider_user_id": format!("gh_{id}"), "approved_scopes": "read:user",
            "email_address": format!("{id}@example.com"), "username": "ada",
            "verification": { "status": "verified", "strategy": "oauth_github" },
        }],
        "enterprise_accounts": [], "password_enabled": false, "two_factor_enabled": false,
        "public_metadata": {}, "private_metadata": {}, "unsafe_metadata": {},
        "banned": false, "locked": false, "last_sign_in_at": null, "last_active_at": null,
        "created_at": NOW, "updated_at": NOW + offset,
    })
}

/// Returns an event with some data, at `NOW + offset`.
pub fn event(kind: &str, data: impl Into<Value>, offset: i64) -> Value {
    json!({
        "type": kind, "object": "event", "instance_id": "ins_tests", "timestamp": NOW + offset,
        "event_attributes": {
            "http_request": { "client_ip": "192.0.2.7", "user_agent": format!("browser {offset}") },
        },
        "data": data.into(),
    })
}

/// Returns a `user.created` or `user.updated` event, updated at `NOW + offset`.
pub fn user_event(kind: &str, id: &str, offset: i64) -> Value {
    event(kind, user(id, offset), offset)
}

/// Returns a `user.deleted` event at `NOW + offset`.
pub fn user_deleted(id: &str, offset: i64) -> Value {
    event("user.deleted", json!({ "id": id, "object": "user", "deleted": true }), offset)
}

/// Returns a session event, updated at `NOW + offset`.
pub fn session_event(kind: &str, id: &str, user_id: &str, offset: i64) -> Value {
    let status = match kind.trim_start_matches("session.") {
        "created" => "active",
        end => end,
    };
    let data = json!({
        "id": id, "object": "session", "user_id": user_id, "client_id": "client_1",
        "status": status, "expire_at": NOW + 604_800_000, "abandon_at": NOW + 2_592_000_000_i64,
        "last_active_at": NOW + offset, "created_at": NOW, "updated_at": NOW + offset,
    });
    event(kind, data, offset)
}
