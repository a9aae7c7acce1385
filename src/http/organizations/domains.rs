//! `GET /v1/organizations/{id}/domains?limit=&cursor=`: lists the domains of an organization.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::OfOrganization;
use crate::{
    domain::Millis,
    http::{
        State,
        auth::{Key, Read},
        known_values::{ENROLLMENT_MODES, VERIFICATION_STATUSES},
        owned::{self, Owned},
        pagination::{List, PageParams},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, NotFound, ScopeMissing},
        query::{PathId, Query},
        timestamp::Timestamp,
    },
    objects::organization_domain::OrganizationDomainData,
    store::{PageRequest, Store, StoreError, bounded_scan::ScanPage, object_view::ObjectView},
};

/// Domain of an organization, whose users can join it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct OrganizationDomain {
    /// Clerk's ID of the domain.
    id: String,
    /// ID of the organization.
    organization_id: String,
    /// Name of the domain, for example `example.com`.
    name: Option<String>,
    /// Way in which users with an address in the domain join.
    #[schema(extensions(("x-extensible-enum" = json!(ENROLLMENT_MODES))))]
    enrollment_mode: Option<String>,
    /// Status of the verification of an address in the domain. Null if none was started.
    #[schema(extensions(("x-extensible-enum" = json!(VERIFICATION_STATUSES))))]
    affiliation_status: Option<String>,
    /// Status of the verification that the organization owns the domain. Null if none was started.
    #[schema(extensions(("x-extensible-enum" = json!(VERIFICATION_STATUSES))))]
    ownership_status: Option<String>,
    /// Time at which the domain was added.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

impl Owned<OfOrganization> for OrganizationDomain {
    type Record = ObjectView<OrganizationDomainData>;

    async fn read(
        store: &Store,
        organization_id: &str,
        page: &PageRequest,
    ) -> Result<ScanPage<Self::Record>, StoreError> {
        store.domains(organization_id, page).await
    }

    fn cursor(record: &Self::Record) -> &str {
        &record.id
    }

    fn convert(ObjectView { id, data }: Self::Record, _: Millis) -> Self {
        Self {
            id,
            organization_id: data.organization_id,
            name: data.name,
            enrollment_mode: data.enrollment_mode,
            affiliation_status: data.affiliation_status,
            ownership_status: data.ownership_status,
            created_at: Timestamp::from_option(data.created_at),
            updated_at: Timestamp::from_option(data.updated_at),
        }
    }
}

/// List the domains of an organization.
#[utoipa::path(
    get,
    path = "/v1/organizations/{id}/domains",
    tag = "organizations",
    operation_id = "listOrganizationDomains",
    params(
        (
            "id" = String, Path,
            description = "ID of the organization.",
            example = "org_38TlHUSL0uDX6LtisQKNyeh0ip6",
        ),
        PageParams,
    ),
    responses(
        (
            status = 200,
            description = "Page of domains, ordered by ID.",
            body = List<OrganizationDomain>,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
        NotFound,
    ),
    security(("apiKey" = ["read"])),
)]
pub(in crate::http) async fn domains(
    _: Key<Read>,
    PathId(id): PathId,
    Query(page): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    owned::page::<OrganizationDomain, OfOrganization>(&id, page, &state).await
}
