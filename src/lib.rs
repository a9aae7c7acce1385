//! MeetVo Backend keeps a local database in sync with Clerk.
//!
//! A webhook delivery passes through these modules:
//!
//! 1. [`http`] accepts the request and reads its body.
//! 2. [`clerk`] verifies the signature. [`objects`] decodes the payload, and redacts data that must not be
//!    stored.
//! 3. [`ingest`] queues the event and collects queued events into a batch.
//! 4. [`store`] commits the batch in one transaction. The merge rules of [`domain`] determine how
//!    each event changes the stored rows.
//! 5. [`http`] sends the response after the commit.
//!
//! A read passes from [`http`] to [`store`]. [`sync`] changes the synced tables without a delivery,
//! for example in a backfill; most of its changes pass through [`ingest`] too. [`app`] builds the
//! service from these modules, and [`cli`] contains the commands. The test in
//! `tests/it/architecture.rs` defines and enforces which module can use which other.

pub mod app;
pub mod clerk;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod http;
pub mod ingest;
pub mod objects;
pub mod push;
pub mod sealing;
pub mod store;
pub mod sync;
pub mod telemetry;
