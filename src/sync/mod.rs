//! What brings the projection up to date beside the deliveries.
//!
//! | module | holds |
//! |---|---|
//! | [`reprocess`] | events that are kept and were not applied, once more |
//! | [`rebuild`] | all of it once more, from the events that are kept |

pub mod rebuild;
pub mod reprocess;
