//! Authentication and authorization of callers.
//!
//! | module | content |
//! |---|---|
//! | [`keys`] | API keys, for backends |
//! | [`key_ring`] | the keys and dashboard sessions that are valid at present |
//! | [`dashboard_sessions`] | sessions of operators, for the dashboard |
//! | [`cookie`] | the cookie with a dashboard session |
//! | [`rate_limits`] | number of requests per caller and minute |
//! | [`failures`] | number of failed authentications per client address and minute |
//! | [`session`] | Clerk session tokens, for browsers |
//! | [`member`] | session tokens at the endpoints about organizations |

mod cookie;
pub(super) mod dashboard_sessions;
mod failures;
mod key_ring;
mod keys;
mod member;
pub(super) mod rate_limits;
mod session;

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header::AUTHORIZATION, web,
};
use futures_util::future::LocalBoxFuture;

pub(super) use self::{
    key_ring::KeyWatch,
    keys::{Admin, Key, Metrics, Read, Tokens},
    member::{MemberCaller, OrganizationReader, SignedInMember},
    session::SignedInUser,
};
pub use self::{
    key_ring::{ApiKey, ApiKeys, DashboardSession, KeyRing, Sha256Digest},
    rate_limits::RateLimits,
};
use super::{State, problem::Problem};
use crate::{
    clerk::session_token::is_jwt,
    store::{Store, StoreError},
};

/// Extractor for a caller that can read users.
pub(super) enum Caller {
    /// Backend with an API key, which can read all users.
    Key(Key<Read>),
    /// Signed-in user, who can read only their own data.
    Session(SignedInUser),
}

impl Caller {
    /// Returns whether the caller can read the data of this user. If not, the response is the same
    /// as for a user that does not exist.
    pub(super) fn may_read(&self, user_id: &str) -> bool {
        match self {
            Self::Key(_) => true,
            Self::Session(signed_in) => signed_in.user_id == user_id,
        }
    }

    /// Returns whether the caller can read an organization, of which a signed-in user must be a
    /// member. If not, the response is the same as for an organization that does not exist.
    pub(super) async fn may_read_organization(
        &self,
        store: &Store,
        organization_id: &str,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Key(_) => Ok(true),
            Self::Session(signed_in) => store.is_member(&signed_in.user_id, organization_id).await,
        }
    }

    /// Returns the ID by which the waits of the caller for an object are counted.
    pub(super) fn counted_by<'a>(&'a self, object_id: &'a str) -> &'a str {
        match self {
            Self::Key(_) => object_id,
            Self::Session(signed_in) => &signed_in.user_id,
        }
    }

    /// Returns the name of the API key, or `None` for a signed-in user.
    pub(super) fn key_name(&self) -> Option<&str> {
        match self {
            Self::Key(key) => Some(key.name()),
            Self::Session(_) => None,
        }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let session = match bearer(request) {
            Ok(Some(token)) if !is_jwt(token) => None,
            Ok(None) if cookie::value(request).is_some() => None,
            _ => Some(SignedInUser::from_request(request, payload)),
        };
        let request = request.clone();
        Box::pin(async move {
            match session {
                Some(signed_in) => Ok(Self::Session(signed_in.await?)),
                None => Key::<Read>::extract(&request).await.map(Self::Key),
            }
        })
    }
}

/// Mark of a request with valid credentials.
struct Authenticated;

fn mark_authenticated(request: &HttpRequest) {
    request.extensions_mut().insert(Authenticated);
}

/// Returns whether a request has a valid API key or token. Otherwise anyone can have sent it.
pub(super) fn is_authenticated(request: &HttpRequest) -> bool {
    request.extensions().contains::<Authenticated>()
}

fn state(request: &HttpRequest) -> Result<web::Data<State>, Problem> {
    let state = request.app_data::<web::Data<State>>().cloned();
    state.ok_or_else(|| Problem::unavailable("stopping", "the service has not finished starting"))
}

/// Returns the token of the header `Authorization: Bearer`, or `None` if there is no such header.
fn bearer(request: &HttpRequest) -> Result<Option<&str>, Problem> {
    let Some(header) = request.headers().get(AUTHORIZATION) else { return Ok(None) };
    let parts = header.to_str().ok().and_then(|text| text.split_once(' '));
    match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(credentials_missing()),
    }
}

fn credentials_missing() -> Problem {
    let detail = "the request has no credentials: send `Authorization: Bearer <token>` with an \
                  API key or, if the service accepts them, a Clerk session token";
    Problem::unauthorized("credentials_missing", detail)
}
