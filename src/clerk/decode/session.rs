//! Decodes session events, all of which have the same shape.

use super::{Decoded, Fault, Fields, Message, user};
use crate::domain::{
    event::Change,
    local_event::SESSION_FETCHED,
    session::{Session, SessionState, SignIn},
    version::Version,
};

/// Returns the change to a session, and to its user if the event embeds the user.
pub(super) fn change(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let user_id = data.required_id("user_id", "data.user_id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let version = Version::complete(updated_at, message.occurred_at, message.version_id);
    let embedded = data.object("user");
    let embeds_id = embedded.is_some_and(|embedded| embedded.has_value("id"));
    let embedded = embedded.and_then(|embedded| user::embedded(message, &embedded, &user_id));
    let embeds_other_user = embeds_id && embedded.is_none();
    let state = SessionState {
        user_id,
        client_id: data.text("client_id"),
        status: data.word("status").unwrap_or_else(|| implied_status(message.kind).to_owned()),
        actor: data.json("actor"),
        last_active_organization_id: data.text("last_active_organization_id"),
        last_active_at: data.instant("last_active_at"),
        expires_at: data.instant("expire_at"),
        abandon_at: data.instant("abandon_at"),
        created_at: data.instant("created_at"),
        updated_at,
        version: version.clone(),
    };
    let session = Session { id, state, sign_in: sign_in(message, version) };
    let change = Change::Session { session: Box::new(session), user: embedded.map(Box::new) };
    Ok(Decoded { change, embeds_other_user })
}

/// Returns the origin of the sign-in. Only an event at the start of a session contains it: the
/// request that ends a session can be an administrator's.
fn sign_in(message: &Message<'_>, version: Version) -> Option<SignIn> {
    if !matches!(message.kind, "session.created" | "session.pending") {
        return None;
    }
    let request = message.http_request.as_ref()?;
    Some(SignIn {
        ip_address: request.text("client_ip"),
        user_agent: request.text("user_agent"),
        version,
    })
}

/// Returns the status of a session whose payload has none. A fetched session without a status has
/// not ended: the Backend API states the end of a session by its status only.
fn implied_status(kind: &str) -> &str {
    match kind {
        "session.created" | SESSION_FETCHED => "active",
        other => other.trim_start_matches("session."),
    }
}
