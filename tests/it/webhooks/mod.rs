//! `POST /webhooks/clerk`

mod decisions;
mod deletions;
mod duplicates;
mod poison_events;
mod synced_tables;
mod rejections;
mod signatures;
mod parallel_writers;
