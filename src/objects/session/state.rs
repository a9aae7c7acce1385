//! State of a session, and its special merge rules.

use serde_json::Value;

use crate::{
    domain::{Millis, version::Version},
    objects::{
        Kind,
        columns::{Column, ColumnValue, Columns, columns, concat},
        state::{ObjectData, Owners, State},
    },
};

/// State of a session. Its ID, `sess_…`, is also the `sid` claim of the session's tokens.
pub type Session = State<SessionData>;

/// Values of a session, and the origin of its sign-in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionData {
    /// Columns of the session.
    pub details: SessionDetails,
    /// Origin of the sign-in; `None` until an event contains it.
    pub sign_in: Option<SignIn>,
}

columns! {
    /// Columns of a session.
    pub struct SessionDetails {
        /// Id of the user that the session belongs to.
        pub user_id: String,
        /// Id of the device or browser, `client_…`.
        pub client_id: Option<String>,
        /// `active`, `pending`, or a terminal status from an open set.
        pub status: String,
        /// Impersonator of an impersonated session.
        pub actor: Option<Value>,
        /// Id of the organization that was active last.
        pub last_active_organization_id: Option<String>,
        /// Time of the latest activity.
        pub last_active_at: Option<Millis>,
        /// Time at which the session expires. Clerk sends no event for it.
        pub expires_at: Option<Millis>,
        /// Time at which the session becomes abandoned unless it is resumed. Clerk sends no event
        /// for it.
        pub abandon_at: Option<Millis>,
        /// Time of the sign-in.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

/// Origin of a sign-in. Address and user agent are replaced together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignIn {
    /// IPv4 or IPv6 address.
    pub ip_address: Option<String>,
    /// User agent of the browser, or of a server's SDK.
    pub user_agent: Option<String>,
    /// Version of the event that contained it. The least version wins.
    pub version: Version,
}

columns! {
    /// Columns of the origin of a sign-in. All are null if no event contained it.
    pub struct SignInColumns {
        /// IPv4 or IPv6 address.
        pub ip_address: Option<String>,
        /// User agent.
        pub user_agent: Option<String>,
        /// `updated_at` of the version.
        pub sign_in_updated_at: Option<Millis>,
        /// `occurred_at` of the version.
        pub sign_in_occurred_at: Option<Millis>,
        /// `event_id` of the version.
        pub sign_in_event_id: Option<String>,
    }
}

/// Returns true if a session with this status has ended. Unknown statuses count as ended, because
/// a session that Clerk calls neither `active` nor `pending` must not grant access.
#[must_use]
pub fn is_terminal(status: &str) -> bool {
    !matches!(status, "active" | "pending")
}

impl SessionDetails {
    /// Returns the status to show at an instant. Clerk sends no event when a session expires or is
    /// abandoned, so both are computed. The result is for display only and decides nothing.
    #[must_use]
    pub fn status_at(&self, now: Millis) -> &str {
        let past = |at: Option<Millis>| at.is_some_and(|at| at <= now);
        match self.status.as_str() {
            "active" | "pending" if past(self.expires_at) => "expired",
            "active" | "pending" if past(self.abandon_at) => "abandoned",
            status => status,
        }
    }
}

/// The columns of the details and of the sign-in.
const ALL_COLUMNS: [Column; SessionDetails::COLUMNS.len() + SignInColumns::COLUMNS.len()] =
    concat(SessionDetails::COLUMNS, SignInColumns::COLUMNS);

impl Columns for SessionData {
    const COLUMNS: &'static [Column] = &ALL_COLUMNS;

    fn push_values<'a>(&'a self, values: &mut Vec<ColumnValue<'a>>) {
        let sign_in = self.sign_in.as_ref();
        let version = sign_in.map(|sign_in| &sign_in.version);
        self.details.push_values(values);
        values.extend([
            ColumnValue::text(sign_in.and_then(|sign_in| sign_in.ip_address.as_deref())),
            ColumnValue::text(sign_in.and_then(|sign_in| sign_in.user_agent.as_deref())),
            ColumnValue::Integer(version.map(|version| version.updated_at)),
            ColumnValue::Integer(version.map(|version| version.occurred_at)),
            ColumnValue::text(version.map(|version| &*version.event_id)),
        ]);
    }

    fn value(&self, column: &str) -> Option<ColumnValue<'_>> {
        self.details.value(column)
    }

    fn from_values<'v>(values: &mut impl Iterator<Item = ColumnValue<'v>>) -> Self {
        let details = SessionDetails::from_values(values);
        let SignInColumns {
            ip_address,
            user_agent,
            sign_in_updated_at,
            sign_in_occurred_at,
            sign_in_event_id,
        } = SignInColumns::from_values(values);
        let sign_in = sign_in_event_id.map(|event_id| SignIn {
            ip_address,
            user_agent,
            version: Version {
                is_final: false,
                updated_at: sign_in_updated_at.unwrap_or_default(),
                occurred_at: sign_in_occurred_at.unwrap_or_default(),
                event_id,
            },
        });
        Self { details, sign_in }
    }

    fn copy_column(&mut self, column: &str, from: &Self) {
        self.details.copy_column(column, &from.details);
    }
}

impl ObjectData for SessionData {
    fn fields() -> impl Iterator<Item = &'static str> {
        SessionDetails::COLUMNS.iter().map(|column| column.name)
    }

    /// Merges the origins of the sign-in. The least version wins.
    fn merge_unversioned(&mut self, other: &Self) -> bool {
        let changed = match (&other.sign_in, &self.sign_in) {
            (Some(incoming), Some(current)) => incoming.version < current.version,
            (incoming, None) => incoming.is_some(),
            (None, Some(_)) => false,
        };
        if changed {
            self.sign_in.clone_from(&other.sign_in);
        }
        changed
    }

    fn unversioned(&self) -> Option<&Version> {
        self.sign_in.as_ref().map(|sign_in| &sign_in.version)
    }

    fn clear_unversioned(&mut self) {
        self.sign_in = None;
    }

    fn required() -> &'static [&'static str] {
        &["user_id", "status"]
    }

    fn owners(&self) -> Owners<'_> {
        [Some((Kind::User, &self.details.user_id)), None]
    }
}

#[cfg(test)]
mod tests {
    use super::{Session, SessionData, SessionDetails, SignIn, Version, is_terminal};

    fn session(status: &str, updated_at: i64) -> Session {
        let version = Version::complete(Some(updated_at), None, "msg");
        let version = version.with_final_status(is_terminal(status));
        let details = SessionDetails { status: status.into(), ..SessionDetails::default() };
        let data = SessionData { details, sign_in: None };
        Session { data, version, ..Session::default() }
    }

    fn signed_in(ip: &str, updated_at: i64) -> Session {
        let version = Version::complete(Some(updated_at), None, "msg");
        let sign_in = SignIn { ip_address: Some(ip.into()), user_agent: None, version };
        let mut session = session("active", updated_at);
        session.data.sign_in = Some(sign_in);
        session
    }

    #[test]
    fn later_active_state_keeps_ended_session() {
        let mut ended = session("ended", 1);
        assert!(!ended.merge(&session("active", 2)));
        assert_eq!(ended, session("ended", 1));
    }

    #[test]
    fn terminal_status_beats_newer_active_state() {
        let mut active = session("active", 2);
        assert!(active.merge(&session("suspended", 1)));
        assert_eq!(active.data.details.status, "suspended");
    }

    #[test]
    fn later_of_two_terminal_statuses_wins() {
        let mut ended = session("ended", 1);
        assert!(ended.merge(&session("removed", 2)));
        assert!(!ended.merge(&session("revoked", 1)));
        assert_eq!(ended.data.details.status, "removed");
    }

    #[test]
    fn sign_in_comes_from_earliest_event() {
        let mut current = signed_in("192.0.2.2", 2);
        assert!(!current.merge(&signed_in("192.0.2.2", 2)), "a duplicate");
        assert!(current.merge(&signed_in("192.0.2.3", 3)), "a newer state");
        assert_eq!(current.data.sign_in, signed_in("192.0.2.2", 2).data.sign_in);
        assert!(current.merge(&signed_in("192.0.2.1", 1)), "an earlier sign-in");
        assert_eq!(current.data.sign_in, signed_in("192.0.2.1", 1).data.sign_in);
        assert_eq!(current.version, session("active", 3).version);
    }

    #[test]
    fn live_session_expires_or_becomes_abandoned() {
        let shown = |status: &str, expires_at, abandon_at, now| {
            let details = session(status, 1).data.details;
            let details = SessionDetails { expires_at, abandon_at, ..details };
            details.status_at(now).to_owned()
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
