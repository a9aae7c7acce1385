//! `/v1/users`: returns users and the objects that belong to them.

pub(super) mod accounts;
mod fields;
pub(super) mod get;
pub(super) mod list;
pub(super) mod memberships;
mod params;
pub(super) mod profile;
pub(super) mod sessions;
pub(super) mod token;
mod user;
pub(super) mod verifications;

use actix_web::HttpResponse;

pub(super) use self::user::User;
use super::{
    State,
    auth::Caller,
    owned::{self, Owned, Owner},
    pagination::PageParams,
    problem::Problem,
    timestamp::Timestamp,
    wait::Awaited,
};
use crate::store::{Store, StoreError};

impl Awaited for User {
    fn updated_at(&self) -> Option<Timestamp> {
        self.updated_at
    }
}

/// Users as owners of objects.
pub(super) struct OfUser;

impl Owner for OfUser {
    async fn exists(store: &Store, id: &str) -> Result<bool, StoreError> {
        store.user_exists(id).await
    }

    fn not_found() -> Problem {
        no_such_user()
    }
}

/// Responds with a page of a user's objects, if the caller may read them.
async fn authorized_page<T: Owned<OfUser>>(
    caller: &Caller,
    user_id: &str,
    params: PageParams,
    state: &State,
) -> Result<HttpResponse, Problem> {
    if !caller.may_read(user_id) {
        return Err(no_such_user());
    }
    owned::page::<T, OfUser>(user_id, params, state).await
}

fn no_such_user() -> Problem {
    Problem::not_found("no user has this ID")
}
