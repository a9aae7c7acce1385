//! `/v1/organizations`: returns organizations and the objects that belong to them.

pub(super) mod domains;
pub(super) mod get;
pub(super) mod invitations;
pub(super) mod list;
pub(super) mod memberships;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    json_object::JsonObject, owned::Owner, problem::Problem, timestamp::Timestamp, wait::Awaited,
};
use crate::{
    objects::organization::OrganizationData,
    store::{Store, StoreError, object_view::ObjectView},
};

/// Organization. Metadata for backends is not included.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "id": "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
        "name": "Studio Marín",
        "slug": "studio-marin",
        "image": "https://img.clerk.com/example-logo",
        "max_allowed_memberships": 5,
        "admin_delete_enabled": true,
        "public_metadata": {},
        "created_by": "user_3EWsBvOkEkLrJLYjnqOM2ThIRRG",
        "created_at": "2026-08-12T09:30:00.123Z",
        "updated_at": "2026-08-12T09:30:00.123Z"
    })))]
pub(super) struct Organization {
    /// Clerk's ID of the organization.
    id: String,
    /// Name.
    name: Option<String>,
    /// Name in URLs; null if the Clerk instance uses no slugs.
    slug: Option<String>,
    /// URL of the logo.
    image: Option<String>,
    /// Maximum number of memberships. 0 means that there is no maximum.
    max_allowed_memberships: Option<i64>,
    /// Whether administrators of the organization can delete it.
    admin_delete_enabled: Option<bool>,
    /// Metadata that frontends can read.
    public_metadata: Option<JsonObject>,
    /// ID of the user who created the organization. That user may no longer exist.
    created_by: Option<String>,
    /// Time of the creation.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

impl From<ObjectView<OrganizationData>> for Organization {
    fn from(ObjectView { id, data }: ObjectView<OrganizationData>) -> Self {
        Self {
            id,
            name: data.name,
            slug: data.slug,
            image: data.image,
            max_allowed_memberships: data.max_allowed_memberships,
            admin_delete_enabled: data.admin_delete_enabled,
            public_metadata: JsonObject::from_option(data.public_metadata),
            created_by: data.created_by,
            created_at: Timestamp::from_option(data.created_at),
            updated_at: Timestamp::from_option(data.updated_at),
        }
    }
}

impl Awaited for Organization {
    fn updated_at(&self) -> Option<Timestamp> {
        self.updated_at
    }
}

/// Organizations as owners of objects.
pub(super) struct OfOrganization;

impl Owner for OfOrganization {
    async fn exists(store: &Store, id: &str) -> Result<bool, StoreError> {
        store.organization_exists(id).await
    }

    fn not_found() -> Problem {
        no_such_organization()
    }
}

fn no_such_organization() -> Problem {
    Problem::not_found("no organization has this ID")
}
