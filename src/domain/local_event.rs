//! Types of the events that the service adds to the event log itself.
//!
//! Clerk sends no event whose type begins with [`PREFIX`]. The types are part of the public
//! contract: the API, the database and the dashboard use them.

/// Prefix of every local event type.
pub const PREFIX: &str = "meetvo.";

/// Statement of a local event about an object. Its type is `meetvo.<object>.<action>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The state of the object, fetched from Clerk's Backend API.
    Fetched,
    /// The deletion of an object that Clerk's Backend API no longer has.
    Missing,
    /// The erasure of the object, requested by an operator.
    Erased,
    /// A note that an event about another object changed this one, which it embeds.
    Embedded,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 4] = [Self::Fetched, Self::Missing, Self::Erased, Self::Embedded];

    /// Returns the last part of the event type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::Missing => "missing",
            Self::Erased => "erased",
            Self::Embedded => "embedded",
        }
    }
}

/// Returns the type of a local event about an object, which is named as in the change feed.
#[must_use]
pub fn event_type(object: &str, action: Action) -> String {
    format!("{PREFIX}{object}.{}", action.as_str())
}

/// Returns the object and the action that a local event type names.
#[must_use]
pub fn parse(event_type: &str) -> Option<(&str, Action)> {
    let (object, action) = event_type.strip_prefix(PREFIX)?.rsplit_once('.')?;
    Some((object, Action::ALL.into_iter().find(|it| it.as_str() == action)?))
}

/// A note that an event was applied later than it was received.
pub const EVENT_REPROCESSED: &str = "meetvo.event.reprocessed";

/// A note that an event changed the plan of a payer.
pub const ENTITLEMENT_CHANGED: &str = "meetvo.entitlement.changed";

/// A note that a rebuild changed the rows of a user or a session.
pub const PROJECTION_REBUILT: &str = "meetvo.projection.rebuilt";

/// The test delivery of `meetvo doctor`.
pub const PROBE: &str = "meetvo.probe";

/// Returns whether an event type is one of the service itself.
#[must_use]
pub fn is_local(kind: &str) -> bool {
    kind.starts_with(PREFIX)
}

/// Returns whether an event type carries an object from Clerk's Backend API, or its absence.
#[must_use]
pub fn is_fetched(event_type: &str) -> bool {
    matches!(parse(event_type), Some((_, Action::Fetched | Action::Missing)))
}

/// Returns the ID of a local event about `object`. The ID is derived from its content, so that the
/// same event is added to the log only once.
#[must_use]
pub fn id(kind: &str, object: &str) -> String {
    format!("{kind}:{object}")
}

/// Returns the ID of the note that an event changed an object that it embeds. `place` is the place of
/// the object among those that changed.
#[must_use]
pub fn embedded_id(kind: &str, event_id: &str, place: usize) -> String {
    match place {
        0 => id(kind, event_id),
        place => format!("{kind}:{event_id}:{place}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Action, ENTITLEMENT_CHANGED, EVENT_REPROCESSED, PROBE, event_type, id, is_fetched,
        is_local, parse,
    };

    #[test]
    fn local_types_are_told_from_clerks() {
        for action in Action::ALL {
            let kind = event_type("user", action);
            assert!(is_local(&kind), "{kind}");
            assert_eq!(parse(&kind), Some(("user", action)));
            let fetched = matches!(action, Action::Fetched | Action::Missing);
            assert_eq!(is_fetched(&kind), fetched, "{kind}");
        }
        for kind in [EVENT_REPROCESSED, ENTITLEMENT_CHANGED, PROBE] {
            assert!(is_local(kind) && parse(kind).is_none(), "{kind}");
        }
        for kind in ["user.created", "session.ended", "meetvo", ""] {
            assert!(!is_local(kind) && !is_fetched(kind), "{kind}");
        }
    }

    #[test]
    fn id_names_type_and_object() {
        let kind = event_type("user", Action::Erased);
        assert_eq!(id(&kind, "user_1"), "meetvo.user.erased:user_1");
    }
}
