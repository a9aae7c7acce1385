//! What input from outside must never do, whatever it is: a function an entrance, which takes bytes and
//! panics where a promise is broken.
//!
//! | target | takes | goes through |
//! |---|---|---|
//! | [`deliveries`] | three headers and a body | signature, decoding, redaction, and reading what was kept again |
//! | [`histories`] | bodies, one a line | decoding, and the merge law in several orders |
//! | [`requests`] | a request | every endpoint, with a database behind it |
//! | [`tokens`] | a header, claims, a token, published keys | what decides about session tokens |
//! | [`settings`] | variables, one a line | the configuration |
//!
//! The tests run them over `fixtures/`, over `fuzz/corpus/` and over changes of both
//! (`tests/it/fuzz.rs`); `fuzz/run` for as long as one likes, guided by what each input reaches.

pub mod deliveries;
pub mod histories;
pub mod mutate;
mod oracle;
pub mod requests;
pub mod settings;
pub mod tokens;

/// 2026-08-12T09:30:00Z: what the clocks show.
const NOW: i64 = 1_786_527_000_000;

/// Signs deliveries.
const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiBhbGwgb3VyIHRlc3Rz";
