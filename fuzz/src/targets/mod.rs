//! Guarantees for every input from outside. Each target is a function that takes bytes and panics
//! if a guarantee is broken.
//!
//! | target | input | checked code |
//! |---|---|---|
//! | [`deliveries`] | three headers and a body | signature, decoding, redaction, stored payload |
//! | [`histories`] | bodies, one per line | decoding, and the merge rules in several orders |
//! | [`requests`] | a request | every endpoint, with a database |
//! | [`tokens`] | header, claims, a token, published keys | verification of session tokens |
//! | [`settings`] | variables, one per line | the configuration |
//!
//! The tests run the targets with `fixtures/`, `fuzz/corpus/` and mutations of both
//! (`tests/it/fuzz.rs`). `fuzz/run` runs them for as long as required, guided by the code that each
//! input reaches.

pub mod deliveries;
pub mod histories;
pub mod mutate;
mod oracle;
pub mod requests;
pub mod settings;
pub mod tokens;

/// 2026-08-12T09:30:00Z, the time of all clocks.
const NOW: i64 = 1_786_527_000_000;

/// Secret that signs deliveries.
const SECRET: &str = "whsec_dGhlIHNlY3JldCBvZiBhbGwgb3VyIHRlc3Rz";
