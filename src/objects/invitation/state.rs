//! State of an invitation, and its special merge rule.

use serde_json::Value;

use crate::{
    domain::Millis,
    objects::{
        Kind,
        columns::columns,
        state::{ObjectData, Owners, State, differing_columns},
    },
};

/// State of an invitation, `orginv_…`.
pub type Invitation = State<InvitationData>;

columns! {
    /// Values of an invitation.
    pub struct InvitationData {
        /// Id of the organization.
        pub organization_id: String,
        /// Address that the invitation was sent to.
        pub email: Option<String>,
        /// Key of the role that the member will have.
        pub role: Option<String>,
        /// `pending`, `accepted`, `revoked`, …: an open set. Clerk sends no event when an invitation
        /// expires, so that `expired` is computed when it is read.
        pub status: Option<String>,
        /// Id of the user who sent the invitation.
        pub inviter_id: Option<String>,
        /// Id of the user who accepted the invitation.
        pub user_id: Option<String>,
        /// Metadata that the membership gets.
        pub public_metadata: Option<Value>,
        /// Metadata for backends that the membership gets. It is stored, and no API returns it.
        pub private_metadata: Option<Value>,
        /// Time at which the invitation expires.
        pub expires_at: Option<Millis>,
        /// Time at which the invitation was sent.
        pub created_at: Option<Millis>,
        /// Clerk's `updated_at`.
        pub updated_at: Option<Millis>,
    }
}

/// Returns true if an invitation with this status cannot be accepted any more. Such a status beats
/// the others at any version.
#[must_use]
pub(super) fn is_final(status: &str) -> bool {
    matches!(status, "accepted" | "revoked")
}

impl InvitationData {
    /// Returns the status to show at an instant: a pending invitation expires without an event.
    #[must_use]
    pub fn status_at(&self, now: Millis) -> Option<&str> {
        match self.status.as_deref() {
            Some("pending") if self.expires_at.is_some_and(|at| at <= now) => Some("expired"),
            status => status,
        }
    }
}

impl ObjectData for InvitationData {
    fn required() -> &'static [&'static str] {
        &["organization_id", "status"]
    }

    fn owners(&self) -> Owners<'_> {
        [Some((Kind::Organization, &self.organization_id)), None]
    }

    fn named_user(&self) -> Option<&str> {
        self.user_id.as_deref()
    }

    fn differences(&self, remote: &Self, _is_older: bool) -> Vec<&'static str> {
        let mut differing = differing_columns(self, remote);
        // An invitation expires without a webhook.
        let has_expired = self.status.as_deref() == Some("pending")
            && remote.status.as_deref() == Some("expired");
        differing.retain(|it| *it != "updated_at" && !(has_expired && *it == "status"));
        differing
    }
}
