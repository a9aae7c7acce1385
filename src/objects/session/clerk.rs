//! Decodes session events, all of which have the same shape.

use super::state::{SessionData, SessionDetails, SignIn, is_terminal};
use crate::{
    domain::{
        local_event::{self, Action},
        version::Version,
    },
    objects::{
        decode::{Decoded, Fault, FieldReader, Fields, Message},
        user,
    },
};

/// Decodes the state of a session, and its user if the event embeds the user.
pub(super) fn decode(message: &Message<'_>, data: &Fields<'_>) -> Result<Decoded, Fault> {
    let id = data.required_id("id", "data.id")?;
    let user_id = data.required_id("user_id", "data.user_id")?;
    let updated_at = data.ordering_time("updated_at", "data.updated_at")?;
    let embedded = data.object("user");
    let embeds_id = embedded.is_some_and(|embedded| embedded.has_value("id"));
    let embedded = embedded.and_then(|embedded| user::embedded(message, &embedded, &user_id));
    let other_user = (embeds_id && embedded.is_none()).then_some("user");
    let mut read = FieldReader::new(data);
    let status = data.word("status").unwrap_or_else(|| implied_status(message.event_type));
    let details = SessionDetails {
        user_id,
        client_id: read.text("client_id"),
        // Clerk omits both if there is none.
        actor: data.json("actor"),
        last_active_organization_id: data.text("last_active_organization_id"),
        last_active_at: read.instant("last_active_at"),
        expires_at: read.renamed("expires_at", "expire_at", Fields::instant),
        abandon_at: read.instant("abandon_at"),
        created_at: read.instant("created_at"),
        updated_at: read.instant("updated_at"),
        status,
    };
    let version = message.version(updated_at, true);
    let sign_in = sign_in(message, version.clone());
    let version = version.with_final_status(is_terminal(&details.status));
    let state = read.into_state(id, SessionData { details, sign_in }, version);
    Ok(Decoded {
        embedded: embedded.map(Into::into).into_iter().collect(),
        other_user,
        ..state.into()
    })
}

/// Returns the origin of the sign-in. Only an event at the start of a session contains it: the
/// request that ends a session can be an administrator's.
fn sign_in(message: &Message<'_>, version: Version) -> Option<SignIn> {
    if !matches!(message.event_type, "session.created" | "session.pending") {
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
fn implied_status(event_type: &str) -> String {
    let status = match local_event::parse(event_type) {
        Some((_, Action::Fetched)) => "active",
        _ => event_type.trim_start_matches("session."),
    };
    if status == "created" { "active".to_owned() } else { status.to_owned() }
}
