//! User of the API.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    http::{json_object::JsonObject, timestamp::Timestamp},
    objects::user::Profile,
    store::users::{Identifier, UserView},
};

/// User with all fields except `private_metadata`.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "id": "user_2DTfgLJDuSaP8SfNPbe8FiQxGm0",
        "external_id": "example-30418",
        "username": "example_person",
        "first_name": "Exemplary",
        "last_name": "Person",
        "email": "person@example.org",
        "email_verified": true,
        "email_addresses": [
            {
                "id": "idn_2DTfgLIWsMsG9dVvn0B5RqgK7Xb",
                "email_address": "person@example.org",
                "primary": true,
                "verified": true
            }
        ],
        "phone_number": null,
        "phone_numbers": [],
        "image": "https://img.clerk.com/example-person",
        "banned": false,
        "locked": false,
        "password_enabled": true,
        "two_factor_enabled": false,
        "public_metadata": {
            "plan": "team"
        },
        "unsafe_metadata": {},
        "last_sign_in_at": "2026-08-17T09:21:44.308Z",
        "last_active_at": null,
        "created_at": "2026-08-12T09:30:00.123Z",
        "updated_at": "2026-08-17T09:26:35.308Z"
    })))]
pub(in crate::http) struct User {
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
    /// All email addresses, ordered by ID.
    email_addresses: Vec<EmailAddress>,
    /// Primary phone number in E.164 format.
    phone_number: Option<String>,
    /// All phone numbers, ordered by ID.
    phone_numbers: Vec<PhoneNumber>,
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
    public_metadata: Option<JsonObject>,
    /// Metadata that the user's browser can read and write.
    unsafe_metadata: Option<JsonObject>,
    /// Time of the last sign-in.
    last_sign_in_at: Option<Timestamp>,
    /// Time of the last activity. Clerk sometimes reports only the day.
    last_active_at: Option<Timestamp>,
    /// Time of the sign-up.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    pub(super) updated_at: Option<Timestamp>,
}

impl From<UserView> for User {
    fn from(UserView { id, profile, identifiers }: UserView) -> Self {
        let (emails, phones): (Vec<_>, Vec<_>) =
            identifiers.into_iter().partition(|it| it.kind == "email");
        let emails = emails.into_iter();
        let phones = phones.into_iter();
        Self {
            email_addresses: emails.map(|it| EmailAddress::new(it, &profile)).collect(),
            phone_numbers: phones.map(|it| PhoneNumber::new(it, &profile)).collect(),
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
            public_metadata: JsonObject::from_option(profile.public_metadata),
            unsafe_metadata: JsonObject::from_option(profile.unsafe_metadata),
            last_sign_in_at: Timestamp::from_option(profile.last_sign_in_at),
            last_active_at: Timestamp::from_option(profile.last_active_at),
            created_at: Timestamp::from_option(profile.created_at),
            updated_at: Timestamp::from_option(profile.updated_at),
        }
    }
}

/// Email address of a user.
#[derive(Serialize, ToSchema)]
struct EmailAddress {
    /// Clerk's ID of the address.
    id: String,
    /// The address.
    email_address: String,
    /// Whether it is the primary address.
    primary: bool,
    /// Whether it is verified.
    verified: bool,
}

impl EmailAddress {
    fn new(Identifier { id, value, is_verified, .. }: Identifier, profile: &Profile) -> Self {
        let primary = profile.email.as_ref() == Some(&value);
        Self { id, email_address: value, primary, verified: is_verified }
    }
}

/// Phone number of a user.
#[derive(Serialize, ToSchema)]
struct PhoneNumber {
    /// Clerk's ID of the number.
    id: String,
    /// The number in E.164 format.
    phone_number: String,
    /// Whether it is the primary number.
    primary: bool,
    /// Whether it is verified.
    verified: bool,
}

impl PhoneNumber {
    fn new(Identifier { id, value, is_verified, .. }: Identifier, profile: &Profile) -> Self {
        let primary = profile.phone_number.as_ref() == Some(&value);
        Self { id, phone_number: value, primary, verified: is_verified }
    }
}
