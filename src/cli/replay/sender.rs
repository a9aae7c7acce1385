//! Signs one message and posts it.
//!
//! The HTTP client keeps connections open after a response and uses them again. A server may close
//! such a connection at any time, also while the next request is on its way. If a connection is
//! lost before the response, the request is repeated once, on a new connection. The service
//! deduplicates by message ID, so a repetition does no harm.

use std::time::Duration;

use http::{StatusCode, header};
use reqwest::{Client, ClientBuilder, Request, Url, redirect::Policy};
use serde::Deserialize;
use svix::webhooks::Webhook;

use super::{report::Outcome, schedule::Message};
use crate::{
    clerk::signature::{self, ID, SIGNATURE, TIMESTAMP},
    cli::{CommandError, root_cause, terminal::WithoutSecrets},
    clock::Clock,
};

/// Path of the webhook endpoint, for targets that name only a server.
pub(in crate::cli) const DEFAULT_PATH: &str = "/webhooks/clerk";

/// Timeout of one delivery, from opening the connection to the end of the response. It is longer
/// than the timeout of Svix.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Time after which an unused connection is closed. It is shorter than the keep-alive time of
/// common servers, so that a request rarely meets a connection that the server is about to close.
const IDLE_TIMEOUT: Duration = Duration::from_secs(3);

const USER_AGENT: &str = concat!("meetvo-replay/", env!("CARGO_PKG_VERSION"));

/// A request that is ready to be sent, or the reason why it cannot be built.
pub(super) type BuiltRequest = Result<Request, String>;

/// Signs messages and posts them to one or more endpoints.
pub(in crate::cli) struct Sender {
    client: Client,
    /// Client that opens a new connection for each request.
    unpooled: Client,
    endpoints: Vec<Url>,
    signer: Webhook,
    clock: Clock,
}

impl Sender {
    /// Creates a sender that signs with `secret` (`whsec_` and base64).
    ///
    /// # Errors
    /// Returns an error if a target is not an `http` or `https` URL, if the secret is malformed, or
    /// if a target uses `https` and the system has no certificates.
    pub(in crate::cli) fn new(targets: &[String], secret: &str) -> Result<Self, CommandError> {
        let endpoints: Option<Vec<_>> = targets.iter().map(|target| endpoint(target)).collect();
        let endpoints = endpoints.ok_or(CommandError::InvalidTarget)?;
        let build = |builder: ClientBuilder| {
            let built = builder.build();
            built.map_err(|error| CommandError::TlsUnavailable(root_cause(&error)))
        };
        Ok(Self {
            client: build(client(&endpoints))?,
            unpooled: build(client(&endpoints).pool_max_idle_per_host(0))?,
            endpoints,
            signer: signature::signer(secret).map_err(|_| CommandError::InvalidSigningSecret)?,
            clock: Clock::system(),
        })
    }

    /// Sends one message to the first endpoint.
    pub(in crate::cli) async fn send_one(&self, message: Message) -> Outcome {
        self.post(self.request(0, message)).await
    }

    /// Builds and signs a request. The endpoints take turns.
    pub(super) fn request(&self, index: usize, message: Message) -> BuiltRequest {
        let Message { id, body } = message;
        let url = self.endpoints[index % self.endpoints.len()].clone();
        let seconds = self.clock.now().div_euclid(1000);
        let signature = self.signer.sign(&id, seconds, body.as_bytes());
        let signature = signature.map_err(|error| format!("cannot sign {id}: {error}"))?;
        let request = self
            .client
            .post(url)
            .header(ID, &id)
            .header(TIMESTAMP, seconds)
            .header(SIGNATURE, signature)
            .header(header::CONTENT_TYPE, "application/json");
        let request = request.body(body).build();
        request.map_err(|error| format!("message ID {id:?}: {}", root_cause(&error.without_url())))
    }

    pub(super) async fn post(&self, request: BuiltRequest) -> Outcome {
        let request = match request {
            Ok(request) => request,
            Err(reason) => return Outcome::NotSent(reason),
        };
        let url = request.url().clone();
        match self.exchange(request).await {
            Ok((status, decision)) => Outcome::Response(status, decision),
            Err(error) if error.is_timeout() => Outcome::TimedOut,
            Err(error) => Outcome::NotReached(format!(
                "{}: {}",
                WithoutSecrets(url),
                root_cause(&error.without_url())
            )),
        }
    }

    async fn exchange(&self, request: Request) -> reqwest::Result<(StatusCode, Option<String>)> {
        let repetition = request.try_clone();
        let response = match (self.client.execute(request).await, repetition) {
            (Err(error), Some(repetition)) if is_connection_lost(&error) => {
                self.unpooled.execute(repetition).await?
            }
            (result, _) => result?,
        };
        let status = response.status();
        Ok((status, decision(&response.bytes().await?)))
    }
}

/// Returns whether an open connection was lost before the response.
fn is_connection_lost(error: &reqwest::Error) -> bool {
    error.is_request() && !error.is_connect() && !error.is_timeout()
}

/// Configures the HTTP client. Like Svix, it follows no redirects.
fn client(endpoints: &[Url]) -> ClientBuilder {
    // A proxy from the environment would receive the deliveries instead of the target.
    let mut builder = Client::builder()
        .user_agent(USER_AGENT)
        .timeout(TIMEOUT)
        .redirect(Policy::none())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .no_proxy();
    if endpoints.iter().all(|url| url.scheme() == "http") {
        // Small containers have no system certificates, and without any the client cannot be built.
        builder = builder.tls_certs_only([]);
    }
    builder
}

/// Returns the URL to post to; `None` if the target is not an `http` or `https` URL.
fn endpoint(target: &str) -> Option<Url> {
    let mut url: Url = target.parse().ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    // Webhooks carry no credentials; reqwest would send these as basic authentication.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    if url.path() == "/" && url.query().is_none() {
        url.set_path(DEFAULT_PATH);
    }
    Some(url)
}

/// Returns the decision or the problem code in a response of the service. Responses of other
/// webhook handlers have neither.
fn decision(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Body {
        decision: Option<String>,
        code: Option<String>,
    }
    let body: Body = serde_json::from_slice(body).ok()?;
    body.decision.or(body.code)
}

#[cfg(test)]
mod tests;
