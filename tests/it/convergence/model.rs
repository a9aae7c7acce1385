//! Model of the merge rules: computes the expected tables of a set of events.
//!
//! The model is simple and slow. It sees all events at once and selects for each row the event that
//! decides it. It merges nothing, ignores the order and shares no code with the service.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{TAG, columns};

/// Webhook event of Clerk.
#[derive(Clone, Debug)]
pub struct Event {
    /// `svix-id` of the event.
    pub id: String,
    pub body: Value,
}

/// Version of a state: `updated_at`, the time of the event, and its id.
type Version = (i64, i64, String);

/// Returns the expected synced tables without `users.search`, and the owners of email addresses.
pub fn expected_tables(events: &[Event]) -> Value {
    let users: BTreeSet<_> = events.iter().filter_map(subject).collect();
    let sessions: BTreeSet<_> = events.iter().filter_map(session).collect();
    let mut tables = json!({ "users": [], "accounts": [], "verifications": [], "sessions": [] });
    let mut add = |table: &str, row: Value| tables[table].as_array_mut().unwrap().push(row);
    for user in &users {
        let states = if is_deleted(events, user) { Vec::new() } else { states(events, user) };
        add("users", user_row(events, user, &states));
        let data = merged(&states);
        for account in columns::accounts(user, &data) {
            add("accounts", account);
        }
        for verification in columns::verifications(user, &data) {
            add("verifications", verification);
        }
    }
    for id in sessions {
        if let Some(row) = session_row(events, id) {
            add("sessions", row);
        }
    }
    tables["email_owners"] = email_owners(tables["users"].as_array().unwrap()).into();
    tables
}

fn kind(event: &Event) -> &str {
    event.body["type"].as_str().unwrap_or_default()
}

fn is_session(event: &Event) -> bool {
    let kinds = ["created", "pending", "ended", "removed", "revoked"];
    kind(event).strip_prefix("session.").is_some_and(|it| kinds.contains(&it))
}

fn is_deletion(event: &Event) -> bool {
    kind(event) == "user.deleted"
}

/// Returns true if the event has the ids that its type requires. Types that are not synced require
/// none.
pub fn is_decodable(event: &Event) -> bool {
    let users = ["user.created", "user.updated", "user.deleted"];
    let is_synced = users.contains(&kind(event)) || is_session(event);
    !is_synced || subject(event).is_some()
}

/// Returns the session of an event. A session event without a user cannot be decoded.
fn session(event: &Event) -> Option<&str> {
    let data = &event.body["data"];
    data["id"].as_str().filter(|_| is_session(event) && data["user_id"].is_string())
}

/// Returns the user of an event. Each of these users has a row.
fn subject(event: &Event) -> Option<&str> {
    let data = &event.body["data"];
    match kind(event) {
        "user.created" | "user.updated" | "user.deleted" => data["id"].as_str(),
        _ => session(event).and(data["user_id"].as_str()),
    }
}

/// Returns the time of an event, or 0 if it is missing.
fn occurred_at(event: &Event) -> i64 {
    columns::instant(&event.body["timestamp"]).unwrap_or(0)
}

fn version(event: &Event, data: &Value) -> Version {
    let occurred_at = occurred_at(event);
    let updated_at = columns::instant(&data["updated_at"]).unwrap_or(occurred_at);
    (updated_at, occurred_at, event.id.clone())
}

fn deletions<'a>(events: &'a [Event], user: &str) -> impl Iterator<Item = &'a Event> {
    events.iter().filter(move |it| is_deletion(it) && subject(it) == Some(user))
}

fn is_deleted(events: &[Event], user: &str) -> bool {
    deletions(events, user).next().is_some()
}

/// Returns whether a user has what Clerk sends with each complete user.
fn is_complete(user: &Value) -> bool {
    let lists = ["email_addresses", "phone_numbers", "external_accounts"];
    lists.into_iter().all(|key| user[key].is_array()) && !user["public_metadata"].is_null()
}

/// Returns the state of the user in an event, with its version.
fn user_state(event: &Event) -> Option<(Version, &Value)> {
    let data = &event.body["data"];
    match kind(event) {
        "user.created" | "user.updated" => {
            let incomplete = (0, occurred_at(event), event.id.clone());
            Some((if is_complete(data) { version(event, data) } else { incomplete }, data))
        }
        _ if is_session(event) => {
            let user = &data["user"];
            if !user["id"].is_string() || user["id"] != data["user_id"] {
                return None;
            }
            // An invalid time counts as missing.
            let is_complete = is_complete(user) && columns::instant(&user["updated_at"]).is_some();
            let incomplete = (0, occurred_at(event), event.id.clone());
            Some((if is_complete { version(event, user) } else { incomplete }, user))
        }
        _ => None,
    }
}

/// Returns all states of a user, the newest last.
fn states<'a>(events: &'a [Event], user: &str) -> Vec<(Version, &'a Value)> {
    let of_user = events.iter().filter(|event| subject(event) == Some(user));
    let mut states: Vec<_> = of_user.filter_map(user_state).collect();
    states.sort_by(|(left, _), (right, _)| left.cmp(right));
    states
}

/// Returns a state in which each field is that of the newest state that has the field.
fn merged(states: &[(Version, &Value)]) -> Value {
    let mut data = json!({});
    let mut copy = |has: &dyn Fn(&Value) -> bool, keys: &[&str]| {
        let Some((_, newest)) = states.iter().rev().find(|(_, state)| has(state)) else { return };
        for key in keys {
            data[*key] = newest[*key].clone();
        }
    };
    for key in [
        "external_id",
        "username",
        "first_name",
        "last_name",
        "banned",
        "locked",
        "two_factor_enabled",
        "public_metadata",
        "private_metadata",
        "unsafe_metadata",
        "last_sign_in_at",
        "last_active_at",
        "created_at",
        "updated_at",
    ] {
        copy(&|state| state.get(key).is_some(), &[key]);
    }
    copy(
        &|state| state.get("password_enabled").is_some(),
        &["password_enabled", "password_last_updated_at"],
    );
    let images = ["image_url", "profile_image_url"];
    copy(&|state| images.iter().any(|key| state.get(key).is_some()), &images);
    let lists =
        ["email_addresses", "phone_numbers", "web3_wallets", "passkeys", "external_accounts"];
    for key in lists {
        copy(&|state| state[key].is_array(), &[key]);
    }
    let enterprise = ["enterprise_accounts", "saml_accounts"];
    copy(&|state| enterprise.iter().any(|key| state[key].is_array()), &enterprise);
    data
}

/// Returns the columns of a primary address or number. They are those of the newest state with its
/// ID and the list.
fn primary(states: &[(Version, &Value)], id: &str, list: &str) -> Map<String, Value> {
    let has_both = |state: &Value| state.get(id).is_some() && state[list].is_array();
    let newest = states.iter().rev().find(|(_, state)| has_both(state));
    columns::user(newest.map_or(&Value::Null, |(_, state)| state))
}

/// Returns the row of a user, a stub or a tombstone.
fn user_row(events: &[Event], user: &str, states: &[(Version, &Value)]) -> Value {
    let oldest = (0, 0, String::new());
    let version = states.last().map_or(&oldest, |(version, _)| version);
    let mut row = columns::user(&merged(states));
    let email = primary(states, "primary_email_address_id", "email_addresses");
    let phone = primary(states, "primary_phone_number_id", "phone_numbers");
    for (column, columns) in
        [("email", &email), ("email_verified", &email), ("phone_number", &phone)]
    {
        row.insert(column.to_owned(), columns[column].clone());
    }
    row.insert("clerk_id".to_owned(), user.into());
    row.insert("deleted_at".to_owned(), deletions(events, user).map(occurred_at).min().into());
    insert_version(&mut row, "version", Some(version));
    row.into()
}

fn session_row(events: &[Event], id: &str) -> Option<Value> {
    let of_session: Vec<_> = events.iter().filter(|event| session(event) == Some(id)).collect();
    let of_session = of_session.into_iter().filter(|it| !is_deleted(events, subject(it).unwrap()));
    let decides = |event: &&Event| (is_terminal(event), version(event, &event.body["data"]));
    let newest = of_session.clone().max_by_key(decides)?;
    let data = &newest.body["data"];

    let begins = |event: &&Event| ["session.created", "session.pending"].contains(&kind(event));
    let has_request = |event: &&Event| request(event).is_object();
    let sign_in = of_session
        .filter(|event| begins(event) && has_request(event))
        .min_by_key(|event| version(event, &event.body["data"]));

    let mut row = columns::session(data);
    row.insert("status".to_owned(), status(newest).into());
    let pair = sign_in.map_or(&Value::Null, request);
    row.insert("ip_address".to_owned(), columns::filled(&pair["client_ip"]));
    row.insert("user_agent".to_owned(), columns::filled(&pair["user_agent"]));
    insert_version(&mut row, "version", Some(&version(newest, data)));
    let version = sign_in.map(|event| version(event, &event.body["data"]));
    insert_version(&mut row, "sign_in", version.as_ref());
    Some(row.into())
}

fn request(event: &Event) -> &Value {
    &event.body["event_attributes"]["http_request"]
}

fn status(event: &Event) -> &str {
    let status = event.body["data"]["status"].as_str();
    status.unwrap_or(match kind(event) {
        "session.created" => "active",
        kind => kind.trim_start_matches("session."),
    })
}

fn is_terminal(event: &Event) -> bool {
    !["active", "pending"].contains(&status(event))
}

fn insert_version(row: &mut Map<String, Value>, prefix: &str, version: Option<&Version>) {
    row.insert(format!("{prefix}_updated_at"), version.map(|it| it.0).into());
    row.insert(format!("{prefix}_occurred_at"), version.map(|it| it.1).into());
    row.insert(format!("{prefix}_event_id"), version.map(|it| it.2.clone()).into());
}

/// Returns the owner of each address as `address user`, with the address in lower case: a user with
/// a verified address first, then the user with the greatest version.
fn email_owners(users: &[Value]) -> Vec<String> {
    // The tag stands for one in lower case.
    let lower = |email: &str| email.to_ascii_lowercase().replace(&TAG.to_ascii_lowercase(), TAG);
    let address = |user: &Value| user["email"].as_str().map(lower);
    let addresses: BTreeSet<String> = users.iter().filter_map(address).collect();
    let newest = |user: &&Value| {
        let number = |column: &str| user[column].as_i64().unwrap();
        let times = (number("version_updated_at"), number("version_occurred_at"));
        let id = user["version_event_id"].as_str().unwrap().to_owned();
        (user["email_verified"].as_bool().unwrap(), times, id)
    };
    let owner = |owned: String| {
        let claims = users.iter().filter(|user| address(user).as_ref() == Some(&owned));
        let owner = claims.max_by_key(newest).unwrap();
        format!("{owned} {}", owner["clerk_id"].as_str().unwrap())
    };
    addresses.into_iter().map(owner).collect()
}
