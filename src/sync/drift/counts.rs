//! Comparison of numbers: a cheap alarm that needs one request for each type.

use super::DriftCheck;
use crate::{
    clerk::backend::RetryPolicy,
    domain::Millis,
    objects::Kind,
    sync::{
        SyncError, instance,
        object_pages::{self, listed_types},
    },
};

/// Numbers of the objects of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectCounts {
    /// The type.
    pub object: Kind,
    /// Number of objects at Clerk. `None` if the Clerk instance does not use the feature.
    pub clerk: Option<u64>,
    /// Number of stored objects that are not deleted.
    pub stored: u64,
}

impl ObjectCounts {
    /// Returns the difference of the numbers. Objects that are missing can hide as many that are
    /// extra, and a change does not show.
    #[must_use]
    pub fn difference(&self) -> u64 {
        self.clerk.map_or(0, |clerk| clerk.abs_diff(self.stored))
    }
}

impl<N: Fn() -> Millis> DriftCheck<'_, N> {
    /// Compares only the numbers of objects, with one request for each type.
    ///
    /// # Errors
    /// Returns an error if a request to Clerk or a database query fails, or if the secret key
    /// belongs to another instance.
    pub async fn compare_counts(&self) -> Result<Vec<ObjectCounts>, SyncError> {
        instance::check(self.backend, self.pinned_instance, RetryPolicy::Persistent).await?;
        let mut counts = Vec::new();
        for (object, api) in listed_types() {
            let clerk = object_pages::count(self.backend, api).await?;
            let stored = self.store.count_live(object).await?;
            counts.push(ObjectCounts { object, clerk, stored });
        }
        Ok(counts)
    }
}
