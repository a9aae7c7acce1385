//! `POST /webhooks/clerk`

mod decisions;
mod deletions;
mod duplicates;
mod poison;
mod projection;
mod refusals;
mod signatures;
mod writers;
