//! Responses of the service.

use reqwest::{RequestBuilder, Response, StatusCode, header::HeaderMap};
use serde_json::Value;
use tokio::time::timeout;

use super::TEST_TIMEOUT;

/// Response of the service to a request.
#[derive(Debug)]
pub struct ApiResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl ApiResponse {
    /// Sends a request and reads the response. A body that is not JSON becomes null.
    pub async fn fetch(request: RequestBuilder) -> Self {
        Self::read(request.send().await.unwrap()).await
    }

    /// Reads a response. A body that is not JSON becomes null.
    pub async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status, headers, body }
    }

    /// Asserts a problem document and returns its status and code.
    pub fn problem(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.body["status"], self.status.as_u16());
        assert_eq!(self.body["request_id"].as_str(), self.header("x-request-id"));
        (self.status.as_u16(), self.body["code"].as_str().unwrap())
    }

    /// Returns a header of the response.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// Sends a request until the response is final, and returns that response.
pub async fn fetch_until(
    request: impl Fn() -> RequestBuilder,
    is_final: impl Fn(&ApiResponse) -> bool,
) -> ApiResponse {
    let answered = async {
        loop {
            let response = ApiResponse::fetch(request()).await;
            if is_final(&response) {
                return response;
            }
        }
    };
    timeout(TEST_TIMEOUT, answered).await.expect("the service answers as expected")
}

/// Sends a request until the response is not 503, and returns that response.
pub async fn retried(request: impl Fn() -> RequestBuilder) -> ApiResponse {
    fetch_until(request, |response| response.status != 503).await
}
