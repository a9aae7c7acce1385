//! The user object of Clerk, as it is after each event of a scenario.

use serde_json::{Value, json};

use super::{
    examples,
    fake_user::FakeUser,
    ksuid,
    rewrite::{Rewrite, object_of_example},
};
use crate::{cli::CommandError, domain::Millis};

/// Lifetime of a one-time code in milliseconds.
const CODE_LIFETIME: Millis = 600_000;

/// A change of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UserChange {
    /// No change.
    None,
    /// The user signs up.
    SignUp,
    /// The user signs in.
    SignIn,
    /// The user gets a double last name and a username.
    Rename,
    /// The user adds an email address, which is not verified yet.
    AddEmail,
    /// The user verifies the last email address, which becomes the primary one.
    VerifyEmail,
    /// The user links a Google account.
    LinkGoogle,
}

/// A user with its current user object.
#[derive(Debug)]
pub(super) struct UserUpsert {
    pub(super) user: FakeUser,
    /// User object in Clerk's format.
    pub(super) object: Value,
}

impl UserUpsert {
    /// Returns the state after the sign-up and the first sign-in.
    pub(super) fn new(user: FakeUser, instance: Option<&str>) -> Result<Self, CommandError> {
        let mut object =
            object_of_example("user.created", &user, &user.id, user.created_at, instance)?;
        set_field(&mut object, "/last_sign_in_at", user.created_at);
        set_field(&mut object, "/updated_at", user.created_at);
        Ok(Self { user, object })
    }

    /// Applies a change. As with Clerk, every change sets `updated_at`.
    pub(super) fn apply(
        &mut self,
        change: UserChange,
        at: Millis,
        instance: Option<&str>,
    ) -> Result<(), CommandError> {
        match change {
            UserChange::None => return Ok(()),
            UserChange::SignUp => set_field(&mut self.object, "/last_sign_in_at", Value::Null),
            UserChange::SignIn => set_field(&mut self.object, "/last_sign_in_at", at),
            UserChange::Rename => self.rename(),
            UserChange::AddEmail => self.add_email(at),
            UserChange::VerifyEmail => self.verify_email(at),
            UserChange::LinkGoogle => self.link_google(at, instance)?,
        }
        set_field(&mut self.object, "/last_active_at", at);
        set_field(&mut self.object, "/updated_at", at);
        Ok(())
    }

    /// Returns the ID and the address of the last email address.
    pub(super) fn last_email(&self) -> Option<(&Value, &Value)> {
        let email = self.object["email_addresses"].as_array()?.last()?;
        Some((&email["id"], &email["email_address"]))
    }

    fn emails_mut(&mut self) -> Option<&mut Vec<Value>> {
        self.object.get_mut("email_addresses")?.as_array_mut()
    }

    fn rename(&mut self) {
        let FakeUser { last_name, second_last_name, .. } = self.user;
        set_field(&mut self.object, "/last_name", format!("{last_name}-{second_last_name}"));
        set_field(&mut self.object, "/username", self.user.username());
    }

    fn add_email(&mut self, at: Millis) {
        let second = self.user.created_at / 1000;
        let id = ksuid::id("idn", second, &self.user.id, "second email");
        let email = json!({
            "created_at": at,
            "email_address": self.user.second_email(),
            "id": id,
            "linked_to": [],
            "matches_sso_connection": false,
            "object": "email_address",
            "reserved": false,
            "updated_at": at,
            "verification": {
                "attempts": 0,
                "expire_at": at.saturating_add(CODE_LIFETIME),
                "object": "verification_otp",
                "status": "unverified",
                "strategy": "email_code",
            },
        });
        if let Some(emails) = self.emails_mut() {
            emails.push(email);
        }
    }

    fn verify_email(&mut self, at: Millis) {
        let Some(email) = self.emails_mut().and_then(|emails| emails.last_mut()) else { return };
        set_field(email, "/verification/attempts", 1);
        set_field(email, "/verification/status", "verified");
        set_field(email, "/updated_at", at);
        let id = email["id"].clone();
        set_field(&mut self.object, "/primary_email_address_id", id);
    }

    /// Links a Google account. Its IDs depend only on the user, so that a repeated event is about
    /// the same account.
    fn link_google(&mut self, at: Millis, instance: Option<&str>) -> Result<(), CommandError> {
        let mut payload = examples::google_linked()?;
        let original = time_at(&payload, "/data/external_accounts/0/created_at");
        let user = &self.user;
        let shift = at.saturating_sub(original);
        let id_shift = user.created_at.saturating_sub(original);
        Rewrite { user, instance, key: &user.id, shift, id_shift }.apply(&mut payload);
        for pointer in ["/external_accounts", "/email_addresses/0/linked_to"] {
            if let Some(linked) = payload["data"].pointer_mut(pointer) {
                set_field(&mut self.object, pointer, linked.take());
            }
        }
        Ok(())
    }
}

/// Sets a field. An edit may have removed it; then nothing happens.
pub(super) fn set_field(object: &mut Value, pointer: &str, value: impl Into<Value>) {
    if let Some(field) = object.pointer_mut(pointer) {
        *field = value.into();
    }
}

/// Returns a time of an example, in milliseconds.
pub(super) fn time_at(payload: &Value, pointer: &str) -> Millis {
    payload.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
}
