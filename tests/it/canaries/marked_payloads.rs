//! Payloads in which every personal text is replaced by a unique canary.

use std::collections::BTreeSet;

use meetvo::objects::EventType;
use serde_json::{Map, Value, json};

use crate::harness::{fixtures, organization_events};

/// Prefix of every canary. Five digits and a `z` follow.
const PREFIX: &str = "cnry";

/// Farthest place that a canary may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exposure {
    /// Must not be stored.
    None,
    /// May be stored, and must never leave the database.
    Database,
    /// May be returned with the stored payload of an event, to callers who can read events.
    EventPayload,
    /// May be stored in a column that the API returns.
    Column,
}

/// Unique text at one place.
#[derive(Clone, Debug)]
pub(super) struct Canary {
    pub(super) text: String,
    pub(super) exposure: Exposure,
    /// Place of the text, such as `user/created.json data.first_name`.
    pub(super) source: String,
}

/// All canaries that were created.
#[derive(Default)]
pub(super) struct Canaries(Vec<Canary>);

/// Returns whether a text stays unchanged because it determines the object and the decision, such
/// as IDs and Clerk's enumerations. Every other text is replaced.
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
    SECRETS.contains(&key)
}

/// Names of fields that hold a secret, most of which Clerk does not send today.
const SECRETS: [&str; 20] = [
    "backup_codes",
    "nonce",
    "message",
    "external_verification_redirect_url",
    "password_digest",
    "access_token",
    "last_active_token",
    "otp_code",
    "ticket",
    "magic_link",
    "invitation_url",
    "totp_uri",
    "backupCodes",
    "accessToken",
    "secret_key",
    "secretKey",
    "password_hash",
    "verificationCode",
    "jwt",
    "signInUrl",
];

/// Returns whether events of a type are about a user or a session.
fn is_of_user(kind: &str) -> bool {
    kind.starts_with("user.") || kind.starts_with("session.")
}

/// Returns whether events of a type are about an object without an owner, so that who changed it is
/// not stored.
fn is_unowned(kind: &str) -> bool {
    kind.starts_with("role.") || kind.starts_with("permission.")
}

/// Fields of `public_user_data` and `public_inviter_data` with personal data, which the service reads
/// from the user instead.
const PERSON: [&str; 6] =
    ["first_name", "last_name", "identifier", "username", "image_url", "profile_image_url"];

/// Columns of the other objects.
const OTHER_COLUMNS: [&str; 10] = [
    "name",
    "slug",
    "image_url",
    "email_address",
    "role",
    "enrollment_mode",
    "key",
    "description",
    "permissions",
    "created_by",
];

/// Returns the exposure of the text at a path, in a payload about another object.
fn other_exposure(path: &[String]) -> Exposure {
    let has = |name: &str| path.iter().any(|key| key == name);
    let key = path.iter().rev().find(|key| key.parse::<usize>().is_err()).map_or("", |it| it);
    let is_of_person = has("public_user_data") || has("public_inviter_data");
    if has("private_metadata") {
        Exposure::Database
    } else if has("public_metadata") {
        Exposure::Column
    } else if path.iter().any(|key| is_secret(key))
        || matches!(key, "url" | "affiliation_email_address")
        || (is_of_person && PERSON.contains(&key))
    {
        Exposure::None
    } else if OTHER_COLUMNS.contains(&key) {
        Exposure::Column
    } else {
        Exposure::EventPayload
    }
}

/// Returns the exposure of the text at a path, in a payload of a user or session.
fn exposure(path: &[String]) -> Exposure {
    let has = |name: &str| path.iter().any(|key| key == name);
    let depth = if has("user") { 3 } else { 2 };
    let metadata_keys = ["public_metadata", "unsafe_metadata"];
    let is_metadata = path.get(depth - 1).is_some_and(|key| metadata_keys.contains(&&**key));
    let key = path.iter().rev().find(|key| key.parse::<usize>().is_err());
    if has("private_metadata") {
        Exposure::Database
    } else if is_metadata || (has("actor") && !has("user")) {
        Exposure::Column
    } else if has("public_metadata") {
        Exposure::EventPayload
    } else if path.iter().any(|key| is_secret(key)) {
        Exposure::None
    } else if key.is_some_and(|key| is_column(key)) {
        Exposure::Column
    } else {
        Exposure::EventPayload
    }
}

impl Canaries {
    /// Creates a unique text with an exposure.
    pub(super) fn create(&mut self, exposure: Exposure, source: &str) -> String {
        let text = format!("{PREFIX}{:05}z", self.0.len());
        self.0.push(Canary { text: text.clone(), exposure, source: source.to_owned() });
        // Alternates between an ID, an address and a plain text, because redaction depends on the
        // form of a text.
        match self.0.len() % 3 {
            0 => format!("ada_{text}"),
            1 => format!("{text}@example.com"),
            _ => text,
        }
    }

    /// Returns a payload in which all texts are canaries, with additional unknown fields.
    pub(super) fn mark_payload(&mut self, name: &str, body: &Value) -> Value {
        let kind = body["type"].as_str().unwrap();
        let synced = EventType::of(kind).is_some();
        let exposure_in = if is_of_user(kind) { exposure } else { other_exposure };
        let mut marked = self.mark_value(body, &mut Vec::new(), &|path, source, canaries| {
            let is_request =
                matches!(path.last().map(String::as_str), Some("client_ip" | "user_agent"));
            let exposure = match synced && !(is_request && is_unowned(kind)) {
                true => exposure_in(path),
                false => Exposure::None,
            };
            canaries.create(exposure, &format!("{name} {source}"))
        });
        // Only the address leads to the entry of a person who is erased.
        if kind.starts_with("waitlistEntry.")
            && let Some(address) = marked.pointer_mut("/data/email_address")
        {
            let source = format!("{name} data.email_address");
            let text = self.create(Exposure::Column, &source).replace("@example.com", "");
            *address = format!("{text}@example.com").into();
        }
        for (place, parameter) in [
            ("/data/image_url", "__clerk_ticket"),
            ("/data/external_accounts/0/avatar_url", "code"),
            ("/data/new_field", "token"),
            ("/data/first_name", "id_token"),
        ] {
            if let Some(text) = marked.pointer_mut(place).filter(|it| synced && it.is_string()) {
                let token = self.create(Exposure::None, &format!("{name} {place} {parameter}"));
                *text = format!("https://a.example/?lang=en&{parameter}={token}#end").into();
            }
        }
        marked
    }

    /// Returns a payload in which all texts are canaries that must not be stored or returned.
    pub(super) fn mark_forbidden(&mut self, name: &str, body: &Value) -> Value {
        self.mark_value(body, &mut Vec::new(), &|_, source, canaries| {
            canaries.create(Exposure::None, &format!("{name} {source}"))
        })
    }

    fn mark_value(
        &mut self,
        value: &Value,
        path: &mut Vec<String>,
        create: &dyn Fn(&[String], &str, &mut Self) -> String,
    ) -> Value {
        let metadata = path.iter().any(|key| key.ends_with("_metadata"));
        match value {
            Value::Object(map) => {
                let mut marked = Map::new();
                for (key, value) in map {
                    path.push(key.clone());
                    let value = match value {
                        Value::String(_) if !metadata && is_structure(key) => value.clone(),
                        value => self.mark_value(value, path, create),
                    };
                    path.pop();
                    marked.insert(key.clone(), value);
                }
                path.push("new_field".to_owned());
                let (source, text) = (path.join("."), path.join("."));
                let new = create(path, &source, self);
                path.pop();
                // The customer's own keys can contain personal data, as values can.
                let key = if metadata { create(path, &text, self) } else { "new_field".to_owned() };
                marked.insert(key, new.into());
                marked.into()
            }
            Value::Array(items) => {
                let mark_item = |(at, item): (usize, &Value)| {
                    path.push(at.to_string());
                    let item = self.mark_value(item, path, create);
                    path.pop();
                    item
                };
                items.iter().enumerate().map(mark_item).collect()
            }
            Value::String(_) => create(path, &path.join("."), self).into(),
            plain => plain.clone(),
        }
    }

    /// Returns the canaries in a text, except for those with an allowed exposure.
    pub(super) fn find_forbidden(
        &self,
        text: &[u8],
        is_allowed: impl Fn(Exposure) -> bool,
    ) -> Vec<&Canary> {
        let found = find_canaries(text);
        self.0.iter().filter(|it| !is_allowed(it.exposure) && found.contains(&it.text)).collect()
    }
}

/// Returns all canaries in bytes.
pub(super) fn find_canaries(bytes: &[u8]) -> BTreeSet<String> {
    let length = PREFIX.len() + 6;
    let starts = bytes.windows(PREFIX.len()).enumerate();
    let starts = starts.filter(|(_, window)| window == &PREFIX.as_bytes()).map(|(at, _)| at);
    starts
        .filter_map(|at| std::str::from_utf8(bytes.get(at..at + length)?).ok())
        .filter(|text| text.ends_with('z'))
        .map(str::to_owned)
        .collect()
}

/// Returns all fixtures, and events of a user with every field that a user can have.
pub(super) fn payloads() -> Vec<(String, Value)> {
    let fixtures = fixtures::all().into_iter().map(|fixture| (fixture.name, fixture.json));
    let full_user =
        ("full user".to_owned(), fixtures::event("user.created", full_user("user_whole"), 0));
    let mut session = fixtures::session_event("session.created", "sess_whole", "user_whole", 1);
    session["data"]["user"] = newer_full_user();
    session["data"]["actor"] = json!({ "iss": "x", "sub": "user_admin", "type": "x" });
    session["data"]["last_active_token"] = json!({ "jwt": "x" });
    let fields = secret_fields().as_object().unwrap().clone();
    session["data"].as_object_mut().unwrap().extend(fields);
    let session = ("full session".to_owned(), session);
    let of_organization = organization_payloads().into_iter();
    let of_organization = of_organization.map(|(name, body)| (name.to_owned(), body));
    fixtures.chain([full_user, session]).chain(of_organization).collect()
}

/// Returns events of each type about an organization, with every field, and some that fail.
fn organization_payloads() -> Vec<(&'static str, Value)> {
    let organization = organization_events::organization_event;
    let mut created = organization("organization.created", "org_whole", 0);
    created["data"]["logo_url"] = "x".into();
    created["data"]["role_set_key"] = "x".into();
    let member = |kind: &str, id: &str, user: &str| {
        organization_events::membership_event(kind, id, "org_whole", user, 1)
    };
    let joined = member("organizationMembership.created", "orgmem_whole", "user_member");
    let left = member("organizationMembership.deleted", "orgmem_left", "user_left");
    let mut without_user = member("organizationMembership.created", "orgmem_no", "user_member");
    without_user["data"]["public_user_data"]["user_id"] = Value::Null;
    let invitation =
        |kind: &str, id: &str| organization_events::invitation_event(kind, id, "org_whole", 1);
    let invited = invitation("organizationInvitation.created", "orginv_whole");
    let accepted = invitation("organizationInvitation.accepted", "orginv_accepted");
    let mut nested = invitation("organizationInvitation.accepted", "orginv_nested");
    nested["data"] = json!({ "data": nested["data"] });
    let domain =
        organization_events::domain_event("organizationDomain.created", "orgdmn_1", "org_whole", 1);
    let failing = |body: &Value| {
        let mut body = body.clone();
        body["data"]["id"] = Value::Null;
        body
    };
    let mut payloads = vec![
        ("failing organization", failing(&created)),
        ("failing membership", failing(&joined)),
        ("failing invitation", failing(&invited)),
        ("failing domain", failing(&domain)),
        ("full organization", created),
        ("full membership", joined),
        ("ended membership", left),
        ("membership without user", without_user),
        ("full invitation", invited),
        ("accepted invitation", accepted),
        ("nested invitation", nested),
        ("full domain", domain),
    ];
    for (_, body) in &mut payloads {
        let fields = secret_fields().as_object().unwrap().clone();
        body["data"].as_object_mut().unwrap().extend(fields);
    }
    payloads
}

/// Returns a field of each name that a secret may have, in objects and arrays too.
fn secret_fields() -> Value {
    let mut fields = Map::new();
    for (at, name) in SECRETS.into_iter().enumerate() {
        let value = match at % 3 {
            0 => json!("x"),
            1 => json!(["x", ["x"]]),
            _ => json!({ "x": "x" }),
        };
        fields.insert(name.to_owned(), value);
    }
    fields.into()
}

fn newer_full_user() -> Value {
    let mut user = full_user("user_whole");
    user["updated_at"] = json!(crate::harness::NOW + 1);
    user
}

fn full_user(id: &str) -> Value {
    let mut user = fixtures::user(id, 0);
    let verification = json!({
        "status": "verified", "strategy": "web3_metamask_signature", "nonce": "x", "message": "x",
        "external_verification_redirect_url": "x", "verified_at_client": "x",
        "error": { "code": "x", "message": "x", "long_message": "x" },
    });
    let account = json!({
        "id": "x", "provider": "saml_okta", "active": true, "email_address": "x", "first_name": "x",
        "last_name": "x", "provider_user_id": "x", "public_metadata": { "x": "x" },
        "verification": verification, "saml_connection": { "name": "x", "domain": "x" },
    });
    let account = |id: &str| {
        let mut account = account.clone();
        account["id"] = id.into();
        account
    };
    let more_fields = json!({
        "username": "x", "external_id": "x", "locale": "x", "timezone": "x", "birthday": "x",
        "password_enabled": true, "password_digest": "x", "unknown": [secret_fields()],
        "phone_numbers": [{
            "id": "idn_phone", "phone_number": "x", "backup_codes": ["x", "x"],
            "verification": verification,
        }],
        "primary_phone_number_id": "idn_phone",
        "web3_wallets": [{ "id": "idn_wallet", "web3_wallet": "x", "verification": verification }],
        "passkeys": [{ "id": "idn_key", "name": "x", "verification": verification }],
        "saml_accounts": [account("samlacc_1")],
        "enterprise_accounts": [account("entacc_1")],
        "scim": { "directory_id": "x", "external_id": "x" },
        "public_metadata": { "x": ["x", { "x": "x" }] },
        "private_metadata": { "x": ["x", { "x": "x" }] },
        "unsafe_metadata": { "x": ["x", { "x": "x" }] },
    });
    user.as_object_mut().unwrap().extend(more_fields.as_object().unwrap().clone());
    let account = user["external_accounts"][0].as_object_mut().unwrap();
    let tokens = json!({
        "access_token": "x", "label": "x", "avatar_url": "x", "phone_number": "x",
        "public_metadata": { "x": "x" }, "first_name": "x", "verification": verification,
    });
    account.extend(tokens.as_object().unwrap().clone());
    user
}
