//! What the address tells: the id in the path, and the part behind the question mark.
//!
//! No text of ours holds a NUL character, and PostgreSQL does not even compare one with its own: it
//! is refused here, on both engines alike.

use std::{
    fmt::Display,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// An extractor for query parameters. Unlike the framework's own it reads repeated ones, and its
/// refusals are problem documents.
pub(super) struct Query<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let invalid = |detail| Problem::bad_request("parameter_invalid", detail);
        let query = request.query_string();
        ready(if query.contains("%00") {
            Err(invalid("a parameter holds a NUL character".to_owned()))
        } else {
            let params = serde_html_form::Deserializer::from_bytes(query.as_bytes());
            let params = serde_path_to_error::deserialize(params);
            params.map(Self).map_err(|error| invalid(explain(&error)))
        })
    }
}

/// Which parameter is wrong, and how it should be; nothing of what was sent: a value, or a name that
/// nobody knows, may be an address.
fn explain<E: Display>(error: &serde_path_to_error::Error<E>) -> String {
    let problem = error.inner().to_string();
    match problem.rsplit_once("expected ") {
        Some((unknown, known)) if unknown.starts_with("unknown field") => {
            format!("there is no such parameter: expected {known}")
        }
        Some((_, expected)) => format!("{}: expected {expected}", error.path()),
        None if problem.starts_with("missing field") => problem,
        // What is said of one that stands twice.
        None if problem == "unsupported value" => format!("{}: expected one value", error.path()),
        None => format!("{}: {problem}", error.path()),
    }
}

/// An extractor for the two ids in the path.
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
            _ => Err(Problem::not_found("there is nothing with such an id")),
        })
    }
}

/// An extractor for the id in the path.
pub(super) struct PathId(pub(super) String);

impl FromRequest for PathId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let id = web::Path::<String>::from_request(request, payload).into_inner();
        ready(match id.map(web::Path::into_inner) {
            Ok(id) if !id.contains('\0') => Ok(Self(id)),
            _ => Err(Problem::not_found("there is nothing with such an id")),
        })
    }
}
