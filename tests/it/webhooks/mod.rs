//! `POST /webhooks/clerk`

mod refusals;
mod signatures;
