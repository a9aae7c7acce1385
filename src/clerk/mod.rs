//! Clerk's interfaces: webhook deliveries, session tokens and the Backend API.
//!
//! | module | content |
//! |---|---|
//! | [`signature`] | verification of webhook signatures |
//! | [`fields`] | reading of the fields of Clerk's objects |
//! | [`value`] | normalization of single values |
//! | [`fault`] | reasons for which a payload cannot be decoded |
//! | [`instant`] | times in every form in which a sender may write them |
//! | [`redact`] | redaction of payloads before they are stored |
//! | [`session_token`] | verification of session tokens |
//! | [`backend`] | the client of Clerk's Backend API |

pub mod backend;
mod fault;
mod fields;
mod instant;
pub mod redact;
pub mod session_token;
pub mod signature;
pub(crate) mod value;

pub(crate) use self::fields::FieldFaults;
pub use self::{fault::Fault, fields::Fields};

/// Smallest time that is read as milliseconds. Smaller times are seconds. It is in the year 1973 as
/// milliseconds, and in the year 5138 as seconds.
pub const MIN_MILLISECONDS: i64 = 100_000_000_000;
