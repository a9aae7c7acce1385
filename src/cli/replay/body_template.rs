//! Makes the bodies of further passes from a payload.
//!
//! A later pass renames the users and sessions of the payload and moves its times, so that its
//! events are new. If the number of users is limited, later passes use the same users again: their
//! addresses and accounts stay as they were, the sessions are new and the times later.
//!
//! A body is put together from pieces of text, which is faster than editing JSON for every message.

use std::fmt::Write;

use serde_json::Value;

use super::edits::{is_metadata, is_time, shifted};
use crate::domain::Millis;

/// Time between two passes in milliseconds.
const SHIFT_PER_PASS: Millis = 1_000;

/// One pass through all payloads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    /// Number of the pass, from 0.
    pub(super) number: usize,
    /// Number of the first pass with the same users.
    pub(super) user_pass: usize,
}

/// A body in which the parts that differ between passes are left open.
#[derive(Debug, Default, PartialEq)]
pub(super) struct BodyTemplate(Vec<Piece>);

#[derive(Debug, PartialEq)]
enum Piece {
    /// Text that is the same in every pass.
    Text(String),
    /// Suffix of an ID, name or address: `p` and a number; nothing if the number is 0.
    Suffix(Counter),
    /// A time of the first pass, and the number by which it moves.
    Time(i64, Counter),
}

/// The number of a pass that a piece depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Counter {
    Pass,
    UserPass,
}

impl Counter {
    fn of(self, pass: Pass) -> usize {
        match self {
            Self::Pass => pass.number,
            Self::UserPass => pass.user_pass,
        }
    }
}

impl BodyTemplate {
    /// Splits a payload into pieces.
    pub(super) fn new(payload: &Value) -> Self {
        let mut template = Self::default();
        template.push_value(payload, "", Counter::Pass);
        template
    }

    /// Returns the body of a pass.
    pub(super) fn body(&self, pass: Pass) -> String {
        let shift =
            |number| Millis::try_from(number).unwrap_or(Millis::MAX).saturating_mul(SHIFT_PER_PASS);
        let mut body = String::with_capacity(4096);
        for piece in &self.0 {
            // Writing to a string cannot fail.
            let _ = match piece {
                Piece::Text(text) => body.write_str(text),
                Piece::Suffix(counter) => match counter.of(pass) {
                    0 => Ok(()),
                    number => write!(body, "p{number}"),
                },
                Piece::Time(time, counter) => {
                    write!(body, "{}", shifted(*time, shift(counter.of(pass))))
                }
            };
        }
        body
    }

    fn push_value(&mut self, value: &Value, key: &str, times: Counter) {
        match value {
            Value::Object(map) => {
                for (index, (key, value)) in map.iter().enumerate() {
                    self.push_text(if index == 0 { "{" } else { "," });
                    self.push_json(&Value::from(key.as_str()));
                    self.push_text(":");
                    if is_metadata(key) {
                        self.push_json(value);
                    } else {
                        self.push_value(value, key, times);
                    }
                }
                self.push_text(if map.is_empty() { "{}" } else { "}" });
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.push_text(if index == 0 { "[" } else { "," });
                    // Lists hold addresses and accounts, which do not change with the user's state.
                    self.push_value(item, key, Counter::UserPass);
                }
                self.push_text(if items.is_empty() { "[]" } else { "]" });
            }
            Value::String(text) => self.push_string(text, key),
            Value::Number(number) => match number.as_i64().filter(|time| is_time(key) && *time > 0)
            {
                Some(time) => self.0.push(Piece::Time(time, times)),
                None => self.push_json(value),
            },
            _ => self.push_json(value),
        }
    }

    /// Adds a string. Strings that are unique in a Clerk instance get a suffix: IDs of users and
    /// sessions, usernames, external IDs and email addresses.
    fn push_string(&mut self, text: &str, key: &str) {
        let is_session = text.starts_with("sess_");
        let is_id = is_session || text.starts_with("user_");
        let is_name = matches!(key, "username" | "external_id") && !text.is_empty();
        let split = match text.split_once('@') {
            Some((local, _)) if key == "email_address" => local.len(),
            _ if is_id || is_name => text.len(),
            _ => return self.push_json(&Value::from(text)),
        };
        let (before, after) = text.split_at(split);
        let quoted = |text: &str| Value::from(text).to_string();
        let (before, after) = (quoted(before), quoted(after));
        self.push_text(before.strip_suffix('"').unwrap_or(&before));
        self.0.push(Piece::Suffix(if is_session { Counter::Pass } else { Counter::UserPass }));
        self.push_text(after.strip_prefix('"').unwrap_or(&after));
    }

    fn push_json(&mut self, value: &Value) {
        self.push_text(&value.to_string());
    }

    fn push_text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{BodyTemplate, Pass};

    fn body(payload: &Value, number: usize, user_pass: usize) -> Value {
        serde_json::from_str(&BodyTemplate::new(payload).body(Pass { number, user_pass })).unwrap()
    }

    #[test]
    fn later_pass_has_other_users_and_times() {
        let payload = json!({
            "type": "session.created", "timestamp": 1_716_883_200,
            "data": {
                "id": "sess_1", "user_id": "user_1", "client_id": "client_1",
                "created_at": 1_716_883_200_000_i64,
                "expire_at": null, "abandon_at": 0, "empty": [], "none": {},
                "user": {
                    "username": "ada\"", "external_id": "",
                    "public_metadata": { "id": "user_1", "x_at": 9 },
                    "email_addresses": [{ "email_address": "ada@example.com" }],
                },
            },
        });
        let expected = json!({
            "type": "session.created", "timestamp": 1_716_883_212,
            "data": {
                "id": "sess_1p12", "user_id": "user_1p12", "client_id": "client_1",
                "created_at": 1_716_883_212_000_i64,
                "expire_at": null, "abandon_at": 0, "empty": [], "none": {},
                "user": {
                    "username": "ada\"p12", "external_id": "",
                    "public_metadata": { "id": "user_1", "x_at": 9 },
                    "email_addresses": [{ "email_address": "adap12@example.com" }],
                },
            },
        });
        assert_eq!(body(&payload, 12, 12), expected);
    }

    #[test]
    fn repeated_users_keep_addresses_and_accounts() {
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
