//! What brings the projection up to date beside the deliveries.
//!
//! | module | holds |
//! |---|---|
//! | [`reprocess`] | events that are kept and were not applied, once more |

pub mod reprocess;
