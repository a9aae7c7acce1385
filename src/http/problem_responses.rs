//! Problem responses of the endpoints, as the OpenAPI document describes them.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses, PartialSchema,
    openapi::{ContentBuilder, HeaderBuilder, Ref, RefOr, Response, ResponseBuilder},
};

/// A problem response: its status, its description, and the name of a header that it has.
struct ProblemResponse {
    status: u16,
    description: &'static str,
    header: Option<&'static str>,
}

/// 401, 429 and 503: the problems of every endpoint that requires credentials.
pub(in crate::http) enum CommonProblems {}

impl IntoResponses for CommonProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([
            ProblemResponse {
                status: 401,
                description: "No usable credentials; `code` says why",
                header: Some("www-authenticate"),
            },
            ProblemResponse {
                status: 429,
                description: "More than a caller may ask for in a minute, or have waiting about one user",
                header: Some("retry-after"),
            },
            UNAVAILABLE,
        ])
    }
}

/// 503: the service cannot answer for now.
pub(in crate::http) enum Unavailable {}

impl IntoResponses for Unavailable {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([UNAVAILABLE])
    }
}

const UNAVAILABLE: ProblemResponse = ProblemResponse {
    status: 503,
    description: "The database does not answer, too many are waiting, or the service is stopping: \
              time heals it",
    header: Some("retry-after"),
};

/// 400: a parameter is invalid.
pub(in crate::http) enum InvalidParameter {}

impl IntoResponses for InvalidParameter {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([ProblemResponse {
            status: 400,
            description: "A parameter is not what is expected; `detail` says which",
            header: None,
        }])
    }
}

/// 403: the key lacks the required scope.
pub(in crate::http) enum ScopeMissing {}

impl IntoResponses for ScopeMissing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([ProblemResponse {
            status: 403,
            description: "The key lacks the scope",
            header: None,
        }])
    }
}

/// 404: the object does not exist, or the caller may not read it.
pub(in crate::http) enum NotFound {}

impl IntoResponses for NotFound {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([ProblemResponse {
            status: 404,
            description: "There is no such thing, or none that the caller may know of",
            header: None,
        }])
    }
}

/// The problems of the endpoint for the tokens of linked accounts.
pub(in crate::http) enum TokenProblems {}

impl IntoResponses for TokenProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([
            ProblemResponse {
                status: 409,
                description: "There is no token of this account, and `code` says why: the user may have \
                          to connect it again",
                header: None,
            },
            ProblemResponse {
                status: 500,
                description: "What is kept cannot be read: `tokens.keys` is not what it was, or \
                          somebody altered it",
                header: None,
            },
            ProblemResponse {
                status: 501,
                description: "The service has no secret key of Clerk's",
                header: None,
            },
            ProblemResponse {
                status: 502,
                description: "Clerk does not answer as it should",
                header: None,
            },
            ProblemResponse {
                status: 503,
                description: "Clerk or the database does not answer, or Clerk takes no more requests for \
                          now: time heals it",
                header: Some("retry-after"),
            },
        ])
    }
}

/// 410: changes after the cursor are no longer stored.
pub(in crate::http) enum CursorExpired {}

impl IntoResponses for CursorExpired {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([ProblemResponse {
            status: 410,
            description: "What came after this cursor is no longer kept: begin anew",
            header: None,
        }])
    }
}

fn responses<const N: usize>(problems: [ProblemResponse; N]) -> BTreeMap<String, RefOr<Response>> {
    let describe = |problem: ProblemResponse| {
        let document = Ref::from_schema_name("Problem");
        let content = ContentBuilder::new().schema(Some(document)).build();
        let response = ResponseBuilder::new()
            .description(problem.description)
            .content("application/problem+json", content);
        let response = match problem.header {
            Some(header) => {
                response.header(header, HeaderBuilder::new().schema(Some(String::schema())).build())
            }
            None => response,
        };
        (problem.status.to_string(), response.build().into())
    };
    problems.into_iter().map(describe).collect()
}
