//! Requests to an endpoint.
//!
//! A target takes one message at a time and answers with a [`Reply`]. The sender decides what
//! follows: nothing, another attempt, or the end of the endpoint.
//!
//! | module | contents |
//! |---|---|
//! | [`connector`] | limits and shared connections of all endpoints |
//! | [`addresses`] | the addresses that messages can be sent to |
//! | [`signature`] | the signatures of messages |
//! | [`http`] | HTTP endpoints |
//! | [`nats`] | streams of NATS JetStream |

mod addresses;
mod connector;
mod http;
mod nats;
mod signature;

use std::time::Duration;

use reqwest::{Url, header::HeaderMap};
use tokio::sync::OnceCell;

pub(super) use self::http::is_custom_header;
pub use self::{
    addresses::NotPublic,
    connector::{Connector, InvalidUrl},
    signature::Signer,
};
use self::{http::HttpTarget, nats::NatsTarget};
use crate::domain::Millis;

/// Content of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// ID, which is the same for each attempt.
    pub id: String,
    /// Type, such as `user.created`.
    pub message_type: String,
    /// Body in JSON.
    pub body: String,
}

/// Result of an attempt to deliver a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Status code of the response, if there was one.
    pub status: Option<u16>,
    /// Problem; none if the message was delivered.
    pub problem: Option<String>,
    /// Delay that the endpoint requests before the next attempt.
    pub retry_after: Option<Duration>,
    /// Whether the endpoint no longer exists (410).
    pub is_gone: bool,
}

impl Reply {
    /// Returns whether the message was delivered.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        self.problem.is_none()
    }

    /// Creates the result of an attempt without a response.
    fn failed(problem: impl Into<String>) -> Self {
        Self { problem: Some(problem.into()), ..Self::default() }
    }

    fn timed_out(limit: Duration) -> Self {
        Self::failed(format!("no answer within {limit:?}"))
    }
}

/// The destination of the messages of an endpoint.
#[derive(Debug)]
pub enum Target {
    /// An HTTP endpoint.
    Http(Box<HttpTarget>),
    /// A stream of NATS JetStream.
    Nats(Box<NatsTarget>),
}

impl Target {
    /// Creates the target of a URL. Each signer adds a signature.
    #[must_use]
    pub fn new(connector: Connector, url: Url, headers: HeaderMap, signers: Vec<Signer>) -> Self {
        match url.scheme() {
            "nats" => {
                let context = OnceCell::new();
                Self::Nats(Box::new(NatsTarget { connector, url, headers, signers, context }))
            }
            _ => Self::Http(Box::new(HttpTarget { connector, url, headers, signers })),
        }
    }

    /// Tries once to deliver a message, signed at the time `now`.
    pub async fn send(&self, message: &Message, now: Millis) -> Reply {
        match self {
            Self::Http(target) => target.send(message, now).await,
            Self::Nats(target) => target.send(message, now).await,
        }
    }
}
