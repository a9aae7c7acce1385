//! Client of Clerk's Backend API.
//!
//! | module | content |
//! |---|---|
//! | [`rate_limit`] | the rate limit of an instance, and the backoff between retries |
//! | [`error`] | the reasons for which a request has no result |
//! | [`lists`] | the lists and single objects of any type |
//! | [`oauth_token`] | the OAuth tokens of accounts at providers |
//!
//! The objects have the shapes of webhook payloads. They become events in
//! `objects::decode::api_object`. Source: Clerk's Backend API, version
//! [`VERSION`].

mod error;
mod lists;
mod oauth_token;
mod rate_limit;

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    Client, RequestBuilder, Response, StatusCode, Url,
    header::{self, HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use tracing::{Instrument, Span, field};

use self::{error::AttemptError, rate_limit::RateLimit};
pub use self::{
    error::{ApiError, BackendError},
    lists::ListPage,
    oauth_token::OauthToken,
};
use crate::telemetry;

/// Version of the API whose shapes are decoded.
pub const VERSION: &str = "2026-05-12";

/// Number of objects in a page, which is Clerk's maximum.
pub const PAGE_SIZE: usize = 500;

/// Timeout of one request. A page of users with large metadata has several megabytes.
const TIMEOUT: Duration = Duration::from_secs(30);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Maximum size of a response in bytes: a page of users, each as large as Clerk allows.
const MAX_BYTES: usize = 64 << 20;

const CLERK_API_VERSION: &str = "clerk-api-version";

/// An object as JSON, such as a user or a session.
pub type ApiObject = Box<RawValue>;

/// A client of one instance's Backend API. Clones share the rate limit.
#[derive(Clone)]
pub struct Backend {
    client: Client,
    /// The base URL, such as `https://api.clerk.com`.
    base: Url,
    rate_limit: RateLimit,
    /// Function that is called before each retry.
    on_retry: Option<Arc<RetryReport>>,
}

/// Function that is called before each retry.
type RetryReport = dyn Fn(&Retry<'_>) + Send + Sync;

/// A failed attempt that is followed by another one.
#[derive(Clone, Copy, Debug)]
pub struct Retry<'a> {
    /// Number of the attempt that failed, from 1.
    pub attempt: u32,
    /// Maximum number of attempts.
    pub max_attempts: u32,
    /// Delay before the next attempt.
    pub delay: Duration,
    /// Reason of the failure, without personal data.
    pub reason: &'a str,
}

/// The policy for retrying requests that fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryPolicy {
    /// No retries, for requests that a caller waits for.
    None,
    /// Retries for about five minutes, so that a backfill survives an outage of Clerk.
    Persistent,
}

/// The instance of a secret key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Instance {
    /// The ID, `ins_…`.
    pub id: String,
    /// The type, such as `production` or `development`.
    pub environment_type: String,
}

impl Backend {
    /// Creates a client of the API at a URL (`https://api.clerk.com`). The key tells whether the
    /// instance is a production instance, on which the rate limit depends.
    ///
    /// # Errors
    /// Returns an error if the URL or the key is malformed, or if TLS is unavailable.
    pub fn new(url: &str, secret_key: &str) -> Result<Self, BackendError> {
        let bearer = format!("Bearer {secret_key}");
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| BackendError::InvalidKey)?;
        bearer.set_sensitive(true);
        let headers = HeaderMap::from_iter([
            (header::AUTHORIZATION, bearer),
            (header::HeaderName::from_static(CLERK_API_VERSION), HeaderValue::from_static(VERSION)),
            (header::ACCEPT, HeaderValue::from_static("application/json")),
        ]);
        let client = Client::builder()
            .default_headers(headers)
            .user_agent(concat!("meetvo/", env!("CARGO_PKG_VERSION")))
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            // A redirect would send the key to another server.
            .redirect(Policy::none())
            .build()
            .map_err(BackendError::client)?;
        let base = url.parse().map_err(|_| BackendError::InvalidUrl)?;
        Ok(Self { client, base, rate_limit: RateLimit::new(secret_key), on_retry: None })
    }

    /// Sets a function that is called before each retry, to show why a command waits.
    #[must_use]
    pub fn on_retry(mut self, report: impl Fn(&Retry<'_>) + Send + Sync + 'static) -> Self {
        self.on_retry = Some(Arc::new(report));
        self
    }

    /// Returns the instance of the secret key.
    ///
    /// # Errors
    /// Returns an error if the request fails.
    pub async fn instance(&self, retry_policy: RetryPolicy) -> Result<Instance, BackendError> {
        self.get(&["instance"], &[], retry_policy).await
    }

    /// Returns the number of users.
    ///
    /// # Errors
    /// Returns an error if the request fails.
    pub async fn count_users(&self, retry_policy: RetryPolicy) -> Result<u64, BackendError> {
        #[derive(Deserialize)]
        struct Count {
            total_count: u64,
        }
        let Count { total_count } = self.get(&["users", "count"], &[], retry_policy).await?;
        Ok(total_count)
    }

    /// Returns a page of the users that were created after the user `after`, oldest first. If it
    /// has fewer than [`PAGE_SIZE`] users, it is the last page.
    ///
    /// # Errors
    /// Returns an error if the request fails.
    pub async fn users(&self, after: Option<&str>) -> Result<Vec<ApiObject>, BackendError> {
        let limit = PAGE_SIZE.to_string();
        let mut query = vec![("limit", &*limit), ("order_by", "+created_at")];
        query.extend(after.map(|id| ("starting_after", id)));
        self.get(&["users"], &query, RetryPolicy::Persistent).await
    }

    /// Returns a user, or `None` if Clerk has no such user.
    ///
    /// # Errors
    /// Returns an error if the request fails.
    pub async fn user(
        &self,
        id: &str,
        retry_policy: RetryPolicy,
    ) -> Result<Option<ApiObject>, BackendError> {
        self.object(&["users", id], retry_policy).await
    }

    /// Returns a page of the sessions of a user that Clerk still has, from an offset on. If it has
    /// fewer than [`PAGE_SIZE`] sessions, it is the last page.
    ///
    /// # Errors
    /// Returns an error if the request fails.
    pub async fn sessions(
        &self,
        user_id: &str,
        offset: usize,
    ) -> Result<Vec<ApiObject>, BackendError> {
        let (limit, offset) = (PAGE_SIZE.to_string(), offset.to_string());
        let query = [("user_id", user_id), ("limit", &*limit), ("offset", &*offset)];
        self.get(&["sessions"], &query, RetryPolicy::Persistent).await
    }

    /// Returns the tokens of a user's accounts at a provider (`google`). Clerk renews expired
    /// tokens.
    ///
    /// # Errors
    /// Returns an error if the request fails. [`BackendError::Rejected`] contains Clerk's reason.
    pub async fn oauth_tokens(
        &self,
        user_id: &str,
        provider: &str,
    ) -> Result<Vec<OauthToken>, BackendError> {
        let path = ["users", user_id, "oauth_access_tokens", provider];
        let tokens: Vec<ApiObject> = self.get(&path, &[], RetryPolicy::None).await?;
        Ok(tokens.iter().filter_map(|token| OauthToken::read(token)).collect())
    }

    /// Waits for the rate limit of requests that API callers cause. They have a tenth of the
    /// instance's rate limit, so that they cannot use up the rest.
    pub async fn wait_for_caller_quota(&self) {
        self.rate_limit.wait_for_caller_quota().await;
    }

    /// Sends a request within the rate limit, and retries it by the policy.
    async fn get<T: for<'de> Deserialize<'de>>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        retry_policy: RetryPolicy,
    ) -> Result<T, BackendError> {
        let mut url = self.base.clone();
        let mut segments = url.path_segments_mut().map_err(|()| BackendError::InvalidUrl)?;
        segments.pop_if_empty().push("v1").extend(path);
        drop(segments);
        let mut attempt = 0;
        loop {
            self.rate_limit.wait().await;
            let span = tracing::debug_span!(
                "request to Clerk",
                otel.kind = "client",
                http.request.method = "GET",
                http.response.status_code = field::Empty,
            );
            let request = self.client.get(url.clone()).query(query);
            let request = request.headers(telemetry::trace_headers(&span));
            let error = match send(request).instrument(span).await {
                Ok(body) => {
                    let decoded = serde_json::from_slice(&body);
                    return decoded.map_err(|error| BackendError::unexpected(&error));
                }
                Err(error) => error,
            };
            attempt += 1;
            let Some(delay) = rate_limit::backoff(&error, attempt, retry_policy) else {
                return Err(error.into());
            };
            tracing::debug!(attempt, ?delay, %error, "retrying a request to Clerk");
            if let Some(report) = &self.on_retry {
                let max_attempts = rate_limit::MAX_ATTEMPTS;
                report(&Retry { attempt, max_attempts, delay, reason: &error.to_string() });
            }
            match error.affects_all_requests() {
                true => self.rate_limit.pause(delay),
                false => tokio::time::sleep(delay).await,
            }
        }
    }
}

/// Sends one request, and returns the body of a response with status 200.
async fn send(request: RequestBuilder) -> Result<Vec<u8>, AttemptError> {
    let response = request.send().await.map_err(AttemptError::transport)?;
    let status = response.status();
    Span::current().record("http.response.status_code", status.as_u16());
    let retry_after = response.headers().get(header::RETRY_AFTER);
    let retry_after = retry_after.and_then(|seconds| seconds.to_str().ok()?.parse().ok());
    let body = read(response).await?;
    match status {
        StatusCode::OK => Ok(body),
        StatusCode::TOO_MANY_REQUESTS => {
            Err(AttemptError::RateLimited(retry_after.map(Duration::from_secs)))
        }
        status if status.is_server_error() => Err(AttemptError::ServerError(status.as_u16())),
        status => Err(AttemptError::Rejected(ApiError::read(status.as_u16(), &body))),
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, AttemptError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(AttemptError::transport)? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(AttemptError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

impl fmt::Debug for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backend").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}
