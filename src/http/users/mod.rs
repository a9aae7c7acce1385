//! `/v1/users`: returns users and the objects that belong to them.

pub(super) mod accounts;
pub(super) mod get;
pub(super) mod list;
pub(super) mod memberships;
pub(super) mod sessions;
pub(super) mod token;
pub(super) mod verifications;

use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    State,
    auth::Caller,
    owned::{self, Owned, Owner},
    pagination::PageParams,
    problem::Problem,
    timestamp::Timestamp,
    wait::Awaited,
};
use crate::store::{Store, StoreError, users::UserView};

/// User with all fields except `private_metadata`.
#[derive(Serialize, ToSchema)]
pub(super) struct User {
    /// Clerk's ID of the user.
    id: String,
    /// Your own ID of the user, if it is set in Clerk.
    external_id: Option<String>,
    /// Username, unique in the Clerk instance.
    username: Option<String>,
    /// Given name.
    first_name: Option<String>,
    /// Family name.
    last_name: Option<String>,
    /// Primary email address.
    email: Option<String>,
    /// Whether the primary email address is verified.
    email_verified: Option<bool>,
    /// Primary phone number in E.164 format.
    phone_number: Option<String>,
    /// URL of the profile image.
    image: Option<String>,
    /// Whether the user is banned. Null means that Clerk has not sent the value.
    banned: Option<bool>,
    /// Whether the user is temporarily locked out after failed sign-in attempts.
    locked: Option<bool>,
    /// Whether the user can sign in with a password.
    password_enabled: Option<bool>,
    /// Whether the user signs in with a second factor.
    two_factor_enabled: Option<bool>,
    /// Metadata that frontends can read.
    #[schema(value_type = Option<Value>)]
    public_metadata: Option<Value>,
    /// Metadata that the user's browser can read and write.
    #[schema(value_type = Option<Value>)]
    unsafe_metadata: Option<Value>,
    /// Time of the last sign-in.
    last_sign_in_at: Option<Timestamp>,
    /// Time of the last activity. Clerk sometimes reports only the day.
    last_active_at: Option<Timestamp>,
    /// Time of the sign-up.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

impl From<UserView> for User {
    fn from(UserView { id, profile }: UserView) -> Self {
        Self {
            id,
            external_id: profile.external_id,
            username: profile.username,
            first_name: profile.first_name,
            last_name: profile.last_name,
            email: profile.email,
            email_verified: profile.email_verified,
            phone_number: profile.phone_number,
            image: profile.image,
            banned: profile.banned,
            locked: profile.locked,
            password_enabled: profile.password_enabled,
            two_factor_enabled: profile.two_factor_enabled,
            public_metadata: profile.public_metadata,
            unsafe_metadata: profile.unsafe_metadata,
            last_sign_in_at: Timestamp::from_option(profile.last_sign_in_at),
            last_active_at: Timestamp::from_option(profile.last_active_at),
            created_at: Timestamp::from_option(profile.created_at),
            updated_at: Timestamp::from_option(profile.updated_at),
        }
    }
}

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
