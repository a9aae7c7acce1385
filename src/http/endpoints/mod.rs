//! `/v1/endpoints`: manages the endpoints to which changes are pushed.

pub(super) mod attempts;
pub(super) mod change;
pub(super) mod read;
pub(super) mod replay;
pub(super) mod secrets;
pub(super) mod values;

use serde::Serialize;
use utoipa::ToSchema;

use super::{known_values::DISABLED_REASONS, problem::Problem, timestamp::Timestamp};
use crate::{
    push::{
        admin::{AdminError, EndpointAdmin},
        endpoint::EndpointError,
    },
    store::push::endpoints::StoredEndpoint,
};

/// Endpoint to which changes are pushed.
#[derive(Serialize, ToSchema)]
#[schema(examples(json!({
        "id": "ep_3c9d0e1f2a4b5c6d7e8f9a0b",
        "url": "https://app.example.com/hooks",
        "types": ["user.*", "membership.deleted"],
        "description": "Welcome mails",
        "header_names": ["authorization"],
        "rate": 50,
        "status": "enabled",
        "disabled_reason": null,
        "disabled_at": null,
        "failing_since": null,
        "cursor": "140",
        "rotating": false,
        "created_at": "2026-08-12T09:30:00.123Z",
        "updated_at": "2026-08-12T09:30:00.123Z"
    })))]
pub(super) struct Endpoint {
    /// ID of the endpoint.
    id: String,
    /// URL to which messages are sent.
    url: String,
    /// Types of messages that are sent.
    types: Vec<String>,
    /// Description for people.
    description: String,
    /// Names of the custom headers. Their values are not returned.
    header_names: Vec<String>,
    /// Maximum number of messages per second; null for no limit.
    rate: Option<i64>,
    /// Status: `enabled` or `disabled`.
    status: EndpointStatus,
    /// Reason for which the endpoint is disabled: `operator`, `gone` (it answered with 410) or
    /// `failing` (it failed for five days).
    #[schema(extensions(("x-extensible-enum" = json!(DISABLED_REASONS))))]
    disabled_reason: Option<String>,
    /// Time at which the endpoint was disabled.
    disabled_at: Option<Timestamp>,
    /// Time of the first failure after the last success.
    failing_since: Option<Timestamp>,
    /// Cursor up to which each change is delivered, or waits for another attempt.
    cursor: String,
    /// Whether messages are also signed with the secret before the last rotation.
    rotating: bool,
    /// Time of the creation.
    created_at: Timestamp,
    /// Time of the last change by an operator.
    updated_at: Timestamp,
}

/// Endpoint with its signing secret.
#[derive(Serialize, ToSchema)]
pub(super) struct EndpointWithSecret {
    #[serde(flatten)]
    endpoint: Endpoint,
    /// Signing secret, which no other response contains.
    #[schema(examples("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))]
    secret: String,
}

/// Status of an endpoint.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum EndpointStatus {
    Enabled,
    Disabled,
}

impl Endpoint {
    /// Converts an endpoint at the current time.
    fn new(admin: &EndpointAdmin, stored: StoredEndpoint) -> Result<Self, Problem> {
        let is_enabled = stored.disabled.is_none();
        Ok(Self {
            header_names: admin.header_names(&stored)?,
            rotating: admin.is_rotating(&stored),
            id: stored.id,
            url: stored.url,
            types: stored.types.split(' ').map(str::to_owned).collect(),
            description: stored.description,
            rate: stored.rate,
            status: if is_enabled { EndpointStatus::Enabled } else { EndpointStatus::Disabled },
            disabled_reason: stored.disabled,
            disabled_at: Timestamp::from_option(stored.disabled_at),
            failing_since: Timestamp::from_option(stored.failing_since),
            cursor: stored.position.to_string(),
            created_at: Timestamp(stored.created_at),
            updated_at: Timestamp(stored.updated_at),
        })
    }
}

impl From<AdminError> for Problem {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Invalid(EndpointError::NoKey) => {
                Self::not_implemented("push_off", EndpointError::NoKey.to_string())
            }
            AdminError::Invalid(error @ (EndpointError::Seal(_) | EndpointError::Secret)) => {
                Self::internal(error)
            }
            AdminError::Invalid(error) => Self::bad_request("endpoint_invalid", error.to_string()),
            AdminError::Limit(detail) => Self::bad_request("endpoint_invalid", detail),
            AdminError::TooMany => Self::conflict("endpoint_limit", error.to_string()),
            AdminError::Conflict => Self::conflict("endpoint_changed", error.to_string()),
            AdminError::Unknown | AdminError::UnknownChange => Self::not_found(error.to_string()),
            AdminError::Expired => Self::cursor_expired(),
            AdminError::Random => Self::internal(error),
            AdminError::Store(error) => error.into(),
        }
    }
}
