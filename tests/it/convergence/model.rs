//! Model of the merge rules: computes the expected tables of a set of events.
//!
//! The model is simple and slow. It sees all events at once and selects for each field of a row the
//! event that decides it. It merges nothing, ignores the order and shares no code with the service.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    TAG, columns,
    fields::{self, Field},
    messages::{self, Kind},
};

/// Webhook event of Clerk.
#[derive(Clone, Debug)]
pub struct Event {
    /// `svix-id` of the event.
    pub id: String,
    pub body: Value,
}

/// Version of a state: whether its status is final, `updated_at`, the time of the event, and its id.
type Version = (bool, i64, i64, String);

/// State of an object in an event.
struct State<'a> {
    version: Version,
    data: &'a Value,
    event: &'a Event,
}

/// All tables, views and lists that the model computes.
pub const TABLES: [&str; 15] = [
    "users",
    "sessions",
    "accounts",
    "verifications",
    "organizations",
    "organization_memberships",
    "organization_invitations",
    "organization_domains",
    "roles",
    "permissions",
    "waitlist_entries",
    "user_terms",
    "organization_terms",
    "live_memberships",
    "email_owners",
];

/// Returns the tables without rows.
pub fn no_rows() -> Value {
    TABLES.into_iter().map(|table| (table.to_owned(), json!([]))).collect()
}

/// Returns the expected synced tables, search terms and views.
pub fn expected_tables(events: &[Event]) -> Value {
    let mut tables = no_rows();
    let mut add = |table: &str, row: Value| tables[table].as_array_mut().unwrap().push(row);
    for kind in Kind::ALL {
        for id in ids(events, kind) {
            let Some((row, data)) = object(events, kind, id) else { continue };
            for term in row["search"].as_str().into_iter().flat_map(str::lines) {
                if kind == Kind::User {
                    add("user_terms", json!({ "term": term, "user_id": id }));
                } else {
                    add("organization_terms", json!({ "term": term, "organization_id": id }));
                }
            }
            if kind == Kind::User {
                for account in columns::accounts(id, &data) {
                    add("accounts", account);
                }
                for verification in columns::verifications(id, &data) {
                    add("verifications", verification);
                }
            }
            add(kind.table(), row);
        }
    }
    tables["email_owners"] = email_owners(tables["users"].as_array().unwrap()).into();
    let memberships = tables["organization_memberships"].as_array().unwrap();
    tables["live_memberships"] = live_memberships(memberships).into();
    tables
}

/// Returns true if the event has the ids that its type requires. Types that are not synced require
/// none.
pub fn is_decodable(event: &Event) -> bool {
    messages::kind(event).is_none()
        || messages::deleted(event).is_some()
        || messages::stated(event).is_some()
}

/// Returns the ids of the objects that have a row unless an owner is deleted.
fn ids(events: &[Event], kind: Kind) -> BTreeSet<&str> {
    let named = events.iter().flat_map(|event| {
        let stated = messages::stated(event).into_iter().flat_map(|it| {
            let owners = it.owners.into_iter();
            owners.chain([(it.kind, it.id)])
        });
        stated.chain(messages::deleted(event))
    });
    named.filter(|(of, _)| *of == kind).map(|(_, id)| id).collect()
}

fn deletions<'a>(events: &'a [Event], object: (Kind, &str)) -> impl Iterator<Item = &'a Event> {
    events.iter().filter(move |event| messages::deleted(event) == Some(object))
}

fn is_deleted(events: &[Event], object: (Kind, &str)) -> bool {
    deletions(events, object).next().is_some()
}

/// Returns the row of an object, and the fields that it is computed from. An object whose owner is
/// deleted has no row, unless the object was deleted too.
fn object(events: &[Event], kind: Kind, id: &str) -> Option<(Value, Value)> {
    let is_tombstone = is_deleted(events, (kind, id));
    let owners = || {
        let stated = events.iter().filter_map(messages::stated);
        let stated = stated.filter(|it| (it.kind, it.id) == (kind, id));
        stated.flat_map(|it| it.owners)
    };
    if !is_tombstone && owners().any(|owner| is_deleted(events, owner)) {
        return None;
    }
    let states = if is_tombstone { Vec::new() } else { states(events, kind, id) };
    let fields = fields::of(kind);
    let data = merged(&states, &fields);
    let mut row = match kind {
        Kind::User => {
            let mut row = columns::user(&data);
            let [email, phone] = ["email", "phone_number"].map(|name| {
                let field = fields.iter().find(|field| field.name == name).unwrap();
                columns::user(newest(&states, field).map_or(&Value::Null, |state| state.data))
            });
            for (column, columns) in
                [("email", &email), ("email_verified", &email), ("phone_number", &phone)]
            {
                row.insert(column.to_owned(), columns[column].clone());
            }
            row
        }
        Kind::Session => columns::session(&data),
        Kind::Organization => columns::organization(&data),
        Kind::Membership => columns::membership(&data),
        Kind::Invitation => columns::invitation(&data),
        Kind::Domain => columns::domain(&data),
        Kind::Role => columns::role(&data),
        Kind::Permission => columns::permission(&data),
        Kind::WaitlistEntry => columns::waitlist_entry(&data),
    };
    row.insert(kind.key().to_owned(), id.into());
    let last = states.last();
    if kind.has_status() {
        row.insert("status".to_owned(), last.map(|it| messages::status(it.event)).into());
    }
    for (owner, column) in kind.owners() {
        let owners = last.and_then(|state| messages::stated(state.event)).map(|it| it.owners);
        let owner = owners.into_iter().flatten().find(|(of, _)| of == owner);
        row.insert((*column).to_owned(), owner.map(|(_, id)| id).into());
    }
    if kind == Kind::Session {
        insert_sign_in(&mut row, &states);
    } else {
        let deleted_at = deletions(events, (kind, id)).map(messages::occurred_at).min();
        row.insert("deleted_at".to_owned(), deleted_at.into());
    }
    if matches!(kind, Kind::User | Kind::Organization) {
        let terms = Vec::from_iter(search_terms(kind, &row)).join("\n");
        row.insert("search".to_owned(), columns::filled(&terms.into()));
    }
    let oldest = (false, 0, 0, String::new());
    let version = last.map_or(&oldest, |state| &state.version);
    insert_version(&mut row, "version", Some(version));
    row.insert("field_versions".to_owned(), field_versions(&states, &fields));
    Some((row.into(), data))
}

fn search_terms(kind: Kind, row: &columns::Row) -> BTreeSet<String> {
    if kind == Kind::Organization {
        return columns::search_terms([&row["name"], &row["slug"]]);
    }
    let names = [&row["first_name"], &row["last_name"]];
    let name = names.into_iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
    columns::search_terms([&row["email"], &row["username"], names[0], names[1], &name.into()])
}

/// Returns all states of an object, the newest last.
fn states<'a>(events: &'a [Event], kind: Kind, id: &str) -> Vec<State<'a>> {
    let mut states = Vec::new();
    for event in events {
        let Some(message) = messages::stated(event) else { continue };
        if (message.kind, message.id) == (kind, id) {
            let version = match fields::is_complete(kind, message.data) {
                true => complete_version(event, message.data),
                false => incomplete_version(event),
            };
            let version = (messages::is_final(kind, event), version.1, version.2, version.3);
            states.push(State { version, data: message.data, event });
        }
        let embedded = message.embedded.filter(|(of, data)| *of == kind && data["id"] == id);
        if let Some((_, data)) = embedded {
            // An invalid time counts as missing.
            let has_time = columns::instant(&data["updated_at"]).is_some();
            let version = match has_time && fields::is_complete(kind, data) {
                true => complete_version(event, data),
                false => incomplete_version(event),
            };
            states.push(State { version, data, event });
        }
    }
    states.sort_by(|left, right| left.version.cmp(&right.version));
    states
}

fn complete_version(event: &Event, data: &Value) -> Version {
    let occurred_at = messages::occurred_at(event);
    let updated_at = columns::instant(&data["updated_at"]).unwrap_or(occurred_at);
    (false, updated_at, occurred_at, event.id.clone())
}

fn incomplete_version(event: &Event) -> Version {
    (false, 0, messages::occurred_at(event), event.id.clone())
}

/// Returns the newest state that has a field.
fn newest<'s, 'a>(states: &'s [State<'a>], field: &Field) -> Option<&'s State<'a>> {
    states.iter().rev().find(|state| (field.is_in)(state.data))
}

/// Returns data in which each field is that of the newest state that has the field.
fn merged(states: &[State<'_>], fields: &[Field]) -> Value {
    let mut data = json!({});
    for field in fields {
        let newest = newest(states, field).map_or(&Value::Null, |state| state.data);
        for key in &field.keys {
            if let Some(value) = newest.get(key) {
                data[*key] = value.clone();
            }
        }
    }
    data
}

/// Returns the versions of the fields that are not from the newest state, or null if all are.
fn field_versions(states: &[State<'_>], fields: &[Field]) -> Value {
    let Some(last) = states.last() else { return Value::Null };
    let mut versions = json!({});
    for field in fields {
        match newest(states, field).map(|state| &state.version) {
            None => versions[field.name] = Value::Null,
            Some(version) if *version == last.version => {}
            Some((false, updated_at, occurred_at, id)) => {
                versions[field.name] = json!([updated_at, occurred_at, id]);
            }
            Some((true, updated_at, occurred_at, id)) => {
                versions[field.name] = json!([updated_at, occurred_at, id, true]);
            }
        }
    }
    if versions == json!({}) { Value::Null } else { versions }
}

/// Adds the origin of a session's sign-in: that of the first event that contains it.
fn insert_sign_in(row: &mut columns::Row, states: &[State<'_>]) {
    let is_start = |state: &&State<'_>| {
        let name = state.event.body["type"].as_str().unwrap();
        ["session.created", "session.pending"].contains(&name)
    };
    let has_request = |state: &&State<'_>| messages::request(state.event).is_object();
    let version = |state: &State<'_>| complete_version(state.event, state.data);
    let sign_in =
        states.iter().filter(|it| is_start(it) && has_request(it)).min_by_key(|it| version(it));
    let pair = sign_in.map_or(&Value::Null, |state| messages::request(state.event));
    row.insert("ip_address".to_owned(), columns::filled(&pair["client_ip"]));
    row.insert("user_agent".to_owned(), columns::filled(&pair["user_agent"]));
    insert_version(row, "sign_in", sign_in.map(version).as_ref());
}

fn insert_version(row: &mut columns::Row, prefix: &str, version: Option<&Version>) {
    row.insert(format!("{prefix}_updated_at"), version.map(|it| it.1).into());
    row.insert(format!("{prefix}_occurred_at"), version.map(|it| it.2).into());
    row.insert(format!("{prefix}_event_id"), version.map(|it| it.3.clone()).into());
}

/// Returns the columns of a row by which states are compared.
fn row_version(row: &Value) -> (i64, i64, String) {
    let number = |column: &str| row[column].as_i64().unwrap();
    let id = row["version_event_id"].as_str().unwrap().to_owned();
    (number("version_updated_at"), number("version_occurred_at"), id)
}

/// Returns the newest membership of each user in each organization that is not deleted.
fn live_memberships(memberships: &[Value]) -> Vec<Value> {
    let live = || memberships.iter().filter(|it| it["deleted_at"].is_null());
    let pair = |it: &Value| ["organization_id", "user_id"].map(|column| it[column].to_string());
    let newest = |pair_of: [String; 2]| {
        let memberships = live().filter(|it| pair(it) == pair_of);
        let newest = memberships.max_by_key(|it| (row_version(it), it["id"].to_string())).unwrap();
        let columns = ["organization_id", "user_id", "id"].into_iter();
        columns.map(|column| (column.to_owned(), newest[column].clone())).collect()
    };
    live().map(pair).collect::<BTreeSet<_>>().into_iter().map(newest).collect()
}

/// Returns the owner of each address as `address user`, with the address in lower case: a user with
/// a verified address first, then the user with the greatest version.
fn email_owners(users: &[Value]) -> Vec<String> {
    // The tag stands for one in lower case.
    let lower = |email: &str| email.to_ascii_lowercase().replace(&TAG.to_ascii_lowercase(), TAG);
    let address = |user: &Value| user["email"].as_str().map(lower);
    let addresses: BTreeSet<String> = users.iter().filter_map(address).collect();
    let newest = |user: &&Value| (user["email_verified"].as_bool().unwrap(), row_version(user));
    let owner = |owned: String| {
        let claims = users.iter().filter(|user| address(user).as_ref() == Some(&owned));
        let owner = claims.max_by_key(newest).unwrap();
        format!("{owned} {}", owner["clerk_id"].as_str().unwrap())
    };
    addresses.into_iter().map(owner).collect()
}
