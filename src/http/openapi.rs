//! Serves the OpenAPI 3.1 document, which is generated from the code, and a page that displays it.

use std::future::ready;

use actix_web::{HttpResponse, dev::HttpServiceFactory, http::header::LOCATION, web};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, ArrayBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Schema, Type,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{
    changes, counts, decisions, events, get, health, me, memberships, metrics, organizations,
    page_headers, problem::ProblemDocument, roles, sessions, status, users, wait,
};

/// The endpoints, in the order of the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "MeetVo Backend",
        description = "Users, sessions, organizations and memberships, synced from Clerk.\n\n\
            Lists are paginated: to get the next page, pass `next_cursor` as `cursor`. Every error \
            is a problem document (RFC 9457) with a stable `code`. Times are RFC 3339, in UTC, \
            with milliseconds.",
        license(name = "MIT", identifier = "MIT"),
    ),
    servers((url = "/")),
    tags(
        (name = "me", description = "Signed-in user"),
        (name = "users", description = "Users and their sessions, accounts, verifications and memberships"),
        (
            name = "organizations",
            description = "Organizations, memberships, invitations, domains and roles",
        ),
        (name = "changes", description = "Change feed in commit order"),
        (name = "events", description = "Received events, their decisions, and the status"),
        (name = "health", description = "Health checks and metrics"),
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
        changes::all,
        events::list::events,
        events::get::event,
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
    ),
    components(schemas(ProblemDocument)),
    modifiers(&SecuritySchemes, &RequiredFields, &Summaries, &WaitResults),
)]
struct Description;

/// Adds the security schemes.
struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, openapi: &mut openapi::OpenApi) {
        let bearer = |description: &str| {
            let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
            SecurityScheme::Http(scheme.description(Some(description)).build())
        };
        let components = openapi.components.get_or_insert_default();
        let key =
            bearer("API key, created with `meetvo keys new`. Its scopes limit the endpoints.");
        let session = bearer("Clerk session token, from `await clerk.session.getToken()`.");
        let cookie = "Clerk session token in the cookie `__session`, or in the instance's own \
                      cookie `__session_<suffix>`, which takes precedence. It is accepted only if \
                      `clerk.authorized_parties` is set.";
        let cookie = ApiKeyValue::with_description("__session", cookie);
        components.add_security_scheme("key", key);
        components.add_security_scheme("session", session);
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    }
}

/// Marks every field as required, because responses contain all fields, also those that are null.
/// Describes the items of a page by a reference to their schema.
struct RequiredFields;

impl Modify for RequiredFields {
    fn modify(&self, openapi: &mut openapi::OpenApi) {
        let schemas = openapi.components.iter_mut().flat_map(|it| &mut it.schemas);
        for (name, schema) in schemas {
            let RefOr::T(schema) = schema else { continue };
            require_all(schema);
            if let (Schema::Object(list), Some(item)) = (schema, name.strip_prefix("List_")) {
                let items = ArrayBuilder::new()
                    .items(Ref::from_schema_name(item))
                    .description(Some("Items of the page."));
                list.properties.insert("data".to_owned(), items.into());
            }
        }
    }
}

/// Removes the period that ends the first sentence of a doc comment from the summaries.
struct Summaries;

impl Modify for Summaries {
    fn modify(&self, openapi: &mut openapi::OpenApi) {
        for path in openapi.paths.paths.values_mut() {
            for operation in [&mut path.get, &mut path.post].into_iter().flatten() {
                if let Some(summary) = &mut operation.summary {
                    summary.truncate(summary.trim_end_matches('.').len());
                }
            }
        }
    }
}

/// Describes the header with the result of a wait at the endpoints that can wait for a state.
struct WaitResults;

impl Modify for WaitResults {
    fn modify(&self, openapi: &mut openapi::OpenApi) {
        let values = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some([wait::REACHED, wait::TIMEOUT]))
            .build();
        let description = "Present with `updated_after` or `match`. `reached`: the response has the \
                           awaited state, or one that no later event can change. `timeout`: the \
                           wait ended, and the response has the current state.";
        let header =
            HeaderBuilder::new().schema(Some(values)).description(Some(description)).build();
        let operations = openapi.paths.paths.values_mut().filter_map(|path| path.get.as_mut());
        for operation in operations {
            let mut parameters = operation.parameters.iter().flatten();
            let waits = parameters.any(|it| matches!(it, RefOr::T(it) if it.name == "match"));
            let response = operation.responses.responses.get_mut("200");
            if let (true, Some(RefOr::T(response))) = (waits, response) {
                response.headers.insert(wait::WAIT_RESULT.to_string(), header.clone().into());
            }
        }
    }
}

fn require_all(schema: &mut Schema) {
    match schema {
        Schema::Object(object) => object.required = object.properties.keys().cloned().collect(),
        Schema::AllOf(parts) => parts.items.iter_mut().for_each(|part| {
            if let RefOr::T(part) = part {
                require_all(part);
            }
        }),
        _ => {}
    }
}

/// Path of the document.
const DOCUMENT: &str = "/openapi.json";

/// Returns the service of `GET /openapi.json`.
pub(super) fn document() -> impl HttpServiceFactory + use<> {
    let document = Description::openapi();
    get(DOCUMENT, web::route().to(move || ready(HttpResponse::Ok().json(&document))))
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
