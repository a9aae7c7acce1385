//! Users, sessions and events, and the merge rules that turn two states of an object into one.
//!
//! Everything here is a pure value or a pure function. The module uses no database, no HTTP and no
//! clock.
//!
//! | module | contents |
//! |---|---|
//! | [`version`] | the order of two states of one object |
//! | [`user`], [`session`] | the states themselves, and their merge rules |
//! | [`user_field`] | the fields of a user that a payload may lack |
//! | [`search`] | the terms that a user can be found by |
//! | [`json`] | JSON documents, of which single values may be unusable |
//! | [`clerk_object`] | the fields of Clerk's objects |
//! | [`event`] | one webhook message, its change and its decision |
//! | [`stored_decision`] | a decision in the event log, which a newer version can have written |
//! | [`local_event`] | the types of the events that the service itself adds |
//! | [`unsynced`] | the detection of deliveries that change nothing |
//! | [`drift`] | the kinds of differences between the stored users and Clerk's |
//! | [`merge`] | the merge of a batch of events into the stored state |
//! | [`secrets`] | removal of secrets from JSON, before it is stored |
//! | [`scope`] | the permissions of an API key |
//! | [`origin`] | the origins of web pages and apps |

pub mod clerk_object;
pub mod drift;
pub mod event;
pub mod json;
pub mod local_event;
pub mod merge;
pub mod origin;
pub mod scope;
pub mod search;
pub mod secrets;
pub mod session;
pub mod stored_decision;
pub mod unsynced;
pub mod user;
pub mod user_field;
pub mod version;

/// An instant in Unix milliseconds: Clerk's own unit, exact on every engine.
pub type Millis = i64;
