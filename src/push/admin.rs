//! The operations of an operator: create, change, rotate, test.

use std::{sync::Arc, time::Duration};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Serialize;

use super::{
    endpoint::{self, Column, EndpointError, Headers},
    message, schedule,
    targets::{Connector, Reply},
    types::MessageTypes,
};
use crate::{
    clock::Clock,
    sealing::Sealer,
    store::{
        Store, StoreError,
        push::{
            endpoints::{BY_OPERATOR, MAX_ENDPOINTS, StoredEndpoint},
            messages::Replay,
        },
    },
};

/// Time for which messages are also signed with the secret before a rotation.
pub const ROTATION: Duration = Duration::from_hours(24);

/// Number of random bytes in a signing secret.
const SECRET_BYTES: usize = 24;

/// Number of random bytes in an ID.
const ID_BYTES: usize = 12;

/// Maximum length of a description in characters.
pub const MAX_DESCRIPTION: usize = 256;

/// Maximum number of custom headers.
pub const MAX_HEADERS: usize = 20;

/// Maximum number of messages per second that can be set.
pub const MAX_RATE: u32 = 10_000;

/// Reasons for which an operation fails.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// A value is not allowed.
    #[error(transparent)]
    Invalid(#[from] EndpointError),
    /// A text or list is too long, or a number too large.
    #[error("{0}")]
    Limit(String),
    /// There are enough endpoints.
    #[error("there are {MAX_ENDPOINTS} endpoints already; delete one")]
    TooMany,
    /// No endpoint has the ID.
    #[error("no endpoint has this ID")]
    Unknown,
    /// Another request changed the endpoint at the same time.
    #[error("the endpoint was changed at the same time; repeat the request")]
    Conflict,
    /// The log has no change with this number.
    #[error("the event log has no change with this cursor")]
    UnknownChange,
    /// The changes after this number have expired.
    #[error("changes after this cursor have expired; use a newer one, or 0 for all that are left")]
    Expired,
    /// The system provides no random numbers.
    #[error("the system provides no random numbers")]
    Random,
    /// Failure of a database query.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Values of an endpoint that an operator sets.
#[derive(Clone, Debug, Default)]
pub struct EndpointValues {
    /// URL to which messages are sent.
    pub url: Option<String>,
    /// Types of messages.
    pub types: Option<Vec<String>>,
    /// Description for people.
    pub description: Option<String>,
    /// Custom headers.
    pub headers: Option<Headers>,
    /// Maximum number of messages per second; 0 for no limit.
    pub rate: Option<u32>,
}

/// Management of the endpoints.
#[derive(Clone, Debug)]
pub struct EndpointAdmin {
    /// Database.
    pub store: Store,
    /// Encryption of the secrets.
    pub sealer: Option<Arc<Sealer>>,
    /// Client for tests, which also checks URLs.
    pub connector: Connector,
    /// Source of the current time.
    pub clock: Clock,
}

impl EndpointAdmin {
    /// Creates an endpoint. Returns it with its signing secret, which cannot be read later.
    ///
    /// # Errors
    /// Returns an error if a value is not allowed, or if there are enough endpoints.
    pub async fn create(
        &self,
        values: EndpointValues,
    ) -> Result<(StoredEndpoint, String), AdminError> {
        let now = self.clock.now();
        let (id, secret) = (format!("ep_{}", hex::encode(random::<ID_BYTES>()?)), new_secret()?);
        let mut endpoint = StoredEndpoint {
            secret: self.seal(Column::Secret, &id, &secret)?,
            id,
            url: String::new(),
            description: String::new(),
            types: String::new(),
            headers: None,
            rate: None,
            previous_secret: None,
            previous_secret_expires_at: None,
            disabled: None,
            disabled_at: None,
            failing_since: None,
            position: 0,
            replays: 0,
            revision: 0,
            created_at: now,
            updated_at: now,
        };
        let url = Some(values.url.unwrap_or_default());
        let types = Some(values.types.unwrap_or_default());
        self.set(&mut endpoint, EndpointValues { url, types, ..values })?;
        if !self.store.add_push_endpoint(&endpoint).await? {
            return Err(AdminError::TooMany);
        }
        let created = self.read(&endpoint.id).await?;
        Ok((created, secret))
    }

    /// Reads an endpoint.
    ///
    /// # Errors
    /// Returns an error if there is none with this ID.
    pub async fn read(&self, id: &str) -> Result<StoredEndpoint, AdminError> {
        self.store.push_endpoint(id).await?.ok_or(AdminError::Unknown)
    }

    /// Changes the given values of an endpoint.
    ///
    /// # Errors
    /// Returns an error if a value is not allowed, or if there is no such endpoint.
    pub async fn update(
        &self,
        id: &str,
        values: EndpointValues,
    ) -> Result<StoredEndpoint, AdminError> {
        let mut endpoint = self.read(id).await?;
        self.set(&mut endpoint, values)?;
        self.write(endpoint).await
    }

    /// Replaces the signing secret, and returns the new one. Messages are signed with both for a
    /// while.
    ///
    /// # Errors
    /// Returns an error if there is no such endpoint.
    pub async fn rotate(&self, id: &str) -> Result<(StoredEndpoint, String), AdminError> {
        let mut endpoint = self.read(id).await?;
        let secret = new_secret()?;
        let sealed = self.seal(Column::Secret, id, &secret)?;
        endpoint.previous_secret = Some(std::mem::replace(&mut endpoint.secret, sealed));
        let expires_at = self.clock.now() + schedule::millis(ROTATION);
        endpoint.previous_secret_expires_at = Some(expires_at);
        Ok((self.write(endpoint).await?, secret))
    }

    /// Stops the messages to an endpoint. Changes from now on are sent when it is enabled again.
    ///
    /// # Errors
    /// Returns an error if there is no such endpoint.
    pub async fn disable(&self, id: &str) -> Result<StoredEndpoint, AdminError> {
        let mut endpoint = self.read(id).await?;
        endpoint.disabled.get_or_insert_with(|| BY_OPERATOR.to_owned());
        endpoint.disabled_at.get_or_insert(self.clock.now());
        self.write(endpoint).await
    }

    /// Sends messages again to an endpoint that was disabled.
    ///
    /// # Errors
    /// Returns an error if there is no such endpoint.
    pub async fn enable(&self, id: &str) -> Result<StoredEndpoint, AdminError> {
        let endpoint = self.read(id).await?;
        let enabled =
            StoredEndpoint { disabled: None, disabled_at: None, failing_since: None, ..endpoint };
        self.write(enabled).await
    }

    /// Deletes an endpoint, and the messages that wait.
    ///
    /// # Errors
    /// Returns an error if there is no such endpoint.
    pub async fn delete(&self, id: &str) -> Result<(), AdminError> {
        match self.store.delete_push_endpoint(id).await? {
            true => Ok(()),
            false => Err(AdminError::Unknown),
        }
    }

    /// Sends messages again.
    ///
    /// # Errors
    /// Returns an error if there is no such endpoint, or if the changes are no longer stored.
    pub async fn replay(&self, id: &str, replay: Replay) -> Result<(), AdminError> {
        match replay {
            Replay::One(seq) if self.store.changes_by_seq(&[seq]).await?.is_empty() => {
                return Err(AdminError::UnknownChange);
            }
            Replay::After(seq) if !self.store.can_resume_after(seq).await? => {
                return Err(AdminError::Expired);
            }
            Replay::One(_) | Replay::After(_) | Replay::FailedSince(_) => {}
        }
        match self.store.replay_push_messages(id, replay, self.clock.now()).await? {
            true => Ok(()),
            false => Err(AdminError::Unknown),
        }
    }

    /// Sends a test message with this timestamp, and returns the result. It is not sent again if it
    /// fails.
    ///
    /// # Errors
    /// Returns an error if there is no such endpoint, or if it cannot be used.
    pub async fn test(&self, id: &str, timestamp: impl Serialize) -> Result<Reply, AdminError> {
        let endpoint = self.read(id).await?;
        let now = self.clock.now();
        let target = endpoint::target(&endpoint, self.sealer()?, &self.connector)?;
        let message_id = format!("msg_{}", hex::encode(random::<ID_BYTES>()?));
        Ok(target.send(&message::test(id, timestamp, message_id), now).await)
    }

    /// Returns the names of the custom headers of an endpoint. Their values can be secrets.
    ///
    /// # Errors
    /// Returns an error if the key is missing or wrong.
    pub fn header_names(&self, endpoint: &StoredEndpoint) -> Result<Vec<String>, AdminError> {
        if endpoint.headers.is_none() {
            return Ok(Vec::new());
        }
        let headers = endpoint::headers(endpoint, self.sealer()?).map_err(EndpointError::from)?;
        Ok(headers.into_keys().collect())
    }

    /// Returns whether messages are signed with the secret before a rotation, too.
    #[must_use]
    pub fn is_rotating(&self, endpoint: &StoredEndpoint) -> bool {
        endpoint.previous_secret_expires_at.is_some_and(|at| self.clock.now() < at)
    }

    fn set(&self, endpoint: &mut StoredEndpoint, values: EndpointValues) -> Result<(), AdminError> {
        let EndpointValues { url, types, description, headers, rate } = values;
        if let Some(url) = url {
            endpoint.url = self.connector.parse_url(&url).map_err(EndpointError::from)?.into();
        }
        if let Some(types) = types {
            let types = MessageTypes::parse(types.iter().map(String::as_str));
            endpoint.types = types.map_err(EndpointError::from)?.names().join(" ");
        }
        if let Some(description) = description {
            if description.chars().count() > MAX_DESCRIPTION {
                let limit = format!("description must have at most {MAX_DESCRIPTION} characters");
                return Err(AdminError::Limit(limit));
            }
            endpoint.description = description;
        }
        if let Some(headers) = headers {
            if headers.len() > MAX_HEADERS {
                return Err(AdminError::Limit(format!("at most {MAX_HEADERS} headers can be set")));
            }
            endpoint::header_map(&headers)?;
            endpoint.headers = if headers.is_empty() {
                None
            } else {
                let json = serde_json::to_string(&headers).unwrap_or_default();
                Some(self.seal(Column::Headers, &endpoint.id, &json)?)
            };
        }
        match rate {
            None => {}
            Some(0) => endpoint.rate = None,
            Some(rate) if rate <= MAX_RATE => endpoint.rate = Some(rate.into()),
            Some(_) => {
                return Err(AdminError::Limit(format!("rate must be at most {MAX_RATE}")));
            }
        }
        Ok(())
    }

    async fn write(&self, mut endpoint: StoredEndpoint) -> Result<StoredEndpoint, AdminError> {
        endpoint.updated_at = self.clock.now();
        match self.store.update_push_endpoint(&endpoint).await? {
            true => self.read(&endpoint.id).await,
            false => Err(AdminError::Conflict),
        }
    }

    fn seal(&self, column: Column, id: &str, text: &str) -> Result<String, AdminError> {
        Ok(column.seal(self.sealer()?, id, text).map_err(EndpointError::from)?)
    }

    fn sealer(&self) -> Result<&Sealer, EndpointError> {
        self.sealer.as_deref().ok_or(EndpointError::NoKey)
    }
}

fn new_secret() -> Result<String, AdminError> {
    Ok(format!("whsec_{}", BASE64_STANDARD.encode(random::<SECRET_BYTES>()?)))
}

fn random<const N: usize>() -> Result<[u8; N], AdminError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| AdminError::Random)?;
    Ok(bytes)
}
