//! `/v1/users`: returns users and the objects that belong to them.

pub(super) mod accounts;
pub(super) mod get;
pub(super) mod list;
pub(super) mod owned;
pub(super) mod sessions;
pub(super) mod token;
pub(super) mod verifications;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{timestamp::Timestamp, problem::Problem};
use crate::store::users::UserView;

/// A user, as the API shows one: everything but `private_metadata`.
#[derive(Serialize, ToSchema)]
pub(super) struct User {
    id: String,
    external_id: Option<String>,
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    phone_number: Option<String>,
    image: Option<String>,
    banned: Option<bool>,
    locked: Option<bool>,
    password_enabled: Option<bool>,
    two_factor_enabled: Option<bool>,
    #[schema(value_type = Option<Value>)]
    public_metadata: Option<Value>,
    #[schema(value_type = Option<Value>)]
    unsafe_metadata: Option<Value>,
    last_sign_in_at: Option<Timestamp>,
    last_active_at: Option<Timestamp>,
    created_at: Option<Timestamp>,
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

fn no_such_user() -> Problem {
    Problem::not_found("there is no such user")
}
