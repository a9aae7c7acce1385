//! Clerk's Backend API: what the webhooks did not bring, asked for.
//!
//! | module | holds |
//! |---|---|
//! | [`pace`] | how often Clerk may be asked, and for how long a question is repeated |
//! | [`error`] | why there is no answer |
//!
//! The shapes are those of the webhooks: what is fetched becomes an event in
//! [`decode::fetched`](super::decode::fetched). Source: Clerk's Backend API, version [`VERSION`].

mod error;
mod pace;

use std::{fmt, time::Duration};

use reqwest::{
    Client, RequestBuilder, Response, StatusCode, Url,
    header::{self, HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde::Deserialize;
use serde_json::value::RawValue;

pub use self::error::{BackendError, Refusal};
use self::{error::Unanswered, pace::Pace};
use super::SECONDS_BELOW;
use crate::domain::Millis;

/// The version of the API whose shapes are read here.
pub const VERSION: &str = "2026-05-12";

/// How many users a page has, which is the most that Clerk gives.
pub const PAGE: usize = 500;

/// How long one request may take: a page of users with large metadata is some megabytes.
const TIMEOUT: Duration = Duration::from_secs(30);

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest answer that is read, in bytes: a page of users, each as large as Clerk allows.
const MAX_BYTES: usize = 64 << 20;

const CLERK_API_VERSION: &str = "clerk-api-version";

/// A user or a session as Clerk answers it.
pub type Answer = Box<RawValue>;

/// A client of one instance's Backend API. Clones keep to one pace.
#[derive(Clone)]
pub struct Backend {
    client: Client,
    /// `https://api.clerk.com`
    base: Url,
    pace: Pace,
}

/// How long a question is repeated that finds no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Not at all: somebody waits.
    None,
    /// As long as Clerk may be away for: a crawl of many pages goes on.
    Crawl,
}

/// The instance to which a secret key belongs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Instance {
    /// `ins_…`
    pub id: String,
    /// `production`, `development`, …
    pub environment_type: String,
}

/// The token of an account at a provider, as Clerk hands it out. Shows in no output.
#[derive(Deserialize)]
pub struct OauthToken {
    /// `eac_…`: the account it is of.
    pub external_account_id: String,
    /// The access token.
    pub token: String,
    /// When it ends, in Unix time, where the provider says.
    expires_at: Option<i64>,
    /// What it is good for, where the provider says.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Of providers that speak OpenID Connect.
    pub id_token: Option<String>,
}

impl OauthToken {
    /// When it ends, where the provider says.
    #[must_use]
    pub fn expires_at(&self) -> Option<Millis> {
        let at = self.expires_at.filter(|at| *at > 0)?;
        Some(if at < SECONDS_BELOW { at * 1_000 } else { at })
    }
}

impl Backend {
    /// A client of the API at a URL (`https://api.clerk.com`). What kind of instance it is, and so
    /// how often it may be asked, stands in the key.
    ///
    /// # Errors
    /// When the URL or the key cannot be one, or no TLS is to be had.
    pub fn new(url: &str, secret_key: &str) -> Result<Self, BackendError> {
        let bearer = format!("Bearer {secret_key}");
        let mut bearer = HeaderValue::from_str(&bearer).map_err(|_| BackendError::Key)?;
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
            // The key would go along.
            .redirect(Policy::none())
            .build()
            .map_err(BackendError::client)?;
        let base = url.parse().map_err(|_| BackendError::Url)?;
        Ok(Self { client, base, pace: Pace::of(secret_key) })
    }

    /// Whose key this is.
    ///
    /// # Errors
    /// When Clerk does not say.
    pub async fn instance(&self, patience: Patience) -> Result<Instance, BackendError> {
        self.get(&["instance"], &[], patience).await
    }

    /// How many users there are.
    ///
    /// # Errors
    /// When Clerk does not say.
    pub async fn count_users(&self, patience: Patience) -> Result<u64, BackendError> {
        #[derive(Deserialize)]
        struct Count {
            total_count: u64,
        }
        let Count { total_count } = self.get(&["users", "count"], &[], patience).await?;
        Ok(total_count)
    }

    /// The users who were created after one of them, the oldest first: a page, which is the last
    /// one where it is shorter than [`PAGE`].
    ///
    /// # Errors
    /// When Clerk does not answer with them.
    pub async fn users(&self, after: Option<&str>) -> Result<Vec<Answer>, BackendError> {
        let limit = PAGE.to_string();
        let mut query = vec![("limit", &*limit), ("order_by", "+created_at")];
        query.extend(after.map(|id| ("starting_after", id)));
        self.get(&["users"], &query, Patience::Crawl).await
    }

    /// A user; none where Clerk says that there is none.
    ///
    /// # Errors
    /// When Clerk does not say.
    pub async fn user(&self, id: &str, patience: Patience) -> Result<Option<Answer>, BackendError> {
        match self.get(&["users", id], &[], patience).await {
            Err(BackendError::Refused(refusal)) if refusal.is_not_found() => Ok(None),
            answer => answer.map(Some),
        }
    }

    /// What Clerk still has of a user's sessions, from a place on: a page, which is the last one
    /// where it is shorter than [`PAGE`].
    ///
    /// # Errors
    /// When Clerk does not answer with them.
    pub async fn sessions(
        &self,
        user_id: &str,
        offset: usize,
    ) -> Result<Vec<Answer>, BackendError> {
        let (limit, offset) = (PAGE.to_string(), offset.to_string());
        let query = [("user_id", user_id), ("limit", &*limit), ("offset", &*offset)];
        self.get(&["sessions"], &query, Patience::Crawl).await
    }

    /// The tokens of a user's accounts at a provider (`google`). Clerk renews one that has expired.
    ///
    /// # Errors
    /// When Clerk does not answer with them; [`BackendError::Refused`] says why, where it does.
    pub async fn oauth_tokens(
        &self,
        user_id: &str,
        provider: &str,
    ) -> Result<Vec<OauthToken>, BackendError> {
        let path = ["users", user_id, "oauth_access_tokens", provider];
        self.get(&path, &[], Patience::None).await
    }

    /// Waits until a request may be sent that somebody else may have any number of: those are a tenth of
    /// what the instance may ask, and leave the rest to others.
    pub async fn spare_turn(&self) {
        self.pace.spare_turn().await;
    }

    /// Asks in the pace of the instance, and again where that may help.
    async fn get<T: for<'de> Deserialize<'de>>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        patience: Patience,
    ) -> Result<T, BackendError> {
        let mut url = self.base.clone();
        let mut segments = url.path_segments_mut().map_err(|()| BackendError::Url)?;
        segments.pop_if_empty().push("v1").extend(path);
        drop(segments);
        let mut attempt = 0;
        loop {
            self.pace.turn().await;
            let request = self.client.get(url.clone()).query(query);
            let unanswered = match ask(request).await {
                Ok(body) => {
                    return serde_json::from_slice(&body).map_err(|it| BackendError::shape(&it));
                }
                Err(unanswered) => unanswered,
            };
            attempt += 1;
            let Some(pause) = pace::pause(&unanswered, attempt, patience) else {
                return Err(unanswered.into());
            };
            tracing::debug!(attempt, ?pause, problem = %unanswered, "asking Clerk again");
            match unanswered.is_for_all() {
                true => self.pace.hold(pause),
                false => tokio::time::sleep(pause).await,
            }
        }
    }
}

/// One request; the body of a good answer.
async fn ask(request: RequestBuilder) -> Result<Vec<u8>, Unanswered> {
    let response = request.send().await.map_err(Unanswered::lost)?;
    let status = response.status();
    let retry_after = response.headers().get(header::RETRY_AFTER);
    let retry_after = retry_after.and_then(|seconds| seconds.to_str().ok()?.parse().ok());
    let body = read(response).await?;
    match status {
        StatusCode::OK => Ok(body),
        StatusCode::TOO_MANY_REQUESTS => {
            Err(Unanswered::TooMany(retry_after.map(Duration::from_secs)))
        }
        status if status.is_server_error() => Err(Unanswered::Failing(status.as_u16())),
        status => Err(Unanswered::Refused(Refusal::read(status.as_u16(), &body))),
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, Unanswered> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Unanswered::lost)? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(Unanswered::TooLong);
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
