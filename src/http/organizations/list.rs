//! `GET /v1/organizations?id=&slug=&query=&limit=&cursor=`: lists organizations, ordered by ID, or
//! with `query` by the matched text.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Organization;
use crate::{
    http::{
        State,
        auth::{Key, Read},
        pagination::{self, Limit, List},
        problem::Problem,
        problem_responses::{CommonProblems, InvalidParameter, ScopeMissing},
        query::{self, FilterText, FilterWord, Query, SearchText},
        search,
    },
    store::organizations::OrganizationFilter,
};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct OrganizationParams {
    /// IDs of organizations. The parameter can be repeated.
    #[serde(default)]
    #[param(inline, style = Form, explode = true, max_items = 500, required = false)]
    id: Vec<FilterText>,
    /// Name in URLs.
    #[param(inline)]
    slug: Option<FilterWord>,
    /// Beginning of the name or the slug, without regard to case and accents. Organizations are
    /// ordered by the matched text, and not by ID.
    #[param(inline)]
    query: Option<SearchText>,
    /// Maximum number of organizations on the page. A page can have fewer and still have a next
    /// page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Value of `next_cursor` of the previous page.
    #[param(min_length = 1, pattern = r"\S")]
    cursor: Option<String>,
}

/// List organizations.
///
/// The list has the organizations that match all filters.
#[utoipa::path(
    get,
    path = "/v1/organizations",
    tag = "organizations",
    operation_id = "listOrganizations",
    params(OrganizationParams),
    responses(
        (
            status = 200,
            description = "Page of organizations, ordered by ID or by the matched text.",
            body = List<Organization>,
        ),
        InvalidParameter,
        CommonProblems,
        ScopeMissing,
    ),
    security(("apiKey" = ["read"])),
)]
pub(in crate::http) async fn organizations(
    _: Key<Read>,
    Query(params): Query<OrganizationParams>,
    state: web::Data<State>,
) -> Result<HttpResponse, Problem> {
    let OrganizationParams { id, slug, query, limit, cursor } = params;
    let filter =
        OrganizationFilter { ids: query::ids(id)?, slug: slug.map(|FilterWord(slug)| slug) };
    if let Some(SearchText(query)) = query {
        let find = async |prefix: &str, page: &_| {
            state.store.search_organizations(prefix, &filter, page).await
        };
        return search::page_response(&query, limit, cursor, find, Organization::from).await;
    }
    let found = state.store.organizations(&filter, &limit.page_request(cursor)).await?;
    Ok(pagination::bounded_page_response(limit, found, |row| row.id.clone(), Organization::from))
}
