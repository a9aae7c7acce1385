//! `GET /v1/roles` and `GET /v1/permissions`: list the roles in organizations, and the permissions
//! that they can have.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    State,
    auth::{Key, Read},
    known_values::PERMISSION_TYPES,
    memberships::texts,
    pagination::{self, List, PageParams},
    problem::Problem,
    problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
    query::Query,
    timestamp::Timestamp,
};
use crate::{
    objects::{permission::PermissionData, role::RoleData},
    store::object_view::ObjectView,
};

/// Role of members of organizations.
#[derive(Serialize, ToSchema)]
pub(super) struct Role {
    /// Clerk's ID of the role.
    id: String,
    /// Key in memberships, for example `org:admin`.
    key: Option<String>,
    /// Name.
    name: Option<String>,
    /// Description.
    description: Option<String>,
    /// Keys of the permissions of the role.
    permissions: Option<Vec<String>>,
    /// Time of the creation.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

impl From<ObjectView<RoleData>> for Role {
    fn from(ObjectView { id, data }: ObjectView<RoleData>) -> Self {
        Self {
            id,
            key: data.key,
            name: data.name,
            description: data.description,
            permissions: data.permissions.as_ref().and_then(texts),
            created_at: Timestamp::from_option(data.created_at),
            updated_at: Timestamp::from_option(data.updated_at),
        }
    }
}

/// Permission that a role can have.
#[derive(Serialize, ToSchema)]
pub(super) struct Permission {
    /// Clerk's ID of the permission.
    id: String,
    /// Key in roles and memberships, for example `org:posts:edit`.
    key: Option<String>,
    /// Name.
    name: Option<String>,
    /// Description.
    description: Option<String>,
    /// Type.
    #[schema(extensions(("x-extensible-enum" = json!(PERMISSION_TYPES))))]
    r#type: Option<String>,
    /// Time of the creation.
    created_at: Option<Timestamp>,
    /// Time of the last change at Clerk.
    updated_at: Option<Timestamp>,
}

impl From<ObjectView<PermissionData>> for Permission {
    fn from(ObjectView { id, data }: ObjectView<PermissionData>) -> Self {
        Self {
            id,
            key: data.key,
            name: data.name,
            description: data.description,
            r#type: data.r#type,
            created_at: Timestamp::from_option(data.created_at),
            updated_at: Timestamp::from_option(data.updated_at),
        }
    }
}

/// List roles.
#[utoipa::path(
    get,
    path = "/v1/roles",
    tag = "organizations",
    operation_id = "listRoles",
    params(PageParams),
    responses(
        (status = 200, description = "Page of roles, ordered by ID.", body = List<Role>),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["read"])),
)]
pub(super) async fn roles(
    _: Key<Read>,
    Query(PageParams { limit, cursor }): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let found = state.store.roles(&limit.page_request(cursor)).await?;
    Ok(pagination::bounded_page_response(limit, found, |row| row.id.clone(), Role::from))
}

/// List permissions.
#[utoipa::path(
    get,
    path = "/v1/permissions",
    tag = "organizations",
    operation_id = "listPermissions",
    params(PageParams),
    responses(
        (
            status = 200,
            description = "Page of permissions, ordered by ID.",
            body = List<Permission>,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["read"])),
)]
pub(super) async fn permissions(
    _: Key<Read>,
    Query(PageParams { limit, cursor }): Query<PageParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let found = state.store.permissions(&limit.page_request(cursor)).await?;
    Ok(pagination::bounded_page_response(limit, found, |row| row.id.clone(), Permission::from))
}
