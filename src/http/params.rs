//! The part of the address behind the question mark.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// An extractor for query parameters. Unlike the framework's own it reads repeated ones, and its
/// refusals are problem documents.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let params = serde_html_form::from_str(request.query_string());
        ready(
            params
                .map(Self)
                .map_err(|error| Problem::bad_request("parameter_invalid", error.to_string())),
        )
    }
}
