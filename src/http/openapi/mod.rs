//! Serves the OpenAPI 3.1 document, which is generated from the code, and a page that displays it.
//!
//! | module | content |
//! |---|---|
//! | [`operations`] | summaries, credentials and headers of the operations |
//! | [`schemas`] | names, required properties, nullable values and open sets of the schemas |
//! | [`security`] | security schemes |

mod operations;
mod schemas;
mod security;

use std::{future::ready, sync::LazyLock};

use actix_web::{
    HttpResponse,
    dev::HttpServiceFactory,
    http::header::{ContentType, LOCATION},
    web::{self, Bytes},
};
use utoipa::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use self::{
    operations::{CommonHeaders, ConditionalRequests, Credentials, Summaries, WaitResults},
    schemas::{ListNames, NullableValues, OpenSets, RequiredFields},
    security::SecuritySchemes,
};
use super::{
    billing, changes, counts, decisions, endpoints, events, get, health, me, memberships, metrics,
    organizations, page_headers,
    problem::{Problem, ProblemDocument},
    roles, sessions, status, users, webhooks,
};

/// The endpoints, in the order of the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "MeetVo Backend",
        description = "Users, sessions, organizations, memberships and subscriptions, synced from Clerk.\n\n\
            Lists are paginated: to get the next page, pass `next_cursor` as `cursor`. Every error \
            is a problem document (RFC 9457) with a stable `code`. Times are RFC 3339, in UTC, \
            with milliseconds.",
        license(name = "MIT", url = "https://opensource.org/license/mit"),
    ),
    servers((url = "/")),
    tags(
        (name = "billing", description = "Plans, subscriptions and payments of Clerk Billing"),
        (name = "changes", description = "Change feed in commit order"),
        (name = "endpoints", description = "Endpoints to which changes are pushed"),
        (name = "events", description = "Received events, their decisions, and the status"),
        (name = "health", description = "Health checks and metrics"),
        (name = "me", description = "Signed-in user"),
        (
            name = "organizations",
            description = "Organizations, memberships, invitations, domains and roles",
        ),
        (
            name = "users",
            description = "Users and their sessions, accounts, verifications and memberships",
        ),
        (name = "webhooks", description = "Deliveries of events from Clerk"),
    ),
    paths(
        me::user,
        me::sessions,
        me::accounts,
        me::verifications,
        me::memberships,
        me::membership,
        me::organizations,
        changes::own,
        users::list::users,
        counts::users,
        users::get::user,
        users::profile::profile,
        users::sessions::sessions,
        users::accounts::accounts,
        users::verifications::verifications,
        users::memberships::memberships,
        users::token::token,
        sessions::get::session,
        organizations::list::organizations,
        counts::organizations,
        organizations::get::organization,
        organizations::memberships::memberships,
        organizations::invitations::invitations,
        organizations::domains::domains,
        memberships::list::memberships,
        memberships::check::check,
        counts::memberships,
        memberships::get::membership,
        roles::roles,
        roles::permissions,
        billing::entitlements::of_user,
        billing::entitlements::of_organization,
        billing::entitlements::own,
        billing::subscriptions::subscriptions,
        billing::subscriptions::of_user,
        billing::subscriptions::of_organization,
        billing::payment_attempts::payment_attempts,
        billing::plans::plans,
        changes::all,
        endpoints::read::list,
        endpoints::values::create,
        endpoints::read::get,
        endpoints::values::update,
        endpoints::change::delete,
        endpoints::change::enable,
        endpoints::change::disable,
        endpoints::secrets::rotate,
        endpoints::replay::replay,
        endpoints::secrets::test,
        endpoints::attempts::attempts,
        events::list::events,
        events::get::event,
        events::messages::messages,
        events::reprocess::one,
        events::reprocess::page,
        events::dismiss::one,
        events::dismiss::page,
        events::reasons::reasons,
        decisions::decisions,
        status::status,
        health::alive,
        health::ready,
        metrics::metrics,
        webhooks::receive,
    ),
    components(schemas(ProblemDocument)),
    modifiers(
        &SecuritySchemes,
        &ListNames,
        &RequiredFields,
        &NullableValues,
        &OpenSets,
        &Summaries,
        &Credentials,
        &WaitResults,
        &ConditionalRequests,
        &CommonHeaders,
    ),
)]
struct Description;

/// Path of the document.
const DOCUMENT: &str = "/openapi.json";

/// Returns the service of `GET /openapi.json`.
pub(super) fn document() -> impl HttpServiceFactory + use<> {
    get(DOCUMENT, web::route().to(|| ready(serialized())))
}

/// Responds with the document. It is serialized at the first request: as a tree it takes 18 MB, and
/// each thread of the server would have its own.
fn serialized() -> Result<HttpResponse, Problem> {
    static JSON: LazyLock<Result<Bytes, serde_json::Error>> =
        LazyLock::new(|| serde_json::to_vec(&Description::openapi()).map(Bytes::from));
    let json = JSON.as_ref().map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(json.clone()))
}

/// Returns the page below `/docs/` that displays the document, with the security headers.
pub(super) fn pages() -> impl HttpServiceFactory + use<> {
    // The other layout has a field for the URL of any description, and inline styles.
    let config = Config::from(DOCUMENT).use_base_layout();
    let config = config.try_it_out_enabled(true).validator_url("none");
    web::scope("/docs")
        .wrap(page_headers::security())
        .service(get("", web::route().to(redirect_to_index)))
        .service(SwaggerUi::new("/{_:.*}").config(config))
}

/// Redirects `/docs` to `docs/`, because the URLs of the page are relative.
async fn redirect_to_index() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "docs/")).finish()
}
