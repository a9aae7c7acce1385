//! Client of the HTTP API, for commands that read from a running service.
//!
//! | module | contents |
//! |---|---|
//! | [`list`] | reads lists page by page |

mod list;

use std::time::Duration;

use clap::Args;
use reqwest::{Client, StatusCode, Url, redirect::Policy};
use serde::Deserialize;
use serde_json::Value;

pub(super) use self::list::Listed;
use super::{
    CommandError,
    replay::{self, DEFAULT_PATH},
    root_cause,
    terminal::{WithoutSecrets, escape},
};
use crate::config::{self, KEY_VARIABLE, Sources};

/// Timeout of one request. It is longer than the service needs.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Explanation of the options that all commands of this kind have, for their help.
pub(super) const HELP: &str = "\
The command sends requests to a running service, with the API key in the
environment variable MEETVO_API_KEY, or in the file that MEETVO_API_KEY_FILE
names. Without a key, it uses the public one of `meetvo dev`. Without --to, it
uses MEETVO_TO, or else the service on this machine, at the address of HOST and
PORT. All variables can also be set in .env.";

/// Option that names the service.
#[derive(Debug, Args)]
pub(super) struct ServiceArgs {
    /// Send the requests to the service at this URL [default: the service on this machine]
    #[arg(long, value_name = "URL")]
    to: Option<String>,
}

impl ServiceArgs {
    pub(super) fn new(to: Option<String>) -> Self {
        Self { to }
    }
}

/// Errors of requests to the API.
#[derive(Debug, thiserror::Error)]
pub(super) enum ApiError {
    #[error("{url} does not answer: {cause}; start the service, or pass its URL with --to")]
    Unreachable { url: String, cause: String },
    #[error(
        "the service rejects the API key; set MEETVO_API_KEY to a key that \
         `meetvo keys new --scope read --scope admin` prints"
    )]
    KeyRejected,
    #[error("{detail} ({code}); create a key with this scope by `meetvo keys new`")]
    ScopeMissing { code: String, detail: String },
    #[error("{url} answers {status}: {detail} ({code})")]
    Problem { url: String, status: StatusCode, code: String, detail: String },
    #[error("{url} answers {status}, but not as this service; correct --to or MEETVO_TO")]
    OtherProgram { url: String, status: StatusCode },
}

impl ApiError {
    /// Returns whether the same request can succeed later, without a change by an operator.
    pub(super) fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Problem { status, .. } | Self::OtherProgram { status, .. } => {
                status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS
            }
            Self::KeyRejected | Self::ScopeMissing { .. } => false,
        }
    }
}

/// Fields of a problem document.
#[derive(Debug, Deserialize)]
struct ProblemBody {
    code: String,
    detail: String,
}

/// Client of the API of one service.
pub(super) struct ApiClient {
    client: Client,
    /// URL of the service, which paths are appended to.
    base: Url,
    key: String,
}

impl ApiClient {
    /// Creates a client for the service and the key of the command line and the environment.
    ///
    /// # Errors
    /// Returns an error if the URL is not an HTTP URL, if the settings are needed and invalid, or if
    /// the URL uses `https` and the system has no certificates.
    pub(super) fn new(service: &ServiceArgs, sources: &Sources) -> Result<Self, CommandError> {
        let targets = replay::targets(service.to.as_slice(), sources)?;
        let base = targets.first().and_then(|target| base(target));
        let base = base.ok_or(CommandError::InvalidTarget)?;
        let key = sources.secret(KEY_VARIABLE)?;
        let key = key.or_else(config::development_api_key);
        // A proxy from the environment would receive the key.
        let mut builder = Client::builder()
            .user_agent(concat!("meetvo/", env!("CARGO_PKG_VERSION")))
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .no_proxy();
        if base.scheme() == "http" {
            // Small containers have no system certificates, and without any the client cannot be
            // built.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build();
        let client = client.map_err(|error| CommandError::TlsUnavailable(root_cause(&error)))?;
        Ok(Self { client, base, key: key.unwrap_or_default() })
    }

    /// Reads a path below `/v1`, such as `status`.
    pub(super) async fn get(
        &self,
        path: &str,
        query: &[(&str, String)],
    ) -> Result<Value, ApiError> {
        let url = format!("{}v1/{path}", self.base);
        let request = self.client.get(&url).query(query).bearer_auth(&self.key);
        let shown = WithoutSecrets(&url).to_string();
        let unreachable = |error: reqwest::Error| ApiError::Unreachable {
            url: shown.clone(),
            cause: root_cause(&error.without_url()),
        };
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let body = response.bytes().await.map_err(unreachable)?;
        if status.is_success()
            && let Ok(value) = serde_json::from_slice(&body)
        {
            return Ok(value);
        }
        Err(match serde_json::from_slice(&body) {
            Ok(problem) if !status.is_success() => rejected(shown, status, &problem),
            _ => ApiError::OtherProgram { url: shown, status },
        })
    }
}

/// Returns the error for a problem document.
fn rejected(url: String, status: StatusCode, problem: &ProblemBody) -> ApiError {
    // Escaped, because any program can answer.
    let (code, detail) = (escape(&problem.code).into_owned(), escape(&problem.detail).into_owned());
    match status {
        StatusCode::UNAUTHORIZED => ApiError::KeyRejected,
        StatusCode::FORBIDDEN => ApiError::ScopeMissing { code, detail },
        _ => ApiError::Problem { url, status, code, detail },
    }
}

/// Returns the URL of a service, with a slash at the end. The URL of its webhook endpoint is
/// accepted too, because `MEETVO_TO` can contain it.
fn base(target: &str) -> Option<Url> {
    let mut url: Url = target.parse().ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix(DEFAULT_PATH).unwrap_or(path).to_owned();
    url.set_path(&format!("{path}/"));
    url.set_query(None);
    url.set_fragment(None);
    // Requests carry the key, and no other credentials.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::base;

    #[test]
    fn webhook_path_is_removed_from_target() {
        for (target, expected) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("http://127.0.0.1:8080/webhooks/clerk", "http://127.0.0.1:8080/"),
            ("https://a.example.com/sync/webhooks/clerk/?a=b#c", "https://a.example.com/sync/"),
            ("https://ada:pw@a.example.com/sync/", "https://a.example.com/sync/"),
        ] {
            assert_eq!(base(target).unwrap().as_str(), expected);
        }
        assert_eq!(base("ftp://a.example.com"), None);
        assert_eq!(base("a.example.com"), None);
    }
}
