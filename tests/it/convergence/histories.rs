//! Random sets of events for a few users and organizations, in Clerk's format and with anomalies.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    TAG,
    model::Event,
    organizations::{push_organizations, push_roles},
    profiles,
    waitlist::push_waitlist,
};
use crate::harness::{NOW, Rng};

/// Generator of a set. It uses few different times, so that many events have equal versions.
pub struct Generator {
    pub rng: Rng,
    times: Vec<i64>,
    users: Vec<String>,
    ids: BTreeSet<String>,
    events: Vec<Event>,
}

/// Generates a set of events in a plausible order. Its ids contain the `TAG`.
pub fn history(seed: u64) -> Vec<Event> {
    let mut generator = Generator::new(Rng(seed));
    for user in generator.users.clone() {
        for at in 0..generator.rng.below(5) {
            let kind = if at == 0 { "user.created" } else { "user.updated" };
            let mut profile = profiles::profile(&mut generator, &user);
            if generator.one_in(3) {
                generator.strip(&mut profile);
            }
            generator.push_event(kind, &profile);
        }
        for session in 0..generator.rng.below(3) {
            generator.sign_in(&format!("sess_{TAG}_{user}_{session}"), &user);
        }
        if generator.rng.below(4) == 0 {
            for _ in 0..=generator.rng.below(2) {
                let data = json!({ "id": user, "object": "user", "deleted": true });
                generator.push_event("user.deleted", &data);
            }
        }
    }
    let users = generator.users.clone();
    push_organizations(&mut generator, &users);
    push_roles(&mut generator);
    push_waitlist(&mut generator);
    generator.push_noise();
    generator.events.sort_by_key(|event| event.body["data"]["updated_at"].as_i64());
    generator.events
}

impl Generator {
    fn new(mut rng: Rng) -> Self {
        let seconds = NOW / 1000 * 1000;
        let mut times: Vec<_> =
            (0..2 + rng.below(4)).map(|_| seconds - 1000 * rng.choose(&[0, 1, 2, 60])).collect();
        times.extend((0..rng.below(4)).map(|_| seconds + rng.choose(&[1, 2, 13, 999])));
        let users = (0..=rng.below(4)).map(|at| format!("user_{TAG}_{at}")).collect();
        Self { rng, times, users, ids: BTreeSet::new(), events: Vec::new() }
    }

    /// Returns true with a probability of one in `sides`.
    pub fn one_in(&mut self, sides: usize) -> bool {
        self.rng.below(sides) == 0
    }

    /// Removes fields of a user, as a transformation or a hand-written event may lack them.
    fn strip(&mut self, profile: &mut Value) {
        for key in [
            "email_addresses",
            "phone_numbers",
            "external_accounts",
            "public_metadata",
            "unsafe_metadata",
            "first_name",
            "password_enabled",
            "primary_email_address_id",
            "updated_at",
        ] {
            if self.one_in(3) {
                remove(profile, key);
            }
        }
    }

    /// Generates a time in milliseconds, sometimes in seconds, and rarely invalid.
    pub fn time(&mut self) -> Value {
        let time = self.rng.choose(&self.times);
        match self.rng.below(24) {
            0 => Value::Null,
            1 => 0.into(),
            2 => (-time).into(),
            3 => (-1).into(),
            4..9 if time % 1000 == 0 => (time / 1000).into(),
            _ => time.into(),
        }
    }

    /// Adds a time to an object, or rarely leaves it out.
    pub fn put_time(&mut self, object: &mut Value, key: &str) {
        if !self.one_in(16) {
            object[key] = self.time();
        }
    }

    /// Generates a message id that is unique in the set. Its few characters sort differently by
    /// bytes than by other collations.
    fn message(&mut self) -> String {
        loop {
            let suffix: String =
                (0..4).map(|_| self.rng.choose(&['A', 'a', 'B', 'b', 'Z', '0', '_'])).collect();
            let id = format!("msg_{TAG}_{suffix}");
            if self.ids.insert(id.clone()) {
                return id;
            }
        }
    }

    /// Adds an event with this data. Some fields of the envelope are randomly missing.
    pub fn push_event(&mut self, kind: &str, data: &Value) {
        let mut body = json!({ "type": kind, "object": "event", "data": data });
        // Clerk sends an event a few milliseconds after the change.
        match (self.rng.below(4), data_time(&body)) {
            (0 | 1, Some(time)) => {
                body["timestamp"] = (time + self.rng.choose(&[0, 0, 12, 58])).into();
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

    /// Generates the attributes of the request that caused the event, in all degrees of
    /// completeness.
    fn request(&mut self) -> Option<Value> {
        let address = self.rng.choose(&["", "192.0.2.7", "198.51.100.9", "2001:db8::7"]);
        let agent = self.rng.choose(&["", "Mozilla/5.0", "curl/8", "clerk/clerk-sdk-go@v3.0.0"]);
        match self.rng.below(12) {
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

    /// Adds the events of a session. Any of them can be missing or repeated.
    fn sign_in(&mut self, id: &str, user: &str) {
        for kind in ["session.pending", "session.created", "session.created"] {
            if self.one_in(2) {
                self.push_session_event(kind, id, user);
            }
        }
        for _ in 0..self.rng.below(3) {
            let kind = self.rng.choose(&["session.ended", "session.removed", "session.revoked"]);
            self.push_session_event(kind, id, user);
        }
    }

    fn push_session_event(&mut self, kind: &str, id: &str, user: &str) {
        let mut data = json!({ "id": id, "object": "session", "user_id": user });
        for key in ["updated_at", "created_at", "last_active_at", "expire_at", "abandon_at"] {
            self.put_time(&mut data, key);
        }
        let usual = match kind.trim_start_matches("session.") {
            "created" => "active",
            kind => kind,
        };
        match self.rng.below(14) {
            0 => {}
            1 => data["status"] = Value::Null,
            2 | 3 => {
                data["status"] =
                    self.rng.choose(&["suspended", "suspended", "expired", "replaced"]).into();
            }
            4 => data["status"] = self.rng.choose(&["active", "pending"]).into(),
            _ => data["status"] = usual.into(),
        }
        match self.rng.below(8) {
            0..3 => {}
            3 => data["client_id"] = Value::Null,
            _ => data["client_id"] = format!("client_{}", self.rng.below(3)).into(),
        }
        if self.one_in(4) {
            let organization = self.rng.choose(&["org_1", "org_2"]);
            data["last_active_organization_id"] = organization.into();
        }
        if self.one_in(8) {
            data["actor"] = json!({ "sub": "user_admin", "iss": "https://clerk.example.com" });
        }
        if self.one_in(4) {
            let keys = ["client_id", "last_active_at", "expire_at", "abandon_at", "created_at"];
            keys.into_iter()
                .filter(|_| self.one_in(2))
                .for_each(|key| drop(remove(&mut data, key)));
        }
        if let Some(embedded) = self.embedded(user) {
            data["user"] = embedded;
        }
        self.push_event(kind, &data);
    }

    /// Generates the embedded user of a session event: complete, incomplete, another user, or none.
    fn embedded(&mut self, user: &str) -> Option<Value> {
        match self.rng.below(8) {
            0..3 => return None,
            3 => return Some(Value::Null),
            _ => {}
        }
        let mut embedded = profiles::profile(self, user);
        match self.rng.below(8) {
            0 => embedded["id"] = self.rng.choose(&["user_other", "user_other", ""]).into(),
            1 => embedded["id"] = Value::Null,
            2 => drop(remove(&mut embedded, "id")),
            3..6 => {
                let keys = ["updated_at", "phone_numbers", "external_accounts", "public_metadata"];
                // Clerk was observed to omit all of these keys. Other subsets are generated too.
                // The list of addresses is usually present.
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

    /// Adds events that are stored but change no synced table.
    fn push_noise(&mut self) {
        for _ in 0..self.rng.below(3) {
            let user = self.users[0].clone();
            let organization = format!("org_{TAG}_nobody");
            let (kind, data) = match self.rng.below(9) {
                0 => ("email.created", json!({ "id": format!("ema_{TAG}_0") })),
                5 => ("organization.updated", json!({ "name": "Nobody" })),
                6 => ("organizationMembership.created", {
                    json!({ "id": format!("orgmem_{TAG}_x"), "organization": { "id": organization } })
                }),
                7 => ("organizationMembership.deleted", json!({ "organization": {} })),
                8 => ("organizationInvitation.created", json!({ "id": format!("orginv_{TAG}_x") })),
                1 => ("user.deleted", json!({ "deleted": true })),
                2 => ("user.updated", json!({ "first_name": "Nobody" })),
                3 => ("session.created", json!({ "id": format!("sess_{TAG}_nobody") })),
                _ => ("session.touched", json!({ "id": format!("sess_{TAG}_x"), "user_id": user })),
            };
            self.push_event(kind, &data);
        }
    }
}

fn data_time(body: &Value) -> Option<i64> {
    body["data"]["updated_at"].as_i64().filter(|time| *time > 100_000_000_000)
}

/// Removes a key from an object.
pub fn remove(object: &mut Value, key: &str) -> Option<Value> {
    object.as_object_mut().and_then(|object: &mut Map<String, Value>| object.remove(key))
}
