//! Recomputes the synced tables from the event log.
//!
//! 1. [`Rebuild::apply_next_page`] applies the events, page by page, to empty scratch tables that
//!    hide the stored tables on a connection of their own ([`ScratchTables`]). It uses the
//!    statements of a commit, and so the same merge rules. It blocks no commit.
//! 2. [`Rebuild::compare`] reads the remaining events and merges the stored rows that no readable
//!    event explains ([`merge`]). It then records the rows that differ from the stored ones, with
//!    two statements per table.
//! 3. [`Rebuild::repair`] waits for running commits and blocks new ones. It reads the events since
//!    the comparison, compares the affected objects again, and overwrites the stored rows that
//!    differ. It appends an event for each object that changed. All of this is one transaction.
//!
//! On PostgreSQL, the whole rebuild is one transaction, because a pooler gives each transaction
//! another connection to the server. A rebuild that only compares reads one state. One that repairs
//! sees the commits of others, so that the comparison can record an object as different that a
//! commit has just changed; the repair compares it again. It cannot miss an object: if the stored
//! row equals the recomputed one although an event is missing there, the event changes neither.
//!
//! The repair changes single rows and does not replace the stored tables with the scratch tables.
//! Renaming tables needs the permission to change the schema and a lock that also blocks readers.
//! It leaves names of indexes and constraints that the migrations do not know, and loses views and
//! grants. It also rewrites every row to correct one.
//!
//! The time for which commits wait depends on the number of damaged rows, and not on the number of
//! objects. An object without a difference in the comparison has none later, because since then only
//! events have changed the rows, under the same merge rules.
//!
//! Temporary tables are written to no log and are invisible to other connections. A process that
//! is killed before the transaction of step 3 ends has changed nothing and leaves nothing behind.

mod compare;
mod event_reader;
mod merge;
mod synced_table;

use super::{
    Store, StoreError,
    driver::{Purpose, ScratchTables, Tx},
    events::StoredEvent,
};
use crate::{
    domain::Millis,
    objects::{Kind, event::Change},
};

pub use self::compare::{DifferenceCounts, RowDifference, RowDifferenceKind};

/// Effect of a stored event on the synced tables.
#[derive(Clone, Debug, PartialEq)]
pub enum EventEffect {
    /// A change that can be applied again.
    Change(Change),
    /// A change that can no longer be read. The event was applied or stale.
    Lost,
    /// No effect on the synced tables.
    Nothing,
}

/// Function that decodes a stored event.
pub type EventDecoder = fn(&StoredEvent) -> EventEffect;

/// Progress of a rebuild.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Sequence number of the last event that was read.
    pub through: i64,
    /// Number of events read.
    pub events: u64,
    /// Number of those events whose change can no longer be read and whose object is not deleted.
    pub lost: u64,
    /// Rows that stay as they are because no readable event explains them.
    pub kept: KeptRows,
}

/// Numbers of the rows that stay as they are, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeptRows([u64; Kind::ALL.len()]);

impl KeptRows {
    fn add(&mut self, kind: Kind, rows: u64) {
        self.0[kind as usize] += rows;
    }

    /// Returns the number of rows by the name of the table.
    pub fn by_table(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let tables = Kind::ALL.into_iter().map(|kind| kind.object_type().table.name);
        tables.zip(self.0)
    }
}

/// Maximum number of corrected rows that a repair returns, because they are kept in memory.
pub const MAX_LISTED: usize = 10_000;

/// Rows that a repair has corrected.
pub struct Repaired {
    /// Numbers of all rows.
    pub counts: DifferenceCounts,
    /// The first [`MAX_LISTED`] rows.
    pub rows: Vec<RowDifference>,
}

/// A running rebuild.
pub struct Rebuild {
    scratch: ScratchTables,
    decode: EventDecoder,
    progress: Progress,
    notifies: bool,
}

impl Store {
    /// Starts a rebuild. If `exclusive` is set, the rebuild can repair, and no other exclusive
    /// rebuild can start until it is closed.
    ///
    /// # Errors
    /// Returns an error if another exclusive rebuild is running, or if a database query fails.
    pub async fn start_rebuild(
        &self,
        decode: EventDecoder,
        exclusive: bool,
    ) -> Result<Rebuild, StoreError> {
        // An unknown column would be lost in the rows that are repaired.
        self.require_current_schema().await?;
        let tables = synced_table::synced_tables();
        let names: Vec<_> = tables.iter().map(|table| table.name).collect();
        let scratch = self.pool.scratch_tables(&names, exclusive).await?;
        let scratch = scratch.ok_or(StoreError::RebuildRunning)?;
        let rebuild =
            Rebuild { scratch, decode, progress: Progress::default(), notifies: self.notifies };
        match rebuild.create_tables().await {
            Ok(()) => Ok(rebuild),
            Err(failure) => {
                rebuild.close().await;
                Err(failure)
            }
        }
    }
}

impl Rebuild {
    async fn create_tables(&self) -> Result<(), StoreError> {
        let mut tx = self.scratch.begin(Purpose::Recompute).await?;
        let created = compare::create_tables(&mut tx).await;
        finish(tx, created).await
    }

    /// Applies the next page of events, and returns whether more events may follow.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn apply_next_page(&mut self) -> Result<bool, StoreError> {
        let mut tx = self.scratch.begin(Purpose::Recompute).await?;
        let page = self.apply_page(&mut tx).await;
        Ok(finish(tx, page).await?.has_more)
    }

    /// Returns the progress.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Compares the recomputed rows with the stored rows.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn compare(&mut self) -> Result<DifferenceCounts, StoreError> {
        let mut tx = self.scratch.begin(Purpose::Recompute).await?;
        let compared = self.compare_in(&mut tx).await;
        finish(tx, compared).await
    }

    async fn compare_in(&mut self, tx: &mut Tx) -> Result<DifferenceCounts, StoreError> {
        while self.apply_page(tx).await?.has_more {}
        let stored = &self.scratch.stored_schema;
        self.progress.kept = merge::merge_stored_rows(tx, stored, self.decode).await?;
        self.progress.lost = compare::count_lost(tx).await?;
        let tables = synced_table::synced_tables();
        let names: Vec<_> = tables.iter().map(|table| table.name).collect();
        self.scratch.analyze(tx, &names).await?;
        let counts = compare::compare_all(tx, stored).await?;
        // Done here and not in the repair, which blocks commits.
        compare::mark_affected(tx).await?;
        self.scratch.analyze(tx, &[compare::AFFECTED, compare::DIFFERENCES]).await?;
        Ok(counts)
    }

    /// Corrects the stored rows of the objects that differed in [`Self::compare`], up to the newest
    /// event, and returns the rows that differed. Afterwards the rebuild can only be closed.
    ///
    /// # Errors
    /// Returns an error if a database query fails or the database rejects a row. Nothing has
    /// changed then.
    pub async fn repair(&mut self, now: Millis) -> Result<Repaired, StoreError> {
        let mut tx = self.scratch.begin(Purpose::Repair).await?;
        let repaired = self.repair_in(&mut tx, now).await;
        finish(tx, repaired).await
    }

    async fn repair_in(&mut self, tx: &mut Tx, now: Millis) -> Result<Repaired, StoreError> {
        loop {
            let page = self.apply_page(tx).await?;
            compare::add_objects(tx, compare::AFFECTED, &page.objects).await?;
            if !page.has_more {
                break;
            }
        }
        let stored = &self.scratch.stored_schema;
        compare::mark_owned(tx, stored).await?;
        let counts = compare::compare_affected(tx, stored).await?;
        compare::repair(tx, stored).await?;
        tx.order_commits().await?;
        compare::append_events(tx, self.progress.through, now, self.notifies).await?;
        // Read before the commit, with which the scratch tables end.
        let mut rows: Vec<RowDifference> = Vec::new();
        while rows.len() < MAX_LISTED {
            let page = compare::read_page(tx, rows.last()).await?;
            if page.is_empty() {
                break;
            }
            rows.extend(page);
        }
        rows.truncate(MAX_LISTED);
        Ok(Repaired { counts, rows })
    }

    /// Returns a page of the rows that differed in the last comparison, after the given row.
    ///
    /// # Errors
    /// Returns an error if a database query fails.
    pub async fn differences(
        &mut self,
        after: Option<&RowDifference>,
    ) -> Result<Vec<RowDifference>, StoreError> {
        let mut tx = self.scratch.begin(Purpose::Recompute).await?;
        let page = compare::read_page(&mut tx, after).await;
        finish(tx, page).await
    }

    /// Discards the scratch tables. Repaired rows stay repaired. Another rebuild can start when
    /// this returns.
    pub async fn close(self) {
        self.scratch.close().await;
    }

    async fn apply_page(&mut self, tx: &mut Tx) -> Result<event_reader::EventPage, StoreError> {
        let page = event_reader::apply_page(
            tx,
            &self.scratch.stored_schema,
            self.progress.through,
            self.decode,
        )
        .await?;
        self.progress.through = page.through;
        self.progress.events += page.events;
        compare::add_objects(tx, compare::LOST, &page.lost).await?;
        Ok(page)
    }
}

/// Commits a step if its work succeeded. Otherwise rolls it back, on PostgreSQL with the whole
/// rebuild.
async fn finish<T>(tx: Tx, result: Result<T, StoreError>) -> Result<T, StoreError> {
    match result {
        Ok(value) => {
            tx.commit().await?;
            Ok(value)
        }
        Err(failure) => {
            // A lost connection cannot be rolled back, and the server ends its transaction.
            tx.rollback().await.ok();
            Err(failure)
        }
    }
}
