//! Payloads in which every text that is anybody's business is one that stands nowhere else.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::harness::fixtures;

/// How each of them begins. Five digits and a `z` follow.
const PREFIX: &str = "cnry";

/// How far what is written at a place may get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Not into the database.
    Nowhere,
    /// Into the database, and out of it never.
    Database,
    /// With the stored payload, to who may look into events.
    Payload,
    /// Into a column that the API shows.
    Column,
}

/// A text that stands at one place.
#[derive(Clone, Debug)]
pub(super) struct Canary {
    pub(super) text: String,
    pub(super) reach: Reach,
    /// `user/created.json data.first_name`
    pub(super) place: String,
}

/// All that were put somewhere.
#[derive(Default)]
pub(super) struct Canaries(Vec<Canary>);

/// What stays as it is, because it is what the event is about and what becomes of it: Clerk's words
/// and ids. Everything else is marked.
fn is_structure(key: &str) -> bool {
    const WORDS: [&str; 9] =
        ["type", "object", "status", "strategy", "provider", "protocol", "id", "sid", "sub"];
    let others = ["external_id", "provider_user_id", "google_id", "facebook_id", "directory_id"];
    WORDS.contains(&key) || (key.ends_with("_id") && !others.contains(&key))
}

fn is_column(key: &str) -> bool {
    const COLUMNS: [&str; 16] = [
        "first_name",
        "last_name",
        "username",
        "external_id",
        "email_address",
        "phone_number",
        "image_url",
        "profile_image_url",
        "web3_wallet",
        "name",
        "provider_user_id",
        "google_id",
        "facebook_id",
        "approved_scopes",
        "client_ip",
        "user_agent",
    ];
    COLUMNS.contains(&key)
}

fn is_secret(key: &str) -> bool {
    const SECRETS: [&str; 7] = [
        "backup_codes",
        "nonce",
        "message",
        "external_verification_redirect_url",
        "password_digest",
        "access_token",
        "last_active_token",
    ];
    SECRETS.contains(&key)
}

/// How far what stands at this path may get, in a payload of a type that is synced.
fn reach(path: &[String]) -> Reach {
    let has = |name: &str| path.iter().any(|key| key == name);
    let depth = if has("user") { 3 } else { 2 };
    let customers = ["public_metadata", "unsafe_metadata"];
    let own = path.get(depth - 1).is_some_and(|key| customers.contains(&&**key));
    let key = path.iter().rev().find(|key| key.parse::<usize>().is_err());
    if has("private_metadata") {
        Reach::Database
    } else if own || (has("actor") && !has("user")) {
        Reach::Column
    } else if has("public_metadata") {
        Reach::Payload
    } else if path.iter().any(|key| is_secret(key)) {
        Reach::Nowhere
    } else if key.is_some_and(|key| is_column(key)) {
        Reach::Column
    } else {
        Reach::Payload
    }
}

impl Canaries {
    /// A text of its own, which may get so far.
    pub(super) fn make(&mut self, reach: Reach, place: &str) -> String {
        let text = format!("{PREFIX}{:05}z", self.0.len());
        self.0.push(Canary { text: text.clone(), reach, place: place.to_owned() });
        // As an id, as an address, and bare: what is cut by its form is cut in each.
        match self.0.len() % 3 {
            0 => format!("ada_{text}"),
            1 => format!("{text}@example.com"),
            _ => text,
        }
    }

    /// A payload with all of it marked, and with fields that nobody knows.
    pub(super) fn mark(&mut self, name: &str, body: &Value) -> Value {
        let kind = body["type"].as_str().unwrap();
        let synced = kind.starts_with("user.") || kind.starts_with("session.");
        self.walk(body, &mut Vec::new(), &|path, place, all| {
            let reach = if synced { reach(path) } else { Reach::Nowhere };
            all.make(reach, &format!("{name} {place}"))
        })
    }

    /// The same, of what the service must not keep or repeat at all.
    pub(super) fn mark_all(&mut self, name: &str, body: &Value) -> Value {
        self.walk(body, &mut Vec::new(), &|_, place, all| {
            all.make(Reach::Nowhere, &format!("{name} {place}"))
        })
    }

    fn walk(
        &mut self,
        value: &Value,
        path: &mut Vec<String>,
        make: &dyn Fn(&[String], &str, &mut Self) -> String,
    ) -> Value {
        let metadata = path.iter().any(|key| key.ends_with("_metadata"));
        match value {
            Value::Object(map) => {
                let mut marked = Map::new();
                for (key, value) in map {
                    path.push(key.clone());
                    let value = match value {
                        Value::String(_) if !metadata && is_structure(key) => value.clone(),
                        value => self.walk(value, path, make),
                    };
                    path.pop();
                    marked.insert(key.clone(), value);
                }
                path.push("new_field".to_owned());
                let (place, text) = (path.join("."), path.join("."));
                let new = make(path, &place, self);
                path.pop();
                // The customer's own keys are as personal as the values.
                let key = if metadata { make(path, &text, self) } else { "new_field".to_owned() };
                marked.insert(key, new.into());
                marked.into()
            }
            Value::Array(items) => {
                let mark = |(at, item): (usize, &Value)| {
                    path.push(at.to_string());
                    let item = self.walk(item, path, make);
                    path.pop();
                    item
                };
                items.iter().enumerate().map(mark).collect()
            }
            Value::String(_) => make(path, &path.join("."), self).into(),
            plain => plain.clone(),
        }
    }

    /// Those of which a text holds something, but those that may stand there.
    pub(super) fn in_text(&self, text: &[u8], may: impl Fn(Reach) -> bool) -> Vec<&Canary> {
        let found = texts(text);
        self.0.iter().filter(|it| !may(it.reach) && found.contains(&it.text)).collect()
    }
}

/// Whatever is a canary in some bytes.
pub(super) fn texts(bytes: &[u8]) -> BTreeSet<String> {
    let length = PREFIX.len() + 6;
    let begins = bytes.windows(PREFIX.len()).enumerate();
    let begins = begins.filter(|(_, window)| window == &PREFIX.as_bytes()).map(|(at, _)| at);
    begins
        .filter_map(|at| std::str::from_utf8(bytes.get(at..at + length)?).ok())
        .filter(|text| text.ends_with('z'))
        .map(str::to_owned)
        .collect()
}

/// Every payload of the project, and a user with everything that a user can have.
pub(super) fn payloads() -> Vec<(String, Value)> {
    let project = fixtures::all().into_iter().map(|fixture| (fixture.name, fixture.json));
    let whole = ("whole user".to_owned(), fixtures::event("user.created", whole("user_whole"), 0));
    let mut session = fixtures::session_event("session.created", "sess_whole", "user_whole", 1);
    session["data"]["user"] = whole_user_later();
    session["data"]["actor"] = json!({ "iss": "x", "sub": "user_admin", "type": "x" });
    session["data"]["last_active_token"] = json!({ "jwt": "x" });
    let session = ("whole session".to_owned(), session);
    project.chain([whole, session]).collect()
}

fn whole_user_later() -> Value {
    let mut user = whole("user_whole");
    user["updated_at"] = json!(crate::harness::NOW + 1);
    user
}

fn whole(id: &str) -> Value {
    let mut user = fixtures::user(id, 0);
    let verification = json!({
        "status": "verified", "strategy": "web3_metamask_signature", "nonce": "x", "message": "x",
        "external_verification_redirect_url": "x", "verified_at_client": "x",
        "error": { "code": "x", "message": "x", "long_message": "x" },
    });
    let link = json!({
        "id": "x", "provider": "saml_okta", "active": true, "email_address": "x", "first_name": "x",
        "last_name": "x", "provider_user_id": "x", "public_metadata": { "x": "x" },
        "verification": verification, "saml_connection": { "name": "x", "domain": "x" },
    });
    let link = |id: &str| {
        let mut link = link.clone();
        link["id"] = id.into();
        link
    };
    let more = json!({
        "username": "x", "external_id": "x", "locale": "x", "timezone": "x", "birthday": "x",
        "password_enabled": true, "password_digest": "x",
        "phone_numbers": [{
            "id": "idn_phone", "phone_number": "x", "backup_codes": ["x", "x"],
            "verification": verification,
        }],
        "primary_phone_number_id": "idn_phone",
        "web3_wallets": [{ "id": "idn_wallet", "web3_wallet": "x", "verification": verification }],
        "passkeys": [{ "id": "idn_key", "name": "x", "verification": verification }],
        "saml_accounts": [link("samlacc_1")],
        "enterprise_accounts": [link("entacc_1")],
        "scim": { "directory_id": "x", "external_id": "x" },
        "public_metadata": { "x": ["x", { "x": "x" }] },
        "private_metadata": { "x": ["x", { "x": "x" }] },
        "unsafe_metadata": { "x": ["x", { "x": "x" }] },
    });
    user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let account = user["external_accounts"][0].as_object_mut().unwrap();
    let tokens = json!({
        "access_token": "x", "label": "x", "avatar_url": "x", "phone_number": "x",
        "public_metadata": { "x": "x" }, "first_name": "x", "verification": verification,
    });
    account.extend(tokens.as_object().unwrap().clone());
    user
}
