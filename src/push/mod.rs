//! Push: delivers committed changes to the endpoints of the operator.
//!
//! Each endpoint has a [`Sender`](sender::Sender) in one process. It reads the changes in the order
//! of the commits, and sends a message for each that the endpoint subscribes to, by the rules of
//! [Standard Webhooks](https://www.standardwebhooks.com). Messages about one object are sent in
//! their order, and messages about different objects at the same time. A message whose result is not
//! recorded when the process ends is sent again, with the same ID.
//!
//! | module | contains |
//! |---|---|
//! | [`types`] | the types of messages that an endpoint subscribes to |
//! | [`endpoint`] | an endpoint with its decrypted secrets |
//! | [`admin`] | the operations of an operator: create, change, rotate, test |
//! | [`event_messages`] | the messages about one event, with their attempts |
//! | [`message`] | the content of a message |
//! | [`metrics`] | the numbers and durations of attempts |
//! | [`previous`] | the earlier values of the fields that a change changed |
//! | [`schedule`] | the times of the attempts |
//! | [`outbox`] | the order in which the messages of an endpoint are sent |
//! | [`results`] | results of attempts that are not recorded yet |
//! | [`sender`] | the loop that sends the messages of an endpoint |
//! | [`senders`] | the senders of this process, and their leases |
//! | [`throttle`] | limits of all senders together |
//! | [`targets`] | requests to an endpoint |

pub mod admin;
pub mod endpoint;
pub mod event_messages;
mod message;
pub mod metrics;
mod outbox;
mod previous;
mod results;
mod schedule;
mod sender;
pub mod senders;
pub mod targets;
pub mod throttle;
pub mod types;

use serde_json::Value;

use crate::{
    domain::Millis,
    objects::AnyState,
    store::{changes::ChangeEntry, entitlements::Entitlement},
};

/// Functions that convert objects and changes to the shapes of the API.
#[derive(Clone, Copy, Debug)]
pub struct Shapes {
    /// Converts an object. The second object is the user of a membership, if it is synced.
    pub object: fn(AnyState, Option<&AnyState>, Millis) -> Value,
    /// Converts an entitlement.
    pub entitlement: fn(Entitlement) -> Value,
    /// Converts a change.
    pub change: fn(ChangeEntry) -> Value,
}
