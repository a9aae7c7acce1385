//! Types of the events that the service adds to the event log itself.
//!
//! Clerk sends no event whose type begins with [`PREFIX`]. The types are part of the public
//! contract: the API, the database and the dashboard use them.

/// Prefix of every local event type.
pub const PREFIX: &str = "meetvo.";

/// The state of a user, fetched from Clerk's Backend API.
pub const USER_FETCHED: &str = "meetvo.user.fetched";

/// The state of a session, fetched from Clerk's Backend API.
pub const SESSION_FETCHED: &str = "meetvo.session.fetched";

/// The deletion of a user that Clerk's Backend API no longer has.
pub const USER_MISSING: &str = "meetvo.user.missing";

/// The erasure of a user, requested by an operator.
pub const USER_ERASED: &str = "meetvo.user.erased";

/// A note that an event was applied later than it was received.
pub const EVENT_REPROCESSED: &str = "meetvo.event.reprocessed";

/// A note that a rebuild changed the rows of a user or a session.
pub const PROJECTION_REBUILT: &str = "meetvo.projection.rebuilt";

/// The test delivery of `meetvo doctor`.
pub const PROBE: &str = "meetvo.probe";

/// Returns whether an event type is one of the service itself.
#[must_use]
pub fn is_local(kind: &str) -> bool {
    kind.starts_with(PREFIX)
}

/// Returns whether an event type carries an object from Clerk's Backend API.
#[must_use]
pub fn is_fetched(kind: &str) -> bool {
    matches!(kind, USER_FETCHED | SESSION_FETCHED | USER_MISSING)
}

/// Returns the ID of a local event about `object`. The ID is derived from its content, so that the
/// same event is added to the log only once.
#[must_use]
pub fn id(kind: &str, object: &str) -> String {
    format!("{kind}:{object}")
}

#[cfg(test)]
mod tests {
    use super::{
        EVENT_REPROCESSED, PROBE, PROJECTION_REBUILT, SESSION_FETCHED, USER_ERASED, USER_FETCHED,
        USER_MISSING, id, is_fetched, is_local,
    };

    #[test]
    fn local_types_are_told_from_clerks() {
        let fetched = [USER_FETCHED, SESSION_FETCHED, USER_MISSING];
        let others = [USER_ERASED, EVENT_REPROCESSED, PROJECTION_REBUILT, PROBE];
        for kind in fetched.into_iter().chain(others) {
            assert!(is_local(kind), "{kind}");
            assert_eq!(is_fetched(kind), fetched.contains(&kind), "{kind}");
        }
        for kind in ["user.created", "session.ended", "meetvo", ""] {
            assert!(!is_local(kind) && !is_fetched(kind), "{kind}");
        }
    }

    #[test]
    fn id_names_type_and_object() {
        assert_eq!(id(USER_ERASED, "user_1"), "meetvo.user.erased:user_1");
    }
}
