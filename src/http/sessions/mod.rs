//! `/v1/sessions`.

pub(super) mod get;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::timestamp::Timestamp;
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
    last_active_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    abandon_at: Option<Timestamp>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
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
            last_active_at: Timestamp::from_option(state.last_active_at),
            expires_at: Timestamp::from_option(state.expires_at),
            abandon_at: Timestamp::from_option(state.abandon_at),
            created_at: Timestamp::from_option(state.created_at),
            updated_at: Timestamp::from_option(state.updated_at),
        }
    }
}
