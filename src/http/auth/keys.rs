//! API keys: for backends, with scopes.

use std::{
    collections::HashMap,
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use sha2::{Digest, Sha256};

use super::{bearer, missing, state};
use crate::http::problem::Problem;

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

    /// Whether the bearer of a key may do this.
    pub(super) fn authorize(&self, key: &str, scope: Scope) -> Result<(), Problem> {
        let key = self.find(key).ok_or_else(|| {
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

/// An extractor: the caller holds a key with the scope `S`.
pub(in crate::http) struct Key<S>(PhantomData<S>);

/// The scope `read`.
pub(in crate::http) struct Read;

/// The scope `admin`.
pub(in crate::http) struct Admin;

/// A scope as a type.
pub(in crate::http) trait Scoped {
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
        let authorized = || {
            let key = bearer(request)?.ok_or_else(missing)?;
            state(request)?.keys.authorize(key, S::SCOPE)
        };
        ready(authorized().map(|()| Self(PhantomData)))
    }
}
