//! `/v1/sessions`: returns sessions.

pub(super) mod get;

use serde::Serialize;
use utoipa::ToSchema;

use super::{json_object::JsonObject, known_values::SESSION_STATUSES, timestamp::Timestamp};
use crate::{domain::Millis, objects::session};

/// Session of a user.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "id": "sess_2rfTFAvLq8pYc0kBnXgWmZtEo1D",
        "user_id": "user_2rfTF8P3Cf1zjl92u9aNy4VJjau",
        "client_id": "client_2rfTF9cQGdM1WbZoe0mXrTq5kLs",
        "status": "active",
        "ip_address": "192.0.2.7",
        "user_agent": "Mozilla/5.0",
        "actor": null,
        "last_active_organization_id": null,
        "last_active_at": "2026-08-12T09:30:00.123Z",
        "expires_at": "2026-08-19T09:30:00.123Z",
        "abandon_at": "2026-09-11T09:30:00.123Z",
        "created_at": "2026-08-12T09:30:00.123Z",
        "updated_at": "2026-08-12T09:30:00.123Z"
    })))]
pub(super) struct Session {
    /// Clerk's ID of the session, which is the claim `sid` of its tokens.
    id: String,
    /// ID of the user.
    user_id: String,
    /// Clerk's ID of the device or browser.
    client_id: Option<String>,
    /// Status. The values `expired` and `abandoned` can be computed from the times of the session.
    #[schema(extensions(("x-extensible-enum" = json!(SESSION_STATUSES))))]
    status: String,
    /// IP address of the sign-in.
    ip_address: Option<String>,
    /// User agent of the sign-in.
    user_agent: Option<String>,
    /// Impersonator, if the session is impersonated.
    actor: Option<JsonObject>,
    /// ID of the organization that was active last.
    last_active_organization_id: Option<String>,
    /// Time of the last activity.
    last_active_at: Option<Timestamp>,
    /// Time at which the session expires. Clerk sends no event for it.
    expires_at: Option<Timestamp>,
    /// Time at which the session becomes abandoned. Clerk sends no event for it.
    abandon_at: Option<Timestamp>,
    /// Time of the sign-in.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

impl Session {
    /// Converts a session, with its status at the time `now`.
    pub(super) fn at(session: session::Session, now: Millis) -> Self {
        let session::Session { id, data, .. } = session;
        let session::SessionData { details: state, sign_in } = data;
        let status = state.status_at(now).to_owned();
        let session::SignIn { ip_address, user_agent, .. } = sign_in.unwrap_or_default();
        Self {
            id,
            user_id: state.user_id,
            client_id: state.client_id,
            status,
            ip_address,
            user_agent,
            actor: JsonObject::from_option(state.actor),
            last_active_organization_id: state.last_active_organization_id,
            last_active_at: Timestamp::from_option(state.last_active_at),
            expires_at: Timestamp::from_option(state.expires_at),
            abandon_at: Timestamp::from_option(state.abandon_at),
            created_at: Timestamp::from_option(state.created_at),
            updated_at: Timestamp::from_option(state.updated_at),
        }
    }
}
