//! Endpoints to which changes are pushed, and the state of their messages.
//!
//! A message is not stored. It is derived from its event in the log when it is sent, so that the
//! queue holds no personal data. An endpoint has a position in the log: every change up to it is
//! delivered, or has a row with its next attempt. The messages of a healthy endpoint therefore need
//! no row of their own.
//!
//! | module | contents |
//! |---|---|
//! | [`endpoints`] | endpoints, and their changes by operators |
//! | [`leases`] | the agreement between processes which of them sends to an endpoint |
//! | [`messages`] | messages that wait for another attempt or have failed, and their replay |
//! | [`progress`] | the results of a sender, in one transaction |
//! | [`attempts`] | reads of attempts |
//! | [`changes`] | the changes of messages, with the payloads before and after |

pub mod attempts;
pub mod changes;
pub mod endpoints;
pub mod leases;
pub mod messages;
pub mod progress;
