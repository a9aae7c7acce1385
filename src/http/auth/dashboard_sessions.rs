//! Sessions of operators who signed in to the dashboard.
//!
//! A session is a random value in a cookie. The database has its hash, so that every replica knows
//! the session. It ends when the operator signs out, when it expires, or when the API key of the
//! sign-in is revoked or removed.

use std::sync::Arc;

use actix_web::{HttpRequest, cookie::Cookie};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use sha2::{Digest, Sha256};

use super::{
    cookie, credentials_missing, failures,
    key_ring::{ApiKey, DashboardSession, Sha256Digest},
    keys::{Admin, Key},
};
use crate::{
    domain::Millis,
    http::{State, problem::Problem},
    store::dashboard_sessions::StoredDashboardSession,
};

/// Number of random bytes of a session.
const VALUE_BYTES: usize = 32;

/// Returns the digest that identifies a session.
pub(super) fn digest(value: &str) -> Sha256Digest {
    Sha256::digest(value.as_bytes()).into()
}

/// Starts a session with the API key of a request, and returns its cookie.
pub(in crate::http) async fn start(
    request: &HttpRequest,
    state: &State,
    key: &Key<Admin>,
) -> Result<Cookie<'static>, Problem> {
    // A session cannot be exchanged for another one, so that it ends at its time.
    let key = key.sent_key().ok_or_else(credentials_missing)?;
    let mut bytes = [0; VALUE_BYTES];
    getrandom::fill(&mut bytes).map_err(Problem::internal)?;
    let value = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let now = state.clock.now();
    let lifetime = Millis::try_from(state.limits.dashboard_session.as_millis());
    let expires_at = now.saturating_add(lifetime.unwrap_or(Millis::MAX));
    let session = DashboardSession { key, expires_at };
    let sha256 = digest(&value);
    let stored = StoredDashboardSession {
        sha256: hex::encode(sha256),
        key_sha256: hex::encode(key),
        expires_at,
    };
    if let Err(error) = state.store.add_dashboard_session(&stored, now).await {
        // The dashboard shows what is wrong with the database, so it must be usable meanwhile.
        tracing::warn!(%error, "failed to store a dashboard session; only this process knows it");
        if !state.keys.add_local(sha256, session, now) {
            return Err(error.into());
        }
    } else {
        state.keys.refresh().await;
    }
    Ok(cookie::create(request, value))
}

/// Ends the session of a request, if it has one, and returns the cookie that deletes the stored
/// one.
pub(in crate::http) async fn end(request: &HttpRequest, state: &State) -> Cookie<'static> {
    let value = cookie::value(request);
    let known = match value {
        Some(value) => find(request, state, value).await.ok(),
        None => None,
    };
    if let (Some(value), Some(_)) = (value, known) {
        let sha256 = digest(value);
        state.keys.remove_local(&sha256);
        match state.store.delete_dashboard_session(&hex::encode(sha256)).await {
            Ok(_) => state.keys.refresh().await,
            Err(error) => tracing::warn!(
                %error,
                "failed to delete a dashboard session; it ends when it expires"
            ),
        }
    }
    cookie::removal(request)
}

/// Returns the session with this value, and its API key.
pub(super) async fn find(
    request: &HttpRequest,
    state: &State,
    value: &str,
) -> Result<(DashboardSession, Arc<ApiKey>), Problem> {
    let (sha256, now) = (digest(value), state.clock.now());
    let session = if let Some(session) = state.keys.session(&sha256, now) {
        session
    } else {
        let is_value = BASE64_URL_SAFE_NO_PAD.decode(value).is_ok_and(|it| it.len() == VALUE_BYTES);
        if !is_value {
            // Earlier versions stored the API key itself in the cookie, so the browser deletes it.
            let ended = ended().with_cookie(&cookie::removal(request));
            return Err(failures::counted(request, state, ended));
        }
        let ended = failures::count(request, state, ended())?;
        state.keys.new_session(&sha256, now).await.ok_or(ended)?
    };
    let key = state.keys.key(&session.key).ok_or_else(ended)?;
    Ok((session, key))
}

fn ended() -> Problem {
    let detail = "the dashboard session has ended: sign in again";
    Problem::unauthorized("dashboard_session_ended", detail)
}
