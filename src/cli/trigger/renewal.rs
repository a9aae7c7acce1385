//! An example made new: about another user, under other ids, at another time. What belonged together
//! still does: the same old id is the same new one, and the times keep their distances.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{ksuid, person::Person};
use crate::{
    cli::replay::{shift_time, visit_scalars},
    domain::Millis,
};

/// Where the user stands whom an event is about, by the family of its type.
const SUBJECTS: [&str; 4] =
    ["/data/user_id", "/data/public_user_data/user_id", "/data/payer/user_id", "/data/created_by"];

/// The user whom an event is about.
pub(super) fn subject(payload: &Value) -> Option<&str> {
    let text = |path| payload.pointer(path).and_then(Value::as_str);
    let own = text("/data/id").filter(|_| text("/data/object") == Some("user"));
    own.or_else(|| SUBJECTS.into_iter().find_map(text))
}

/// What is put in the place of what.
#[derive(Debug)]
pub(super) struct Renewal<'a> {
    pub(super) person: &'a Person,
    pub(super) instance: Option<&'a str>,
    /// What the new ids are made from, besides the old ones.
    pub(super) key: &'a str,
    /// How far the times move.
    pub(super) by: Millis,
    /// How far the seconds move that the ids tell.
    pub(super) ids_by: Millis,
}

impl Renewal<'_> {
    /// Makes a payload new.
    pub(super) fn renew(&self, payload: &mut Value) {
        let user = subject(payload).map(str::to_owned);
        self.fields(payload, user.as_deref());
    }

    fn fields(&self, value: &mut Value, user: Option<&str>) {
        visit_scalars(value, &mut |key, field| match field {
            Value::String(text) => {
                if let Some(new) = self.text(key, text, user) {
                    *text = new;
                }
            }
            _ => shift_time(key, field, self.by),
        });
    }

    /// What stands in a field from now on, if it changes. An empty one stays empty.
    fn text(&self, key: &str, text: &str, user: Option<&str>) -> Option<String> {
        match key {
            _ if text.is_empty() => None,
            "first_name" | "given_name" => Some(self.person.first_name.to_owned()),
            "last_name" | "family_name" => Some(self.person.last_name.to_owned()),
            "initials" => Some(self.person.initials()),
            "username" => Some(self.person.username()),
            "email" | "email_address" | "to_email_address" | "identifier" => {
                Some(self.person.email())
            }
            "google_id" | "provider_user_id" => Some(self.person.google_id.clone()),
            "instance_id" | "iid" => self.instance.map(str::to_owned),
            "image_url" => self.picture(text, user),
            _ if user == Some(text) => Some(self.person.id.clone()),
            _ => self.id(text),
        }
    }

    fn id(&self, old: &str) -> Option<String> {
        let second = ksuid::second(old)?.saturating_add(self.ids_by.div_euclid(1000));
        let (prefix, _) = old.rsplit_once('_')?;
        Some(ksuid::id(prefix, second, self.key, old))
    }

    /// A default picture names the user and the initials, in base 64.
    fn picture(&self, url: &str, user: Option<&str>) -> Option<String> {
        let (host, picture) = url.rsplit_once('/')?;
        let picture = BASE64_URL_SAFE_NO_PAD.decode(picture).ok()?;
        let mut picture = serde_json::from_slice(&picture).ok()?;
        self.fields(&mut picture, user);
        Some(format!("{host}/{}", BASE64_URL_SAFE_NO_PAD.encode(picture.to_string())))
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    use serde_json::{Value, json};

    use super::{Person, Renewal, ksuid};

    const OLD: &str = "user_3ANiGIMkz6X8D1IC9ErUqJgRk2F";
    const EMAIL: &str = "idn_3ANiEYFFFMhnbAQgjclFD82RTi8";

    #[test]
    fn what_belonged_together_still_does() {
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
        let person = Person::of("user_1".into(), 0);
        let key = "key";
        Renewal { person: &person, instance: Some("ins_2"), key, by: 2_000, ids_by: 60_000 }
            .renew(&mut payload);

        let data = &payload["data"];
        assert_eq!(
            (&payload["timestamp"], &data["id"]),
            (&1_772_439_333_500_i64.into(), &"user_1".into())
        );
        assert_eq!(data["email_addresses"][0]["created_at"], 1_772_439_319);
        let email = data["email_addresses"][0]["id"].as_str().unwrap();
        assert_eq!(data["primary_email_address_id"], email);
        assert_eq!(ksuid::second(email), ksuid::second(EMAIL).map(|second| second + 60));
        assert_eq!(data["first_name"], person.first_name);
        assert_eq!((&data["last_name"], &data["username"]), (&"".into(), &Value::Null));
        let theirs = json!({ "manager": OLD, "email": "ada@example.com", "since_at": 5 });
        assert_eq!(data["public_metadata"], theirs, "metadata is the customer's");
        let picture = data["image_url"].as_str().unwrap().strip_prefix("https://img/").unwrap();
        let picture: Value =
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(picture).unwrap()).unwrap();
        let initials = person.initials();
        let expected =
            json!({ "type": "default", "iid": "ins_2", "rid": "user_1", "initials": initials });
        assert_eq!(picture, expected);
    }
}
