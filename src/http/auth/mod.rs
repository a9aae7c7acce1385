//! Who asks, and what they may.
//!
//! | module | holds |
//! |---|---|
//! | [`keys`] | API keys, for backends |
//! | [`cookie`] | a key that a browser keeps, for the dashboard |
//! | [`rates`] | how often each of them may ask |
//! | [`session`] | Clerk's session tokens, for browsers |

pub(super) mod cookie;
mod keys;
pub(super) mod rate_limits;
mod session;

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::AUTHORIZATION, web};
use futures_util::future::LocalBoxFuture;

pub(super) use self::{
    keys::{Admin, KeyWatch, Key, Read, Tokens},
    session::SignedInUser,
};
pub use self::{
    keys::{ApiKey, ApiKeys, KeyRing, Scope},
    rate_limits::RateLimits,
};
use super::{State, problem::Problem};
use crate::clerk::session_token::is_jwt;

/// An extractor: whoever may read users, as far as they may.
pub(super) enum Caller {
    /// A backend, all of them.
    Key,
    /// Somebody who is signed in, what is theirs.
    Session(SignedInUser),
}

impl Caller {
    /// Whether the caller may read what is this user's. To others it is as if it were not there.
    pub(super) fn may_read(&self, user_id: &str) -> bool {
        match self {
            Self::Key => true,
            Self::Session(signed) => signed.user_id == user_id,
        }
    }
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed = match bearer(request) {
            Ok(Some(token)) if !is_jwt(token) => None,
            Ok(None) if cookie::key(request).is_some() => None,
            _ => Some(SignedInUser::from_request(request, payload)),
        };
        let request = request.clone();
        Box::pin(async move {
            match signed {
                Some(signed) => Ok(Self::Session(signed.await?)),
                None => Key::<Read>::extract(&request).await.map(|_| Self::Key),
            }
        })
    }
}

fn state(request: &HttpRequest) -> Result<web::Data<State>, Problem> {
    let state = request.app_data::<web::Data<State>>().cloned();
    state.ok_or_else(|| Problem::unavailable("stopping", "the service is not ready"))
}

/// What stands behind `Bearer`; none where there is no such header.
fn bearer(request: &HttpRequest) -> Result<Option<&str>, Problem> {
    let Some(header) = request.headers().get(AUTHORIZATION) else { return Ok(None) };
    let parts = header.to_str().ok().and_then(|text| text.split_once(' '));
    match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(missing()),
    }
}

fn missing() -> Problem {
    let detail = "give an API key, or where it is configured a session token of Clerk's: \
                  `Authorization: Bearer <key or token>`";
    Problem::unauthorized("credentials_missing", detail)
}
