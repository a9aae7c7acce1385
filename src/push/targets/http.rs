//! HTTP endpoints.

use std::time::Duration;

use reqwest::{
    Response, StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER},
};

use super::{
    Message, Reply,
    connector::Connector,
    signature::{self, HEADER_FAMILIES, Signer},
};
use crate::domain::{Millis, root_cause::root_cause};

/// Maximum size of a response body that is read, in bytes. The connection can be used again if the
/// body is read to its end.
const MAX_RESPONSE_BYTES: usize = 64 * 1024;

/// An HTTP endpoint.
#[derive(Debug)]
pub struct HttpTarget {
    pub(super) connector: Connector,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) signers: Vec<Signer>,
}

impl HttpTarget {
    /// Tries once to deliver a message, signed at the time `now`.
    pub(super) async fn send(&self, message: &Message, now: Millis) -> Reply {
        let Some(headers) = self.headers(message, now) else {
            return Reply::failed("the message could not be signed");
        };
        let client = match self.connector.http().await {
            Ok(client) => client,
            Err(problem) => return Reply::failed(problem),
        };
        let request = client.post(self.url.clone()).headers(headers);
        match request.body(message.body.clone()).send().await {
            Ok(response) => read(response).await,
            Err(error) if error.is_timeout() => Reply::timed_out(self.connector.timeout()),
            // The outer errors contain the URL, which can contain a secret.
            Err(error) => Reply::failed(root_cause(&error)),
        }
    }

    fn headers(&self, message: &Message, now: Millis) -> Option<HeaderMap> {
        let mut headers = self.headers.clone();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in signature::headers(&self.signers, message, now)? {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_str(&value).ok()?);
        }
        Some(headers)
    }
}

/// Reads a response, whose body does not matter.
async fn read(mut response: Response) -> Reply {
    let status = response.status();
    let retry_after = response.headers().get(RETRY_AFTER);
    let seconds = retry_after.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let mut rest = MAX_RESPONSE_BYTES;
    while let Ok(Some(chunk)) = response.chunk().await {
        match rest.checked_sub(chunk.len()) {
            Some(left) => rest = left,
            None => break,
        }
    }
    let problem = match status {
        _ if status.is_success() => None,
        _ if status.is_redirection() => {
            Some(format!("redirected with {}; set the URL that it leads to", status.as_u16()))
        }
        _ => Some(format!("answered with {}", status.as_u16())),
    };
    Reply {
        status: Some(status.as_u16()),
        problem,
        retry_after: seconds.map(Duration::from_secs),
        is_gone: status == StatusCode::GONE,
    }
}

/// Returns whether an operator can set a header. The others belong to the protocol.
pub(in crate::push) fn is_custom_header(name: &HeaderName) -> bool {
    let name = name.as_str();
    let reserved = ["host", "content-length", "content-type", "transfer-encoding", "connection"];
    !reserved.contains(&name) && !HEADER_FAMILIES.iter().flatten().any(|known| *known == name)
}
