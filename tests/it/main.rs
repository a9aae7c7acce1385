//! Everything that is tested from the outside, in one binary: files mirror the URLs and commands.
#![expect(
    unreachable_pub,
    reason = "a binary has nobody to reach; `pub` says what the harness offers"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod access;
mod answers;
mod architecture;
mod backend;
mod browser;
mod canaries;
mod changes;
mod cli;
mod compression;
mod connections;
mod contract;
mod convergence;
mod cors;
mod dashboard;
mod decisions;
mod deploy;
mod documents;
mod events;
mod fixtures;
mod fuzz;
mod harness;
mod health;
mod language;
mod metrics;
mod openapi;
mod outages;
mod rates;
mod read_through;
mod rebuild;
mod reference;
mod replicas;
mod reprocess;
mod session_tokens;
mod sessions;
mod status;
mod store;
mod supply;
mod tokens;
mod torture;
mod users;
mod wait;
mod webhooks;
