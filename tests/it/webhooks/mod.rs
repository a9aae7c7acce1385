//! `POST /webhooks/clerk`

mod decisions;
mod deletions;
mod duplicates;
mod refusals;
mod signatures;
