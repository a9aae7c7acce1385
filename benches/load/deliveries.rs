//! Webhook deliveries of new events, made from a few payloads.
//!
//! Every event changes something: it is newer than all earlier events of the same object, and two
//! events of one user are far apart, so that they do not overtake each other.

use std::collections::{HashMap, HashSet};

use meetvo::{clerk::signature::signer, clock::Clock};
use serde_json::{Map, Value};

use crate::Failure;

/// Time of the first event, in milliseconds. It is later than all times in the fixtures.
const START: i64 = 1_790_000_000_000;

/// Time between two events, in milliseconds.
const STEP: i64 = 10;

/// Members of one organization.
const MEMBERS: usize = 20;

/// Source of the events of a run.
pub(crate) struct Deliveries {
    /// Payloads, which take turns.
    pub(crate) payloads: Vec<Value>,
    /// Number of users that the events are about.
    pub(crate) users: usize,
    /// Number of the first event. A run that continues another one begins at its end.
    pub(crate) first: usize,
    /// Whether each event of a user has another first and last name.
    pub(crate) changes_names: bool,
}

impl Deliveries {
    /// Prepares signed POST requests.
    pub(crate) fn requests(
        &self,
        address: &str,
        count: usize,
        secret: &str,
    ) -> Result<Vec<String>, Failure> {
        if self.payloads.is_empty() {
            return Err("there are no payloads".into());
        }
        let signer = signer(secret)?;
        let seconds = Clock::system().now().div_euclid(1000);
        let users: Vec<_> = self.payloads.iter().map(user_id).collect();
        let users_per_turn = users.iter().collect::<HashSet<_>>().len();
        let user_turns = (self.users / users_per_turn).max(1);
        let request = |index: usize| {
            let (id, body) = (format!("msg_{index:020x}"), self.body(index, user_turns));
            let signature = signer.sign(&id, seconds, body.as_bytes())?;
            Ok(format!(
                "POST /webhooks/clerk HTTP/1.1\r\nHost: {address}\r\n\
                 Content-Type: application/json\r\n\
                 svix-id: {id}\r\nsvix-timestamp: {seconds}\r\nsvix-signature: {signature}\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                body.len()
            ))
        };
        (self.first..self.first + count).map(request).collect()
    }

    /// Returns the body of an event. Every turn of the payloads is about other users, and users
    /// repeat after `user_turns`. Two payloads about one user are `user_turns / count` turns apart,
    /// so that concurrent requests do not overtake each other.
    fn body(&self, index: usize, user_turns: usize) -> String {
        let count = self.payloads.len();
        let (turn, position) = (index / count, index % count);
        let number = turn + (count - position) * (user_turns / count);
        let user = number % user_turns;
        let mut body = self.payloads[position].clone();
        let time = START + STEP * i64::try_from(index).unwrap_or(i64::MAX / STEP);
        let event = Event {
            number,
            user,
            organization: user % (user_turns / MEMBERS).max(1),
            name: self.changes_names.then(|| number * count + self.named_at(position)),
        };
        let delay = time - body["timestamp"].as_i64().unwrap_or(time);
        event.rename(&mut body, "", &Times { delay, created: 0 });
        body.to_string()
    }

    /// Returns the position of the payload that gave a user the name that this payload contains:
    /// the last event of the user, or the payload itself.
    fn named_at(&self, position: usize) -> usize {
        let user = user_id(&self.payloads[position]);
        let is_event = |it: &Value| is_user_event(it) && user_id(it) == user;
        (0..=position).rfind(|it| is_event(&self.payloads[*it])).unwrap_or(position)
    }
}

/// Makes payloads of one user agree: its name is the same in all of them, and sessions and
/// memberships contain the user as the last event of the user has it, except for its times.
pub(crate) fn unify_users(payloads: &mut [Value]) {
    let mut known = HashMap::<String, Map<String, Value>>::new();
    for payload in payloads {
        let is_event = is_user_event(payload);
        let Some(id) = user_id(payload).map(str::to_owned) else { continue };
        let Some(user) = user_of(payload) else { continue };
        for (key, field) in known.get(&id).into_iter().flatten() {
            let is_name = matches!(&**key, "first_name" | "last_name");
            if let Some(own) = user.get_mut(key)
                && (is_name || !is_event && !key.ends_with("_at"))
            {
                *own = field.clone();
            }
        }
        if is_event || !known.contains_key(&id) {
            known.insert(id, user.clone());
        }
    }
}

fn is_user_event(payload: &Value) -> bool {
    payload["type"].as_str().is_some_and(|it| it.starts_with("user."))
}

/// Returns the part of a payload that contains the profile of its user, if there is one.
fn user_of(payload: &mut Value) -> Option<&mut Map<String, Value>> {
    let is_event = is_user_event(payload);
    let data = payload.get_mut("data")?;
    let key = ["user", "public_user_data"].into_iter().find(|key| data[*key].is_object());
    match key {
        Some(key) => data.get_mut(key)?.as_object_mut(),
        None => data.as_object_mut().filter(|_| is_event),
    }
}

/// Returns the user that an event of a user, session or membership is about, or the organization.
fn user_id(payload: &Value) -> Option<&str> {
    let data = &payload["data"];
    let member = &data["public_user_data"];
    [&data["user_id"], &member["user_id"], &data["id"]].into_iter().find_map(Value::as_str)
}

/// Numbers that make the IDs and names of a payload new.
struct Event {
    /// Number of the session or membership.
    number: usize,
    /// Number of the user.
    user: usize,
    /// Number of the organization.
    organization: usize,
    /// Number of the user's name, if it changes.
    name: Option<usize>,
}

/// Milliseconds to add to the times of an object.
#[derive(Clone, Copy)]
struct Times {
    /// For the time of the event, and those of changes.
    delay: i64,
    /// For the time of its creation, which stays the same in all events of the object.
    created: i64,
}

impl Event {
    /// Makes a payload new: appends numbers to its IDs, and to the user's name and addresses, and
    /// moves its times. Lists are the same in all events of a user, because addresses and accounts
    /// do not change.
    fn rename(&self, value: &mut Value, key: &str, times: &Times) {
        match value {
            Value::Object(fields) => {
                let number =
                    fields.get("id").and_then(Value::as_str).and_then(|id| self.number_of(id));
                let created = number.map_or(times.created, |it| 1000 * i64::from(it));
                let times = Times { created, ..*times };
                for (key, field) in fields.iter_mut().filter(|(key, _)| !key.ends_with("_metadata"))
                {
                    self.rename(field, key, &times);
                }
            }
            Value::Array(items) => {
                let unnamed = Self { name: None, ..*self };
                for item in items {
                    unnamed.rename(item, key, &Times { delay: 0, created: 0 });
                }
            }
            Value::String(text) => self.rename_text(text, key),
            Value::Number(_) if key == "timestamp" || key.ends_with("_at") => {
                let delay = if key == "created_at" { times.created } else { times.delay };
                if let Some(time) = value.as_i64().filter(|time| *time > 0) {
                    *value = (time + delay).into();
                }
            }
            _ => {}
        }
    }

    fn rename_text(&self, text: &mut String, key: &str) {
        if let Some(number) = self.number_of(text) {
            *text = format!("{text}p{number}");
        } else if key == "username" {
            *text = format!("{text}p{}", self.user);
        } else if key == "provider_user_id" || key == "google_id" {
            *text = format!("{text}{:07}", self.user);
        } else if key == "email_address" {
            *text = text.replacen('@', &format!("p{}@", self.user), 1);
        } else if let (Some(number), "first_name" | "last_name") = (self.name, key) {
            *text = format!("{text}{number}");
        }
    }

    /// Returns the number of the object with this ID.
    fn number_of(&self, id: &str) -> Option<u32> {
        let number = match id.split_once('_')?.0 {
            "sess" | "orgmem" => self.number,
            "org" => self.organization,
            // Addresses and accounts belong to their user.
            "user" | "idn" | "eac" => self.user,
            _ => return None,
        };
        u32::try_from(number).ok()
    }
}
