//! What calls can be refused for, as their descriptions say it.

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses, PartialSchema,
    openapi::{ContentBuilder, HeaderBuilder, Ref, RefOr, Response, ResponseBuilder},
};

/// A refusal: its status, what it means, and a header that it carries.
struct Refusal {
    status: u16,
    meaning: &'static str,
    header: Option<&'static str>,
}

/// What any call with credentials can be refused for.
pub(in crate::http) enum Refused {}

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described([
            Refusal {
                status: 401,
                meaning: "No usable credentials; `code` says why",
                header: Some("www-authenticate"),
            },
            Refusal {
                status: 429,
                meaning: "More than a caller may ask for in a minute, or have waiting about one user",
                header: Some("retry-after"),
            },
            UNAVAILABLE,
        ])
    }
}

/// What is only a time.
pub(in crate::http) enum Unavailable {}

impl IntoResponses for Unavailable {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described([UNAVAILABLE])
    }
}

const UNAVAILABLE: Refusal = Refusal {
    status: 503,
    meaning: "The database does not answer, too many are waiting, or the service is stopping: \
              time heals it",
    header: Some("retry-after"),
};

/// A parameter is not what is expected.
pub(in crate::http) enum Unclear {}

impl IntoResponses for Unclear {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described([Refusal {
            status: 400,
            meaning: "A parameter is not what is expected; `detail` says which",
            header: None,
        }])
    }
}

/// The key lacks a scope.
pub(in crate::http) enum Unscoped {}

impl IntoResponses for Unscoped {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described([Refusal { status: 403, meaning: "The key lacks the scope", header: None }])
    }
}

/// There is no such thing.
pub(in crate::http) enum Missing {}

impl IntoResponses for Missing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described([Refusal {
            status: 404,
            meaning: "There is no such thing, or none that the caller may know of",
            header: None,
        }])
    }
}

/// There is no token.
pub(in crate::http) enum Tokenless {}

impl IntoResponses for Tokenless {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described([
            Refusal {
                status: 409,
                meaning: "There is no token of this account, and `code` says why: the user may have \
                          to connect it again",
                header: None,
            },
            Refusal {
                status: 500,
                meaning: "What is kept cannot be read: `tokens.keys` is not what it was, or \
                          somebody altered it",
                header: None,
            },
            Refusal {
                status: 501,
                meaning: "The service has no secret key of Clerk's",
                header: None,
            },
            Refusal { status: 502, meaning: "Clerk does not answer as it should", header: None },
            Refusal {
                status: 503,
                meaning: "Clerk or the database does not answer, or Clerk takes no more requests for \
                          now: time heals it",
                header: Some("retry-after"),
            },
        ])
    }
}

/// What is behind a cursor is gone.
pub(in crate::http) enum Expired {}

impl IntoResponses for Expired {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        described([Refusal {
            status: 410,
            meaning: "What came after this cursor is no longer kept: begin anew",
            header: None,
        }])
    }
}

fn described<const N: usize>(refusals: [Refusal; N]) -> BTreeMap<String, RefOr<Response>> {
    let described = |refusal: Refusal| {
        let document = Ref::from_schema_name("Problem");
        let content = ContentBuilder::new().schema(Some(document)).build();
        let response = ResponseBuilder::new()
            .description(refusal.meaning)
            .content("application/problem+json", content);
        let response = match refusal.header {
            Some(header) => {
                response.header(header, HeaderBuilder::new().schema(Some(String::schema())).build())
            }
            None => response,
        };
        (refusal.status.to_string(), response.build().into())
    };
    refusals.into_iter().map(described).collect()
}
