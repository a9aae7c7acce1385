//! A payload → the bodies of its passes. The second and later passes rename users and sessions
//! and shift their times, so that they are new work; a body is put together from pieces, which is
//! fast enough to keep a service busy.

use std::fmt::Write;

use serde_json::Value;

use super::edit::{is_metadata, is_time, shifted};

/// How far a pass moves the times, in milliseconds.
const SHIFT_PER_PASS: i64 = 1_000;

/// A body with holes.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug, PartialEq)]
enum Piece {
    /// The same in every pass.
    Text(String),
    /// Where the number of the pass goes.
    Pass,
    /// A time, moved with the pass.
    Time(i64),
}

impl Template {
    /// Takes a payload apart.
    pub(super) fn of(value: &Value) -> Self {
        let mut template = Self::default();
        template.value(value, "");
        template
    }

    /// The body of a pass.
    pub(super) fn body(&self, pass: usize) -> String {
        let shift = i64::try_from(pass).unwrap_or(i64::MAX).saturating_mul(SHIFT_PER_PASS);
        let mut body = String::with_capacity(4096);
        for piece in &self.0 {
            // Writing to a string cannot fail.
            let _ = match piece {
                Piece::Text(text) => body.write_str(text),
                Piece::Pass => write!(body, "p{pass}"),
                Piece::Time(time) => write!(body, "{}", shifted(*time, shift)),
            };
        }
        body
    }

    fn value(&mut self, value: &Value, key: &str) {
        match value {
            Value::Object(map) => {
                for (place, (key, value)) in map.iter().enumerate() {
                    self.text(if place == 0 { "{" } else { "," });
                    self.json(&Value::from(key.as_str()));
                    self.text(":");
                    if is_metadata(key) { self.json(value) } else { self.value(value, key) }
                }
                self.text(if map.is_empty() { "{}" } else { "}" });
            }
            Value::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    self.text(if place == 0 { "[" } else { "," });
                    self.value(item, key);
                }
                self.text(if items.is_empty() { "[]" } else { "]" });
            }
            Value::String(text) => self.string(text, key),
            Value::Number(number) => match number.as_i64().filter(|time| is_time(key) && *time > 0)
            {
                Some(time) => self.0.push(Piece::Time(time)),
                None => self.json(value),
            },
            _ => self.json(value),
        }
    }

    /// What is unique in a Clerk instance gets the pass in it: ids of users and sessions, names,
    /// addresses.
    fn string(&mut self, text: &str, key: &str) {
        let is_id = ["user_", "sess_"].iter().any(|prefix| text.starts_with(prefix));
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
        self.0.push(Piece::Pass);
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

    use super::Template;

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
        let body: Value = serde_json::from_str(&Template::of(&payload).body(12)).unwrap();
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
        assert_eq!(body, expected);
    }
}
