//! Values and rules that every part of the program shares.
//!
//! Everything here is a pure value or a pure function. The module uses no database, no HTTP and no
//! clock.
//!
//! | module | contents |
//! |---|---|
//! | [`version`] | the order of two states of one object |
//! | [`decision`] | the outcomes of events |
//! | [`change_source`] | the sources of changes |
//! | [`search`] | the form in which texts are searched |
//! | [`json`] | JSON documents, of which single values may be unusable |
//! | [`clerk_object`] | the known fields of Clerk's objects |
//! | [`stored_decision`] | a decision in the event log, which a newer version can have written |
//! | [`local_event`] | the types of the events that the service itself adds |
//! | [`unsynced`] | the detection of deliveries that change nothing |
//! | [`drift`] | the kinds of differences between the stored objects and Clerk's |
//! | [`secrets`] | removal of secrets from JSON, before it is stored |
//! | [`scope`] | the permissions of an API key |
//! | [`organization_key`] | the keys of roles and permissions in organizations |
//! | [`origin`] | the origins of web pages and apps |
//! | [`root_cause`] | the cause of an error |
//! | [`timestamp`] | times in the format of RFC 3339 |

pub mod change_source;
pub mod clerk_object;
pub mod decision;
pub mod drift;
pub mod json;
pub mod local_event;
pub mod organization_key;
pub mod origin;
pub mod root_cause;
pub mod scope;
pub mod search;
pub mod secrets;
pub mod stored_decision;
pub mod timestamp;
pub mod unsynced;
pub mod version;

/// An instant in Unix milliseconds: Clerk's own unit, exact on every engine.
pub type Millis = i64;
