//! Completes the operations that the code generates: their summaries, credentials and headers.

use std::iter;

use utoipa::{
    Modify, PartialSchema,
    openapi::{
        Header, HeaderBuilder, ObjectBuilder, OpenApi, Ref, RefOr, Required, Response,
        SecurityRequirement, Type,
        extensions::Extensions,
        path::{Operation, ParameterBuilder, ParameterIn},
    },
};

use super::security::{API_KEY, SESSION_TOKEN};
use crate::{
    domain::scope::Scope,
    http::{
        auth::rate_limits::{RATE_LIMIT, RATE_LIMIT_POLICY},
        request::REQUEST_ID,
        wait,
    },
};

/// Returns all operations of the document.
pub(super) fn all(openapi: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    let paths = openapi.paths.paths.values_mut();
    paths
        .flat_map(|path| [&mut path.get, &mut path.post, &mut path.patch, &mut path.delete])
        .flatten()
}

/// Removes the period that ends the first sentence of a doc comment from the summaries.
pub(super) struct Summaries;

impl Modify for Summaries {
    fn modify(&self, openapi: &mut OpenApi) {
        for operation in all(openapi) {
            if let Some(summary) = &mut operation.summary {
                summary.truncate(summary.trim_end_matches('.').len());
            }
        }
    }
}

/// Adds the required credentials to the descriptions, and the scope as an extension, because only
/// schemes of OAuth have scopes. Operations without credentials state that they need none.
pub(super) struct Credentials;

/// Extension of an operation that names the required scope of an API key.
const REQUIRED_SCOPE: &str = "x-required-scope";

impl Modify for Credentials {
    fn modify(&self, openapi: &mut OpenApi) {
        for operation in all(openapi) {
            let Some(accepted) = &mut operation.security else {
                operation.security = Some(Vec::new());
                continue;
            };
            let by_token = accepted.contains(&required(SESSION_TOKEN, None));
            let scope = Scope::ALL.into_iter().find_map(|scope| {
                let with_scope = required(API_KEY, Some(scope.as_str()));
                let found = accepted.iter_mut().find(|it| **it == with_scope)?;
                *found = required(API_KEY, None);
                Some(scope)
            });
            let credentials = match (scope, by_token) {
                (Some(scope), true) => {
                    format!("Requires an API key with {}, or a session token.", accepted_by(scope))
                }
                (Some(scope), false) => {
                    format!("Requires an API key with {}.", accepted_by(scope))
                }
                (None, _) => "Requires a session token.".to_owned(),
            };
            operation.extensions =
                scope.map(|scope| Extensions::from_iter([(REQUIRED_SCOPE, scope.as_str())]));
            operation.description = Some(match operation.description.take() {
                Some(description) => format!("{description}\n\n{credentials}"),
                None => credentials,
            });
        }
    }
}

/// Names the scope, and those that include it.
fn accepted_by(required: Scope) -> String {
    let including = Scope::ALL.into_iter().filter(|it| *it != required && it.includes(required));
    let scopes = iter::once(required).chain(including);
    let names: Vec<_> = scopes.map(|it| format!("`{}`", it.as_str())).collect();
    format!("the scope {}", names.join(" or "))
}

/// Returns the requirement of a scheme, as the descriptions of the endpoints state it.
fn required(scheme: &str, scope: Option<&str>) -> SecurityRequirement {
    SecurityRequirement::new(scheme, scope)
}

/// Describes the header with the result of a wait at the endpoints that can wait for a state.
pub(super) struct WaitResults;

impl Modify for WaitResults {
    fn modify(&self, openapi: &mut OpenApi) {
        let values = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some([wait::REACHED, wait::TIMEOUT]))
            .build();
        let description = "Present with `updated_after` or `match`. `reached`: the response has \
                           the awaited state, or one that no later event can change. `timeout`: \
                           the wait ended, and the response has the current state.";
        let header =
            HeaderBuilder::new().schema(Some(values)).description(Some(description)).build();
        for operation in all(openapi) {
            let mut parameters = operation.parameters.iter().flatten();
            let waits = parameters.any(|it| matches!(it, RefOr::T(it) if it.name == "match"));
            let response = operation.responses.responses.get_mut("200");
            if let (true, Some(RefOr::T(response))) = (waits, response) {
                response.headers.insert(wait::WAIT_RESULT.to_string(), header.clone().into());
            }
        }
    }
}

/// Describes the headers of conditional requests at the endpoints that can answer with 304.
pub(super) struct ConditionalRequests;

impl Modify for ConditionalRequests {
    fn modify(&self, openapi: &mut OpenApi) {
        let known = "Entity tags of the responses that the caller has. If one of them is the tag of \
                     the response, the response is 304 without a body.";
        let parameter = ParameterBuilder::new()
            .name("if-none-match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(known))
            .schema(Some(String::schema()))
            .build();
        for operation in all(openapi) {
            if !operation.responses.responses.contains_key("304") {
                continue;
            }
            operation.parameters.get_or_insert_default().push(RefOr::T(parameter.clone()));
            for status in ["200", "304"] {
                let response = operation.responses.responses.get_mut(status);
                if let Some(RefOr::T(response)) = response {
                    let etag = text("Entity tag of the response body.");
                    response.headers.insert("etag".to_owned(), etag.into());
                }
            }
        }
    }
}

/// Describes the headers that many responses have: the request ID, and the rate limit of the
/// caller.
pub(super) struct CommonHeaders;

/// Schemas of the headers that many responses have.
const REQUEST_ID_NAME: &str = "RequestId";
const RATE_LIMIT_NAME: &str = "RateLimit";
const RATE_LIMIT_POLICY_NAME: &str = "RateLimitPolicy";

impl Modify for CommonHeaders {
    fn modify(&self, openapi: &mut OpenApi) {
        let headers = &mut openapi.components.get_or_insert_default().headers;
        for (name, description) in [
            (
                REQUEST_ID_NAME,
                "ID of the request in the log of the service. A request can set its own value in \
                 the same header.",
            ),
            (
                RATE_LIMIT_NAME,
                "Requests that are left (`r`), and seconds until all are available again (`t`), \
                 for example `\"key\";r=59999;t=1`. Absent if the caller has no rate limit.",
            ),
            (
                RATE_LIMIT_POLICY_NAME,
                "Requests (`q`) per number of seconds (`w`), for example `\"key\";q=60000;w=60`. \
                 Absent if the caller has no rate limit.",
            ),
        ] {
            headers.insert(name.to_owned(), text(description).into());
        }
        for operation in all(openapi) {
            let is_counted = operation.security.as_ref().is_some_and(|it| !it.is_empty());
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response {
                    // A request without valid credentials is not counted.
                    add_headers(response, is_counted && status != "401");
                }
            }
        }
    }
}

fn add_headers(response: &mut Response, is_counted: bool) {
    let mut add = |header: &str, name: &str| {
        let reference = Ref::new(format!("#/components/headers/{name}"));
        response.headers.insert(header.to_owned(), RefOr::Ref(reference));
    };
    add(REQUEST_ID.as_str(), REQUEST_ID_NAME);
    if is_counted {
        add(RATE_LIMIT.as_str(), RATE_LIMIT_NAME);
        add(RATE_LIMIT_POLICY.as_str(), RATE_LIMIT_POLICY_NAME);
    }
}

fn text(description: &str) -> Header {
    HeaderBuilder::new().schema(Some(String::schema())).description(Some(description)).build()
}
