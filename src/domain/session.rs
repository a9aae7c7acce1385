//! Sessions, and how two states of one session join.

use serde_json::Value;

use super::{Millis, version::Version};

/// Everything that is known of a session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    /// Clerk's id, `sess_…`: the `sid` claim of the session's tokens.
    pub id: String,
    /// The latest state.
    pub state: SessionState,
    /// Where the sign-in came from, once an event has told.
    pub sign_in: Option<SignIn>,
}

/// One state of a session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionState {
    /// The user whose session it is.
    pub user_id: String,
    /// The device or browser, `client_…`.
    pub client_id: Option<String>,
    /// `active`, `pending`, or one of an open set of ends.
    pub status: String,
    /// Who acts, where a session is impersonated.
    pub actor: Option<Value>,
    /// The organization that was active last.
    pub last_active_organization_id: Option<String>,
    /// The latest activity.
    pub last_active_at: Option<Millis>,
    /// When the session expires at the latest. Clerk sends no event for it.
    pub expires_at: Option<Millis>,
    /// When the session counts as abandoned unless resumed. Clerk sends no event for it.
    pub abandon_at: Option<Millis>,
    /// When the user signed in.
    pub created_at: Option<Millis>,
    /// Clerk's `updated_at`.
    pub updated_at: Option<Millis>,
    /// When this was the state.
    pub version: Version,
}

/// Where a sign-in came from. The two move as one pair.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignIn {
    /// IPv4 or IPv6.
    pub ip_address: Option<String>,
    /// Of the browser, or of a server's SDK.
    pub user_agent: Option<String>,
    /// Of the event that told; of two, the least counts.
    pub version: Version,
}

/// Whether a session with this status is over. Statuses never seen before count as ends: a session
/// that Clerk calls neither `active` nor `pending` must not let anybody in.
#[must_use]
pub fn is_terminal(status: &str) -> bool {
    !matches!(status, "active" | "pending")
}

impl SessionState {
    /// Whether the session is over.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        is_terminal(&self.status)
    }

    /// The status to show at an instant. Clerk sends no event when a session runs out, so that is
    /// computed; it is for display and decides nothing.
    #[must_use]
    pub fn status_at(&self, now: Millis) -> &str {
        let past = |at: Option<Millis>| at.is_some_and(|at| at <= now);
        match self.status.as_str() {
            "active" | "pending" if past(self.expires_at) => "expired",
            "active" | "pending" if past(self.abandon_at) => "abandoned",
            status => status,
        }
    }

    /// An end beats a beginning, whatever the times say; then the greater version wins.
    fn beats(&self, present: &Self) -> bool {
        (self.is_terminal(), &self.version) > (present.is_terminal(), &present.version)
    }
}

impl Session {
    /// Joins what another event says of the session, and tells whether anything changed.
    pub fn join(&mut self, incoming: &Self) -> bool {
        let newer = incoming.state.beats(&self.state);
        if newer {
            self.state.clone_from(&incoming.state);
        }
        let closer = match (&incoming.sign_in, &self.sign_in) {
            (Some(incoming), Some(present)) => incoming.version < present.version,
            (incoming, None) => incoming.is_some(),
            (None, Some(_)) => false,
        };
        if closer {
            self.sign_in.clone_from(&incoming.sign_in);
        }
        newer || closer
    }
}

#[cfg(test)]
mod tests {
    use super::{Session, SessionState, SignIn, Version};

    fn session(status: &str, updated_at: i64) -> Session {
        let version = Version::of(Some(updated_at), None, "msg");
        let state = SessionState { status: status.into(), version, ..SessionState::default() };
        Session { state, ..Session::default() }
    }

    fn signed_in(ip: &str, updated_at: i64) -> Session {
        let version = Version::of(Some(updated_at), None, "msg");
        let sign_in = SignIn { ip_address: Some(ip.into()), user_agent: None, version };
        Session { sign_in: Some(sign_in), ..session("active", updated_at) }
    }

    #[test]
    fn an_end_is_not_undone_by_a_later_beginning() {
        let mut ended = session("ended", 1);
        assert!(!ended.join(&session("active", 2)));
        assert_eq!(ended, session("ended", 1));
    }

    #[test]
    fn an_earlier_end_beats_a_later_beginning() {
        let mut active = session("active", 2);
        assert!(active.join(&session("suspended", 1)));
        assert_eq!(active.state.status, "suspended");
    }

    #[test]
    fn of_two_ends_the_later_one_is_shown() {
        let mut ended = session("ended", 1);
        assert!(ended.join(&session("removed", 2)));
        assert!(!ended.join(&session("revoked", 1)));
        assert_eq!(ended.state.status, "removed");
    }

    #[test]
    fn the_sign_in_is_that_of_the_earliest_event_that_tells_of_one() {
        let mut present = signed_in("192.0.2.2", 2);
        assert!(!present.join(&signed_in("192.0.2.2", 2)), "the same again");
        assert!(present.join(&signed_in("192.0.2.3", 3)), "a newer state");
        assert_eq!(present.sign_in, signed_in("192.0.2.2", 2).sign_in);
        assert!(present.join(&signed_in("192.0.2.1", 1)), "an earlier sign-in");
        assert_eq!(present.sign_in, signed_in("192.0.2.1", 1).sign_in);
        assert_eq!(present.state, session("active", 3).state);
    }

    #[test]
    fn a_session_that_is_not_over_runs_out_at_its_times() {
        let shown = |status: &str, expires_at, abandon_at, now| {
            let state = SessionState { expires_at, abandon_at, ..session(status, 1).state };
            state.status_at(now).to_owned()
        };
        for status in ["active", "pending"] {
            assert_eq!(shown(status, Some(5), Some(9), 4), status);
            assert_eq!(shown(status, Some(5), Some(9), 5), "expired", "{status}");
            assert_eq!(shown(status, Some(9), Some(5), 5), "abandoned", "{status}");
            assert_eq!(shown(status, None, None, i64::MAX), status);
        }
        assert_eq!(shown("revoked", Some(5), Some(5), 9), "revoked");
    }
}
