//! Who asks, and what they may.

use std::{
    collections::HashMap,
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::AUTHORIZATION, web};
use sha2::{Digest, Sha256};

use super::{State, problem::Problem};

/// What an API key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Read users and what is theirs.
    Read,
    /// Read events.
    Admin,
}

/// An API key, of which only the hash is held.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// What to call it in the log.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

/// The API keys, by their SHA-256. Hashing first makes the look-up as safe as a comparison in
/// constant time: nobody can steer a hash byte by byte.
#[derive(Debug, Default)]
pub struct ApiKeys(HashMap<[u8; 32], ApiKey>);

impl FromIterator<([u8; 32], ApiKey)> for ApiKeys {
    fn from_iter<I: IntoIterator<Item = ([u8; 32], ApiKey)>>(keys: I) -> Self {
        Self(keys.into_iter().collect())
    }
}

impl ApiKeys {
    /// Whether nobody can read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn find(&self, key: &str) -> Option<&ApiKey> {
        self.0.get::<[u8; 32]>(&Sha256::digest(key.as_bytes()).into())
    }

    fn authorize(&self, request: &HttpRequest, scope: Scope) -> Result<(), Problem> {
        let bearer = bearer(request)?;
        let key = self.find(bearer).ok_or_else(|| {
            Problem::unauthorized("credentials_unknown", "this API key is not known here")
        })?;
        if key.scopes.contains(&scope) {
            return Ok(());
        }
        let scope = match scope {
            Scope::Read => "read",
            Scope::Admin => "admin",
        };
        Err(Problem::forbidden(format!("the key `{}` lacks the scope `{scope}`", key.name)))
    }
}

fn bearer(request: &HttpRequest) -> Result<&str, Problem> {
    let missing = || {
        let detail = "give an API key: `Authorization: Bearer <key>`";
        Problem::unauthorized("credentials_missing", detail)
    };
    let header = request.headers().get(AUTHORIZATION).ok_or_else(missing)?;
    let (scheme, token) =
        header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(missing()) }
}

/// An extractor: the caller holds a key with the scope `S`.
pub(super) struct Key<S>(PhantomData<S>);

/// The scope `read`.
pub(super) struct Read;

/// The scope `admin`.
pub(super) struct Admin;

/// A scope as a type.
pub(super) trait Scoped {
    /// The scope.
    const SCOPE: Scope;
}

impl Scoped for Read {
    const SCOPE: Scope = Scope::Read;
}

impl Scoped for Admin {
    const SCOPE: Scope = Scope::Admin;
}

impl<S: Scoped> FromRequest for Key<S> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let authorized = match request.app_data::<web::Data<State>>() {
            Some(state) => state.keys.authorize(request, S::SCOPE),
            None => Err(Problem::unavailable("stopping", "the service is not ready")),
        };
        ready(authorized.map(|()| Self(PhantomData)))
    }
}
