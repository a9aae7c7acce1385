//! Limits and shared connections of all endpoints.

use std::{sync::Arc, time::Duration};

use reqwest::{Client, Url, redirect::Policy};
use tokio::{sync::OnceCell, task::spawn_blocking};

use super::addresses::{self, NotPublic, PublicResolver};
use crate::domain::root_cause::root_cause;

/// Timeout for opening a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// URL that is not that of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// Another scheme, or no URL.
    #[error("must be a URL that begins with https:// or nats://")]
    Scheme,
    /// Plain text on a public network.
    #[error(
        "must begin with https://, because messages contain personal data; \
         push.allow_private_addresses allows http:// and nats:// in the service's own network"
    )]
    PlainText,
    /// Credentials in the URL.
    #[error("must not contain a user name or password; set the header `authorization` instead")]
    Credentials,
    /// Name of a stream that NATS does not allow.
    #[error("must have the name of a stream as its path, such as nats://localhost:4222/CLERK")]
    Stream,
    /// Address that is not public.
    #[error(transparent)]
    NotPublic(#[from] NotPublic),
}

/// Opens connections to endpoints.
#[derive(Clone, Debug)]
pub struct Connector {
    /// Created for the first message, because it reads all trusted certificates of the machine.
    http: Arc<OnceCell<Client>>,
    allows_private: bool,
    timeout: Duration,
}

impl Connector {
    /// Creates a connector. `timeout` limits an attempt.
    #[must_use]
    pub fn new(allows_private: bool, timeout: Duration) -> Self {
        Self { http: Arc::default(), allows_private, timeout }
    }

    /// Returns the time limit of an attempt.
    #[must_use]
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns the HTTP client.
    pub(super) async fn http(&self) -> Result<&Client, String> {
        let (allows_private, limit) = (self.allows_private, self.timeout);
        // Reading the certificates blocks the thread.
        let build = async || {
            let built = spawn_blocking(move || build(allows_private, limit)).await;
            let built = built.map_err(|error| error.to_string())?;
            built.map_err(|error| root_cause(&error))
        };
        self.http.get_or_try_init(build).await
    }

    /// Parses the URL of an endpoint.
    ///
    /// # Errors
    /// Returns an error if messages cannot be sent to it.
    pub fn parse_url(&self, text: &str) -> Result<Url, InvalidUrl> {
        let url: Url = text.parse().map_err(|_| InvalidUrl::Scheme)?;
        match url.scheme() {
            "https" => {}
            // A queue is in the network of the service.
            "http" | "nats" if self.allows_private => {}
            "http" | "nats" => return Err(InvalidUrl::PlainText),
            _ => return Err(InvalidUrl::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidUrl::Credentials);
        }
        if url.scheme() == "nats" && (url.host_str().is_none() || stream_name(&url).is_none()) {
            return Err(InvalidUrl::Stream);
        }
        if !self.allows_private {
            addresses::check_literal(&url)?;
        }
        Ok(url)
    }
}

fn build(allows_private: bool, limit: Duration) -> Result<Client, reqwest::Error> {
    let mut builder = Client::builder()
        .user_agent(concat!("meetvo/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT.min(limit))
        .timeout(limit)
        // A redirect could lead to another server, which must not get the message.
        .redirect(Policy::none())
        // A proxy would resolve the names itself.
        .no_proxy();
    if !allows_private {
        builder = builder.dns_resolver(Arc::new(PublicResolver));
    }
    builder.build()
}

/// Returns the name of the stream in the URL of a NATS endpoint, which is `CLERK` without a path.
pub(super) fn stream_name(url: &Url) -> Option<&str> {
    let name = url.path().trim_start_matches('/');
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    match name.is_empty() {
        true => Some("CLERK"),
        false => Some(name).filter(|name| name.len() <= 64 && name.bytes().all(is_allowed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(allows_private: bool, url: &str) -> Result<String, InvalidUrl> {
        Connector::new(allows_private, Duration::ZERO).parse_url(url).map(Into::into)
    }

    #[test]
    fn plain_text_needs_a_private_network() {
        for url in ["http://app:3000/hooks", "nats://nats:4222/CLERK"] {
            assert_eq!(parse(false, url), Err(InvalidUrl::PlainText), "{url}");
            assert_eq!(parse(true, url).as_deref(), Ok(url));
        }
        assert!(parse(false, "https://app.example.com/hooks").is_ok());
        assert_eq!(parse(true, "ws://app"), Err(InvalidUrl::Scheme));
        assert_eq!(parse(true, "nats://u:p@nats"), Err(InvalidUrl::Credentials));
    }

    #[test]
    fn stream_is_the_path() {
        for (url, expected) in [
            ("nats://nats:4222", Some("CLERK")),
            ("nats://nats/", Some("CLERK")),
            ("nats://nats/users_1", Some("users_1")),
            ("nats://nats/a.b", None),
            ("nats://nats/a/b", None),
        ] {
            let parsed: Url = url.parse().unwrap();
            assert_eq!(stream_name(&parsed), expected, "{url}");
            assert_eq!(parse(true, url).is_ok(), expected.is_some(), "{url}");
        }
    }
}
