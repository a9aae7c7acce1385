//! Black-box tests of the program, in one binary. Files mirror the URLs and commands.
#![expect(
    unreachable_pub,
    reason = "a test binary exports nothing; `pub` marks the interface of the harness"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot continue fails"
)]

mod access;
mod answers;
mod architecture;
mod backend;
mod billing;
mod browser;
mod canaries;
mod changes;
mod cli;
mod clients;
mod compression;
mod connections;
mod contract;
mod convergence;
mod cors;
mod counts;
mod dashboard;
mod dashboard_sessions;
mod decisions;
mod deploy;
mod dismissals;
mod documents;
mod events;
mod examples;
mod fixtures;
mod fuzz;
mod harness;
mod health;
mod language;
mod metrics;
mod openapi;
mod organizations;
mod outages;
mod poolers;
mod push;
mod rates;
mod read_through;
mod rebuild;
mod reference;
mod refused_deliveries;
mod replicas;
mod reprocess;
mod session_cookies;
mod session_tokens;
mod sessions;
mod slow_reads;
mod status;
mod store;
mod supply;
mod telemetry;
mod tokens;
mod torture;
mod users;
mod wait;
mod webhooks;
mod welcome_mail;
