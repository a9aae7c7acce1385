//! What is known of users and sessions, and the law by which two states of one thing become one.
//!
//! Everything here is a pure value or a pure function: no database, no HTTP, no clock.
//!
//! | module | holds |
//! |---|---|
//! | [`version`] | the order of two states of one thing |
//! | [`user`], [`session`] | the states themselves, and how they join |
//! | [`search`] | what a user is found by |
//! | [`event`] | one webhook message, what it asks for, what became of it |
//! | [`local_event`] | the types of the events that the service adds itself |
//! | [`drift`] | how users here are not as Clerk has them |
//! | [`secrets`] | keys that name secrets, and the removal of their values |
//! | [`merge`] | a run of events folded into what the database holds |

pub mod drift;
pub mod event;
pub mod merge;
pub mod local_event;
pub mod search;
pub mod secrets;
pub mod session;
pub mod user;
pub mod version;

/// An instant in Unix milliseconds: Clerk's own unit, exact on every engine.
pub type Millis = i64;
