//! A payload → the bodies of its passes. The second and later passes rename users and sessions
//! and shift their times, so that they are new work; a body is put together from pieces, which is
//! fast enough to keep a service busy. Where the users are limited, later passes come back to them:
//! with what is theirs as it was, in new sessions, at later times.

use std::fmt::Write;

use serde_json::Value;

use super::edit::{is_metadata, is_time, shifted};
use crate::domain::Millis;

/// How far a pass moves the times, in milliseconds.
const SHIFT_PER_PASS: Millis = 1_000;

/// A time through the payloads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    /// Its number.
    pub(super) number: usize,
    /// That of the first pass that was about the same users.
    pub(super) users: usize,
}

/// A body with holes.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug, PartialEq)]
enum Piece {
    /// The same in every pass.
    Text(String),
    /// Where the number goes, of the pass or of its users.
    Number(With),
    /// A time, moved on with one of them.
    Time(i64, With),
}

/// What a piece is new with.
#[derive(Clone, Copy, Debug, PartialEq)]
enum With {
    Pass,
    Users,
}

impl With {
    fn number(self, pass: Pass) -> usize {
        match self {
            Self::Pass => pass.number,
            Self::Users => pass.users,
        }
    }
}

impl Template {
    /// Takes a payload apart.
    pub(super) fn of(value: &Value) -> Self {
        let mut template = Self::default();
        template.value(value, "", With::Pass);
        template
    }

    /// The body of a pass.
    pub(super) fn body(&self, pass: Pass) -> String {
        let shift = |number| Millis::try_from(number).unwrap_or(Millis::MAX);
        let shift = |number| shift(number).saturating_mul(SHIFT_PER_PASS);
        let mut body = String::with_capacity(4096);
        for piece in &self.0 {
            // Writing to a string cannot fail.
            let _ = match piece {
                Piece::Text(text) => body.write_str(text),
                Piece::Number(with) => match with.number(pass) {
                    0 => Ok(()),
                    number => write!(body, "p{number}"),
                },
                Piece::Time(time, with) => {
                    write!(body, "{}", shifted(*time, shift(with.number(pass))))
                }
            };
        }
        body
    }

    fn value(&mut self, value: &Value, key: &str, times: With) {
        match value {
            Value::Object(map) => {
                for (place, (key, value)) in map.iter().enumerate() {
                    self.text(if place == 0 { "{" } else { "," });
                    self.json(&Value::from(key.as_str()));
                    self.text(":");
                    if is_metadata(key) { self.json(value) } else { self.value(value, key, times) }
                }
                self.text(if map.is_empty() { "{}" } else { "}" });
            }
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    self.text(if place == 0 { "[" } else { "," });
                    // An address, an account: a user keeps them.
                    self.value(item, key, With::Users);
                }
                self.text(if items.is_empty() { "[]" } else { "]" });
            }
            Value::String(text) => self.string(text, key),
            Value::Number(number) => match number.as_i64().filter(|time| is_time(key) && *time > 0)
            {
                Some(time) => self.0.push(Piece::Time(time, times)),
                None => self.json(value),
            },
            _ => self.json(value),
        }
    }

    /// What is unique in a Clerk instance gets the number in it: ids of users and sessions, names,
    /// addresses.
    fn string(&mut self, text: &str, key: &str) {
        let is_session = text.starts_with("sess_");
        let is_id = is_session || text.starts_with("user_");
        let is_name = matches!(key, "username" | "external_id") && !text.is_empty();
        let split = match text.split_once('@') {
            Some((local, _)) if key == "email_address" => local.len(),
            _ if is_id || is_name => text.len(),
            _ => return self.json(&Value::from(text)),
        };
        let (before, after) = text.split_at(split);
        let quoted = |text: &str| Value::from(text).to_string();
        let (before, after) = (quoted(before), quoted(after));
        self.text(before.strip_suffix('"').unwrap_or(&before));
        self.0.push(Piece::Number(if is_session { With::Pass } else { With::Users }));
        self.text(after.strip_prefix('"').unwrap_or(&after));
    }

    fn json(&mut self, value: &Value) {
        self.text(&value.to_string());
    }

    fn text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Pass, Template};

    fn body(payload: &Value, number: usize, users: usize) -> Value {
        serde_json::from_str(&Template::of(payload).body(Pass { number, users })).unwrap()
    }

    #[test]
    fn a_later_pass_is_about_others_at_another_time() {
        let payload = json!({
            "type": "session.created", "timestamp": 1_716_883_200,
            "data": {
                "id": "sess_1", "user_id": "user_1", "client_id": "client_1", "created_at": 1_716_883_200_000_i64,
                "expire_at": null, "abandon_at": 0, "empty": [], "none": {},
                "user": {
                    "username": "ada\"", "external_id": "", "public_metadata": { "id": "user_1", "x_at": 9 },
                    "email_addresses": [{ "email_address": "ada@example.com" }],
                },
            },
        });
        let expected = json!({
            "type": "session.created", "timestamp": 1_716_883_212,
            "data": {
                "id": "sess_1p12", "user_id": "user_1p12", "client_id": "client_1", "created_at": 1_716_883_212_000_i64,
                "expire_at": null, "abandon_at": 0, "empty": [], "none": {},
                "user": {
                    "username": "ada\"p12", "external_id": "", "public_metadata": { "id": "user_1", "x_at": 9 },
                    "email_addresses": [{ "email_address": "adap12@example.com" }],
                },
            },
        });
        assert_eq!(body(&payload, 12, 12), expected);
    }

    #[test]
    fn a_pass_that_comes_back_to_its_users_leaves_them_what_is_theirs() {
        let payload = json!({
            "timestamp": 1_716_883_200_000_i64,
            "data": {
                "id": "sess_1", "user_id": "user_1",
                "user": {
                    "updated_at": 1_716_883_200_000_i64,
                    "email_addresses": [
                        { "email_address": "ada@example.com", "updated_at": 1_716_883_200_000_i64 },
                    ],
                },
            },
        });
        let expected = |user: &str, email: &str, updated_at: i64| {
            json!({
                "timestamp": 1_716_883_212_000_i64,
                "data": {
                    "id": "sess_1p12", "user_id": user,
                    "user": {
                        "updated_at": 1_716_883_212_000_i64,
                        "email_addresses": [{ "email_address": email, "updated_at": updated_at }],
                    },
                },
            })
        };
        let second = expected("user_1p2", "adap2@example.com", 1_716_883_202_000);
        assert_eq!(body(&payload, 12, 2), second);
        let first = expected("user_1", "ada@example.com", 1_716_883_200_000);
        assert_eq!(body(&payload, 12, 0), first);
    }
}
