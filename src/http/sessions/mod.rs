//! `/v1/sessions`.

pub(super) mod get;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::instant::Instant;
use crate::domain::{Millis, session};

/// A session, as the API shows one.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    id: String,
    user_id: String,
    client_id: Option<String>,
    status: String,
    ip_address: Option<String>,
    user_agent: Option<String>,
    #[schema(value_type = Option<Value>)]
    actor: Option<Value>,
    last_active_organization_id: Option<String>,
    last_active_at: Option<Instant>,
    expires_at: Option<Instant>,
    abandon_at: Option<Instant>,
    created_at: Option<Instant>,
    updated_at: Option<Instant>,
}

impl Session {
    /// As it stands at an instant.
    pub(super) fn at(session: session::Session, now: Millis) -> Self {
        let status = session.state.status_at(now).to_owned();
        let session::Session { id, state, sign_in } = session;
        let session::SignIn { ip_address, user_agent, .. } = sign_in.unwrap_or_default();
        Self {
            id,
            user_id: state.user_id,
            client_id: state.client_id,
            status,
            ip_address,
            user_agent,
            actor: state.actor,
            last_active_organization_id: state.last_active_organization_id,
            last_active_at: Instant::some(state.last_active_at),
            expires_at: Instant::some(state.expires_at),
            abandon_at: Instant::some(state.abandon_at),
            created_at: Instant::some(state.created_at),
            updated_at: Instant::some(state.updated_at),
        }
    }
}
