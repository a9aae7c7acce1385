//! Rewrites an example event for another user, with other IDs, at another time.
//!
//! Relations within the event stay: equal old IDs become equal new IDs, and the intervals between
//! times do not change.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{examples, fake_user::FakeUser, ksuid, user_state::time_at};
use crate::{
    cli::{
        CommandError,
        replay::{shift_time, visit_scalars},
    },
    domain::Millis,
};

/// Fields with the ID of the user that an event is about, in events of other objects.
const SUBJECTS: [&str; 4] =
    ["/data/user_id", "/data/public_user_data/user_id", "/data/payer/user_id", "/data/created_by"];

/// Returns the ID of the user that an event is about.
pub(super) fn subject(payload: &Value) -> Option<&str> {
    let text = |path| payload.pointer(path).and_then(Value::as_str);
    let own_id = text("/data/id").filter(|_| text("/data/object") == Some("user"));
    own_id.or_else(|| SUBJECTS.into_iter().find_map(text))
}

/// Returns the object of an example event, rewritten for a user. It was created at `created_at`, and
/// its IDs are derived from `key`.
pub(super) fn object_of_example(
    kind: &str,
    user: &FakeUser,
    key: &str,
    created_at: Millis,
    instance: Option<&str>,
) -> Result<Value, CommandError> {
    let mut payload = examples::example(kind)?;
    let shift = created_at.saturating_sub(time_at(&payload, "/data/created_at"));
    Rewrite { user, instance, key, shift, id_shift: shift }.apply(&mut payload);
    Ok(payload["data"].take())
}

/// The values that replace those of an example.
#[derive(Debug)]
pub(super) struct Rewrite<'a> {
    pub(super) user: &'a FakeUser,
    /// ID of the Clerk instance; `None` keeps that of the example.
    pub(super) instance: Option<&'a str>,
    /// Key from which new IDs are derived, together with the old IDs.
    pub(super) key: &'a str,
    /// Number of milliseconds by which the times move.
    pub(super) shift: Millis,
    /// Number of milliseconds by which the creation times in the IDs move.
    pub(super) id_shift: Millis,
}

impl Rewrite<'_> {
    /// Rewrites a payload.
    pub(super) fn apply(&self, payload: &mut Value) {
        let old_user = subject(payload).map(str::to_owned);
        self.rewrite_fields(payload, old_user.as_deref());
    }

    fn rewrite_fields(&self, value: &mut Value, old_user: Option<&str>) {
        visit_scalars(value, &mut |key, field| match field {
            Value::String(text) => {
                if let Some(new) = self.new_text(key, text, old_user) {
                    *text = new;
                }
            }
            _ => shift_time(key, field, self.shift),
        });
    }

    /// Returns the new text of a field; `None` if it stays the same, as empty text does.
    fn new_text(&self, key: &str, text: &str, old_user: Option<&str>) -> Option<String> {
        match key {
            _ if text.is_empty() => None,
            "first_name" | "given_name" => Some(self.user.first_name.to_owned()),
            "last_name" | "family_name" => Some(self.user.last_name.to_owned()),
            "initials" => Some(self.user.initials()),
            "username" => Some(self.user.username()),
            "email" | "email_address" | "to_email_address" | "identifier" => {
                Some(self.user.email())
            }
            "google_id" | "provider_user_id" => Some(self.user.google_id.clone()),
            "instance_id" | "iid" => self.instance.map(str::to_owned),
            "image_url" => self.new_image_url(text, old_user),
            _ if old_user == Some(text) => Some(self.user.id.clone()),
            _ => self.new_id(text),
        }
    }

    fn new_id(&self, old: &str) -> Option<String> {
        let second = ksuid::creation_second(old)?.saturating_add(self.id_shift.div_euclid(1000));
        let (prefix, _) = old.rsplit_once('_')?;
        Some(ksuid::id(prefix, second, self.key, old))
    }

    /// Returns the URL of the user's default image. Its last part is JSON in base64, with the
    /// user's ID and initials.
    fn new_image_url(&self, url: &str, old_user: Option<&str>) -> Option<String> {
        let (prefix, image) = url.rsplit_once('/')?;
        let image = BASE64_URL_SAFE_NO_PAD.decode(image).ok()?;
        let mut image = serde_json::from_slice(&image).ok()?;
        self.rewrite_fields(&mut image, old_user);
        Some(format!("{prefix}/{}", BASE64_URL_SAFE_NO_PAD.encode(image.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::{FakeUser, Rewrite, ksuid};

    const OLD: &str = "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F";
    const EMAIL: &str = "idn_3ANiEYFFFMhnbAQgjclFD82RTi8";

    #[test]
    fn relations_within_an_event_stay() {
        let picture = json!({ "type": "default", "iid": "ins_1", "rid": OLD, "initials": "AO" });
        let picture = BASE64_URL_SAFE_NO_PAD.encode(picture.to_string());
        let mut payload = json!({
            "timestamp": 1_772_439_331_500_i64,
            "data": {
                "object": "user", "id": OLD, "first_name": "Ada", "last_name": "", "username": null,
                "primary_email_address_id": EMAIL, "image_url": format!("https://img/{picture}"),
                "email_addresses": [{ "id": EMAIL, "created_at": 1_772_439_317 }],
                "public_metadata": { "manager": OLD, "email": "ada@example.com", "since_at": 5 },
            },
        });
        let user = FakeUser::new("user_1".into(), 0);
        let key = "key";
        Rewrite { user: &user, instance: Some("ins_2"), key, shift: 2_000, id_shift: 60_000 }
            .apply(&mut payload);

        let data = &payload["data"];
        assert_eq!(
            (&payload["timestamp"], &data["id"]),
            (&1_772_439_333_500_i64.into(), &"user_1".into())
        );
        assert_eq!(data["email_addresses"][0]["created_at"], 1_772_439_319);
        let email = data["email_addresses"][0]["id"].as_str().unwrap();
        assert_eq!(data["primary_email_address_id"], email);
        assert_eq!(
            ksuid::creation_second(email),
            ksuid::creation_second(EMAIL).map(|second| second + 60)
        );
        assert_eq!(data["first_name"], user.first_name);
        assert_eq!((&data["last_name"], &data["username"]), (&"".into(), &Value::Null));
        let metadata = json!({ "manager": OLD, "email": "ada@example.com", "since_at": 5 });
        assert_eq!(data["public_metadata"], metadata, "metadata stays as it is");
        let picture = data["image_url"].as_str().unwrap().strip_prefix("https://img/").unwrap();
        let picture: Value =
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(picture).unwrap()).unwrap();
        let initials = user.initials();
        let expected =
            json!({ "type": "default", "iid": "ins_2", "rid": "user_1", "initials": initials });
        assert_eq!(picture, expected);
    }
}
