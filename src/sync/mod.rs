//! What brings the projection up to date beside the deliveries.
//!
//! | module | holds |
//! |---|---|
//! | [`erase`] | the end of a user that is asked for here |
//! | [`reprocess`] | events that are kept and were not applied, once more |
//! | [`rebuild`] | all of it once more, from the events that are kept |

pub mod rebuild;
pub mod erase;
pub mod reprocess;
