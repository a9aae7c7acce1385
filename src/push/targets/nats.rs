//! Streams of NATS JetStream.
//!
//! A message has the subject `clerk.<type>`, such as `clerk.user.created`. The server confirms that
//! it has stored a message, and drops one whose ID it knows. The client connects again by itself.

use std::time::Duration;

use async_nats::{
    ConnectOptions, HeaderMap, ServerAddr,
    jetstream::{
        self, Context,
        context::PublishError,
        message::PublishMessage,
        stream::{Config, Stream},
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::{
    Url,
    header::{AUTHORIZATION, HeaderMap as HttpHeaders},
};
use tokio::{sync::OnceCell, time::timeout};

use super::{
    Message, Reply,
    connector::{self, Connector},
    signature::{self, Signer},
};
use crate::domain::{Millis, root_cause::root_cause};

/// First part of the subjects.
const PREFIX: &str = "clerk";

/// Time for which a new stream keeps messages.
const MAX_AGE: Duration = Duration::from_hours(7 * 24);

/// Time for which a new stream knows the IDs of messages. The first three repetitions of a message
/// are sent within it.
const DUPLICATE_WINDOW: Duration = Duration::from_hours(1);

/// A stream.
#[derive(Debug)]
pub struct NatsTarget {
    pub(super) connector: Connector,
    pub(super) url: Url,
    pub(super) headers: HttpHeaders,
    pub(super) signers: Vec<Signer>,
    /// Connection, which is opened for the first message.
    pub(super) context: OnceCell<Context>,
}

impl NatsTarget {
    /// Tries once to publish a message, signed at the time `now`.
    pub(super) async fn send(&self, message: &Message, now: Millis) -> Reply {
        let limit = self.connector.timeout();
        match timeout(limit, self.publish(message, now)).await {
            Ok(Ok(())) => Reply::default(),
            Ok(Err(problem)) => Reply::failed(problem),
            Err(_) => Reply::timed_out(limit),
        }
    }

    async fn publish(&self, message: &Message, now: Millis) -> Result<(), String> {
        let context = self.context.get_or_try_init(|| self.connect()).await?;
        let signed = signature::headers(&self.signers, message, now);
        let mut headers = HeaderMap::new();
        for (name, value) in signed.ok_or("the message could not be signed")? {
            headers.insert(name, &*value);
        }
        let publish = PublishMessage::build()
            .payload(message.body.clone().into())
            .headers(headers)
            .message_id(&message.id)
            .expected_stream(connector::stream_name(&self.url).unwrap_or_default());
        let subject = format!("{PREFIX}.{}", message.message_type);
        let cause = |error: PublishError| root_cause(&error);
        let stored = context.send_publish(subject, publish).await.map_err(cause)?;
        stored.await.map(drop).map_err(cause)
    }

    /// Connects, and creates the stream if it does not exist.
    async fn connect(&self) -> Result<Context, String> {
        let parsed = self.url.as_str().parse();
        let address: ServerAddr = parsed.map_err(|error: std::io::Error| error.to_string())?;
        let client = self.options().connect(address).await.map_err(|error| root_cause(&error))?;
        let context = jetstream::new(client);
        let stream = self.stream(&context).await?;
        let (subject, config) = (format!("{PREFIX}.>"), &stream.cached_info().config);
        if config.subjects.iter().any(|it| *it == subject || it == ">") {
            return Ok(context);
        }
        Err(format!(
            "the stream {} has the subjects {}; add {subject}, or use another stream",
            config.name,
            config.subjects.join(", ")
        ))
    }

    async fn stream(&self, context: &Context) -> Result<Stream, String> {
        let config = Config {
            name: connector::stream_name(&self.url).unwrap_or_default().to_owned(),
            description: Some("Changes of Clerk's objects, from MeetVo Backend".to_owned()),
            subjects: vec![format!("{PREFIX}.>")],
            max_age: MAX_AGE,
            duplicate_window: DUPLICATE_WINDOW,
            ..Config::default()
        };
        context.get_or_create_stream(config).await.map_err(|error| root_cause(&error))
    }

    /// Returns the options of a connection, with the credentials of the header `authorization`.
    fn options(&self) -> ConnectOptions {
        let options = ConnectOptions::new()
            .name(concat!("meetvo/", env!("CARGO_PKG_VERSION")))
            .connection_timeout(self.connector.timeout())
            // Only the given server is used, and not those that it names.
            .ignore_discovered_servers();
        let header = self.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        match header.and_then(|value| value.split_once(' ')) {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                options.token(token.trim().to_owned())
            }
            Some((scheme, basic)) if scheme.eq_ignore_ascii_case("basic") => {
                let decoded = BASE64_STANDARD.decode(basic.trim()).ok();
                let pair = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
                match pair.as_deref().and_then(|pair| pair.split_once(':')) {
                    Some((user, password)) => {
                        options.user_and_password(user.to_owned(), password.to_owned())
                    }
                    None => options,
                }
            }
            _ => options,
        }
    }
}
