//! Extractor for JSON bodies of requests with an API key.

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Bytes};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use super::problem::Problem;

/// Body of a request, in JSON. Its errors are problem documents that name the property.
pub(super) struct JsonBody<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest for JsonBody<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = Bytes::from_request(request, payload);
        Box::pin(async move {
            let body = body.await.map_err(|error| invalid(&error.to_string()))?;
            parse(&body).map(Self)
        })
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let parsed: Result<T, _> = serde_path_to_error::deserialize(&mut json);
    let parsed = parsed.map_err(|error| {
        // The message of the library ends with the position, and can quote a value.
        let path = error.path().to_string();
        match error.inner().is_data() {
            true => invalid(&format!("{path}: {}", expected(error.inner()))),
            false => invalid("the body is not JSON"),
        }
    })?;
    json.end().map_err(|_| invalid("the body is not JSON"))?;
    if body.contains(&0) || String::from_utf8_lossy(body).contains("\\u0000") {
        return Err(invalid("the body contains a NUL character"));
    }
    Ok(parsed)
}

/// Returns what is expected, without the value.
fn expected(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    match message.rsplit_once("expected ") {
        Some((start, expected)) if start.starts_with("unknown field") => {
            format!("unknown property; expected {expected}")
        }
        Some((_, expected)) => format!("expected {expected}"),
        None => message.to_owned(),
    }
}

fn invalid(detail: &str) -> Problem {
    Problem::bad_request("body_invalid", detail)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::parse;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only its parsing is tested")]
        rate: Option<u32>,
    }

    #[test]
    fn faults_name_the_property_and_no_value() {
        for (body, detail) in [
            (r#"{"rate": "secret"}"#, "rate: expected u32"),
            (r#"{"secret": 1}"#, "unknown property; expected `rate`"),
            ("{", "the body is not JSON"),
            ("", "the body is not JSON"),
            (r#"{"rate": 1} x"#, "the body is not JSON"),
            ("[]", "expected struct Body"),
        ] {
            let problem = parse::<Body>(body.as_bytes()).unwrap_err().document(None);
            assert!(problem.contains(detail), "{body}: {problem}");
            assert!(detail.contains("property") || !problem.contains("secret"), "{problem}");
        }
        assert!(parse::<Body>(br#"{"rate": 5}"#).is_ok());
    }
}
