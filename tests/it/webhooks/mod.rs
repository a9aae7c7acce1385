//! `POST /webhooks/clerk`: signatures, decisions, and the rows that an event writes.

mod decisions;
mod deletions;
mod duplicates;
mod field_faults;
mod organizations;
mod parallel_writers;
mod partial_users;
mod poison_events;
mod rejections;
mod signatures;
mod synced_tables;
