//! Extractors for the IDs in the path and for the query parameters.
//!
//! They reject NUL characters. No stored text contains one, and PostgreSQL rejects statements that
//! do. With this check, both engines behave the same.

use std::{
    fmt::Display,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// Extractor for query parameters. Unlike `web::Query`, it accepts repeated parameters, and its
/// errors are problem documents.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let invalid = |detail| Problem::bad_request("parameter_invalid", detail);
        let query = request.query_string();
        ready(if query.contains("%00") {
            Err(invalid("a parameter contains a NUL character".to_owned()))
        } else {
            let parameters = serde_html_form::Deserializer::from_bytes(query.as_bytes());
            let parameters = serde_path_to_error::deserialize(parameters);
            parameters.map(Self).map_err(|error| invalid(explain(&error)))
        })
    }
}

/// Returns the name of the invalid parameter and the expected value.
///
/// The text contains neither the value nor the name of an unknown parameter, because both can be
/// personal data.
fn explain<E: Display>(error: &serde_path_to_error::Error<E>) -> String {
    let problem = error.inner().to_string();
    match problem.rsplit_once("expected ") {
        Some((unknown, known)) if unknown.starts_with("unknown field") => {
            format!("unknown parameter: expected {known}")
        }
        Some((_, expected)) => format!("{}: expected {expected}", error.path()),
        None => match problem.strip_prefix("missing field ") {
            Some(name) => format!("missing parameter {name}"),
            // The message for a repeated parameter.
            None if problem == "unsupported value" => {
                format!("{}: expected one value", error.path())
            }
            None => format!("{}: {problem}", error.path()),
        },
    }
}

/// Extractor for the two IDs in the path.
pub(super) struct PathIds(pub(super) (String, String));

impl FromRequest for PathIds {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let ids = web::Path::<(String, String)>::from_request(request, payload).into_inner();
        ready(match ids.map(web::Path::into_inner) {
            Ok((first, second)) if !first.contains('\0') && !second.contains('\0') => {
                Ok(Self((first, second)))
            }
            _ => Err(invalid_id()),
        })
    }
}

/// Extractor for the ID in the path.
pub(super) struct PathId(pub(super) String);

impl FromRequest for PathId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let id = web::Path::<String>::from_request(request, payload).into_inner();
        ready(match id.map(web::Path::into_inner) {
            Ok(id) if !id.contains('\0') => Ok(Self(id)),
            _ => Err(invalid_id()),
        })
    }
}

fn invalid_id() -> Problem {
    Problem::not_found("no object has this ID")
}
