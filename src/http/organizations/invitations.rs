//! `GET /v1/organizations/{id}/invitations?limit=&cursor=`: lists the invitations to an
//! organization.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::OfOrganization;
use crate::{
    domain::Millis,
    http::{
        State,
        auth::{Key, Read},
        json_object::JsonObject,
        known_values::{INVITATION_STATUSES, ROLES},
        owned::{self, Owned},
        pagination::{List, PageParams},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{PathId, Query},
        timestamp::Timestamp,
    },
    objects::invitation::InvitationData,
    store::{PageRequest, Store, StoreError, bounded_scan::ScanPage, object_view::ObjectView},
};

/// Invitation to an organization. The link in the invitation and metadata for backends are not
/// included.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Invitation {
    /// Clerk's ID of the invitation.
    id: String,
    /// ID of the organization.
    organization_id: String,
    /// Email address that the invitation was sent to.
    email: Option<String>,
    /// Key of the role that the member gets. Clerk's customers define roles.
    #[schema(extensions(("x-extensible-enum" = json!(ROLES))))]
    role: Option<String>,
    /// Status. The value `expired` is computed from `expires_at`.
    #[schema(extensions(("x-extensible-enum" = json!(INVITATION_STATUSES))))]
    status: Option<String>,
    /// ID of the user who sent the invitation.
    inviter_id: Option<String>,
    /// ID of the user who accepted the invitation.
    user_id: Option<String>,
    /// Metadata that the membership gets, and that frontends can read.
    public_metadata: Option<JsonObject>,
    /// Time at which the invitation expires. Clerk sends no event for it.
    expires_at: Option<Timestamp>,
    /// Time at which the invitation was sent.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

impl Owned<OfOrganization> for Invitation {
    type Record = ObjectView<InvitationData>;

    async fn read(
        store: &Store,
        organization_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Self::Record>, StoreError> {
        store.invitations(organization_id, page).await
    }

    fn cursor(record: &Self::Record) -> &str {
        &record.id
    }

    fn convert(ObjectView { id, data }: Self::Record, now: Millis) -> Self {
        let status = data.status_at(now).map(str::to_owned);
        Self {
            id,
            organization_id: data.organization_id,
            email: data.email,
            role: data.role,
            status,
            inviter_id: data.inviter_id,
            user_id: data.user_id,
            public_metadata: JsonObject::from_option(data.public_metadata),
            expires_at: Timestamp::from_option(data.expires_at),
            created_at: Timestamp::from_option(data.created_at),
            updated_at: Timestamp::from_option(data.updated_at),
        }
    }
}

/// List the invitations to an organization.
#[utoipa::path(
    get,
    path = "/v1/organizations/{id}/invitations",
    tag = "organizations",
    operation_id = "listOrganizationInvitations",
    params(
        (
            "id" = String, Path,
            description = "ID of the organization.",
            example = "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
        ),
        PageParams,
    ),
    responses(
        (status = 200, description = "Page of invitations, ordered by ID.", body = List<Invitation>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"])),
)]
pub(in crate::http) async fn invitations(
    _: Key<Read>,
    PathId(id): PathId,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<Invitation, OfOrganization>(&id, page, &state).await
}
