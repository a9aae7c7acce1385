//! Authentication with an API key of a backend, or with the session of an operator who signed in to
//! the dashboard with one.

use std::{marker::PhantomData, sync::Arc};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use futures_util::future::LocalBoxFuture;
use sha2::{Digest, Sha256};

use super::{
    bearer, cookie, credentials_missing, dashboard_sessions, failures,
    key_ring::{ApiKey, KeyRing, KeyWatch, Sha256Digest},
    mark_authenticated, state,
};
use crate::{
    clerk::session_token::{is_jwt, opaque_credential},
    domain::scope::Scope,
    http::{State, problem::Problem},
};

/// Extractor for a caller with an API key that has the scope `S`.
pub(in crate::http) struct Key<S> {
    sha256: Sha256Digest,
    /// Digest that identifies the dashboard session, if the key was not sent itself.
    session: Option<Sha256Digest>,
    key: Arc<ApiKey>,
    scope: PhantomData<S>,
}

impl<S: RequiredScope> Key<S> {
    /// Returns the name of the key.
    pub(in crate::http) fn name(&self) -> &str {
        &self.key.name
    }

    /// Returns a watch of the key, for responses that last longer than a request.
    pub(in crate::http) fn watch(&self, keys: &KeyRing) -> KeyWatch {
        keys.watch(self.key.name.clone(), self.sha256, self.session, S::SCOPE)
    }

    /// Returns the digest of the key, if the request has the key itself and not only a session.
    pub(super) fn sent_key(&self) -> Option<Sha256Digest> {
        self.session.is_none().then_some(self.sha256)
    }
}

/// Requires the scope `read`.
pub(in crate::http) struct Read;

/// Requires the scope `admin`.
pub(in crate::http) struct Admin;

/// Requires the scope `tokens`.
pub(in crate::http) struct Tokens;

/// Requires the scope `metrics`, or `admin`, which includes it.
pub(in crate::http) struct Metrics;

/// Scope as a type, for the extractor [`Key`].
pub(in crate::http) trait RequiredScope {
    /// Scope that the key must have.
    const SCOPE: Scope;
}

impl RequiredScope for Read {
    const SCOPE: Scope = Scope::Read;
}

impl RequiredScope for Admin {
    const SCOPE: Scope = Scope::Admin;
}

impl RequiredScope for Tokens {
    const SCOPE: Scope = Scope::Tokens;
}

impl RequiredScope for Metrics {
    const SCOPE: Scope = Scope::Metrics;
}

impl<S: RequiredScope> FromRequest for Key<S> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let state = state(&request)?;
            let credentials = match bearer(&request)? {
                Some(key) => sent(&request, &state, key).await?,
                None => of_session(&request, &state).await?,
            };
            let Credentials { sha256, session, key } = credentials;
            if !key.revoked {
                mark_authenticated(&request);
            }
            key.authorize(S::SCOPE, state.clock.now())?;
            state.rate_limits.count_key(&request, &key.name)?;
            Ok(Self { sha256, session, key, scope: PhantomData })
        })
    }
}

/// Known API key of a request. It can be revoked or lack a scope.
struct Credentials {
    key: Arc<ApiKey>,
    sha256: Sha256Digest,
    session: Option<Sha256Digest>,
}

/// Returns the API key of the `Authorization` header.
async fn sent(request: &HttpRequest, state: &State, key: &str) -> Result<Credentials, Problem> {
    if is_jwt(key) {
        let detail = "this endpoint requires an API key of this service and does not accept \
                      session tokens or other tokens of Clerk";
        return Err(Problem::unauthorized("key_required", detail));
    }
    let sha256 = Sha256::digest(key.as_bytes()).into();
    if let Some(key) = state.keys.key(&sha256) {
        return Ok(Credentials { key, sha256, session: None });
    }
    let unknown = opaque_credential(key).map_or_else(
        || Problem::unauthorized("credentials_unknown", "the API key is unknown"),
        Problem::from,
    );
    // Before the wait for a new key, so that guesses do not hold many requests open.
    let unknown = failures::count(request, state, unknown)?;
    let key = state.keys.new_key(key, &sha256).await.ok_or(unknown)?;
    Ok(Credentials { key, sha256, session: None })
}

/// Returns the API key with which the operator of the dashboard signed in.
async fn of_session(request: &HttpRequest, state: &State) -> Result<Credentials, Problem> {
    let value = cookie::value(request).ok_or_else(credentials_missing)?;
    let (session, key) = dashboard_sessions::find(request, state, value).await?;
    Ok(Credentials { key, sha256: session.key, session: Some(dashboard_sessions::digest(value)) })
}
