//! Clerk's interfaces: webhook deliveries, session tokens and the Backend API.
//!
//! | module | content |
//! |---|---|
//! | [`signature`] | verification of webhook signatures |
//! | [`decode`] | decoding into a [`domain::event::Event`](crate::domain::event::Event) |
//! | [`instant`] | times in every form in which a sender may write them |
//! | [`redact`] | redaction of payloads before they are stored |
//! | [`known_fields`] | the event types and fields that Clerk is known to send |
//! | [`session_token`] | verification of session tokens |
//! | [`backend`] | the client of Clerk's Backend API |

pub mod backend;
pub mod decode;
mod instant;
pub mod known_fields;
pub mod redact;
pub mod session_token;
pub mod signature;

/// Smallest time that is read as milliseconds. Smaller times are seconds. It is in the year 1973 as
/// milliseconds, and in the year 5138 as seconds.
pub const MIN_MILLISECONDS: i64 = 100_000_000_000;
