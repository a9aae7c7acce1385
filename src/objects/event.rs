//! Events: webhook messages and local events, and the changes that they ask for.

use std::sync::Arc;

use super::{AnyState, EventType, Kind, message_fields};
use crate::{
    clerk::redact,
    domain::{
        Millis,
        change_source::ChangeSource,
        decision::Decision,
        local_event::{self, Action},
        secrets,
    },
};

/// A decoded event, ready to be stored and applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The message ID (`svix-id`), which is the same on every retry, replay and endpoint.
    pub id: String,
    /// The type, such as `user.created`. `None` if the body names none.
    pub kind: Option<String>,
    /// The ID of the user that the event is about.
    pub subject: Option<String>,
    /// The ID of the organization that the event is about.
    pub organization_id: Option<String>,
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
    /// Clerk's Backend API, with the reason of the request. Such an event is stored only if it
    /// changes something.
    BackendApi(ChangeSource),
}

impl Event {
    /// Returns the event by which an operator erases an object. Its ID depends on the object only,
    /// so that a second erasure is a duplicate.
    #[must_use]
    pub fn erasure(kind: Kind, id: &str, at: Millis) -> Self {
        let change = Change::Deletion(Deletion::new(kind, id, at));
        let event_type = local_event::event_type(kind.name(), Action::Erased);
        Self {
            id: local_event::id(&event_type, id),
            kind: Some(event_type),
            subject: change.user_id().map(str::to_owned),
            organization_id: change.organization_id().map(str::to_owned),
            object_id: Some(id.to_owned()),
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

    /// Returns the object to erase, if the event is an erasure by an operator. The data of the
    /// object is removed even if the event is a duplicate.
    #[must_use]
    pub fn erased(&self) -> Option<(Kind, &str)> {
        if self.source != Source::Local {
            return None;
        }
        let (object, action) = local_event::parse(self.kind.as_deref()?)?;
        let kind = Kind::named(object).filter(|_| action == Action::Erased)?;
        Some((kind, self.object_id.as_deref()?))
    }

    /// Returns the user and the organization that the event is about.
    pub fn owners(&self) -> impl Iterator<Item = (Kind, &str)> {
        let user = self.subject.as_deref().map(|id| (Kind::User, id));
        let organization = self.organization_id.as_deref().map(|id| (Kind::Organization, id));
        user.into_iter().chain(organization)
    }

    /// Returns the objects that the event is about, also if it changes nothing.
    pub fn objects(&self) -> impl Iterator<Item = (Kind, &str)> {
        let changed = self.content.change().into_iter().flat_map(Change::objects);
        self.owners().chain(changed)
    }

    /// Turns the event into a failed one, which changes nothing. Its payload loses all values that
    /// may be secrets, like that of an event that cannot be decoded. If it would be found by an
    /// address, only the allowed part is kept, because no object with the address is stored.
    pub fn fail(&mut self, reason: String) {
        let kind = self.kind.as_deref().unwrap_or_default();
        let payload = self.payload.take();
        let keep = |payload: String| match EventType::of(kind) {
            Some(it) if it.kind.object_type().personal_data.is_addressed() => {
                redact::allowed_part(&payload)
            }
            _ => secrets::without_possible(&payload, message_fields(kind)),
        };
        self.payload = payload.and_then(keep);
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
    /// The state of an object.
    State {
        /// The state.
        state: AnyState,
        /// The states of other objects that the event embeds.
        embedded: Vec<AnyState>,
    },
    /// The deletion of an object.
    Deletion(Deletion),
}

/// The deletion of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Deletion {
    /// The kind of the object.
    pub kind: Kind,
    /// The ID of the object.
    pub id: String,
    /// The time in the envelope. 0 if it has none.
    pub at: Millis,
    /// The ID of the user whom the object is about, if the event names one.
    pub user_id: Option<String>,
    /// The ID of the organization that the object is about, if the event names one.
    pub organization_id: Option<String>,
}

impl Deletion {
    /// Returns the deletion of an object of which only the ID is known.
    #[must_use]
    pub fn new(kind: Kind, id: &str, at: Millis) -> Self {
        let own_id = |labeled| (kind == labeled).then(|| id.to_owned());
        Self {
            kind,
            id: id.to_owned(),
            at,
            user_id: own_id(Kind::User),
            organization_id: own_id(Kind::Organization),
        }
    }
}

impl From<AnyState> for Change {
    fn from(state: AnyState) -> Self {
        Self::State { state, embedded: Vec::new() }
    }
}

impl Change {
    /// Returns the kind of the object that changes.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::State { state, .. } => state.kind(),
            Self::Deletion(deletion) => deletion.kind,
        }
    }

    /// Returns the ID of the object that changes.
    #[must_use]
    pub fn object_id(&self) -> &str {
        match self {
            Self::State { state, .. } => state.id(),
            Self::Deletion(deletion) => &deletion.id,
        }
    }

    /// Returns the ID of the user whom the change is about, if it is about one.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::State { state, .. } => state.user_id(),
            Self::Deletion(deletion) => deletion.user_id.as_deref(),
        }
    }

    /// Returns the ID of the organization that the change is about, if it is about one.
    #[must_use]
    pub fn organization_id(&self) -> Option<&str> {
        match self {
            Self::State { state, .. } => state.organization_id(),
            Self::Deletion(deletion) => deletion.organization_id.as_deref(),
        }
    }

    /// Returns the states that the change has.
    pub fn states(&self) -> impl Iterator<Item = &AnyState> {
        let (state, embedded) = match self {
            Self::State { state, embedded } => (Some(state), &**embedded),
            Self::Deletion(_) => (None, &[][..]),
        };
        state.into_iter().chain(embedded)
    }

    /// Returns the objects that the change is about: the object, its owners, and the objects that it
    /// embeds.
    pub fn objects(&self) -> impl Iterator<Item = (Kind, &str)> {
        let owners = self.states().flat_map(AnyState::owners);
        let states = self.states().map(|state| (state.kind(), state.id()));
        let deleted = self.deletion().map(|it| (it.kind, &*it.id));
        states.chain(deleted).chain(owners)
    }

    /// Returns the deletion, if the change is one.
    #[must_use]
    pub fn deletion(&self) -> Option<&Deletion> {
        match self {
            Self::State { .. } => None,
            Self::Deletion(deletion) => Some(deletion),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, ChangeSource, Content, Decision, Deletion, Event, Source};
    use crate::objects::{
        Kind,
        session::{Session, SessionData, SessionDetails},
        user::User,
    };

    /// A delivery of the same type erases no user.
    #[test]
    fn only_local_events_erase_users() {
        let erasure = Event::erasure(Kind::User, "user_1", 5);
        assert_eq!(erasure.erased(), Some((Kind::User, "user_1")));
        assert_eq!(erasure.id, "meetvo.user.erased:user_1", "one event for each user");
        for source in
            [Source::Delivery, Source::EventLog, Source::BackendApi(ChangeSource::Backfill)]
        {
            assert_eq!(Event { source, ..erasure.clone() }.erased(), None, "{source:?}");
        }
        for kind in [None, Some("user.deleted".to_owned())] {
            assert_eq!(Event { kind, ..erasure.clone() }.erased(), None);
        }
    }

    #[test]
    fn change_names_user_and_object() {
        let user = User { id: "user_1".into(), ..User::default() };
        let details = SessionDetails { user_id: "user_1".into(), ..SessionDetails::default() };
        let data = SessionData { details, sign_in: None };
        let session = Session { id: "sess_1".into(), data, ..Session::default() };
        let deletion = Change::Deletion(Deletion::new(Kind::User, "user_1", 1));
        for (change, kind, object_id) in [
            (Change::from(super::AnyState::from(user)), Kind::User, "user_1"),
            (deletion, Kind::User, "user_1"),
            (Change::from(super::AnyState::from(session)), Kind::Session, "sess_1"),
        ] {
            assert_eq!((change.kind(), change.object_id()), (kind, object_id));
            assert_eq!((change.user_id(), change.organization_id()), (Some("user_1"), None));
            assert!(change.objects().any(|object| object == (Kind::User, "user_1")));
            assert_eq!(Content::Change(change.clone()).change(), Some(&change));
        }
        let ignored = Content::NotApplied { decision: Decision::Ignored, reason: None };
        assert_eq!(ignored.change(), None);
    }

    /// If an invitation is not stored, its payload is not found by the address.
    #[test]
    fn failed_invitation_loses_its_address() {
        let payload = r#"{"type":"organizationInvitation.created","data":{"id":"orginv_1",
            "organization_id":"org_1","email_address":"ada@example.com","status":"pending"}}"#;
        let mut event = Event {
            kind: Some("organizationInvitation.created".to_owned()),
            payload: Some(payload.to_owned()),
            ..Event::erasure(Kind::Invitation, "orginv_1", 5)
        };
        event.fail("why".to_owned());
        let kept: serde_json::Value = serde_json::from_str(&event.payload.unwrap()).unwrap();
        let expected = serde_json::json!({
            "type": "organizationInvitation.created",
            "data": { "id": "orginv_1", "organization_id": "org_1", "status": "pending" },
        });
        assert_eq!(kept, expected);
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
            let mut event = Event { payload, ..Event::erasure(Kind::User, "user_1", 5) };
            event.fail("why".to_owned());
            assert_eq!(event.payload.as_deref(), kept);
            let reason = Some("why".to_owned());
            let failed = Content::NotApplied { decision: Decision::Failed, reason };
            assert_eq!(event.content, failed);
        }
    }
}
