//! The user of a story, as Clerk would show them at each point of it.

use serde_json::{Value, json};

use super::{ksuid, person::Person, renewal::Renewal, templates};
use crate::{cli::CommandError, domain::Millis};

/// How long a one-time code can be used.
const CODE_LASTS: Millis = 600_000;

/// What happens to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    SignUp,
    SignIn,
    /// Takes a second last name, and a username.
    Rename,
    /// Adds an address, for which a code is sent.
    AddEmail,
    /// Proves the last address, and prefers it.
    VerifyEmail,
    LinkGoogle,
}

/// A user of Clerk's.
#[derive(Debug)]
pub(super) struct User {
    pub(super) person: Person,
    /// The user object.
    pub(super) object: Value,
}

impl User {
    /// As they were when they had signed up and were signed in.
    pub(super) fn new(person: Person, instance: Option<&str>) -> Result<Self, CommandError> {
        let mut payload = templates::payload("user.created")?;
        let then = time(&payload, "/data/created_at");
        let by = person.created_at.saturating_sub(then);
        Renewal { person: &person, instance, key: &person.id, by, ids_by: by }.renew(&mut payload);
        let mut object = payload["data"].take();
        put(&mut object, "/last_sign_in_at", person.created_at);
        put(&mut object, "/updated_at", person.created_at);
        Ok(Self { person, object })
    }

    /// Goes on to the next point. Like Clerk's, every state says when it came to be.
    pub(super) fn change(
        &mut self,
        change: Change,
        at: Millis,
        instance: Option<&str>,
    ) -> Result<(), CommandError> {
        match change {
            Change::Nothing => return Ok(()),
            Change::SignUp => put(&mut self.object, "/last_sign_in_at", Value::Null),
            Change::SignIn => put(&mut self.object, "/last_sign_in_at", at),
            Change::Rename => self.rename(),
            Change::AddEmail => self.add_email(at),
            Change::VerifyEmail => self.verify_email(at),
            Change::LinkGoogle => self.link_google(at, instance)?,
        }
        put(&mut self.object, "/last_active_at", at);
        put(&mut self.object, "/updated_at", at);
        Ok(())
    }

    /// The address that was added last: its id, and itself.
    pub(super) fn last_email(&self) -> Option<(&Value, &Value)> {
        let email = self.object["email_addresses"].as_array()?.last()?;
        Some((&email["id"], &email["email_address"]))
    }

    fn emails(&mut self) -> Option<&mut Vec<Value>> {
        self.object.get_mut("email_addresses")?.as_array_mut()
    }

    fn rename(&mut self) {
        let Person { last_name, second_last_name, .. } = self.person;
        put(&mut self.object, "/last_name", format!("{last_name}-{second_last_name}"));
        put(&mut self.object, "/username", self.person.username());
    }

    fn add_email(&mut self, at: Millis) {
        let second = self.person.created_at / 1000;
        let id = ksuid::id("idn", second, &self.person.id, "second email");
        let email = json!({
            "created_at": at,
            "email_address": self.person.second_email(),
            "id": id,
            "linked_to": [],
            "matches_sso_connection": false,
            "object": "email_address",
            "reserved": false,
            "updated_at": at,
            "verification": {
                "attempts": 0,
                "expire_at": at.saturating_add(CODE_LASTS),
                "object": "verification_otp",
                "status": "unverified",
                "strategy": "email_code",
            },
        });
        if let Some(emails) = self.emails() {
            emails.push(email);
        }
    }

    fn verify_email(&mut self, at: Millis) {
        let Some(email) = self.emails().and_then(|emails| emails.last_mut()) else { return };
        put(email, "/verification/attempts", 1);
        put(email, "/verification/status", "verified");
        put(email, "/updated_at", at);
        let id = email["id"].clone();
        put(&mut self.object, "/primary_email_address_id", id);
    }

    /// The account's ids are always the same, as if the same person linked the same account.
    fn link_google(&mut self, at: Millis, instance: Option<&str>) -> Result<(), CommandError> {
        let mut payload = templates::google_linked()?;
        let then = time(&payload, "/data/external_accounts/0/created_at");
        let person = &self.person;
        let by = at.saturating_sub(then);
        let ids_by = person.created_at.saturating_sub(then);
        Renewal { person, instance, key: &person.id, by, ids_by }.renew(&mut payload);
        for pointer in ["/external_accounts", "/email_addresses/0/linked_to"] {
            if let Some(linked) = payload["data"].pointer_mut(pointer) {
                put(&mut self.object, pointer, linked.take());
            }
        }
        Ok(())
    }
}

/// Fills a field in, which an edit may have taken away.
pub(super) fn put(object: &mut Value, pointer: &str, value: impl Into<Value>) {
    if let Some(field) = object.pointer_mut(pointer) {
        *field = value.into();
    }
}

/// A time of an example.
pub(super) fn time(payload: &Value, pointer: &str) -> Millis {
    payload.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
}
