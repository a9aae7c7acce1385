//! Events: webhook messages and local events, the changes that they ask for, and the decisions.

use std::{fmt, str::FromStr, sync::Arc};

use super::{Millis, local_event, secrets, session::Session, user::User};

/// A decoded event, ready to be stored and applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The message ID (`svix-id`), which is the same on every retry, replay and endpoint.
    pub id: String,
    /// The type, such as `user.created`. `None` if the body names none.
    pub kind: Option<String>,
    /// The ID of the user that the event is about.
    pub subject: Option<String>,
    /// The ID of the object in `data`.
    pub object_id: Option<String>,
    /// The ID of the Clerk instance that sent the event.
    pub instance_id: Option<String>,
    /// The redacted body.
    pub payload: Option<String>,
    /// The label of the signing secret that matched. Empty if the event was not signed.
    pub secret: Arc<str>,
    /// The time in the envelope. If it has none, the time of the delivery.
    pub occurred_at: Option<Millis>,
    /// The time at which this delivery was received.
    pub received_at: Millis,
    /// The source of the event.
    pub source: Source,
    /// The change that the event asks for.
    pub content: Content,
    /// The names of optional fields whose values had another JSON type than Clerk documents, each
    /// once.
    pub field_faults: Vec<&'static str>,
}

/// The source of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A delivery.
    Delivery,
    /// The event log. Such an event is never inserted, because it is stored already.
    EventLog,
    /// The service itself. Such an event is not signed and has no payload.
    Local,
    /// Clerk's Backend API. Such an event is stored only if it changes something.
    BackendApi,
}

impl Event {
    /// Returns the event by which an operator erases a user. Its ID depends on the user only, so
    /// that a second erasure is a duplicate.
    #[must_use]
    pub fn erasure(user_id: &str, at: Millis) -> Self {
        let change = Change::UserDeleted { user_id: user_id.to_owned(), at };
        Self {
            id: local_event::id(local_event::USER_ERASED, user_id),
            kind: Some(local_event::USER_ERASED.to_owned()),
            subject: Some(change.subject().to_owned()),
            object_id: Some(change.object_id().to_owned()),
            instance_id: None,
            payload: None,
            secret: Arc::from(""),
            occurred_at: Some(at),
            received_at: at,
            source: Source::Local,
            content: Content::Change(change),
            field_faults: Vec::new(),
        }
    }

    /// Returns the ID of the user to erase, if the event is an erasure by an operator. The data of
    /// the user is removed even if the event is a duplicate.
    #[must_use]
    pub fn erased_user(&self) -> Option<&str> {
        let is_erasure = self.kind.as_deref() == Some(local_event::USER_ERASED);
        self.subject.as_deref().filter(|_| self.source == Source::Local && is_erasure)
    }

    /// Turns the event into a failed one, which changes nothing. Its payload loses all values that
    /// may be secrets, like that of an event that cannot be decoded.
    pub fn fail(&mut self, reason: String) {
        let kind = self.kind.as_deref().unwrap_or_default();
        let payload = self.payload.take();
        self.payload = payload.and_then(|it| secrets::without_possible(&it, kind));
        self.content = Content::NotApplied { decision: Decision::Failed, reason: Some(reason) };
    }
}

/// The content of an event: a change, or the reason for which there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A change of the synced tables.
    Change(Change),
    /// No change. The event is stored with this decision.
    NotApplied {
        /// The decision: `ignored`, `quarantined` or `failed`.
        decision: Decision,
        /// The reason, without personal data.
        reason: Option<String>,
    },
}

impl Content {
    /// Returns the change, if there is one.
    #[must_use]
    pub fn change(&self) -> Option<&Change> {
        match self {
            Self::Change(change) => Some(change),
            Self::NotApplied { .. } => None,
        }
    }
}

/// A change of the synced tables. The merge rules decide whether it is applied.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The state of a user.
    User(Box<User>),
    /// The deletion of a user.
    UserDeleted {
        /// The ID of the user.
        user_id: String,
        /// The time in the envelope. 0 if it has none.
        at: Millis,
    },
    /// The state of a session, and of its user if the event embeds one.
    Session {
        /// The session.
        session: Box<Session>,
        /// The embedded user.
        user: Option<Box<User>>,
    },
}

impl Change {
    /// Returns the ID of the user that the change is about.
    #[must_use]
    pub fn subject(&self) -> &str {
        match self {
            Self::User(user) => &user.id,
            Self::UserDeleted { user_id, .. } => user_id,
            Self::Session { session, .. } => &session.state.user_id,
        }
    }

    /// Returns the ID of the object that changes: the session, or the user.
    #[must_use]
    pub fn object_id(&self) -> &str {
        self.session_id().unwrap_or_else(|| self.subject())
    }

    /// Returns the state of a user that the change has.
    #[must_use]
    pub fn user_state(&self) -> Option<&User> {
        match self {
            Self::User(user) => Some(user),
            Self::Session { user, .. } => user.as_deref(),
            Self::UserDeleted { .. } => None,
        }
    }

    /// Returns the ID of the session that the change is about, if it is about one.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        match self {
            Self::Session { session, .. } => Some(&session.id),
            Self::User(_) | Self::UserDeleted { .. } => None,
        }
    }
}

/// The outcome of an event. It is stored as long as the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// The event changed a row of the synced tables.
    Applied,
    /// The stored data is as new as the event, or newer.
    Stale,
    /// The user is deleted.
    Tombstoned,
    /// The type of the event is not synced.
    Ignored,
    /// The event is not from the pinned Clerk instance.
    Quarantined,
    /// The event is signed, but cannot be decoded, or the database rejected it.
    Failed,
    /// The event failed or was quarantined, and an operator put it aside.
    Dismissed,
}

impl Decision {
    /// All decisions.
    pub const ALL: [Self; 7] = [
        Self::Applied,
        Self::Stale,
        Self::Tombstoned,
        Self::Ignored,
        Self::Quarantined,
        Self::Failed,
        Self::Dismissed,
    ];

    /// Returns whether the decision never changes.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Applied | Self::Stale | Self::Tombstoned)
    }

    /// Returns whether an operator can dismiss an event with this decision.
    #[must_use]
    pub fn can_be_dismissed(self) -> bool {
        matches!(self, Self::Failed | Self::Quarantined)
    }

    /// Returns the name of the decision in the API and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Stale => "stale",
            Self::Tombstoned => "tombstoned",
            Self::Ignored => "ignored",
            Self::Quarantined => "quarantined",
            Self::Failed => "failed",
            Self::Dismissed => "dismissed",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An unknown name of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a decision; use applied, stale, tombstoned, ignored, quarantined, failed or dismissed"
)]
pub struct UnknownDecision;

impl FromStr for Decision {
    type Err = UnknownDecision;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|decision| decision.as_str() == name).ok_or(UnknownDecision)
    }
}

/// The answer to a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// This delivery recorded the event, with this decision.
    Recorded(Decision),
    /// An earlier delivery recorded the event. Nothing was written.
    Duplicate,
}

impl Outcome {
    /// Returns the name of the outcome in the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recorded(decision) => decision.as_str(),
            Self::Duplicate => "duplicate",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Change, Content, Decision, Event, Outcome, Session, Source, UnknownDecision, User,
    };
    use crate::domain::session::SessionState;

    #[test]
    fn decision_names_round_trip() {
        let names =
            ["applied", "stale", "tombstoned", "ignored", "quarantined", "failed", "dismissed"];
        assert_eq!(Decision::ALL.map(Decision::as_str), names);
        assert_eq!(Decision::ALL.map(|it| Outcome::Recorded(it).as_str()), names);
        assert_eq!(Outcome::Duplicate.as_str(), "duplicate");
        for decision in Decision::ALL {
            assert_eq!(decision.to_string().parse(), Ok(decision));
        }
        assert_eq!("duplicate".parse::<Decision>(), Err(UnknownDecision));
    }

    #[test]
    fn merge_decisions_are_final() {
        let merged = [Decision::Applied, Decision::Stale, Decision::Tombstoned];
        let all: Vec<_> = Decision::ALL.into_iter().filter(|it| it.is_final()).collect();
        assert_eq!(all, merged);
    }

    /// A delivery of the same type erases no user.
    #[test]
    fn only_local_events_erase_users() {
        let erasure = Event::erasure("user_1", 5);
        assert_eq!(erasure.erased_user(), Some("user_1"));
        assert_eq!(erasure.id, "meetvo.user.erased:user_1", "one event for each user");
        for source in [Source::Delivery, Source::EventLog, Source::BackendApi] {
            assert_eq!(Event { source, ..erasure.clone() }.erased_user(), None, "{source:?}");
        }
        for kind in [None, Some("user.deleted".to_owned())] {
            assert_eq!(Event { kind, ..erasure.clone() }.erased_user(), None);
        }
    }

    #[test]
    fn change_names_user_and_object() {
        let user = Change::User(Box::new(User { id: "user_1".into(), ..User::default() }));
        let deleted = Change::UserDeleted { user_id: "user_1".into(), at: 1 };
        let state = SessionState { user_id: "user_1".into(), ..SessionState::default() };
        let session = Session { id: "sess_1".into(), state, sign_in: None };
        let session = Change::Session { session: Box::new(session), user: None };
        for (change, object_id, session_id) in
            [(user, "user_1", None), (deleted, "user_1", None), (session, "sess_1", Some("sess_1"))]
        {
            assert_eq!(change.subject(), "user_1");
            assert_eq!((change.object_id(), change.session_id()), (object_id, session_id));
            assert_eq!(Content::Change(change.clone()).change(), Some(&change));
        }
        let ignored = Content::NotApplied { decision: Decision::Ignored, reason: None };
        assert_eq!(ignored.change(), None);
    }

    #[test]
    fn failed_event_loses_possible_secrets() {
        let payload = r#"{"data":{"api_token":"s-1","id":"user_1"}}"#;
        for (payload, kept) in [
            (Some(payload), Some(r#"{"data":{"api_token":"[redacted]","id":"user_1"}}"#)),
            (Some("not JSON"), None),
            (None, None),
        ] {
            let payload = payload.map(str::to_owned);
            let mut event = Event { payload, ..Event::erasure("user_1", 5) };
            event.fail("why".to_owned());
            assert_eq!(event.payload.as_deref(), kept);
            let reason = Some("why".to_owned());
            let failed = Content::NotApplied { decision: Decision::Failed, reason };
            assert_eq!(event.content, failed);
        }
    }
}
