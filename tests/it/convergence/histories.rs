//! Sets of events, by chance: what becomes of a few people, told as Clerk does and worse.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{TAG, model::Event, profiles};
use crate::harness::{Dice, NOW};

/// Whoever and whatever a set is about. Few times, so that many events are of one millisecond.
pub struct World {
    pub dice: Dice,
    times: Vec<i64>,
    users: Vec<String>,
    ids: BTreeSet<String>,
    events: Vec<Event>,
}

/// A set of events, in an order that could have been. Its ids hold the `TAG`.
pub fn history(seed: u64) -> Vec<Event> {
    let mut world = World::new(Dice(seed));
    for user in world.users.clone() {
        for at in 0..world.dice.below(5) {
            let kind = if at == 0 { "user.created" } else { "user.updated" };
            let profile = profiles::profile(&mut world, &user);
            world.tell(kind, &profile);
        }
        for session in 0..world.dice.below(3) {
            world.sign_in(&format!("sess_{TAG}_{user}_{session}"), &user);
        }
        if world.dice.below(4) == 0 {
            for _ in 0..=world.dice.below(2) {
                let data = json!({ "id": user, "object": "user", "deleted": true });
                world.tell("user.deleted", &data);
            }
        }
    }
    world.noise();
    world.events.sort_by_key(|event| event.body["data"]["updated_at"].as_i64());
    world.events
}

impl World {
    fn new(mut dice: Dice) -> Self {
        let seconds = NOW / 1000 * 1000;
        let mut times: Vec<_> =
            (0..2 + dice.below(4)).map(|_| seconds - 1000 * dice.of(&[0, 1, 2, 60])).collect();
        times.extend((0..dice.below(4)).map(|_| seconds + dice.of(&[1, 2, 13, 999])));
        let users = (0..=dice.below(4)).map(|at| format!("user_{TAG}_{at}")).collect();
        Self { dice, times, users, ids: BTreeSet::new(), events: Vec::new() }
    }

    /// One of so many times.
    pub fn one_in(&mut self, sides: usize) -> bool {
        self.dice.below(sides) == 0
    }

    /// A time as Clerk tells it: now and then in seconds, seldom not at all.
    pub fn time(&mut self) -> Value {
        let time = self.dice.of(&self.times);
        match self.dice.below(24) {
            0 => Value::Null,
            1 => 0.into(),
            2 => (-time).into(),
            3 => (-1).into(),
            4..9 if time % 1000 == 0 => (time / 1000).into(),
            _ => time.into(),
        }
    }

    /// Puts a time into an object, or leaves it out.
    pub fn put_time(&mut self, object: &mut Value, key: &str) {
        if !self.one_in(16) {
            object[key] = self.time();
        }
    }

    /// An id of Svix's that is new in this set. Few characters, which other orders than that of bytes
    /// would mix up.
    fn message(&mut self) -> String {
        loop {
            let suffix: String =
                (0..4).map(|_| self.dice.of(&['A', 'a', 'B', 'b', 'Z', '0', '_'])).collect();
            let id = format!("msg_{TAG}_{suffix}");
            if self.ids.insert(id.clone()) {
                return id;
            }
        }
    }

    /// An event around some data, with or without what an envelope usually has.
    fn tell(&mut self, kind: &str, data: &Value) {
        let mut body = json!({ "type": kind, "object": "event", "data": data });
        // Clerk writes an event a few milliseconds after the change.
        match (self.dice.below(4), data_time(&body)) {
            (0 | 1, Some(time)) => {
                body["timestamp"] = (time + self.dice.of(&[0, 0, 12, 58])).into();
            }
            _ => self.put_time(&mut body, "timestamp"),
        }
        if !self.one_in(5) {
            body["instance_id"] = "ins_tests".into();
        }
        if let Some(request) = self.request() {
            body["event_attributes"] = request;
        }
        let id = self.message();
        self.events.push(Event { id, body });
    }

    /// Where an event was caused, if it says so.
    fn request(&mut self) -> Option<Value> {
        let address = self.dice.of(&["", "192.0.2.7", "198.51.100.9", "2001:db8::7"]);
        let agent = self.dice.of(&["", "Mozilla/5.0", "curl/8", "clerk/clerk-sdk-go@v3.0.0"]);
        match self.dice.below(12) {
            0 => None,
            1 => Some(Value::Null),
            2 => Some(json!({})),
            3 => Some(json!({ "http_request": null })),
            4 => Some(json!({ "http_request": {} })),
            5 => Some(json!({ "http_request": { "client_ip": address } })),
            6 => Some(json!({ "http_request": { "client_ip": null, "user_agent": agent } })),
            _ => Some(json!({ "http_request": { "client_ip": address, "user_agent": agent } })),
        }
    }

    /// A session from its beginning to its end or ends, any of which may be missing.
    fn sign_in(&mut self, id: &str, user: &str) {
        for kind in ["session.pending", "session.created", "session.created"] {
            if self.one_in(2) {
                self.tell_session(kind, id, user);
            }
        }
        for _ in 0..self.dice.below(3) {
            let kind = self.dice.of(&["session.ended", "session.removed", "session.revoked"]);
            self.tell_session(kind, id, user);
        }
    }

    fn tell_session(&mut self, kind: &str, id: &str, user: &str) {
        let mut data = json!({ "id": id, "object": "session", "user_id": user });
        for key in ["updated_at", "created_at", "last_active_at", "expire_at", "abandon_at"] {
            self.put_time(&mut data, key);
        }
        let usual = match kind.trim_start_matches("session.") {
            "created" => "active",
            kind => kind,
        };
        match self.dice.below(14) {
            0 => {}
            1 => data["status"] = Value::Null,
            2 | 3 => {
                data["status"] =
                    self.dice.of(&["suspended", "suspended", "expired", "replaced"]).into();
            }
            4 => data["status"] = self.dice.of(&["active", "pending"]).into(),
            _ => data["status"] = usual.into(),
        }
        if self.one_in(2) {
            data["client_id"] = format!("client_{}", self.dice.below(3)).into();
        }
        if self.one_in(4) {
            let organization = self.dice.of(&["org_1", "org_2"]);
            data["last_active_organization_id"] = organization.into();
        }
        if self.one_in(8) {
            data["actor"] = json!({ "sub": "user_admin", "iss": "https://clerk.example.com" });
        }
        if let Some(embedded) = self.embedded(user) {
            data["user"] = embedded;
        }
        self.tell(kind, &data);
    }

    /// The user within a session event: whole, in part, another, or none.
    fn embedded(&mut self, user: &str) -> Option<Value> {
        match self.dice.below(8) {
            0..3 => return None,
            3 => return Some(Value::Null),
            _ => {}
        }
        let mut embedded = profiles::profile(self, user);
        match self.dice.below(8) {
            0 => embedded["id"] = self.dice.of(&["user_other", "user_other", ""]).into(),
            1 => embedded["id"] = Value::Null,
            2 => drop(remove(&mut embedded, "id")),
            3..6 => {
                let keys = ["updated_at", "phone_numbers", "external_accounts", "public_metadata"];
                // As was observed, or with a part of that; lists of addresses are there as a rule.
                let observed = self.one_in(3);
                for key in keys {
                    if observed || self.one_in(3) {
                        remove(&mut embedded, key);
                    } else if self.one_in(8) {
                        embedded[key] = Value::Null;
                    }
                }
                if self.one_in(6) {
                    remove(&mut embedded, "email_addresses");
                }
            }
            _ => {}
        }
        Some(embedded)
    }

    /// What is about nobody: it is kept, and changes nothing.
    fn noise(&mut self) {
        for _ in 0..self.dice.below(3) {
            let user = self.users[0].clone();
            let (kind, data) = match self.dice.below(5) {
                0 => ("role.created", json!({ "id": user })),
                1 => ("user.deleted", json!({ "deleted": true })),
                2 => ("user.updated", json!({ "first_name": "Nobody" })),
                3 => ("session.created", json!({ "id": format!("sess_{TAG}_nobody") })),
                _ => ("session.touched", json!({ "id": format!("sess_{TAG}_x"), "user_id": user })),
            };
            self.tell(kind, &data);
        }
    }
}

fn data_time(body: &Value) -> Option<i64> {
    body["data"]["updated_at"].as_i64().filter(|time| *time > 100_000_000_000)
}

/// Takes a key out of an object.
pub fn remove(object: &mut Value, key: &str) -> Option<Value> {
    object.as_object_mut().and_then(|object: &mut Map<String, Value>| object.remove(key))
}
