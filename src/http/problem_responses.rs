//! Problem responses of the endpoints, as the OpenAPI document describes them.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses,
    openapi::{
        ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type,
    },
};

/// Description of a problem response.
struct ProblemResponse {
    status: u16,
    description: &'static str,
    header: Option<Header>,
}

/// Name, type and description of a response header.
type Header = (&'static str, Type, &'static str);

const WWW_AUTHENTICATE: Header =
    ("www-authenticate", Type::String, "Authentication scheme, which is `Bearer`.");

const RETRY_AFTER: Header =
    ("retry-after", Type::Integer, "Seconds to wait before the request is retried.");

/// 401, 429, 500 and 503: the problems of every endpoint that requires credentials.
pub(in crate::http) enum CommonProblems {}

impl IntoResponses for CommonProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([
            unauthorized("The request has no valid credentials. `code` names the reason."),
            TOO_MANY,
            INTERNAL,
            UNAVAILABLE,
        ])
    }
}

/// The same problems, for the endpoints that depend on the active organization of a session token.
pub(in crate::http) enum MemberProblems {}

impl IntoResponses for MemberProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([
            unauthorized(
                "The request has no valid credentials. `code` names the reason. It is \
                 `token_organization_membership_ended` or `token_organization_role_changed` if the \
                 active organization of a session token is outdated.",
            ),
            TOO_MANY,
            INTERNAL,
            UNAVAILABLE,
        ])
    }
}

const fn unauthorized(description: &'static str) -> ProblemResponse {
    ProblemResponse { status: 401, description, header: Some(WWW_AUTHENTICATE) }
}

const TOO_MANY: ProblemResponse = ProblemResponse {
    status: 429,
    description: "The caller exceeds its rate limit, too many requests about one user or with one \
                  API key are open, or the client's address has too many failed authentications.",
    header: Some(RETRY_AFTER),
};

const INTERNAL: ProblemResponse = ProblemResponse {
    status: 500,
    description: "An internal error occurred. The log of the service has its cause under \
                  `request_id`.",
    header: None,
};

/// 503: the service cannot answer for now.
pub(in crate::http) enum Unavailable {}

impl IntoResponses for Unavailable {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([UNAVAILABLE])
    }
}

const UNAVAILABLE: ProblemResponse = ProblemResponse {
    status: 503,
    description: "The database does not answer, too many requests are waiting, or the service is \
              shutting down. Retry the request.",
    header: Some(RETRY_AFTER),
};

/// 400: a parameter is invalid.
pub(in crate::http) enum InvalidParameter {}

impl IntoResponses for InvalidParameter {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([ProblemResponse {
            status: 400,
            description: "A parameter is invalid. `detail` names it.",
            header: None,
        }])
    }
}

/// 400: the body is invalid.
pub(in crate::http) enum InvalidBody {}

impl IntoResponses for InvalidBody {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([ProblemResponse {
            status: 400,
            description: "The body or a parameter is invalid. `detail` names the property.",
            header: None,
        }])
    }
}

/// The problems of the endpoints to which changes are pushed.
pub(in crate::http) enum EndpointProblems {}

impl IntoResponses for EndpointProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([
            ProblemResponse {
                status: 409,
                description: "There are 50 endpoints already, or another request changed the \
                              endpoint at the same time.",
                header: None,
            },
            ProblemResponse {
                status: 501,
                description: "The service has no key to encrypt signing secrets: `push.keys`.",
                header: None,
            },
        ])
    }
}

/// 403: the key lacks the required scope.
pub(in crate::http) enum ScopeMissing {}

impl IntoResponses for ScopeMissing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([ProblemResponse {
            status: 403,
            description: "The API key lacks the required scope. `detail` names it.",
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
            description: "The object does not exist, or the caller cannot read it.",
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
                description: "The account has no token. `code` names the reason; often the user \
                          must connect the account again.",
                header: None,
            },
            ProblemResponse {
                status: 500,
                description: "The cached token cannot be decrypted, because `tokens.keys` has \
                          changed or the stored token was altered. Or another internal error \
                          occurred; the log of the service has its cause under `request_id`.",
                header: None,
            },
            ProblemResponse {
                status: 501,
                description: "The service has no Clerk secret key.",
                header: None,
            },
            ProblemResponse {
                status: 502,
                description: "Clerk rejects the request, or its response is invalid.",
                header: None,
            },
            ProblemResponse {
                status: 503,
                description: "Clerk or the database does not answer, or Clerk's rate limit is \
                          used up. Retry the request.",
                header: Some(RETRY_AFTER),
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
            description: "Changes after this cursor are no longer stored. Read all objects again.",
            header: None,
        }])
    }
}

/// The problems of the webhook endpoint.
pub(in crate::http) enum DeliveryProblems {}

impl IntoResponses for DeliveryProblems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        responses([
            ProblemResponse {
                status: 400,
                description: "The headers are missing, repeated, malformed or mixed, the timestamp \
                              is out of tolerance, the signature does not match, or the body is \
                              incomplete or not UTF-8. `code` names the reason.",
                header: None,
            },
            ProblemResponse {
                status: 408,
                description: "The body did not arrive within the timeout.",
                header: None,
            },
            ProblemResponse {
                status: 413,
                description: "The body is larger than the maximum.",
                header: None,
            },
            ProblemResponse {
                status: 415,
                description: "The body is compressed, but the signature covers the uncompressed \
                              body.",
                header: None,
            },
            INTERNAL,
            ProblemResponse {
                status: 503,
                description: "The event was not committed in time, the queue or the memory for \
                              bodies is full, the database accepts no writes, or the service is \
                              shutting down. Svix retries the delivery.",
                header: Some(RETRY_AFTER),
            },
        ])
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
            Some((name, of_value, description)) => {
                let value = ObjectBuilder::new().schema_type(of_value).build();
                let header = HeaderBuilder::new().schema(Some(value));
                response.header(name, header.description(Some(description)).build())
            }
            None => response,
        };
        (problem.status.to_string(), response.build().into())
    };
    problems.into_iter().map(describe).collect()
}
