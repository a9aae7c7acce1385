//! MeetVo Backend keeps a local database in step with Clerk.
//!
//! A delivery takes one way through the house, from the outside in:
//!
//! 1. [`http`] takes the request and reads its body;
//! 2. [`clerk`] verifies the signature, decodes the payload and cuts what must not be kept;
//! 3. [`ingest`] queues the event and gathers what waits into a batch;
//! 4. [`store`] commits the batch in one transaction, folding it into what is there by the law of
//!    [`domain`];
//! 5. and only then the answer goes out.
//!
//! Reads go from [`http`] to [`store`] and back. [`sync`] brings the projection up to date beside the
//! deliveries, by the same way from [`ingest`] on. [`app`] puts the parts together, [`cli`] is how
//! they are started. Which of them may know which other is drawn, and checked, in
//! `tests/it/house.rs`.

pub mod app;
pub mod clerk;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod http;
pub mod ingest;
pub mod store;
pub mod sync;
pub mod telemetry;
