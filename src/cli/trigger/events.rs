//! Builds events, each from the example of its type.
//!
//! The events of one call are about one user. They are one millisecond apart, and every event
//! contains the changes of the events before it.

use serde_json::Value;

use super::{
    examples,
    fake_user::FakeUser,
    ksuid,
    rewrite::{Rewrite, subject},
    scenario::Scenario,
    user_state::{UserChange, UserUpsert, set_field, time_at},
};
use crate::{
    cli::{CommandError, replay::FieldEdit},
    domain::Millis,
};

/// Parameters of the events of one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventOptions<'a> {
    /// ID of the user.
    pub(super) user: &'a str,
    /// Whether the user may exist already, because the call named it.
    pub(super) user_may_exist: bool,
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
        builder.push(kind, change)?;
        builder.finish()
    }

    /// Builds the events of scenarios. If the call named no user, a sign-up comes first.
    ///
    /// # Errors
    /// Returns an error if no event has a field that an edit sets.
    pub(super) fn scenario_events(
        scenarios: &[Scenario],
        options: EventOptions<'a>,
        now: Millis,
    ) -> Result<Vec<Event>, CommandError> {
        let mut builder = Self::new(options, now)?;
        let complete = options.user_may_exist || scenarios.first() == Some(&Scenario::SignUp);
        let before: &[_] = if complete { &[] } else { &[Scenario::SignUp] };
        for scenario in before.iter().chain(scenarios) {
            scenario.steps().iter().try_for_each(|(kind, change)| builder.push(kind, *change))?;
        }
        builder.finish()
    }

    fn new(options: EventOptions<'a>, now: Millis) -> Result<Self, CommandError> {
        let user = FakeUser::new(options.user.to_owned(), now);
        let session_id = user.session_id();
        let state = UserUpsert::new(user, options.instance)?;
        Ok(Self { options, state, session_id, at: now, events: Vec::new() })
    }

    /// Applies a change to the user and adds an event.
    fn push(&mut self, kind: &str, change: UserChange) -> Result<(), CommandError> {
        let EventOptions { key, second, instance, edits, .. } = self.options;
        self.state.apply(change, self.at, instance)?;
        let mut payload = examples::example(kind)?;
        let original = time_at(&payload, "/timestamp");
        let key = format!("{key}.{}", self.events.len());
        let shift = self.at.saturating_sub(original);
        let id_shift = (second * 1000).saturating_sub(original);
        let user = &self.state.user;
        Rewrite { user, instance, key: &key, shift, id_shift }.apply(&mut payload);
        let is_user = matches!(kind, "user.created" | "user.updated");
        match kind.split_once('.') {
            _ if is_user => set_field(&mut payload, "/data", self.state.object.clone()),
            Some(("session", _)) => self.fill_session(&mut payload),
            Some(("email", _)) => self.fill_email(&mut payload),
            _ => {}
        }
        apply_edits(&mut payload, edits, self.at);
        if is_user {
            // Later events contain the edited fields too.
            self.state.object.clone_from(&payload["data"]);
        }
        // The ID depends on the body, because the service ignores another body with the same ID.
        let id = ksuid::id("msg", self.at.div_euclid(1000), &key, &payload.to_string());
        self.events.push(Event { id, payload });
        self.at = self.at.saturating_add(1);
        Ok(())
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
mod tests {
    use serde_json::Value;

    use super::{Event, EventBuilder, EventOptions, FieldEdit, Scenario, examples, ksuid, subject};

    const NOW: i64 = 1_786_527_000_123;
    const USER: &str = "user_3MWMZj5BSAKnLtnGyFd1OV9emAn";

    fn options(user: &'static str, key: &'static str) -> EventOptions<'static> {
        let second = NOW / 1000;
        EventOptions { user, user_may_exist: false, key, second, instance: None, edits: &[] }
    }

    fn single_event(kind: &str, options: EventOptions<'_>) -> Value {
        EventBuilder::single_event(kind, options, NOW).unwrap().remove(0).payload
    }

    /// Returns every ID in a payload.
    fn ids(payload: &Value) -> Vec<&str> {
        match payload {
            Value::Object(map) => map.values().flat_map(ids).collect(),
            Value::Array(items) => items.iter().flat_map(ids).collect(),
            Value::String(text) if ksuid::creation_second(text).is_some() => vec![text],
            _ => Vec::new(),
        }
    }

    #[test]
    fn only_the_instance_of_the_example_stays() {
        for kind in examples::types() {
            let example = examples::example(kind).unwrap();
            let made = single_event(kind, options(USER, "key"));
            assert_eq!((&made["type"], &made["timestamp"]), (&kind.into(), &NOW.into()));
            let others = ids(&made).into_iter().filter(|id| !id.starts_with("ins_"));
            for id in others {
                assert!(!ids(&example).contains(&id), "{kind}: {id}");
            }
            assert_eq!(subject(&made).is_some(), subject(&example).is_some(), "{kind}");
            assert!(subject(&made).is_none_or(|user| user == USER), "{kind}");
        }
    }

    #[test]
    fn ids_depend_on_the_key_alone() {
        for kind in examples::types() {
            let made = single_event(kind, options("user_a", "key"));
            assert_eq!(made, single_event(kind, options("user_a", "key")), "{kind}");
            let other = single_event(kind, options("user_b", "other"));
            for id in ids(&made).into_iter().filter(|id| !id.starts_with("ins_")) {
                assert!(!ids(&other).contains(&id), "{kind}: {id}");
            }
        }
    }

    #[test]
    fn session_contains_user_with_primary_address() {
        for kind in ["created", "pending", "ended", "removed", "revoked"] {
            let data =
                single_event(&format!("session.{kind}"), options(USER, "key"))["data"].take();
            assert_eq!((&data["user_id"], &data["user"]["id"]), (&USER.into(), &USER.into()));
            let user = &data["user"];
            assert_eq!(user["primary_email_address_id"], user["email_addresses"][0]["id"]);
        }
    }

    fn scenario_events(scenarios: &[Scenario], options: EventOptions<'_>) -> Vec<Event> {
        EventBuilder::scenario_events(scenarios, options, NOW).unwrap()
    }

    #[test]
    fn scenarios_have_one_user_and_increasing_times() {
        use Scenario::{DeleteAccount, LinkAccount, ProfileChange, SignOut};
        let scenarios = [ProfileChange, LinkAccount, SignOut, DeleteAccount];
        let events = scenario_events(&scenarios, options(USER, "key"));
        assert_eq!(events.len(), 3 + 4 + 1 + 1 + 1);
        assert!(events.iter().all(|event| subject(&event.payload) == Some(USER)));
        for two in events.windows(2) {
            let time = |event: &Event| event.payload["timestamp"].as_i64().unwrap();
            assert!(time(&two[0]) < time(&two[1]));
            assert_ne!(two[0].id, two[1].id);
        }
        let mails = events.iter().filter(|event| event.payload["type"] == "email.created");
        let to: Vec<_> = mails.map(|mail| &mail.payload["data"]).collect();
        assert_ne!(to[0]["id"], to[1]["id"]);
        assert_ne!(to[0]["to_email_address"], to[1]["to_email_address"]);
    }

    #[test]
    fn edited_fields_stay_with_any_value() {
        let edits = ["data.first_name=Ada", "data.email_addresses=7"].map(|it| it.parse().unwrap());
        let edited = EventOptions { edits: &edits, ..options(USER, "key") };
        let events = scenario_events(&[Scenario::ProfileChange, Scenario::LinkAccount], edited);
        assert_eq!(events[2].payload["data"]["user"]["first_name"], "Ada");
        assert_eq!(events[7].payload["data"]["email_addresses"], 7);
        let edits: [FieldEdit; 1] = ["data=7".parse().unwrap()];
        let edited = EventOptions { edits: &edits, ..options(USER, "key") };
        assert_eq!(scenario_events(&[Scenario::ProfileChange], edited)[6].payload["data"], 7);
    }
}
