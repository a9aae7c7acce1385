//! Builds events, each from the example of its type.
//!
//! The events of one repetition are about one user, and the user's organization and subscription. They are one
//! millisecond apart, and every event contains the changes of the events before it.

use serde_json::Value;

use super::{
    billing_state::BillingState,
    examples,
    fake_user::FakeUser,
    ksuid,
    organization_state::{OrganizationOptions, OrganizationState},
    rewrite::{Rewrite, subject},
    scenario::{Change, Scenario},
    user_state::{UserChange, UserUpsert, set_field, time_at},
};
use crate::{
    cli::{CommandError, replay::FieldEdit},
    domain::Millis,
};

/// Parameters of the events of one repetition.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventOptions<'a> {
    /// ID of the user.
    pub(super) user: &'a str,
    /// Whether the user may exist already, because the call named it.
    pub(super) user_may_exist: bool,
    /// Number of the first member to invite to the user's organization.
    pub(super) first_member: u64,
    /// Key from which IDs are derived that do not depend on the user alone.
    pub(super) key: &'a str,
    /// Creation second (Unix time) of new IDs.
    pub(super) second: i64,
    /// ID of the Clerk instance; `None` keeps that of the examples.
    pub(super) instance: Option<&'a str>,
    /// Fields to change in every event that has them.
    pub(super) edits: &'a [FieldEdit],
}

/// An event to send.
#[derive(Debug)]
pub(super) struct Event {
    /// Message ID.
    pub(super) id: String,
    pub(super) payload: Value,
}

/// The events built so far, and the state of the user after them.
#[derive(Debug)]
pub(super) struct EventBuilder<'a> {
    options: EventOptions<'a>,
    state: UserUpsert,
    /// Organization of the user. It is built for the first event that needs it.
    organization: Option<OrganizationState<'a>>,
    /// Subscription of the user, likewise.
    billing: Option<BillingState<'a>>,
    session_id: String,
    /// Time of the next event.
    at: Millis,
    events: Vec<Event>,
}

impl<'a> EventBuilder<'a> {
    /// Builds a single event.
    ///
    /// # Errors
    /// Returns an error if the call named a user and the type is about no user, or if an edited
    /// field does not exist.
    pub(super) fn single_event(
        kind: &str,
        options: EventOptions<'a>,
        now: Millis,
    ) -> Result<Vec<Event>, CommandError> {
        let mut builder = Self::new(options, now)?;
        if options.user_may_exist {
            if subject(&examples::example(kind)?).is_none() {
                return Err(CommandError::EventWithoutUser(kind.to_owned()));
            }
            // A user who may exist starts another session.
            if matches!(kind, "session.created" | "session.pending") {
                builder.session_id = ksuid::id("sess", options.second, options.key, "session");
            }
        }
        let change = match kind {
            "user.created" => UserChange::SignUp,
            "user.updated" => UserChange::Rename,
            _ => UserChange::None,
        };
        builder.push(kind, Change::User(change))?;
        builder.finish()
    }

    /// Builds the events of scenarios. If the call named no user, the scenarios that they need come
    /// first, such as a sign-up.
    ///
    /// # Errors
    /// Returns an error if no event has a field that an edit sets.
    pub(super) fn scenario_events(
        scenarios: &[Scenario],
        options: EventOptions<'a>,
        now: Millis,
    ) -> Result<Vec<Event>, CommandError> {
        let mut builder = Self::new(options, now)?;
        let mut all = Vec::new();
        for scenario in scenarios {
            match options.user_may_exist {
                true => all.push(*scenario),
                false => scenario.push_with_prerequisites(&mut all),
            }
        }
        for (kind, change) in all.into_iter().flat_map(Scenario::steps) {
            builder.push(kind, *change)?;
        }
        builder.finish()
    }

    fn new(options: EventOptions<'a>, now: Millis) -> Result<Self, CommandError> {
        let user = FakeUser::new(options.user.to_owned(), now);
        let session_id = user.session_id();
        let state = UserUpsert::new(user, options.instance)?;
        Ok(Self {
            options,
            state,
            organization: None,
            billing: None,
            session_id,
            at: now,
            events: Vec::new(),
        })
    }

    /// Applies a change and adds its event, if Clerk sends one.
    fn push(&mut self, kind: &str, change: Change) -> Result<(), CommandError> {
        let EventOptions { key, second, instance, edits, .. } = self.options;
        let at = self.at;
        match change {
            Change::User(change) => self.state.apply(change, at, instance)?,
            Change::Organization(change) => {
                if !self.organization()?.apply(change, at)? {
                    return Ok(());
                }
            }
            Change::Billing(change) => self.billing().apply(change, at),
        }
        let mut payload = examples::example(kind)?;
        let original = time_at(&payload, "/timestamp");
        let key = format!("{key}.{}", self.events.len());
        let shift = self.at.saturating_sub(original);
        let id_shift = (second * 1000).saturating_sub(original);
        let user = &self.state.user;
        Rewrite { user, instance, key: &key, shift, id_shift }.apply(&mut payload);
        if let Some(object) = self.object_mut(kind, change)? {
            set_field(&mut payload, "/data", object.clone());
        }
        match kind.split_once('.') {
            Some(("session", _)) => self.fill_session(&mut payload),
            Some(("email", _)) => self.fill_email(&mut payload),
            _ => {}
        }
        apply_edits(&mut payload, edits, at);
        if let Some(object) = self.object_mut(kind, change)? {
            // Later events contain the edited fields too.
            object.clone_from(&payload["data"]);
        }
        // The ID depends on the body, because the service ignores another body with the same ID.
        let id = ksuid::id("msg", self.at.div_euclid(1000), &key, &payload.to_string());
        self.events.push(Event { id, payload });
        self.at = self.at.saturating_add(1);
        Ok(())
    }

    /// Returns the object that is the data of an event; `None` if its data is that of the example.
    fn object_mut(
        &mut self,
        kind: &str,
        change: Change,
    ) -> Result<Option<&mut Value>, CommandError> {
        Ok(match change {
            Change::Organization(change) => Some(self.organization()?.object_mut(change)),
            Change::Billing(change) => Some(self.billing().object_mut(change)),
            Change::User(_) => {
                let is_user = matches!(kind, "user.created" | "user.updated");
                is_user.then_some(&mut self.state.object)
            }
        })
    }

    fn organization(&mut self) -> Result<&mut OrganizationState<'a>, CommandError> {
        let EventOptions { key, second, instance, first_member, .. } = self.options;
        let options = OrganizationOptions { first_member, key, second, instance, now: self.at };
        let build = || OrganizationState::new(self.state.user.clone(), options);
        let state = self.organization.take().map_or_else(build, Ok)?;
        Ok(self.organization.insert(state))
    }

    fn billing(&mut self) -> &mut BillingState<'a> {
        let EventOptions { key, second, .. } = self.options;
        let user = &self.state.user;
        self.billing.get_or_insert_with(|| BillingState::new(user.clone(), key, second))
    }

    fn fill_session(&self, payload: &mut Value) {
        let created_at =
            ksuid::creation_second(&self.session_id).map_or(self.at, |second| second * 1000);
        set_field(payload, "/data/id", self.session_id.as_str());
        set_field(payload, "/data/client_id", self.state.user.client_id());
        set_field(payload, "/data/created_at", created_at);
        set_field(payload, "/data/last_active_at", self.at);
        set_field(payload, "/data/updated_at", self.at);
        // Since November 2025 every session event contains the user. Some examples are older.
        payload["data"]["user"].clone_from(&self.state.object);
    }

    fn fill_email(&self, payload: &mut Value) {
        if let Some((id, address)) = self.state.last_email() {
            set_field(payload, "/data/email_address_id", id.clone());
            set_field(payload, "/data/to_email_address", address.clone());
        }
    }

    fn finish(self) -> Result<Vec<Event>, CommandError> {
        let is_used =
            |edit: &FieldEdit| self.events.iter().any(|event| edit.matches(&event.payload));
        match self.options.edits.iter().find(|edit| !is_used(edit)) {
            Some(edit) => Err(CommandError::UnknownField(edit.path().to_owned())),
            None => Ok(self.events),
        }
    }
}

/// Applies the edits to the fields that the payload has. The service applies a user inside a
/// session event only if the user's own `updated_at` is newer.
fn apply_edits(payload: &mut Value, edits: &[FieldEdit], at: Millis) {
    if edits.iter().any(|edit| edit.path().starts_with("data.user.")) {
        set_field(payload, "/data/user/updated_at", at);
    }
    for edit in edits {
        edit.apply(payload);
    }
}

#[cfg(test)]
mod tests;
