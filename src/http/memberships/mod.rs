//! `/v1/memberships`: returns memberships of users in organizations.

pub(super) mod check;
pub(super) mod get;
pub(super) mod list;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{json_object::JsonObject, known_values::ROLES, timestamp::Timestamp, wait::Awaited};
use crate::store::memberships::MembershipView;

/// Membership of a user in an organization. Metadata for backends is not included. Another member
/// who reads it with a session token gets null for `permissions`, `public_metadata` and the email
/// address.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "id": "orgmem_3EWsyb4bbtgLuCXQjmBZI3WU5gB",
        "organization_id": "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
        "user_id": "user_3EWsBvOkEkLrJLYjnqOM2ThIRRG",
        "user": {
            "id": "user_3EWsBvOkEkLrJLYjnqOM2ThIRRG",
            "username": null,
            "first_name": "Rosa",
            "last_name": "Marín",
            "image": "https://img.clerk.com/example-person",
            "email": "studio.marin@example.org"
        },
        "role": "org:member",
        "permissions": [
            "org:notes:read",
            "org:notes:write"
        ],
        "public_metadata": {},
        "created_at": "2026-08-12T09:30:00.123Z",
        "updated_at": "2026-08-12T09:30:00.123Z"
    })))]
pub(super) struct Membership {
    /// Clerk's ID of the membership. A user who leaves an organization and joins again gets a
    /// membership with another ID.
    id: String,
    /// ID of the organization.
    organization_id: String,
    /// ID of the user.
    user_id: String,
    /// Profile of the user.
    user: Member,
    /// Key of the role. Clerk's customers define roles.
    #[schema(extensions(("x-extensible-enum" = json!(ROLES))))]
    role: Option<String>,
    /// Keys of the permissions when Clerk last sent the membership. The permissions of the role are
    /// more recent.
    permissions: Option<Vec<String>>,
    /// Metadata that frontends can read.
    public_metadata: Option<JsonObject>,
    /// Time at which the user joined.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

/// Member of an organization. If the user is not synced yet, all fields except the ID are null.
#[derive(Serialize, ToSchema)]
struct Member {
    /// Clerk's ID of the user.
    id: String,
    /// Username, unique in the Clerk instance.
    username: Option<String>,
    /// Given name.
    first_name: Option<String>,
    /// Family name.
    last_name: Option<String>,
    /// URL of the profile image.
    image: Option<String>,
    /// Primary email address.
    email: Option<String>,
}

impl From<MembershipView> for Membership {
    fn from(MembershipView { id, data, member }: MembershipView) -> Self {
        Self {
            id,
            organization_id: data.organization_id,
            user_id: data.user_id.clone(),
            user: Member {
                id: data.user_id,
                username: member.username,
                first_name: member.first_name,
                last_name: member.last_name,
                image: member.image,
                email: member.email,
            },
            role: data.role,
            permissions: data.permissions.as_ref().and_then(texts),
            public_metadata: JsonObject::from_option(data.public_metadata),
            created_at: Timestamp::from_option(data.created_at),
            updated_at: Timestamp::from_option(data.updated_at),
        }
    }
}

impl Membership {
    /// Converts a membership for the signed-in user `reader`. Of other members, it shows what a list
    /// of members needs.
    pub(super) fn seen_by(reader: &str, view: MembershipView) -> Self {
        let membership = Self::from(view);
        if membership.user_id == reader {
            return membership;
        }
        let user = Member { email: None, ..membership.user };
        Self { user, permissions: None, public_metadata: None, ..membership }
    }
}

impl Awaited for Membership {
    fn updated_at(&self) -> Option<Timestamp> {
        self.updated_at
    }
}

/// Returns the texts of a JSON array. Returns none for another value.
pub(super) fn texts(value: &Value) -> Option<Vec<String>> {
    let texts = value.as_array()?.iter().filter_map(Value::as_str);
    Some(texts.map(str::to_owned).collect())
}
