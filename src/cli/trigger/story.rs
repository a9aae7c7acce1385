//! What happens, event by event, each made from the example of its type.

use serde_json::Value;

use super::{
    ksuid,
    person::Person,
    renewal::{Renewal, subject},
    scenario::Scenario,
    templates,
    user::{Change, User, put, time},
};
use crate::{
    cli::{Failure, replay::FieldEdit},
    domain::Millis,
};

/// Who and what the events are about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting<'a> {
    pub(super) user: &'a str,
    /// Whether the user was named, and may have a story already.
    pub(super) known: bool,
    /// What everything is made from that does not follow from the user.
    pub(super) key: &'a str,
    /// The second that new ids tell.
    pub(super) second: i64,
    pub(super) instance: Option<&'a str>,
    pub(super) edits: &'a [FieldEdit],
}

/// An event to be sent.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) payload: Value,
}

/// The events so far, and where they have left the user.
#[derive(Debug)]
pub(super) struct Story<'a> {
    setting: Setting<'a>,
    user: User,
    session: String,
    /// When the next event happens.
    at: Millis,
    events: Vec<Event>,
}

impl<'a> Story<'a> {
    /// A single event.
    pub(super) fn of_type(
        kind: &str,
        setting: Setting<'a>,
        now: Millis,
    ) -> Result<Vec<Event>, Failure> {
        let mut story = Self::begin(setting, now)?;
        if setting.known {
            if subject(&templates::payload(kind)?).is_none() {
                return Err(Failure::NoSubject(kind.to_owned()));
            }
            // Somebody who is known signs in once more.
            if matches!(kind, "session.created" | "session.pending") {
                story.session = ksuid::id("sess", setting.second, setting.key, "session");
            }
        }
        let change = match kind {
            "user.created" => Change::SignUp,
            "user.updated" => Change::Rename,
            _ => Change::Nothing,
        };
        story.tell(kind, change)?;
        story.end()
    }

    /// Scenarios, one after the other. Where nobody is named, they begin with a sign-up.
    pub(super) fn of_scenarios(
        scenarios: &[Scenario],
        setting: Setting<'a>,
        now: Millis,
    ) -> Result<Vec<Event>, Failure> {
        let mut story = Self::begin(setting, now)?;
        let whole = setting.known || scenarios.first() == Some(&Scenario::SignUp);
        let before: &[_] = if whole { &[] } else { &[Scenario::SignUp] };
        for scenario in before.iter().chain(scenarios) {
            scenario.steps().iter().try_for_each(|(kind, change)| story.tell(kind, *change))?;
        }
        story.end()
    }

    fn begin(setting: Setting<'a>, now: Millis) -> Result<Self, Failure> {
        let user = User::new(Person::of(setting.user.to_owned(), now), setting.instance)?;
        Ok(Self { setting, session: user.person.session(), user, at: now, events: Vec::new() })
    }

    /// The next event, a millisecond after the last.
    fn tell(&mut self, kind: &str, change: Change) -> Result<(), Failure> {
        let Setting { key, second, instance, edits, .. } = self.setting;
        self.user.change(change, self.at, instance)?;
        let mut payload = templates::payload(kind)?;
        let then = time(&payload, "/timestamp");
        let key = format!("{key}.{}", self.events.len());
        let (by, ids_by) = (self.at.saturating_sub(then), (second * 1000).saturating_sub(then));
        let person = &self.user.person;
        Renewal { person, instance, key: &key, by, ids_by }.renew(&mut payload);
        let is_user = matches!(kind, "user.created" | "user.updated");
        match kind.split_once('.') {
            _ if is_user => put(&mut payload, "/data", self.user.object.clone()),
            Some(("session", _)) => self.fill_session(&mut payload),
            Some(("email", _)) => self.fill_email(&mut payload),
            _ => {}
        }
        edit(&mut payload, edits, self.at);
        if is_user {
            // What was edited stays so to the end of the story.
            self.user.object.clone_from(&payload["data"]);
        }
        // Under one id there is only ever one body.
        let id = ksuid::id("msg", self.at.div_euclid(1000), &key, &payload.to_string());
        self.events.push(Event { id, payload });
        self.at = self.at.saturating_add(1);
        Ok(())
    }

    fn fill_session(&self, payload: &mut Value) {
        let created_at = ksuid::second(&self.session).map_or(self.at, |second| second * 1000);
        put(payload, "/data/id", self.session.as_str());
        put(payload, "/data/client_id", self.user.person.client());
        put(payload, "/data/created_at", created_at);
        put(payload, "/data/last_active_at", self.at);
        put(payload, "/data/updated_at", self.at);
        // Since November 2025 every session event has the user in it; not every example does.
        payload["data"]["user"].clone_from(&self.user.object);
    }

    fn fill_email(&self, payload: &mut Value) {
        if let Some((id, address)) = self.user.last_email() {
            put(payload, "/data/email_address_id", id.clone());
            put(payload, "/data/to_email_address", address.clone());
        }
    }

    fn end(self) -> Result<Vec<Event>, Failure> {
        let fits = |edit: &FieldEdit| self.events.iter().any(|event| edit.matches(&event.payload));
        match self.setting.edits.iter().find(|edit| !fits(edit)) {
            Some(edit) => Err(Failure::UnknownField(edit.path().to_owned())),
            None => Ok(self.events),
        }
    }
}

/// Sets the fields that are there. A user inside a session event counts only under a newer time of
/// their own.
fn edit(payload: &mut Value, edits: &[FieldEdit], at: Millis) {
    if edits.iter().any(|edit| edit.path().starts_with("data.user.")) {
        put(payload, "/data/user/updated_at", at);
    }
    for edit in edits {
        edit.apply(payload);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{Event, FieldEdit, Scenario, Setting, Story, ksuid, subject, templates};

    const NOW: i64 = 1_786_527_000_123;
    const USER: &str = "user_3MWMZj5BSAKnLtnGyFd1OV9emAn";

    fn setting(user: &'static str, key: &'static str) -> Setting<'static> {
        Setting { user, known: false, key, second: NOW / 1000, instance: None, edits: &[] }
    }

    fn of_type(kind: &str, setting: Setting<'_>) -> Value {
        Story::of_type(kind, setting, NOW).unwrap().remove(0).payload
    }

    /// Every id in a payload.
    fn ids(payload: &Value) -> Vec<&str> {
        match payload {
            Value::Object(map) => map.values().flat_map(ids).collect(),
            Value::Array(items) => items.iter().flat_map(ids).collect(),
            Value::String(text) if ksuid::second(text).is_some() => vec![text],
            _ => Vec::new(),
        }
    }

    #[test]
    fn nothing_of_the_example_is_left_but_the_instance() {
        for kind in templates::types() {
            let example = templates::payload(kind).unwrap();
            let made = of_type(kind, setting(USER, "key"));
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
    fn a_key_makes_ids_of_its_own_and_makes_them_again() {
        for kind in templates::types() {
            let made = of_type(kind, setting("user_a", "key"));
            assert_eq!(made, of_type(kind, setting("user_a", "key")), "{kind}");
            let other = of_type(kind, setting("user_b", "other"));
            for id in ids(&made).into_iter().filter(|id| !id.starts_with("ins_")) {
                assert!(!ids(&other).contains(&id), "{kind}: {id}");
            }
        }
    }

    #[test]
    fn a_session_has_its_user_in_it_and_a_user_the_primary_address() {
        for kind in ["created", "pending", "ended", "removed", "revoked"] {
            let data = of_type(&format!("session.{kind}"), setting(USER, "key"))["data"].take();
            assert_eq!((&data["user_id"], &data["user"]["id"]), (&USER.into(), &USER.into()));
            let user = &data["user"];
            assert_eq!(user["primary_email_address_id"], user["email_addresses"][0]["id"]);
        }
    }

    fn told(scenarios: &[Scenario], setting: Setting<'_>) -> Vec<Event> {
        Story::of_scenarios(scenarios, setting, NOW).unwrap()
    }

    #[test]
    fn a_story_is_of_one_user_and_its_times_and_ids_are_all_different() {
        use Scenario::{DeleteAccount, LinkAccount, ProfileChange, SignOut};
        let whole = [ProfileChange, LinkAccount, SignOut, DeleteAccount];
        let events = told(&whole, setting(USER, "key"));
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
    fn what_is_edited_stays_so_and_may_be_anything() {
        let edits = ["data.first_name=Ada", "data.email_addresses=7"].map(|it| it.parse().unwrap());
        let edited = Setting { edits: &edits, ..setting(USER, "key") };
        let events = told(&[Scenario::ProfileChange, Scenario::LinkAccount], edited);
        assert_eq!(events[2].payload["data"]["user"]["first_name"], "Ada");
        assert_eq!(events[7].payload["data"]["email_addresses"], 7);
        let edits: [FieldEdit; 1] = ["data=7".parse().unwrap()];
        let edited = Setting { edits: &edits, ..setting(USER, "key") };
        assert_eq!(told(&[Scenario::ProfileChange], edited)[6].payload["data"], 7);
    }
}
