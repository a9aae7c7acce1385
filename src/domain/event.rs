//! One webhook message: what it asks for, and what became of it.

use std::{fmt, str::FromStr, sync::Arc};

use super::{Millis, session::Session, user::User};

/// One webhook message, ready to be kept and applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The `svix-id`: the same on every retry, replay and second endpoint.
    pub id: String,
    /// `user.created`, …; none where the body does not say.
    pub kind: Option<String>,
    /// The user whom the event is about.
    pub subject: Option<String>,
    /// `data.id`.
    pub object_id: Option<String>,
    /// The Clerk instance that sent it.
    pub instance_id: Option<String>,
    /// The body, without what must not be kept.
    pub payload: Option<String>,
    /// The label of the signing secret that matched; empty where none had to.
    pub secret: Arc<str>,
    /// The envelope's time; the delivery's where that is missing.
    pub occurred_at: Option<Millis>,
    /// When this delivery came in.
    pub received_at: Millis,
    /// Where it comes from.
    pub source: Source,
    /// What it asks for.
    pub content: Content,
}

/// Where an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A delivery.
    Delivery,
    /// What is kept of a delivery: it is there already, and brings nothing if it is not.
    Kept,
    /// The service itself: nobody signed it, and it has no payload.
    Ours,
    /// Clerk was asked: only what changes something is kept.
    Fetched,
}

/// The type of the event by which an operator erases a user.
pub const ERASED: &str = "meetvo.user.erased";

impl Event {
    /// The end of a user that is asked for here and not by Clerk. A user is erased once: the id says
    /// so to whoever asks again.
    #[must_use]
    pub fn erasure(user_id: &str, at: Millis) -> Self {
        let change = Change::UserDeleted { user_id: user_id.to_owned(), at };
        Self {
            id: format!("{ERASED}:{user_id}"),
            kind: Some(ERASED.to_owned()),
            subject: Some(change.subject().to_owned()),
            object_id: Some(change.object_id().to_owned()),
            instance_id: None,
            payload: None,
            secret: Arc::from(""),
            occurred_at: Some(at),
            received_at: at,
            source: Source::Ours,
            content: Content::Change(change),
        }
    }

    /// The user of whom nothing may stay, whatever became of the event before.
    #[must_use]
    pub fn erases(&self) -> Option<&str> {
        self.subject
            .as_deref()
            .filter(|_| self.source == Source::Ours && self.kind.as_deref() == Some(ERASED))
    }
}

/// What an event asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A change of the projection.
    Change(Change),
    /// Nothing: it is kept, with this decision.
    Aside {
        /// `ignored`, `quarantined` or `failed`.
        decision: Decision,
        /// Why, without personal data.
        reason: Option<String>,
    },
}

impl Content {
    /// The change, if it is one.
    #[must_use]
    pub fn change(&self) -> Option<&Change> {
        match self {
            Self::Change(change) => Some(change),
            Self::Aside { .. } => None,
        }
    }
}

/// A change of the projection that an event asks for. The law says whether it comes to pass.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A state of a user.
    User(Box<User>),
    /// The end of a user.
    UserDeleted {
        /// Whose.
        user_id: String,
        /// The envelope's time; 0 where it is missing.
        at: Millis,
    },
    /// A state of a session, and of its user where the event embeds one.
    Session {
        /// The session.
        session: Box<Session>,
        /// The embedded user.
        user: Option<Box<User>>,
    },
}

impl Change {
    /// The user whom the change is about.
    #[must_use]
    pub fn subject(&self) -> &str {
        match self {
            Self::User(user) => &user.id,
            Self::UserDeleted { user_id, .. } => user_id,
            Self::Session { session, .. } => &session.state.user_id,
        }
    }

    /// The thing that changes: the session, or the user.
    #[must_use]
    pub fn object_id(&self) -> &str {
        self.session_id().unwrap_or_else(|| self.subject())
    }

    /// The session that the change is about.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        match self {
            Self::Session { session, .. } => Some(&session.id),
            Self::User(_) | Self::UserDeleted { .. } => None,
        }
    }
}

/// What became of an event. Kept as long as the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// A row of the projection changed.
    Applied,
    /// There was nothing newer in it.
    Stale,
    /// Its user is deleted.
    Tombstoned,
    /// Its type is not synced.
    Ignored,
    /// It is of another Clerk instance than the pinned one, or of none.
    Quarantined,
    /// Signed, but not understood, or refused by the database.
    Failed,
}

impl Decision {
    /// Every decision.
    pub const ALL: [Self; 6] = [
        Self::Applied,
        Self::Stale,
        Self::Tombstoned,
        Self::Ignored,
        Self::Quarantined,
        Self::Failed,
    ];

    /// Whether it never becomes another.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Applied | Self::Stale | Self::Tombstoned)
    }

    /// The name that the API and the database use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Stale => "stale",
            Self::Tombstoned => "tombstoned",
            Self::Ignored => "ignored",
            Self::Quarantined => "quarantined",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no decision's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decision; use applied, stale, tombstoned, ignored, quarantined or failed")]
pub struct UnknownDecision;

impl FromStr for Decision {
    type Err = UnknownDecision;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|decision| decision.as_str() == name).ok_or(UnknownDecision)
    }
}

/// What a delivery is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The event was recorded by this delivery, with this decision.
    Recorded(Decision),
    /// It had been recorded before; nothing was written.
    Duplicate,
}

impl Outcome {
    /// The name that the API uses.
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
    fn a_decision_is_read_by_the_name_that_it_is_shown_by() {
        let names = ["applied", "stale", "tombstoned", "ignored", "quarantined", "failed"];
        assert_eq!(Decision::ALL.map(Decision::as_str), names);
        assert_eq!(Decision::ALL.map(|it| Outcome::Recorded(it).as_str()), names);
        assert_eq!(Outcome::Duplicate.as_str(), "duplicate");
        for decision in Decision::ALL {
            assert_eq!(decision.to_string().parse(), Ok(decision));
        }
        assert_eq!("duplicate".parse::<Decision>(), Err(UnknownDecision));
    }

    #[test]
    fn what_the_law_decided_is_final() {
        let law = [Decision::Applied, Decision::Stale, Decision::Tombstoned];
        let last: Vec<_> = Decision::ALL.into_iter().filter(|it| it.is_final()).collect();
        assert_eq!(last, law);
    }

    /// Whatever others call theirs: what Clerk sends, and what is kept of it, erases nobody.
    #[test]
    fn only_what_an_operator_asks_for_erases() {
        let erasure = Event::erasure("user_1", 5);
        assert_eq!(erasure.erases(), Some("user_1"));
        assert_eq!(erasure.id, "meetvo.user.erased:user_1", "once for each user");
        for source in [Source::Delivery, Source::Kept, Source::Fetched] {
            assert_eq!(Event { source, ..erasure.clone() }.erases(), None, "{source:?}");
        }
        for kind in [None, Some("user.deleted".to_owned())] {
            assert_eq!(Event { kind, ..erasure.clone() }.erases(), None);
        }
    }

    #[test]
    fn a_change_is_of_a_user_or_of_a_session_and_its_user() {
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
        let aside = Content::Aside { decision: Decision::Ignored, reason: None };
        assert_eq!(aside.change(), None);
    }
}
