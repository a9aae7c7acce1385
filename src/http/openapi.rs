//! Serves the OpenAPI 3.1 document, which is generated from the code, and a page that displays it.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        self, ArrayBuilder, Ref, RefOr, Schema,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::{
    changes, decisions, events, health, me, metrics, problem::ProblemDocument, sessions, status, users,
};

/// The endpoints, in the order of the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "MeetVo Backend",
        description = "Users, sessions, linked accounts and verifications, kept in step with Clerk.\n\n\
            Lists are pages: `next_cursor` of one is the `cursor` of the next. Every refusal is a problem document (RFC 9457) with a \
            stable `code`. Instants are RFC 3339, in UTC and to the millisecond.",
        license(name = "MIT", identifier = "MIT"),
    ),
    servers((url = "/")),
    tags(
        (name = "me", description = "Whoever is signed in with Clerk, about themselves"),
        (name = "users", description = "Users, and what is theirs"),
        (name = "changes", description = "What changed, in the order of the commits"),
        (name = "events", description = "What came in, and what became of it"),
        (name = "health", description = "For whoever watches over the process"),
    ),
    paths(
        me::user,
        me::sessions,
        me::accounts,
        changes::own,
        users::list::users,
        users::get::user,
        users::sessions::sessions,
        users::accounts::accounts,
        users::verifications::verifications,
        users::token::token,
        sessions::get::session,
        changes::all,
        events::list::events,
        events::get::event,
        events::reprocess::one,
        events::reprocess::page,
        decisions::decisions,
        status::status,
        health::alive,
        health::ready,
        metrics::metrics,
    ),
    components(schemas(ProblemDocument)),
    modifiers(&SecuritySchemes, &RequiredFields),
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
            bearer("An API key: `meetvo keys new` makes one. Its scope says what it may read.");
        let session = bearer("A session token of Clerk's: `await clerk.session.getToken()`.");
        let cookie = "A session token in the cookie that Clerk sets, where `clerk.authorized_parties` is set.";
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
                let items = ArrayBuilder::new().items(Ref::from_schema_name(item));
                list.properties.insert("data".to_owned(), items.into());
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

/// Returns the services of `GET /openapi.json` and of the page at `/docs/`.
pub(super) fn pages() -> SwaggerUi {
    SwaggerUi::new("/docs/{_:.*}")
        .url("/openapi.json", Description::openapi())
        .config(Config::default().try_it_out_enabled(true).validator_url("none"))
}
