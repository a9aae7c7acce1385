//! The session events, which have one shape.

use super::{Fault, Message, user, value};
use crate::{
    clerk::payload,
    domain::{
        event::Change,
        session::{Session, SessionState, SignIn},
        version::Version,
    },
};

/// The change of a session, and of its user where the event embeds one.
pub(super) fn change(message: &Message<'_>) -> Result<Change, Fault> {
    let mut data: payload::Session = message.data()?;
    let id = value::id(data.id.take(), "data.id")?;
    let user_id = value::id(data.user_id.take(), "data.user_id")?;
    let updated_at = value::instant(data.updated_at, "updated_at")?;
    let version = Version::complete(updated_at, message.occurred_at, message.id);
    let embedded = data.user.take().map_or(Ok(None), |embedded| {
        user::embedded(embedded, &user_id, message.occurred_at, message.id)
    })?;
    let state = SessionState {
        user_id,
        client_id: value::text(data.client_id),
        status: value::text(data.status).unwrap_or_else(|| implied_status(message.kind).to_owned()),
        actor: value::json(data.actor),
        last_active_organization_id: value::text(data.last_active_organization_id),
        last_active_at: value::instant(data.last_active_at, "last_active_at")?,
        expires_at: value::instant(data.expire_at, "expire_at")?,
        abandon_at: value::instant(data.abandon_at, "abandon_at")?,
        created_at: value::instant(data.created_at, "created_at")?,
        updated_at,
        version: version.clone(),
    };
    let session = Session { id, state, sign_in: sign_in(message, version) };
    Ok(Change::Session { session: Box::new(session), user: embedded.map(Box::new) })
}

/// Only the beginning of a session tells where the user signed in: an end can be somebody else's
/// doing.
fn sign_in(message: &Message<'_>, version: Version) -> Option<SignIn> {
    if !matches!(message.kind, "session.created" | "session.pending") {
        return None;
    }
    let request = message.attributes.as_ref()?.http_request.as_ref()?;
    Some(SignIn {
        ip_address: value::text(request.client_ip.clone()),
        user_agent: value::text(request.user_agent.clone()),
        version,
    })
}

/// The status of a session whose payload does not say.
fn implied_status(kind: &str) -> &str {
    match kind {
        "session.created" => "active",
        other => other.trim_start_matches("session."),
    }
}
