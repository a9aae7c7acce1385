//! Decodes session events, all of which have the same shape.

use super::{Decoded, Fault, Message, user, value};
use crate::{
    clerk::payload,
    domain::{
        event::Change,
        session::{Session, SessionState, SignIn},
        version::Version,
    },
};

/// Returns the change to a session, and to its user if the event embeds the user.
pub(super) fn change(message: &Message<'_>, mut data: payload::Session) -> Result<Decoded, Fault> {
    let id = value::id(data.id.take(), "data.id")?;
    let user_id = value::id(data.user_id.take(), "data.user_id")?;
    let updated_at = value::instant(data.updated_at, "updated_at")?;
    let version = Version::complete(updated_at, message.occurred_at, message.version_id);
    let embeds_id = data.user.as_ref().is_some_and(|embedded| embedded.id.is_some());
    let embedded = match data.user.take() {
        Some(embedded) => user::embedded(message, embedded, &user_id)?,
        None => None,
    };
    let embeds_other_user = embeds_id && embedded.is_none();
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
    let change = Change::Session { session: Box::new(session), user: embedded.map(Box::new) };
    Ok(Decoded { change, has_secrets: false, embeds_other_user })
}

/// Returns the origin of the sign-in. Only an event at the start of a session contains it: the
/// request that ends a session can be an administrator's.
fn sign_in(message: &Message<'_>, version: Version) -> Option<SignIn> {
    if !matches!(message.kind, "session.created" | "session.pending") {
        return None;
    }
    let request = message.http_request.as_ref()?;
    Some(SignIn {
        ip_address: value::text(request.client_ip.clone()),
        user_agent: value::text(request.user_agent.clone()),
        version,
    })
}

/// Returns the status of a session whose payload has none.
fn implied_status(kind: &str) -> &str {
    match kind {
        "session.created" => "active",
        other => other.trim_start_matches("session."),
    }
}
