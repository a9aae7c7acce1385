//! Clerk's language, translated into ours: signatures, payloads, and what of them may be kept.
//!
//! | module | holds |
//! |---|---|
//! | [`signature`] | whether a delivery is Clerk's |
//! | [`inspect`] | one pass over a body: is it JSON, how deep, does it hold secrets |
//! | [`payload`] | the shapes Clerk sends, with everything optional that was ever missing |
//! | [`decode`] | a verified delivery → a [`domain::event::Event`](crate::domain::event::Event) |
//! | [`redact`] | what is cut from a body before it is kept |
//! | [`unknown`] | what this version does not know of what Clerk sends |
//! | [`session_token`] | whether a session token is Clerk's, and whose |
//! | [`backend`] | what the webhooks did not bring, asked of Clerk's Backend API |

pub mod backend;
pub mod decode;
mod inspect;
mod payload;
pub mod redact;
pub mod session_token;
pub mod signature;
pub mod unknown;

/// Below this, a time of Clerk's is in seconds: 1973 in milliseconds, the year 5138 in seconds.
pub const SECONDS_BELOW: i64 = 100_000_000_000;
